// Builds the extension: `npm run build` makes dist/<browser>/ for every browser, ready to be loaded or packed.

import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { files, languages, packages } from "./packages.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { version } = JSON.parse(await readFile("package.json", "utf8"));

for (const [browser, definition] of Object.entries(packages)) {
  // Made aside and put in place when it is whole: a browser may be reading the last one.
  const place = `dist/${browser}`;
  const out = `dist/.${browser}-${process.pid}`;
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await build({
    entryPoints: definition.scripts,
    outdir: out,
    bundle: true,
    // Readable, so that what is installed can be reviewed.
    minify: false,
    format: "iife",
    charset: "utf8",
    target: definition.target,
    logLevel: "warning",
  });
  for (const [to, from] of Object.entries(files)) await cp(from, `${out}/${to}`, { recursive: true });
  await writeManifest(browser, definition.manifest, out);
  await writeLocales(definition.manifest, out);
  await rm(place, { recursive: true, force: true });
  await rename(out, place);
  console.log(`built ${place}`);
}

async function writeManifest(browser, source, out) {
  const manifest = JSON.parse(await readFile(source, "utf8"));
  await checkId(browser, manifest.browser_specific_settings?.gecko.id ?? idOf(manifest.key));
  await writeFile(`${out}/manifest.json`, JSON.stringify({ ...manifest, version }, null, 2));
}

/** The program answers only to the IDs in extension-id.json, of which the first is ours and the others are stores'. */
async function checkId(browser, id) {
  const [expected] = JSON.parse(await readFile("extension-id.json", "utf8"))[browser];
  if (id !== expected) throw new Error(`the manifest's ID is ${id}, extension-id.json says ${expected}`);
}

/** Chromium makes the ID from the manifest's key. */
function idOf(key) {
  const hash = createHash("sha256").update(Buffer.from(key, "base64")).digest("hex").slice(0, 32);
  return [...hash].map((digit) => String.fromCharCode(97 + parseInt(digit, 16))).join("");
}

/** The texts that the manifest names, and the name of the language, by which the extension knows the browser's. */
async function writeLocales(source, out) {
  const named = [...(await readFile(source, "utf8")).matchAll(/__MSG_(\w+?)__/g)].map(([, key]) => key);
  const keys = new Set(["language", ...named]);
  const bundle = await build({
    entryPoints: ["src/text/catalogue.ts"],
    bundle: true,
    write: false,
    format: "esm",
    charset: "utf8",
  });
  const encoded = Buffer.from(bundle.outputFiles[0].text).toString("base64");
  const { catalogue } = await import(`data:text/javascript;base64,${encoded}`);
  for (const language of languages) {
    const messages = [...keys].map((key) => [key, { message: catalogue[key][language] }]);
    await mkdir(`${out}/_locales/${language}`, { recursive: true });
    await writeFile(
      `${out}/_locales/${language}/messages.json`,
      JSON.stringify(Object.fromEntries(messages), null, 2),
    );
  }
}
