// Real Firefox with the extension, driven over WebDriver BiDi. Its profile and home are its own, so that
// `jpki-authenticator install` is what connects the two.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { ExtendedBrowser } from "./browser.mjs";
import { builtExtension, extensionId, firefox } from "./paths.mjs";
import { Prompt } from "./prompt.mjs";
import { patience, sleep, until } from "./until.mjs";

/** Firefox gives every installation of an extension another address, unless it is told which. */
const ADDRESS = "moz-extension://6d3b8a52-2f0e-4c39-9d0b-5a7c1e94f8d6";
const ADDRESSES = JSON.stringify({ [extensionId("firefox")]: new URL(ADDRESS).host });

/** A running Firefox. */
export class Firefox extends ExtendedBrowser {
  /** The same cases run in every browser; those for one browser name it. */
  static browserName = /** @type {const} */ ("firefox");

  /**
   * @param {import('puppeteer-core').Browser} browser
   * @param {string} extension the extension's folder
   */
  constructor(browser, extension) {
    super(browser);
    this.extension = extension;
    /** Prompt windows that were handed out. @type {WeakSet<import("puppeteer-core").Page>} */
    this.met = new WeakSet();
    /** Windows that have closed: puppeteer is not told of those of an extension. @type {WeakSet<import("puppeteer-core").Page>} */
    this.gone = new WeakSet();
  }

