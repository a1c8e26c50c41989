// Pictures of every state of the prompt and the popup: `npm run pictures [-- WORD]` writes dist/pictures/*.png, in both
// languages, light and dark, and at 200 % zoom. Fails when a state is wider than its window, lacks a text, or hides what a
// person needs to type the PIN. WORD: only states whose name contains it. `npm run layout` checks without taking pictures.

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launch } from "./chromium.mjs";
import { files } from "./packages.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const out = "dist/pictures";
const takes = !process.argv.includes("--check");
const word = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";

/** The prompt's window without the browser's own frame. 200 % zoom halves the room and doubles the pixels. */
const SHAPES = {
  light: { width: 420, height: 668, scale: 1, theme: "light" },
  dark: { width: 420, height: 668, scale: 1, theme: "dark" },
  zoom: { width: 210, height: 294, scale: 2, theme: "light" },
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
for (const [to, from] of Object.entries(files)) await cp(from, `${out}/${to}`, { recursive: true });
await build({
  entryPoints: ["pictures/show.ts"],
  bundle: true,
  outdir: out,
  format: "iife",
  charset: "utf8",
});
for (const page of ["prompt", "popup"]) {
  const html = await readFile(`${out}/${page}.html`, "utf8");
  await writeFile(`${out}/${page}.html`, html.replace(`${page}.js`, "show.js"));
}

// Over HTTP: from files, a page may not use pictures as masks.
const types = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};
const server = createServer((request, response) => {
  readFile(`${out}${new URL(request.url, "http://localhost").pathname}`).then(
    (body) => response.writeHead(200, { "content-type": types[extname(request.url)] }).end(body),
    () => response.writeHead(404).end(),
  );
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const browser = await launch();
const problems = [];
let count = 0;
for (const page of ["prompt", "popup"]) {
  for (const [shape, { width, height, scale, theme }] of Object.entries(SHAPES)) {
    if (page === "popup" && shape === "zoom") continue;
    const tab = await browser.newPage();
    await tab.setViewport({ width: page === "popup" ? 344 : width, height, deviceScaleFactor: scale });
    await tab.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: theme },
      { name: "prefers-reduced-motion", value: "reduce" },
    ]);
    const address = `http://127.0.0.1:${server.address().port}/${page}.html`;
    await tab.goto(address);
    const states = await tab.evaluate((name) => globalThis.states[name], page);
    for (const state of states.filter((name) => name.includes(word))) {
      for (const language of ["en", "ja"]) {
        await tab.goto(address);
        await tab.evaluate(
          (name, ...what) =>
            name === "prompt" ? globalThis.showPrompt(...what) : globalThis.showPopup(...what),
          page,
          language,
          state,
        );
        const found = await tab.evaluate(() => ({
          wide:
            globalThis.document.documentElement.scrollWidth > globalThis.document.documentElement.clientWidth,
          hidden: ["#pin", "#tries-left", "#last-try-confirm"].filter((selector) => {
            const { document, innerHeight } = globalThis;
            const box = document.querySelector(selector)?.getBoundingClientRect();
            if (box === undefined || box.height === 0) return false;
            const buttons = document.querySelector("footer").getBoundingClientRect();
            return box.top < 0 || box.bottom > Math.min(buttons.top, innerHeight);
          }),
          raw: /<<|\{\w+\}/.test(globalThis.document.body.innerText),
        }));
        const name = `${page}-${state}-${language}-${shape}`;
        if (found.wide) problems.push(`${name}: wider than its window`);
        if (shape !== "zoom" && found.hidden.length > 0)
          problems.push(`${name}: hides ${found.hidden.join(" ")}`);
        if (found.raw) problems.push(`${name}: a text is missing`);
        count += 1;
        if (!takes) continue;
        await tab.screenshot({ path: `${out}/${name}.png`, fullPage: shape === "zoom" || page === "popup" });
      }
    }
    await tab.close();
  }
}
await browser.close();
server.close();
console.log(takes ? `${count} pictures in ${out}` : `${count} states looked at`);
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
