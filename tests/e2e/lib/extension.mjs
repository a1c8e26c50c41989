// What a test sets and reads in the extension, on a page of its origin. The popup itself stays closed: to open it is to press the button.

import { until } from "./until.mjs";

/** A document of the extension's that runs none of its scripts. */
export const QUIET_PAGE = "manifest.json";

/**
 * Sets when the extension takes requests, as the person does in its popup.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {"auto" | "always" | "off"} mode
 */
export async function setMode(page, mode) {
  await page.evaluate(
    (value) => /** @type {any} */ (globalThis).chrome.storage.local.set({ mode: value }),
    mode,
  );
}

/**
 * Waits until the extension tells its popup this.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {string} what
 * @param {{taking?: boolean, watch?: {status: string}}} expected
 */
export async function untilStatus(page, what, expected) {
  await page.evaluate(() => {
    const seen = /** @type {any} */ (globalThis);
    seen.chrome.runtime
      .connect({ name: "status" })
      .onMessage.addListener((/** @type {object} */ status) => (seen.lastStatus = status));
  });
  const status = () => page.evaluate(() => /** @type {any} */ (globalThis).lastStatus);
  await until(what, async () => {
    const { taking, watch } = (await status()) ?? {};
    return (
      (expected.taking === undefined || expected.taking === taking) &&
      (expected.watch === undefined || expected.watch.status === watch?.status)
    );
  }).catch(async (error) => {
    throw new Error(`${error.message}; its status: ${JSON.stringify(await status())}`);
  });
}
