// Looks at every state of every page (pictures/), in both languages, light, dark and at 200 % zoom. Fails when one is wider
// than its window, lacks a text, or hides what a person needs to type the PIN, or when axe finds fault with it.
//
//   npm run layout               writes pictures to ../target/screenshots; fails too when docs/screenshots shows something else
//   npm run screenshots          makes docs/screenshots anew, with the system's windows for the PIN (windows.mjs)
//   npm run pictures [-- WORD]   writes dist/pictures, those at 200 % zoom too; only those whose name contains WORD

import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";
import { servePages } from "./pages.mjs";
import {
  drawnBy,
  fingerprint,
  outdated,
  publish,
  windowFingerprint,
  WINDOW_VARIANTS,
} from "./screenshots.mjs";
import { drawWindows, windowsIn } from "./windows.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const served = "dist/looked-at";
const published = "../docs/screenshots";
const purpose = process.argv[2] ?? "pictures";
const word = process.argv[3] ?? "";
const out = purpose === "pictures" ? "dist/pictures" : "../target/screenshots";

/** What there is room for, without the browser's own frame. 200 % zoom halves the room and doubles the pixels. */
const shapes = ({ width, height, zoomedHeight }) => ({
  light: { width, height, scale: 1, theme: "light" },
  dark: { width, height, scale: 1, theme: "dark" },
  ...(zoomedHeight && { zoom: { width: width / 2, height: zoomedHeight, scale: 2, theme: "light" } }),
});
const SHAPES = {
  prompt: shapes({ width: 420, height: 668, zoomedHeight: 294 }),
  // As wide as its body wants; the browser makes it as high as it needs.
  popup: shapes({ width: 322, height: 100 }),
  // A tab, and one on a small screen.
  options: {
    ...shapes({ width: 900, height: 800, zoomedHeight: 400 }),
    small: { width: 320, height: 568, scale: 1, theme: "light" },
  },
};
const SHOW = { prompt: "showPrompt", popup: "showPopup", options: "showOptions" };

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

/** Runs in the page: a sign is a mask, which the browser fetches when it first draws. */
async function signsLoaded() {
  const { document, Image, getComputedStyle } = globalThis;
  for (const sign of document.querySelectorAll(".sign")) {
    const [, address] = /url\("(.+)"\)/.exec(getComputedStyle(sign).maskImage) ?? [];
    if (address === undefined) continue;
    const picture = new Image();
    picture.src = address;
    await picture.decode();
  }
  await Promise.all([...document.images].map((image) => image.decode()));
}

/** The style sheets of a page, and the pictures they name. */
async function stylesOf(page) {
  const names = ["common.css", `${page}.css`];
  for (const folder of ["signs", "icons"])
    names.push(...(await readdir(`${served}/${folder}`)).sort().map((name) => `${folder}/${name}`));
  return Promise.all(names.map((name) => readFile(`${served}/${name}`)));
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const pages = await servePages(served);
const browser = await launch();
const problems = [];
/** What docs/screenshots shows, by page and state. */
const shown = new Map();
let count = 0;
for (const page of Object.keys(SHAPES)) {
  const styles = await stylesOf(page);
  for (const [shape, { width, height, scale, theme }] of Object.entries(SHAPES[page])) {
    // The other shapes show the same, in less room.
    const isPublished = shape === "light" || shape === "dark";
    if (purpose === "screenshots" && !isPublished) continue;
    const tab = await browser.newPage();
    await tab.setViewport({ width, height, deviceScaleFactor: scale });
    // The same picture wherever it is drawn.
    await tab.emulateTimezone("Asia/Tokyo");
    await tab.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: theme },
      { name: "prefers-reduced-motion", value: "reduce" },
    ]);
    const address = pages.addressOf(page);
    await tab.goto(address);
    if ((await tab.evaluate(() => globalThis.document.body.innerText.trim())) !== "")
      problems.push(`${page}: shows something before its first view`);
    const states = Object.entries(await tab.evaluate((name) => globalThis.states[name], page));
    for (const [state, says] of states.filter(([name]) => `${page}-${name}`.includes(word))) {
      for (const language of ["en", "ja"]) {
        await tab.goto(address);
        await tab.evaluate((how, ...what) => globalThis[how](...what), SHOW[page], language, state);
        await tab.evaluate(signsLoaded);
        // It blinks: it would make another picture each time.
        await tab.evaluate(() => (globalThis.document.documentElement.style.caretColor = "transparent"));
        const found = await tab.evaluate(() => ({
          wide:
            globalThis.document.documentElement.scrollWidth > globalThis.document.documentElement.clientWidth,
          hidden: [
            ...["#who", "#pin", "#keys", "#tries-left", "#last-try-confirm"],
            // What is to be typed into a terminal is seen to be there.
            "#message-command",
          ].filter((selector) => {
            const { document, innerHeight } = globalThis;
            const box = document.querySelector(selector)?.getBoundingClientRect();
            if (box === undefined || box.height === 0) return false;
            const buttons = document.querySelector("footer").getBoundingClientRect();
            const site = document.querySelector("#who").getBoundingClientRect();
            const top = selector === "#who" ? 0 : site.bottom;
            return box.top < top || box.bottom > Math.min(buttons.top, innerHeight);
          }),
          raw: /<<|\{\w+\}/.test(globalThis.document.body.innerText),
        }));
        const name = `${page}-${state}-${language}-${shape}`;
        if (found.wide) problems.push(`${name}: wider than its window`);
        if (shape !== "zoom" && found.hidden.length > 0)
          problems.push(`${name}: hides ${found.hidden.join(" ")}`);
        if (found.raw) problems.push(`${name}: a text is missing`);
        count += 1;
        if (isPublished) {
          const one = shown.get(`${page}-${state}`) ?? { page, state, says, drawn: {} };
          one.drawn[`${language}-${shape}`] = fingerprint(
            await tab.evaluate(drawnBy),
            styles,
            `${language}-${theme}`,
            { width, height },
          );
          shown.set(`${page}-${state}`, one);
        }
        if (isPublished || purpose === "pictures") {
          await tab.screenshot({
            path: `${out}/${name}.png`,
            fullPage: shape === "zoom" || page !== "prompt",
          });
        }
        // Neither zoom nor language changes what it looks at; that every text is there in both, the unit tests say.
        if (shape !== "zoom" && language === "en" && purpose !== "screenshots") {
          for (const fault of await accessibility(tab)) problems.push(`${name}: ${fault}`);
        }
      }
    }
    await tab.close();
  }
}
await browser.close();
pages.close();

const windows = await windowsIn(published);
const states = [
  ...shown.values(),
  ...windows.map(({ state, says, ...sent }) => ({
    page: "window",
    state,
    says,
    drawn: Object.fromEntries(
      WINDOW_VARIANTS.map((language) => [language, windowFingerprint(sent[language])]),
    ),
  })),
];
if (purpose === "screenshots") {
  await drawWindows(windows, (state, language) => `${out}/window-${state}-${language}.png`);
  await publish(published, states, ({ page, state }, variant) => `${out}/${page}-${state}-${variant}.png`);
}
if (purpose === "layout") problems.push(...(await outdated(published, states)));
console.log(`${count} pictures looked at; in ${out}`);
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
