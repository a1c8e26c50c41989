import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { unzipSync } from "fflate";
import { objections, zipped } from "../scripts/stores.mjs";

let aside: string;

before(async () => {
  const { status } = spawnSync(process.execPath, ["scripts/build.mjs"], { stdio: "ignore" });
  assert.equal(status, 0, "the build");
  aside = await mkdtemp(join(tmpdir(), "stores-"));
});

after(() => rm(aside, { recursive: true }));

for (const browser of ["chromium", "firefox"]) {
  const built = `dist/${browser}`;

  test(`${browser}: the store's package is what was built, without a key of our own`, async () => {
    const packed = unzipSync(await zipped(built));
    const entries = await readdir(built, { recursive: true, withFileTypes: true });
    assert.equal(Object.keys(packed).length, entries.filter((entry) => entry.isFile()).length);
    for (const [name, bytes] of Object.entries(packed)) {
      const text = (await readFile(join(built, name))).toString("base64");
      if (name !== "manifest.json") assert.equal(Buffer.from(bytes).toString("base64"), text, name);
    }
    const manifest = JSON.parse(await readFile(join(built, "manifest.json"), "utf8")) as Record<
      string,
      unknown
    >;
    assert.equal("key" in manifest, browser === "chromium");
    delete manifest["key"];
    assert.deepEqual(JSON.parse(new TextDecoder().decode(packed["manifest.json"])), manifest);
  });

  test(`${browser}: the same files make the same package, and no store has an objection`, async () => {
    assert.deepEqual(await zipped(built), await zipped(built));
    assert.deepEqual(await objections(built), []);
  });
}

/** A package in which one file was changed. */
async function changed(name: string, change: (text: string) => string): Promise<string> {
  const folder = join(aside, "changed");
  await rm(folder, { recursive: true, force: true });
  await cp("dist/chromium", folder, { recursive: true });
  await writeFile(join(folder, name), change(await readFile(join(folder, name), "utf8")));
  return folder;
}

const REFUSED: [string, string, (text: string) => string][] = [
  [
    "version 1.0-beta",
    "manifest.json",
    (text) => text.replace(/"version": "[^"]+"/, '"version": "1.0-beta"'),
  ],
  ["update_url", "manifest.json", (text) => text.replace("{", '{ "update_url": "https://example.jp/",')],
  ["no icon of 128 pixels", "manifest.json", (text) => text.replace('"128":', '"129":')],
  [
    "the description in ja",
    "_locales/ja/messages.json",
    (text) => text.replace(/("appDescription":\s*{\s*"message": ")/, `$1${"あ".repeat(133)}`),
  ],
  [
    "prompt.html: a script that is not the package's own",
    "prompt.html",
    (text) => text.replace("</head>", '<script src="https://example.jp/x.js"></script></head>'),
  ],
  ["popup.js: code that is made or loaded while it runs", "popup.js", (text) => `${text}\neval("1");`],
];

for (const [objection, name, change] of REFUSED) {
  test(`objection: ${objection}`, async () => {
    assert.deepEqual(await objections(await changed(name, change)), [objection]);
  });
}
