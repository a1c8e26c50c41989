// What the stores take (docs/stores.md).

import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { zipSync } from "fflate";
import { languages } from "./packages.mjs";

/** The same files make the same zip: the earliest time that its format knows, in whatever zone it is made. */
const NO_TIME = new Date(1980, 0, 1);

/** Longest name and description (Chrome: 75 and 132; Edge and Firefox allow these too). */
const LONGEST_NAME = 75;
const LONGEST_DESCRIPTION = 132;

/**
 * The zip of a built package.
 * @param {string} folder what `npm run build` made
 * @returns {Promise<Uint8Array>}
 */
export async function zipped(folder) {
  const files = {};
  for (const name of await namesIn(folder)) files[name] = new Uint8Array(await readFile(join(folder, name)));
  files["manifest.json"] = new Uint8Array(Buffer.from(forStore(files["manifest.json"])));
  const names = Object.keys(files).sort();
  return zipSync(Object.fromEntries(names.map((name) => [name, files[name]])), {
    level: 9,
    mtime: NO_TIME,
  });
}

/**
 * What would keep a store from taking the package.
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function objections(folder) {
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  const found = [];
  if (!/^\d{1,5}(\.\d{1,5}){0,3}$/.test(manifest.version)) found.push(`version ${manifest.version}`);
  for (const language of languages) {
    const texts = JSON.parse(await readFile(join(folder, "_locales", language, "messages.json"), "utf8"));
    const said = (text) => text.replace(/__MSG_(\w+?)__/g, (_, key) => texts[key]?.message ?? "");
    const [name, description] = [said(manifest.name), said(manifest.description)];
    if (name === "" || [...name].length > LONGEST_NAME) found.push(`the name in ${language}`);
    if (description === "" || [...description].length > LONGEST_DESCRIPTION)
      found.push(`the description in ${language}`);
  }
  if (manifest.icons["128"] === undefined) found.push("no icon of 128 pixels");
  if ("update_url" in manifest) found.push("update_url");
  for (const name of (await namesIn(folder)).filter((name) => name.endsWith(".html"))) {
    const html = await readFile(join(folder, name), "utf8");
    if (/<script[^>]*\ssrc="(?!\w[\w-]*\.js")|<script(?![^>]*\ssrc=)|\son\w+=/i.test(html))
      found.push(`${name}: a script that is not the package's own`);
  }
  for (const name of (await namesIn(folder)).filter((name) => name.endsWith(".js"))) {
    const script = await readFile(join(folder, name), "utf8");
    if (/\beval\s*\(|\bnew Function\b|\bimportScripts\b|\bimport\s*\(/.test(script))
      found.push(`${name}: code that is made or loaded while it runs`);
  }
  return found;
}

/** A store signs with a key of its own, and refuses a manifest that pins another. */
function forStore(manifest) {
  const members = JSON.parse(Buffer.from(manifest).toString("utf8"));
  delete members.key;
  return JSON.stringify(members, null, 2);
}

async function namesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}
