// Draws what the stores show beside the listing: `npm run store-pictures` writes store/*.png, which are committed.
// Pictures of 1280 x 800 (Chrome, Edge, Firefox), a tile of 440 x 280 (Chrome), a logo of 300 x 300 (Edge). No person's data: the states of pictures/.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";
import { servePages } from "./pages.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const out = "store";

/** What each shows, and says. */
const SHOWN = [
  {
    name: "1-sign-in",
    page: "prompt",
    show: "showPrompt",
    state: "sign-in",
    en: "Sign in with your My Number Card, at any site that takes passkeys",
    ja: "マイナンバーカードで、パスキー対応サイトにサインイン",
  },
  {
    name: "2-disclosure",
    page: "prompt",
    show: "showPrompt",
    state: "register-asked-off",
    en: "Before the PIN you see what the site would learn. Your certificate is shown only if you switch it on",
    ja: "サイトに伝わる内容を暗証番号の前に表示。電子証明書を見せるかは自分で選べます",
  },
  {
    name: "3-last-try",
    page: "prompt",
    show: "showPrompt",
    state: "last-try",
    en: "Tries left in sight. The last one is never spent without asking",
    ja: "残り回数をいつも表示。最後の1回は確認なしに使いません",
  },
  {
    name: "4-options",
    page: "options",
    show: "showOptions",
    state: "full",
    from: "#sites-title",
    en: "What was disclosed to whom stays on your computer, for you to see",
    ja: "どのサイトに何を開示したかを、お使いのパソコンだけに記録",
  },
];

const rooms = { prompt: { width: 420, height: 668 }, options: { width: 900, height: 668 } };

const style = `* { margin: 0; box-sizing: border-box }
  body { font-family: system-ui, "Noto Sans CJK JP", sans-serif; background: #1d4a80; color: #fff; overflow: hidden }
  .picture { width: 1280px; height: 800px; display: flex; align-items: center; gap: 56px; padding: 0 64px }
  .picture.wide { flex-direction: column; justify-content: center; gap: 28px }
  h1 { font-size: 42px; line-height: 1.3; font-weight: 600; flex: 1; text-wrap: balance; word-break: auto-phrase }
  .wide h1 { flex: none; font-size: 32px; text-align: center }
  img.shot { border-radius: 10px; box-shadow: 0 12px 40px #0008 }
  .tile, .logo { display: flex; align-items: center; justify-content: center; gap: 24px }
  .tile { width: 440px; height: 280px } .tile p { font-size: 30px; font-weight: 600; line-height: 1.25 }
  .logo { width: 300px; height: 300px; background: #fff }`;

const pages = await servePages("dist/looked-at");
const browser = await launch();

/** The page in one of its states, as a picture in the text of another page. */
async function shot({ page, show, state, from }, language) {
  const tab = await browser.newPage();
  await tab.setViewport({ ...rooms[page], deviceScaleFactor: 1 });
  await tab.emulateTimezone("Asia/Tokyo");
  await tab.goto(pages.addressOf(page));
  const known = await tab.evaluate((name) => Object.keys(globalThis.states[name]), page);
  if (!known.includes(state)) throw new Error(`${page} has no state ${state}, but ${known.join(" ")}`);
  await tab.evaluate((how, ...what) => globalThis[how](...what), show, language, state);
  await tab.waitForNetworkIdle();
  if (from !== undefined) await tab.$eval(from, (element) => element.closest("section").scrollIntoView());
  const picture = await tab.screenshot({ encoding: "base64" });
  await tab.close();
  return `data:image/png;base64,${picture}`;
}

async function draw(name, { width, height }, language, body) {
  const tab = await browser.newPage();
  await tab.setViewport({ width, height });
  await tab.setContent(`<!doctype html><html lang="${language}"><style>${style}</style>${body}</html>`);
  await tab.screenshot({ path: `${out}/${name}.png` });
  await tab.close();
  console.log(`drew store/${name}.png`);
}

for (const shown of SHOWN) {
  for (const language of ["en", "ja"]) {
    const picture = await shot(shown, language);
    const wide = shown.page === "options" ? " wide" : "";
    await draw(
      `${shown.name}-${language}`,
      { width: 1280, height: 800 },
      language,
      `<div class="picture${wide}"><h1>${shown[language]}</h1><img class="shot" src="${picture}"></div>`,
    );
  }
}
const icon = `data:image/png;base64,${await readFile("static/icons/taking-128.png", "base64")}`;
await draw(
  "tile",
  { width: 440, height: 280 },
  "en",
  `<div class="tile"><img src="${icon}"><p>JPKI for<br>WebAuthn</p></div>`,
);
await draw(
  "logo",
  { width: 300, height: 300 },
  "en",
  `<div class="logo"><img src="${icon}" width="224"></div>`,
);
await browser.close();
pages.close();
