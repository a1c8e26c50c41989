// One picture that tells the story: the prompt beside the account page.

import { readFile } from "node:fs/promises";

/**
 * @param {import("./demo.mjs").Demo} demo
 * @param {import("puppeteer-core").Browser} browser
 */
export async function composeFirstWalk(demo, browser) {
  const [prompt, account] = await Promise.all(
    ["2-prompt-register", "3-account"].map(async (name) => {
      const content = await readFile(demo.picture(name));
      return `data:image/png;base64,${content.toString("base64")}`;
    }),
  );
  const page = await browser.newPage();
  try {
    await page.setContent(
      `<!doctype html><style>
        body { margin: 0; padding: 28px; display: flex; gap: 28px; align-items: flex-start;
               width: max-content; background: #e4e7ec }
        img { display: block; border-radius: 10px; box-shadow: 0 8px 28px rgb(0 0 0 / 22%) }
        .top { width: 600px; height: 600px; object-fit: cover; object-position: top }
      </style><img src="${prompt}"><img class="top" src="${account}">`,
      { waitUntil: "load" },
    );
    const body = await page.$("body");
    await body?.screenshot({ path: /** @type {`${string}.png`} */ (demo.picture("first-walk")) });
  } finally {
    await page.close();
  }
}
