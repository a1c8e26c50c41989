// Real Chromium with the extension, started as a person would have it: the profile is at its usual
// place in a home folder of its own, so that `jpki-authenticator install` is what connects the two.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { QUIET_PAGE, setMode, untilStatus } from "./extension.mjs";
import { builtExtension, chromium, extensionId } from "./paths.mjs";
import { Prompt } from "./prompt.mjs";
import { patience, sleep, until } from "./until.mjs";

/**
 * @typedef {object} BrowserOptions
 * @property {string} home the home folder
 * @property {NodeJS.ProcessEnv} env
 * @property {'en' | 'ja'} [language]
 * @property {boolean} [headless]
 * @property {string} [extension] the unpacked extension's folder (default: where it is built)
 */

/** A running Chromium. */
export class Chromium {
  /** The same cases run in every browser; those for one browser name it. */
  static browserName = /** @type {const} */ ("chromium");

  /**
   * @param {import('puppeteer-core').Browser} browser
   * @param {string} extensionId
   */
  constructor(browser, extensionId) {
    this.browser = browser;
    this.extensionId = extensionId;
    /** Prompt windows that were handed out. @type {WeakSet<import("puppeteer-core").Target>} */
    this.met = new WeakSet();
  }

  /** @param {BrowserOptions} options */
  static async launch({
    home,
    env,
    language = "en",
    headless = true,
    extension = builtExtension("chromium"),
  }) {
    const userDataDir = join(home, ".config/chromium");
    await mkdir(userDataDir, { recursive: true });
    const asRoot = process.getuid?.() === 0;
    const browser = await puppeteer.launch({
      executablePath: chromium(),
      pipe: true,
      defaultViewport: null,
      ignoreDefaultArgs: true,
      // Ctrl-C is ours: it ends the readers and servers too.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      env: {
        ...env,
        LANGUAGE: language,
        LANG: language === "ja" ? "ja_JP.UTF-8" : "C.UTF-8",
      },
      args: [
        `--user-data-dir=${userDataDir}`,
        `--load-extension=${extension}`,
        "--enable-unsafe-extension-debugging",
        ...(headless ? ["--headless=new", "--disable-gpu", "--hide-scrollbars", "--mute-audio"] : []),
        ...(asRoot ? ["--no-sandbox"] : []),
        "--remote-debugging-pipe",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--password-store=basic",
        "--use-mock-keychain",
        "--force-color-profile=srgb",
        `--lang=${language}`,
        // What a headless Chromium does not derive from the language by itself.
        `--accept-lang=${language === "ja" ? "ja,en" : "en"}`,
        "about:blank",
      ],
    });
    try {
      const worker = await browser.waitForTarget(isExtensionWorker, { timeout: patience });
      const id = new URL(worker.url()).host;
      if (id !== extensionId()) {
        throw new Error(
          `the extension's ID is ${id}, but browser-ext/extension-id.json says ${extensionId()}`,
        );
      }
      return new Chromium(browser, id);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** The browser's own process id. */
  get pid() {
    return this.browser.process()?.pid;
  }

  /** @returns {Promise<import('puppeteer-core').WebWorker>} the extension's background script */
  async background() {
    const target = await this.browser.waitForTarget(isExtensionWorker, { timeout: patience });
    const worker = await target.worker();
    if (worker === null) throw new Error("the extension's service worker is gone");
    return worker;
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
      await page.goto(`chrome-extension://${this.extensionId}/${QUIET_PAGE}`);
      await act(page);
    } finally {
      await page.close();
    }
  }

  /** The tab that is there from the beginning. */
  async firstPage() {
    const [page] = await this.browser.pages();
    return page ?? this.newPage();
  }

  async newPage() {
    return this.browser.newPage();
  }

  /** The prompt window of the ceremony that has begun. One that an earlier ceremony left open does not count. */
  async prompt() {
    const target = await this.browser.waitForTarget(
      (candidate) => this.#isPrompt(candidate.url()) && !this.met.has(candidate),
      { timeout: patience },
    );
    this.met.add(target);
    const page = await target.page();
    if (page === null) throw new Error("the prompt closed at once");
    return new Prompt(page);
  }

  /** Whether a prompt window is open at this moment. */
  async promptIsOpen() {
    return this.browser.targets().some((target) => this.#isPrompt(target.url()));
  }

  /** Waits until the prompt window has closed. An offer of a backup waits for the person: it is put off. */
  async promptClosed() {
    await until("the prompt window to close", async () => {
      for (const target of this.browser.targets().filter((one) => this.#isPrompt(one.url()))) {
        const prompt = await target.page();
        // It may close by itself meanwhile.
        if (prompt !== null) await new Prompt(prompt).putOffBackup().catch(() => {});
      }
      return !(await this.promptIsOpen());
    });
  }

  /** @param {string} url */
  #isPrompt(url) {
    return url.startsWith(`chrome-extension://${this.extensionId}/`) && /\/prompt[./]/.test(url);
  }

  /**
   * Leaves a picture of every open page.
   *
   * @param {string} folder
   */
  async screenshots(folder) {
    await mkdir(folder, { recursive: true });
    for (const [index, page] of (await this.browser.pages()).entries()) {
      const name = page.url().startsWith("chrome-extension:") ? "prompt" : "page";
      const path = /** @type {`${string}.png`} */ (join(folder, `${name}-${index + 1}.png`));
      // A tab that cannot be brought to the front is never drawn, and its picture never taken.
      const taken = page.bringToFront().then(() => page.screenshot({ path }));
      await Promise.race([taken, sleep(3_000)]).catch(() => {});
    }
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

/** @param {import('puppeteer-core').Target} target */
function isExtensionWorker(target) {
  return target.type() === "service_worker" && target.url().startsWith("chrome-extension://");
}
