// The toolbar's popup, in a tab: to open it is to press the button.

import { until } from "./until.mjs";

export class Popup {
  /** @param {import("puppeteer-core").Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {import("./browser.mjs").ExtendedBrowser} browser */
  static async open(browser) {
    const page = await browser.newPage();
    await browser.goToExtension(page, "popup.html");
    await page.waitForSelector("#view", { visible: true });
    return new Popup(page);
  }

  /**
   * Chooses when requests are taken.
   *
   * @param {"auto" | "always" | "off"} mode
   */
  async choose(mode) {
    await this.page.locator(`input[value="${mode}"]`).click();
  }

  /** @param {"open" | "dismiss" | "retry"} button */
  async press(button) {
    await this.page.locator(`#${button}`).click();
  }

  /**
   * Waits until it says that this is wrong, or nothing, and gives back its words.
   *
   * @param {string | undefined} code
   */
  async says(code) {
    let last = "";
    await until(`the popup to say ${code}`, async () => {
      const shown = await this.page.$eval("#trouble", (element) => {
        const box = /** @type {HTMLElement} */ (element);
        return { code: box.checkVisibility() ? box.dataset["code"] : undefined, text: box.innerText };
      });
      last = shown.text;
      return shown.code === code;
    }).catch((error) => {
      throw new Error(`${error.message}; it says ${JSON.stringify(last)}`);
    });
    return last;
  }
}