  /** @param {import("./browser.mjs").BrowserOptions} options */
  static async launch({
    home,
    profile: name = "profile",
    env,
    language = "en",
    headless = true,
    extension = builtExtension("firefox"),
  }) {
    const profile = join(home, ".mozilla/firefox", name);
    await mkdir(profile, { recursive: true });
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: firefox(),
      headless,
      userDataDir: profile,
      defaultViewport: null,
      timeout: patience,
      protocolTimeout: patience,
      // Ctrl-C is ours: it ends the readers and servers too.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      env: { ...env, MOZ_CRASHREPORTER_DISABLE: "1" },
      // Without it WebDriver keeps away from the extension's own pages.
      args: ["--remote-allow-system-access"],
      extraPrefsFirefox: {
        "extensions.webextensions.uuids": ADDRESSES,
        "devtools.jsonview.enabled": false,
        "intl.locale.requested": language === "ja" ? "ja" : "en-US",
        "intl.accept_languages": language === "ja" ? "ja, en" : "en",
      },
    });
    try {
      const id = await browser.installExtension(extension);
      if (id !== extensionId("firefox")) {
        throw new Error(
          `the extension's ID is ${id}, but browser-ext/extension-id.json says ${extensionId("firefox")}`,
        );
      }
      return new Firefox(browser, extension);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  async uninstall() {
    await this.browser.uninstallExtension(extensionId("firefox"));
  }

  /** The extension's background sleeps after a second, if nothing keeps it awake; usually it is half a minute. */
  async sleepsEarly() {
    await this.#inBrowser(`Services.prefs.setIntPref("extensions.background.idle.timeout", 1000);`);
  }

  /** Installs the extension anew: its script then comes after those of the extensions that are there. */
  async installAgain() {
    await this.uninstall();
    // With the extension its address is forgotten.
    await this.#inBrowser(
      `Services.prefs.setStringPref("extensions.webextensions.uuids", ${JSON.stringify(ADDRESSES)});`,
    );
    await this.browser.installExtension(this.extension);
    await this.setMode("always");
  }

  /** Lets the extension into private windows, as the person does on the extension's page; Firefox starts it anew. */
  async allowInPrivate() {
    await this.#manage(`
      const { ExtensionPermissions } = load("ExtensionPermissions");
      await ExtensionPermissions.add(addon.id, { permissions: ["internal:privateBrowsingAllowed"], origins: [] });
      await addon.reload();`);
    await this.takes(true);
  }

  /** Ends the extension and starts it anew, as an update does. */
  async updateExtension() {
    await this.#manage("await addon.reload();");
    await this.takes(true);
  }

  /**
   * Switches the extension off or on, as the person does on the extension's page.
   *
   * @param {boolean} enabled
   */
  async setEnabled(enabled) {
    await this.#manage(`await addon.${enabled ? "enable" : "disable"}();`);
    if (enabled) await this.takes(true);
  }

  /**
   * Does something with the extension, as the page does where the person manages extensions.
   *
   * @param {string} act
   */
  async #manage(act) {
    await this.#inBrowser(`(async () => {
      const load = (name) => ChromeUtils.importESModule("resource://gre/modules/" + name + ".sys.mjs");
      const addon = await load("AddonManager").AddonManager.getAddonByID(${JSON.stringify(extensionId("firefox"))});
      ${act}
    })()`);
  }

  /**
   * A tab in a private window.
   *
   * @param {string} address
   */
  async privatePage(address) {
    const known = new Set(await this.browser.pages());
    await this.#inBrowser(
      `openWebLinkIn(${JSON.stringify(address)}, "window", { private: true }); undefined`,
    );
    const page = await until("the private window", async () => {
      for (const candidate of await this.browser.pages()) {
        if (!known.has(candidate) && (await addressOf(candidate))?.startsWith(address)) return candidate;
      }
      return undefined;
    });
    page.setDefaultTimeout(patience);
    await page.bringToFront();
    return page;
  }

  /** @returns {Promise<string[]>} what Firefox's history says about the pages that were visited */
  async history() {
    const told = await this.#inBrowser(`(async () => {
      const { PlacesUtils } = ChromeUtils.importESModule("resource://gre/modules/PlacesUtils.sys.mjs");
      const database = await PlacesUtils.promiseDBConnection();
      const rows = await database.execute("SELECT title, url FROM moz_places WHERE visit_count > 0");
      return JSON.stringify(rows.map((row) => row.getResultByIndex(0) + " " + row.getResultByIndex(1)));
    })()`);
    return JSON.parse(told);
  }

  /** Plugs in a security key that answers at once: Firefox's own, for tests. */
  async plugInKey() {
    await this.#inBrowser(`
      Services.prefs.setBoolPref("security.webauth.webauthn_enable_softtoken", true);
      Services.prefs.setBoolPref("security.webauth.webauthn_enable_usbtoken", false);
      Cc["@mozilla.org/webauthn/service;1"].getService(Ci.nsIWebAuthnService)
        .addVirtualAuthenticator("ctap2_1", "usb", true, true, true, true);`);
  }

  /**
   * Runs a script in the browser's own window, and gives back what it gives.
   *
   * @param {string} expression
   */
  async #inBrowser(expression) {
    const { connection } = /** @type {any} */ (this.browser);
    const trees = await connection.send("browsingContext.getTree", { "moz:scope": "chrome" });
    const { context } = trees.result.contexts[0];
    const ended = await connection.send("script.evaluate", {
      expression,
      target: { context },
      awaitPromise: true,
    });
    if (ended.result.type !== "success") throw new Error(JSON.stringify(ended.result.exceptionDetails?.text));
    return ended.result.result?.value;
  }

  /**
   * @override
   * @param {import("puppeteer-core").Page} page
   * @param {string} name
   */
  async goToExtension(page, name) {
    const address = `${ADDRESS}/${name}`;
    // Not goto(), which waits for what is not told of an extension's pages.
    await /** @type {any} */ (page.mainFrame()).browsingContext.navigate(address, "none");
    await until("the extension's page", async () => (await addressOf(page)) === address);
  }

  /** The tab that stands for the one that is there from the beginning: without a screen, that one never has the focus. */
  async firstPage() {
    return this.newPage();
  }

  /**
   * @override
   * @param {{type: "tab" | "window"}} [where]
   */
  async newPage(where) {
    const page = await super.newPage(where);
    page.setDefaultTimeout(patience);
    return page;
  }

  /** The prompt window of the ceremony that has begun. One that an earlier ceremony left open does not count. */
  async prompt() {
    const page = await until("the prompt to open", async () =>
      (await this.promptPages()).find((candidate) => !this.met.has(candidate)),
    );
    this.met.add(page);
    page.setDefaultTimeout(patience);
    return new Prompt(page);
  }

  /** @override */
  async promptPages() {
    const prompts = [];
    for (const page of await this.browser.pages()) {
      if (this.gone.has(page)) continue;
      const address = await addressOf(page);
      if (address === undefined) this.gone.add(page);
      if (address?.startsWith(`${ADDRESS}/prompt.`)) prompts.push(page);
    }
    return prompts;
  }

  /**
   * Leaves a picture of every open page.
   *
   * @param {string} folder
   */
  async screenshots(folder) {
    await mkdir(folder, { recursive: true });
    for (const [index, page] of (await this.browser.pages()).entries()) {
      const address = await addressOf(page);
      if (address === undefined) continue;
      const name = address.startsWith(ADDRESS) ? "prompt" : "page";
      const path = /** @type {`${string}.png`} */ (join(folder, `${name}-${index + 1}.png`));
      await Promise.race([page.screenshot({ path }), sleep(3_000)]).catch(() => {});
    }
  }
}

/**
 * Where a page is: asked of the page itself, since puppeteer is not told of an extension's pages.
 *
 * @param {import("puppeteer-core").Page} page
 * @returns {Promise<string | undefined>} undefined when it has closed
 */
async function addressOf(page) {
  try {
    return await page.evaluate(() => location.href);
  } catch (error) {
    // On its way from one document to another it has none.
    return /no such frame|closed|detached/i.test(`${error}`) ? undefined : "";
  }
}
