// Real Chromium with the extension, started as a person would have it: the profile is at its usual
// place in a home folder of its own, so that `jpki-authenticator install` is what connects the two.

import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { ExtendedBrowser } from "./browser.mjs";
import { QUIET_PAGE } from "./extension.mjs";
import { builtExtension, chromium, extensionId } from "./paths.mjs";
import { Prompt } from "./prompt.mjs";
import { patience, sleep, until } from "./until.mjs";

/** A running Chromium. */
export class Chromium extends ExtendedBrowser {
  /** The same cases run in every browser; those for one browser name it. */
  static browserName = /** @type {const} */ ("chromium");

  /**
   * @param {import('puppeteer-core').Browser} browser
   * @param {string} extensionId
   */
  constructor(browser, extensionId) {
    super(browser);
    this.extensionId = extensionId;
    /** Prompt windows that were handed out. @type {WeakSet<import("puppeteer-core").Target>} */
    this.met = new WeakSet();
  }

  /** @param {import("./browser.mjs").BrowserOptions} options */
  static async launch({
    home,
    profile,
    env,
    language = "en",
    headless = true,
    extension = builtExtension("chromium"),
  }) {
    const usual = join(home, ".config/chromium");
    const userDataDir = profile === undefined ? usual : `${usual}-${profile}`;
    await mkdir(userDataDir, { recursive: true });
    if (profile !== undefined) {
      // Chromium looks for programs in the folder of its profiles.
      await symlink(join(usual, "NativeMessagingHosts"), join(userDataDir, "NativeMessagingHosts"));
    }
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

  /** @returns {Promise<import('puppeteer-core').WebWorker>} the extension's background script */
  async background() {
    return this.#workerOf(this.extensionId);
  }

  /** @param {string} extensionId */
  async #workerOf(extensionId) {
    const target = await this.browser.waitForTarget(
      (candidate) => isExtensionWorker(candidate) && new URL(candidate.url()).host === extensionId,
      { timeout: patience },
    );
    const worker = await target.worker();
    if (worker === null) throw new Error("the extension's service worker is gone");
    return worker;
  }

  /**
   * Installs another extension that answers sites, as those for remote desktops do, and waits until it does.
   *
   * @param {string} folder to put it into
   * @returns {Promise<import("puppeteer-core").WebWorker>} its background script
   */
  async otherProxy(folder) {
    await mkdir(folder, { recursive: true });
    const manifest = {
      manifest_version: 3,
      name: "Another",
      version: "1",
      permissions: ["webAuthenticationProxy"],
      background: { service_worker: "background.js" },
    };
    await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
    await writeFile(join(folder, "background.js"), "");
    const worker = await this.#workerOf(await this.browser.installExtension(folder));
    await worker.evaluate(() => /** @type {any} */ (globalThis).chrome.webAuthenticationProxy.attach());
    return worker;
  }

  /** Ends the background, as Chromium does when it has nothing to do. */
  async stopBackground() {
    await (await this.background()).close();
  }

  /**
   * @override
   * @param {import("puppeteer-core").Page} page
   * @param {string} name
   */
  async goToExtension(page, name) {
    await page.goto(`chrome-extension://${this.extensionId}/${name}`);
  }

  /** Lets the extension into incognito windows, as the person does on the extension's page; Chromium starts it anew. */
  async allowInPrivate() {
    await this.#manage((extensionId) =>
      /** @type {any} */ (globalThis).chrome.developerPrivate.updateExtensionConfiguration({
        extensionId,
        incognitoAccess: true,
      }),
    );
    await this.#isBack();
    await this.takes(true);
  }

  /** Ends the extension and starts it anew, as an update does. */
  async updateExtension() {
    await this.#manage((id) => /** @type {any} */ (globalThis).chrome.developerPrivate.reload(id));
    await this.#isBack();
    await this.takes(true);
  }

  /**
   * Switches the extension off or on, as the person does on the extension's page.
   *
   * @param {boolean} enabled
   */
  async setEnabled(enabled) {
    await this.#manage(
      enabled
        ? (id) => /** @type {any} */ (globalThis).chrome.management.setEnabled(id, true)
        : (id) => /** @type {any} */ (globalThis).chrome.management.setEnabled(id, false),
    );
    if (!enabled) return;
    await this.#isBack();
    await this.takes(true);
  }

  /**
   * A tab in an incognito window.
   *
   * @param {string} address
   */
  async privatePage(address) {
    const known = new Set(this.browser.targets());
    const opener = await this.newPage();
    await this.goToExtension(opener, QUIET_PAGE);
    await opener.evaluate((url) => {
      void (/** @type {any} */ (globalThis).chrome.windows.create({ incognito: true, url }));
    }, address);
    const target = await this.browser.waitForTarget(
      (candidate) => !known.has(candidate) && candidate.url().startsWith(address),
      { timeout: patience },
    );
    const page = await target.page();
    if (page === null) throw new Error("the incognito window closed at once");
    await opener.close();
    await page.bringToFront();
    return page;
  }

  /** @returns {Promise<string[]>} what Chromium's history says about the pages that were visited */
  async history() {
    const page = await this.newPage();
    await page.goto("chrome://history");
    const entries = await until("the history", () =>
      page.evaluate(() => {
        const inside = (
          /** @type {Element | null | undefined} */ element,
          /** @type {string} */ selector,
        ) => [...(element?.shadowRoot?.querySelectorAll(selector) ?? [])];
        const [list] = inside(document.querySelector("history-app"), "history-list");
        const items = inside(list, "history-item");
        return items.length > 0 ? items.map((item) => item.shadowRoot?.textContent ?? "") : undefined;
      }),
    );
    await page.close();
    return entries;
  }

  /**
   * Does something with the extension, on the page where the person manages extensions.
   *
   * @param {(id: string) => Promise<void>} act
   */
  async #manage(act) {
    const page = await this.newPage();
    await page.goto("chrome://extensions");
    // Without it Chromium does not start an unpacked extension again.
    await page.evaluate(() =>
      /** @type {any} */ (globalThis).chrome.developerPrivate.updateProfileConfiguration({
        inDeveloperMode: true,
      }),
    );
    await page.evaluate(act, this.extensionId);
    await page.close();
  }

  /** Waits until the extension answers again. */
  async #isBack() {
    const page = await this.newPage();
    await until("the extension to be back", () =>
      this.goToExtension(page, QUIET_PAGE).then(
        () => true,
        () => false,
      ),
    );
    await page.close();
  }

  /** The tab that is there from the beginning. */
  async firstPage() {
    const [page] = await this.browser.pages();
    return page ?? this.newPage();
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

  /** @override As the browser has it, whose pages are not there at once. */
  async promptIsOpen() {
    return this.#prompts().length > 0;
  }

  /** @override */
  async promptPages() {
    const pages = await Promise.all(this.#prompts().map((target) => target.page()));
    return pages.filter((page) => page !== null);
  }

  #prompts() {
    return this.browser.targets().filter((target) => this.#isPrompt(target.url()));
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
}

/** @param {import('puppeteer-core').Target} target */
function isExtensionWorker(target) {
  return target.type() === "service_worker" && target.url().startsWith("chrome-extension://");
}
