// Draws the toolbar and store icons: `node scripts/icons.mjs` writes static/icons/*.png, which are committed.

import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

/** A card with its chip: filled while the card answers, an outline while it does not. */
const card = (filled, size) => {
  // Toolbars are small: there a thicker line, and no printed lines.
  const line = size <= 16 ? 10 : 7;
  const [body, edge, chip] = filled ? ["#1d4a80", "#8fbcf0", "#f3d58a"] : ["none", "#8792a0", "#8792a0"];
  const print =
    size >= 48 ? `<path d="M76 56h32M76 74h32M20 96h60" stroke="${filled ? "#ffffff" : edge}"/>` : "";
  const inset = line / 2 + 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 128 128">
    <g fill="none" stroke-width="${line}" stroke-linecap="round">
      <rect x="${inset}" y="20" width="${128 - 2 * inset}" height="88" rx="14" fill="${body}" stroke="${edge}"/>
      <rect x="22" y="${size >= 48 ? 46 : 44}" width="40" height="${size >= 48 ? 32 : 40}" rx="6" fill="${chip}" stroke="none"/>
      ${print}
    </g></svg>`;
};

const browser = await launch();
const page = await browser.newPage();
for (const [name, filled] of [
  ["idle", false],
  ["taking", true],
]) {
  for (const size of filled ? [16, 32, 48, 128] : [16, 32, 48]) {
    await page.setViewport({ width: size, height: size });
    await page.setContent(`<body style="margin:0;line-height:0">${card(filled, size)}</body>`);
    await page.screenshot({ path: `static/icons/${name}-${size}.png`, omitBackground: true });
  }
}
await browser.close();
