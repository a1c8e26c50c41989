// The extension's options page, as a person sees and uses it.

import { until } from "./until.mjs";

/** The options page, open. */
export class Options {
  /** @param {import("puppeteer-core").Page} page */
  constructor(page) {
    this.page = page;
  }

  /**
   * Opens it in a tab.
   *
   * @param {import("./browser.mjs").ExtendedBrowser} browser
   */
  static async open(browser) {
    const page = await browser.newPage();
    await browser.goToExtension(page, "options.html");
    await page.waitForSelector("#view", { visible: true });
    return new Options(page);
  }

  /**
   * Chooses one of several.
   *
   * @param {"mode" | "language"} name
   * @param {string} value
   */
  async choose(name, value) {
    // What a person clicks is the label around it.
    await this.page.$eval(`input[name="${name}"][value="${value}"]`, (input) =>
      /** @type {HTMLInputElement} */ (input).click(),
    );
  }

  /** @returns {Promise<{language: string, title: string, mode: string | undefined, report: string}>} */
  async shown() {
    return this.page.evaluate(() => ({
      language: document.documentElement.lang,
      title: document.querySelector("h1")?.textContent ?? "",
      mode: /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=mode]:checked"))
        ?.value,
      report: document.querySelector("#diagnostics")?.textContent ?? "",
    }));
  }

  /**
   * Waits until what is shown satisfies the condition, and gives it back.
   *
   * @param {string} what
   * @param {(shown: Awaited<ReturnType<Options["shown"]>>) => boolean} condition
   */
  async until(what, condition) {
    return until(`the options page to show ${what}`, async () => {
      const shown = await this.shown();
      return condition(shown) ? shown : undefined;
    }).catch(async (error) => {
      throw new Error(`${error.message}; it shows ${JSON.stringify(await this.shown())}`);
    });
  }
}
