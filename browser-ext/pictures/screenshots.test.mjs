// When docs/screenshots counts as out of date: `npm run pages`.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, test } from "node:test";
import { fileURLToPath, URL } from "node:url";
import sharp from "sharp";
import { launch } from "../scripts/chromium.mjs";
import { servePages } from "../scripts/pages.mjs";
import {
  drawnBy,
  fingerprint,
  outdated,
  publish,
  VARIANTS,
  windowFingerprint,
  WINDOW_VARIANTS,
} from "../scripts/screenshots.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

let browser;
let pages;
let work;
before(async () => {
  pages = await servePages("dist/screenshots-test");
  browser = await launch();
  work = await mkdtemp(join(tmpdir(), "screenshots-"));
});
after(async () => {
  await browser?.close();
  pages?.close();
  if (work !== undefined) await rm(work, { recursive: true });
});

const SIZE = { width: 420, height: 668 };
const STYLES = [Buffer.from("a {}")];

test("a picture is another one when a text, a switch, the focus, a style, the language, the theme or the window changes", async () => {
  const tab = await browser.newPage();
  await tab.goto(pages.addressOf("prompt"));
  await tab.evaluate(() => globalThis.showPrompt("en", "register-both"));
  const drawn = () => tab.evaluate(drawnBy);
  const before = await drawn();
  assert.equal(await drawn(), before, "nothing changed");

  const seen = [before];
  const change = async (what, how) => {
    await tab.evaluate(how);
    const now = await drawn();
    assert.ok(!seen.includes(now), what);
    seen.push(now);
  };
  await change("a text", () => (globalThis.document.querySelector("#request").textContent = "Other words"));
  await change("a switch", () => globalThis.document.querySelector("#certificate-switch").click());
  await change("the focus", () => globalThis.document.querySelector("#cancel").focus());
  await change("the language", () => (globalThis.document.documentElement.lang = "ja"));
  await change("a class", () => globalThis.document.querySelector("#message").classList.add("alone"));
  await change("what is shown", () => (globalThis.document.querySelector("#other").hidden = true));
  const hidden = await drawn();
  await tab.evaluate(() => (globalThis.document.querySelector("#other").textContent = "Cannot be seen"));
  assert.equal(await drawn(), hidden, "what cannot be seen");

  const prints = [
    fingerprint(before, STYLES, "en-light", SIZE),
    fingerprint(seen[1], STYLES, "en-light", SIZE),
    fingerprint(before, [Buffer.from("a { color: red }")], "en-light", SIZE),
    fingerprint(before, STYLES, "en-dark", SIZE),
    fingerprint(before, STYLES, "en-light", { ...SIZE, width: 419 }),
  ];
  assert.equal(new Set(prints).size, prints.length);
  assert.equal(fingerprint(before, STYLES, "en-light", SIZE), prints[0]);
});

test("a window of the system is out of date when anything else is sent for it", async () => {
  const picture = join(work, "window.png");
  await sharp({ create: { width: 4, height: 3, channels: 3, background: "#123456" } }).toFile(picture);
  const windowOf = (text) => {
    const lines = [
      ["SETDESC", text],
      ["GETPIN", ""],
    ];
    const drawn = Object.fromEntries(WINDOW_VARIANTS.map((variant) => [variant, windowFingerprint(lines)]));
    return { page: "window", state: "pin", says: "The PIN.", drawn };
  };
  const made = join(work, "windows");
  await publish(made, [windowOf("3 tries left")], () => picture);
  assert.deepEqual(await outdated(made, [windowOf("3 tries left")]), []);
  const [fault] = await outdated(made, [windowOf("2 tries left")]);
  assert.match(fault, /window-pin\.png no longer shows en, ja/);
});

/** A state whose pictures come from `drawn`. */
const state = (name, drawn = name) => ({
  page: "prompt",
  state: name,
  says: `What ${name} is.`,
  drawn: Object.fromEntries(VARIANTS.map((variant) => [variant, `${drawn} ${variant}`])),
});

test("the folder is out of date when a state was added, removed or changed, or a file is missing, damaged, exchanged or in excess", async () => {
  const picture = join(work, "picture.png");
  await sharp({ create: { width: 4, height: 3, channels: 3, background: "#123456" } }).toFile(picture);
  const made = join(work, "made");
  const states = [state("first"), state("second")];
  await publish(made, states, ({ state }, variant) => {
    assert.ok(states.some((one) => one.state === state) && VARIANTS.includes(variant));
    return picture;
  });
  assert.deepEqual(await outdated(made, states), []);

  const says = async (shown, expected, spoil = () => undefined) => {
    const folder = await mkdtemp(join(work, "spoilt-"));
    await cp(made, folder, { recursive: true });
    await spoil(folder);
    const faults = (await outdated(folder, shown)).join("\n");
    assert.match(faults, expected);
    assert.match(faults, /make screenshots/);
  };
  await says([...states, state("third")], /prompt-third\.png is missing/);
  await says([states[0]], /prompt-second\.png shows no state/);
  await says([states[0], state("second", "changed")], /prompt-second\.png no longer shows en-light, en-dark/);
  await says([states[0], { ...states[1], says: "Other words." }], /README\.md is another index/);
  await says(states, /prompt-first\.png is missing/, (folder) => rm(join(folder, "prompt-first.png")));
  await says(states, /prompt-first\.png is another file/, (folder) =>
    truncate(join(folder, "prompt-first.png"), 60),
  );
  await says(states, /prompt-first\.png is another file/, (folder) =>
    cp(picture, join(folder, "prompt-first.png")),
  );
  await says(states, /stray\.png shows no state/, (folder) => cp(picture, join(folder, "stray.png")));
  await says(states, /README\.md is another index/, (folder) => rm(join(folder, "README.md")));
  await says(states, /other variants/, async (folder) => {
    const path = join(folder, "manifest.json");
    await writeFile(path, (await readFile(path, "utf8")).replace('"ja-dark"', '"fr-dark"'));
  });

  const other = join(work, "other.png");
  await sharp({ create: { width: 4, height: 3, channels: 3, background: "#654321" } }).toFile(other);
  const sheet = (name) => readFile(join(made, `prompt-${name}.png`));
  const drawnBefore = await sheet("first");
  await truncate(join(made, "prompt-second.png"), 60);
  await publish(made, states, () => other);
  assert.deepEqual(await sheet("first"), drawnBefore, "what shows it already is not drawn again");
  assert.notDeepEqual(await sheet("second"), drawnBefore, "a damaged sheet is");
  await publish(made, [state("first", "changed"), states[1]], () => other);
  assert.deepEqual(await sheet("first"), await sheet("second"), "so is one of a state that changed");
  assert.deepEqual(await outdated(made, [state("first", "changed"), states[1]]), []);

  await publish(made, [states[1]], () => picture);
  assert.deepEqual(await outdated(made, [states[1]]), [], "what is no state any more is gone");
});
