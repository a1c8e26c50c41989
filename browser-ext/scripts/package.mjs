// Packs what `npm run build` made, as the stores take it: a zip for each package, in ../target/extension.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { packages } from "./packages.mjs";
import { objections, zipped } from "./stores.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const { version } = JSON.parse(await readFile("package.json", "utf8"));
const out = "../target/extension";
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const browser of Object.keys(packages)) {
  const found = await objections(`dist/${browser}`);
  if (found.length > 0) throw new Error(`dist/${browser}: ${found.join("; ")}`);
  const name = `jpki-for-webauthn-${browser}-${version}.zip`;
  await writeFile(`${out}/${name}`, await zipped(`dist/${browser}`));
  console.log(`packed target/extension/${name}`);
}
