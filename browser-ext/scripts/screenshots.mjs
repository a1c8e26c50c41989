// docs/screenshots: a sheet of each state, an index, and a manifest that says what each sheet was drawn from. Pixels differ
// between machines (fonts, rasteriser); what determines them does not. So the manifest is what a test compares.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import sharp from "sharp";

/** What a sheet shows, from left to right. */
export const VARIANTS = ["en-light", "en-dark", "ja-light", "ja-dark"];
/** The same of a window of the system, which has the colours of its desktop. */
export const WINDOW_VARIANTS = ["en", "ja"];
const variantsOf = ({ page }) => (page === "window" ? WINDOW_VARIANTS : VARIANTS);
/** In the folder, and not one of the sheets. `first-walk.png` is the demo's (tests/e2e/demo/pictures.mjs). */
const OTHERS = ["README.md", "manifest.json", "windows.json", "first-walk.png"];
const GAP = 16;
const GROUND = "#9aa3ae";
const REMEDY = "run `make screenshots` and look at what it changes";

const hash = (...parts) => {
  const digest = createHash("sha256");
  for (const part of parts) digest.update(part).update("\0");
  return digest.digest("hex").slice(0, 16);
};

/** The picture of what `drawnBy` returned, under these style sheets and pictures (bytes), in this variant and shape. */
export const fingerprint = (drawn, styles, variant, { width, height }) =>
  hash(drawn, ...styles, variant, `${width}x${height}`);

/** The picture of a window for which this was sent. */
export const windowFingerprint = (lines) => hash(JSON.stringify(lines));

/** Runs in the page: all of the document that can be seen, as text. */
export function drawnBy() {
  const { document } = globalThis;
  const copy = document.body.cloneNode(true);
  const copies = copy.querySelectorAll("*");
  document.body.querySelectorAll("*").forEach((node, index) => {
    copies[index].toggleAttribute("data-focused", node === document.activeElement);
    copies[index].toggleAttribute("data-checked", node.checked === true);
    // Measured from fonts (src/prompt/page.ts).
    copies[index].removeAttribute("style");
  });
  for (const hidden of copy.querySelectorAll("[hidden]")) hidden.remove();
  // How a browser writes a moment changes with its version; which moment it is stands in the element.
  for (const time of copy.querySelectorAll("time")) time.textContent = "";
  return `${document.documentElement.lang} ${copy.innerHTML.replace(/\s+/g, " ")}`;
}

/**
 * A state to be published: its page, name and sentence, and the fingerprint of each variant.
 * @typedef {{ page: string, state: string, says: string, drawn: Record<string, string> }} Shown
 */

/**
 * Makes the folder anew from pictures of the variants. A sheet that shows what it should already stays as it is: drawn again it would
 * have other pixels here and there.
 * @param {string} folder
 * @param {Shown[]} shown
 * @param {(shown: Shown, variant: string) => string} pictureOf the path of a variant's picture
 */
export async function publish(folder, shown, pictureOf) {
  await mkdir(folder, { recursive: true });
  const before = JSON.parse(
    await readFile(`${folder}/manifest.json`, "utf8").catch(() => '{ "sheets": {} }'),
  );
  const sheets = {};
  for (const one of shown) {
    const old = before.sheets[fileOf(one)];
    if (isDeepStrictEqual(old?.drawn, one.drawn) && old.file === (await hashOf(`${folder}/${fileOf(one)}`))) {
      sheets[fileOf(one)] = old;
      continue;
    }
    const sheet = await sheetOf(variantsOf(one).map((variant) => pictureOf(one, variant)));
    await writeFile(`${folder}/${fileOf(one)}`, sheet);
    sheets[fileOf(one)] = { file: hash(sheet), drawn: one.drawn };
  }
  const wanted = new Set([...OTHERS, ...Object.keys(sheets)]);
  for (const name of await readdir(folder)) if (!wanted.has(name)) await rm(`${folder}/${name}`);
  await writeFile(`${folder}/manifest.json`, `${JSON.stringify({ variants: VARIANTS, sheets }, null, 2)}\n`);
  await writeFile(`${folder}/README.md`, indexOf(shown));
}

/**
 * Why the folder does not show these states.
 * @param {string} folder
 * @param {Shown[]} shown
 * @returns {Promise<string[]>}
 */
export async function outdated(folder, shown) {
  const faults = [];
  const { variants, sheets } = JSON.parse(await readFile(`${folder}/manifest.json`, "utf8"));
  if (JSON.stringify(variants) !== JSON.stringify(VARIANTS)) faults.push("the sheets show other variants");
  const there = new Set(await readdir(folder));
  for (const one of shown) {
    const name = fileOf(one);
    const { file, drawn } = sheets[name] ?? {};
    const changed = variantsOf(one).filter((variant) => drawn?.[variant] !== one.drawn[variant]);
    if (!there.has(name) || drawn === undefined) faults.push(`${name} is missing`);
    else if (file !== hash(await readFile(`${folder}/${name}`))) faults.push(`${name} is another file`);
    else if (changed.length > 0) faults.push(`${name} no longer shows ${changed.join(", ")}`);
  }
  const wanted = new Set([...OTHERS, ...shown.map(fileOf)]);
  for (const name of [...there, ...Object.keys(sheets)].filter((name) => !wanted.has(name)))
    faults.push(`${name} shows no state`);
  if (!there.has("README.md") || (await readFile(`${folder}/README.md`, "utf8")) !== indexOf(shown))
    faults.push("README.md is another index");
  return faults.map((fault) => `docs/screenshots: ${fault}; ${REMEDY}`);
}

/** Of a file; undefined where there is none. */
const hashOf = (path) => readFile(path).then(hash, () => undefined);

const fileOf = ({ page, state }) => `${page}-${state}.png`;

/** The pictures side by side, in few colours: interfaces have no more. */
async function sheetOf(paths) {
  const pictures = await Promise.all(
    paths.map(async (input) => ({ input, size: await sharp(input).metadata() })),
  );
  const places = [];
  let left = GAP;
  for (const { input, size } of pictures) {
    places.push({ input, left, top: GAP });
    left += size.width + GAP;
  }
  const height = Math.max(...pictures.map(({ size }) => size.height)) + 2 * GAP;
  return sharp({ create: { width: left, height, channels: 3, background: GROUND } })
    .composite(places)
    .png({ palette: true, quality: 70, effort: 10, dither: 0 })
    .toBuffer();
}

function indexOf(shown) {
  const titles = {
    prompt: "The prompt",
    popup: "The toolbar popup",
    options: "The options page",
    window: "The system’s windows",
  };
  const lines = [
    "# What people see",
    "",
    "Every state, in English and Japanese; of the extension’s pages, light and dark. `make screenshots` writes this folder; `make test` fails while it shows something else than",
    "the program does ([how](../../browser-ext/scripts/screenshots.mjs)). The states are data: [`browser-ext/pictures/`](../../browser-ext/pictures).",
  ];
  let page;
  for (const one of shown) {
    if (one.page !== page) lines.push("", `## ${titles[one.page] ?? one.page}`);
    page = one.page;
    lines.push("", `**${one.state}**: ${one.says}`, "", `![${one.state}](${fileOf(one)})`);
  }
  return `${lines.join("\n")}\n`;
}
