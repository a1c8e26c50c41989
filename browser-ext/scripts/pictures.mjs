// Pictures of every state of prompt, popup and options page: `npm run pictures [-- WORD]` writes dist/pictures/*.png, in both
// languages, light and dark, and at 200 % zoom. Fails when a state is wider than its window, lacks a text, or hides what a
// person needs to type the PIN, or when axe finds fault with it. WORD: only those whose name contains it ("prompt-register"). `npm run layout` checks without taking pictures.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";
import { servePages } from "./pages.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const out = "dist/pictures";
const takes = !process.argv.includes("--check");
const word = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";

/** What there is room for, without the browser's own frame. 200 % zoom halves the room and doubles the pixels. */
const shapes = ({ width, height, zoomedHeight }) => ({
  light: { width, height, scale: 1, theme: "light" },
  dark: { width, height, scale: 1, theme: "dark" },
  ...(zoomedHeight && { zoom: { width: width / 2, height: zoomedHeight, scale: 2, theme: "light" } }),
});
const SHAPES = {
  prompt: shapes({ width: 420, height: 668, zoomedHeight: 294 }),
  popup: shapes({ width: 344, height: 668 }),
  // A tab, and one on a small screen.
  options: {
    ...shapes({ width: 900, height: 800, zoomedHeight: 400 }),
    small: { width: 320, height: 568, scale: 1, theme: "light" },
  },
};
const SHOW = { prompt: "showPrompt", popup: "showPopup", options: "showOptions" };

const pages = await servePages(out);
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds fault with: names, roles, contrast (WCAG 2.2 AA). */
async function accessibility(tab) {
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() =>
    globalThis.axe.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `axe: ${id} at ${target}`));
}

const browser = await launch();
const problems = [];
let count = 0;
for (const page of Object.keys(SHAPES)) {
  for (const [shape, { width, height, scale, theme }] of Object.entries(SHAPES[page])) {
    const tab = await browser.newPage();
    await tab.setViewport({ width, height, deviceScaleFactor: scale });
    await tab.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: theme },
      { name: "prefers-reduced-motion", value: "reduce" },
    ]);
    const address = pages.addressOf(page);
    await tab.goto(address);
    if ((await tab.evaluate(() => globalThis.document.body.innerText.trim())) !== "")
      problems.push(`${page}: shows something before its first view`);
    const states = await tab.evaluate((name) => globalThis.states[name], page);
    for (const state of states.filter((name) => `${page}-${name}`.includes(word))) {
      for (const language of ["en", "ja"]) {
        await tab.goto(address);
        await tab.evaluate((show, ...what) => globalThis[show](...what), SHOW[page], language, state);
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
        // Neither zoom nor language changes what it looks at; that every text is there in both, the unit tests say.
        if (shape !== "zoom" && language === "en") {
          for (const fault of await accessibility(tab)) problems.push(`${name}: ${fault}`);
        }
        if (found.raw) problems.push(`${name}: a text is missing`);
        count += 1;
        if (!takes) continue;
        await tab.screenshot({ path: `${out}/${name}.png`, fullPage: shape === "zoom" || page !== "prompt" });
      }
    }
    await tab.close();
  }
}
await browser.close();
pages.close();
console.log(takes ? `${count} pictures in ${out}` : `${count} states looked at`);
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
