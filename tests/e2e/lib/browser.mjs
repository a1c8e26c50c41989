// What a case does with a browser that has the extension, whichever browser it is.

import { QUIET_PAGE, setMode, untilStatus } from "./extension.mjs";
import { Prompt } from "./prompt.mjs";
import { until } from "./until.mjs";

/**
 * @typedef {object} BrowserOptions
 * @property {string} home the home folder
 * @property {string} [profile] the name of another profile than the usual one
 * @property {NodeJS.ProcessEnv} env
 * @property {'en' | 'ja'} [language]
 * @property {boolean} [headless]
 * @property {string} [extension] the unpacked extension's folder (default: where it is built)
 */

/** A running browser. Each kind says how its extension's pages are opened, and which pages are prompts. */
export class ExtendedBrowser {
  /** @param {import('puppeteer-core').Browser} browser */
  constructor(browser) {
    this.browser = browser;
  }

  /** The browser's own process id. */
  get pid() {
    return this.browser.process()?.pid;
  }

  /**
   * Sets when the extension takes requests, as the person does in its popup.
   *
   * @param {"auto" | "always" | "off"} mode
   */
  async setMode(mode) {
    await this.#inExtension((page) => setMode(page, mode));
    await this.takes(mode === "always");
  }

  /**
   * Waits until the extension does, or does not, take requests.
   *
   * @param {boolean} expected
   */
  async takes(expected) {
    const what = `the extension to ${expected ? "take" : "leave"} requests`;
    await this.#inExtension((page) => untilStatus(page, what, { taking: expected }));
  }

  /**
   * Waits until the extension sees the readers. A card that was there before that does not count as presented, to it
   * as to a person who opens the browser with the card already in place.
   */
  async watches() {
    const what = "the extension to see the readers";
    await this.#inExtension((page) => untilStatus(page, what, { watch: { status: "watching" } }));
  }

  /**
   * Does something on a page of the extension's origin.
   *
   * @param {(page: import("puppeteer-core").Page) => Promise<void>} act
   */
  async #inExtension(act) {
    const page = await this.newPage();
    try {
      await this.goToExtension(page, QUIET_PAGE);
      await act(page);
    } finally {
      await page.close();
    }
  }

  /**
   * Opens a document of the extension's.
   *
   * @param {import("puppeteer-core").Page} page
   * @param {string} name
   * @returns {Promise<void>}
   */
  async goToExtension(page, name) {
    throw new Error(`no way to ${name} on ${page.url()}`);
  }

  /**
   * @param {{type: "tab" | "window"}} [where]
   * @returns {Promise<import("puppeteer-core").Page>}
   */
  async newPage(where) {
    return this.browser.newPage(where);
  }

  /** The tab of a new window. */
  async newWindow() {
    return this.newPage({ type: "window" });
  }

  /**
   * The pages of the prompt windows that are open, as far as they can be had.
   *
   * @returns {Promise<import("puppeteer-core").Page[]>}
   */
  async promptPages() {
    throw new Error("no way to know prompts");
  }

  /** Whether a prompt window is open at this moment. */
  async promptIsOpen() {
    return (await this.promptPages()).length > 0;
  }

  /** Waits until the prompt window has closed. An offer of a backup waits for the person: it is put off. */
  async promptClosed() {
    await until("the prompt window to close", async () => {
      for (const page of await this.promptPages()) {
        // It may close by itself meanwhile.
        await new Prompt(page).putOffBackup().catch(() => {});
      }
      return !(await this.promptIsOpen());
    });
  }

  async close() {
    const process = this.browser.process();
    const ended = new Promise((done) => {
      if (process === null || process.exitCode !== null || process.signalCode !== null) done(undefined);
      else process.once("exit", done);
    });
    const insist = setTimeout(() => process?.kill("SIGKILL"), 10_000);
    await this.browser.close().catch(() => process?.kill("SIGKILL"));
    await ended;
    clearTimeout(insist);
  }
}
