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

  /** Waits for what the program tells, and gives it back as it is shown. */
  async records() {
    return until("the records", async () => {
      const shown = await this.page.evaluate(() => {
        /** @param {string} list */
        const entries = (list) =>
          [...document.querySelectorAll(`#${list} li`)].map((entry) => entry.textContent ?? "");
        return {
          sites: [...document.querySelectorAll("#sites .site")].map((site) => site.textContent ?? ""),
          history: entries("history"),
          there: ["sites", "history"].every(
            (list) =>
              entries(list).length > 0 ||
              /None|Nothing/.test(document.querySelector(`#${list}-none`)?.textContent ?? ""),
          ),
        };
      });
      return shown.there ? shown : undefined;
    });
  }

  /** @param {string} rpId */
  async forget(rpId) {
    await this.page.$eval(`#sites button[aria-label="Forget ${rpId}"]`, (button) =>
      /** @type {HTMLElement} */ (button).click(),
    );
  }

  /** Waits until the page says that a site was forgotten. */
  async forgotten() {
    return until("the site to be forgotten", () =>
      this.page.$eval("#forgotten", (said) => said.textContent || undefined),
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
