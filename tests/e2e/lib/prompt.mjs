// The extension's prompt window, as a person sees and uses it.

import { createRequire } from "node:module";
import { until } from "./until.mjs";

/** @type {{pages: Record<string, unknown>}} */
const { pages: problems } = createRequire(import.meta.url)("../../../messages/problems.json");

/**
 * @typedef {object} Shown what the prompt shows at a moment; texts as rendered, absent when not visible
 * @property {string | undefined} site
 * @property {string | undefined} rpId
 * @property {string | undefined} account
 * @property {string | undefined} request
 * @property {string | undefined} card which one is meant, where there were several
 * @property {string | undefined} tries
 * @property {string | undefined} message
 * @property {string | undefined} code the message's `data-code`
 * @property {string | undefined} quoted the code that the person can quote
 * @property {string | undefined} command to be typed into a terminal
 * @property {string | undefined} stays what a private window leaves behind
 * @property {string | undefined} note about the card's certificate
 * @property {string | undefined} problem what is wrong with what was typed, before it is sent
 * @property {boolean} asksPin
 * @property {string | undefined} asksElsewhere that a window of the system asks for the PIN next
 * @property {boolean | undefined} certificate the certificate switch
 * @property {string | undefined} certificateMissing what may happen without it
 * @property {boolean | undefined} cardKey the switch of the card's own key
 * @property {string | undefined} blocked why the main button does nothing
 * @property {boolean} usesCardKey the prompt says that the card's own key signs
 * @property {boolean} asksLastTry
 * @property {string} language of the document
 */

/** A prompt window. */
export class Prompt {
  /** @param {import('puppeteer-core').Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @returns {Promise<Shown>} */
  async shown() {
    return this.page.evaluate(() => {
      /** @param {string} selector */
      const visible = (selector) => {
        const element = document.querySelector(selector);
        if (!(element instanceof HTMLElement)) return undefined;
        // An element without a box of its own is as visible as the one around it.
        /** @type {Element | null} */
        let box = element;
        while (box !== null && getComputedStyle(box).display === "contents") box = box.parentElement;
        return box?.checkVisibility({ visibilityProperty: true }) ? element : undefined;
      };
      /** @param {string} selector */
      const text = (selector) => visible(selector)?.innerText.trim() || undefined;
      /** @param {string} selector of a switch */
      const isOn = (selector) => {
        const toggle = visible(selector);
        return toggle instanceof HTMLInputElement ? toggle.checked : undefined;
      };
      const submit = visible("#submit");
      const message = visible("#message");
      return {
        site: text("#site"),
        rpId: text("#rp-id"),
        account: text("#account"),
        request: text("#request"),
        card: text("#card-reader"),
        tries: text("#tries-left"),
        message: message?.innerText.trim() || undefined,
        code: message?.dataset["code"] || undefined,
        quoted: text("#message-code"),
        command: text("#message-command"),
        stays: text("#stays"),
        note: text("#card-note"),
        problem: text("#pin-problem"),
        // Before the first view there is nothing to answer yet.
        asksPin: text("#request") !== undefined && visible("#pin") !== undefined,
        asksElsewhere: text("#pin-elsewhere"),
        certificate: isOn("#certificate-switch"),
        certificateMissing: text("#certificate-missing"),
        cardKey: isOn("#card-credential-switch"),
        blocked: submit?.getAttribute("aria-disabled") === "true" ? text("#submit-blocked") : undefined,
        usesCardKey: visible("#key-row") !== undefined,
        asksLastTry: visible("#last-try-confirm") !== undefined,
        // A window may be met while its document is still empty.
        language: /** @type {HTMLElement | null} */ (document.documentElement)?.lang ?? "",
      };
    });
  }

  /** @returns {Promise<string[]>} the names of the accounts to choose from, in order */
  async accounts() {
    return this.page.$$eval("#accounts [data-index]", (buttons) =>
      buttons.map((button) => button.querySelector("bdi")?.textContent ?? ""),
    );
  }

  /** @returns {Promise<string[]>} what is said of each card in the list, in order */
  async cards() {
    return this.page.$$eval("#cards > li", (lines) => lines.map((line) => line.innerText));
  }

  /** @returns {Promise<string | undefined>} the id of what has the focus */
  async focused() {
    return this.page.evaluate(() => document.activeElement?.id);
  }

  /** @returns {Promise<string | undefined>} the reader of the card in the list that has the focus */
  async focusedCard() {
    return this.page.evaluate(() => {
      const focused = document.activeElement;
      return focused instanceof HTMLElement ? focused.dataset["reader"] : undefined;
    });
  }

  /**
   * Waits until what is shown satisfies the condition, and gives it back.
   *
   * @param {string} what
   * @param {(shown: Shown) => boolean} condition
   * @returns {Promise<Shown>}
   */
  async until(what, condition) {
    /** @type {Shown | undefined} */
    let last;
    try {
      return await until(`the prompt to show ${what}`, async () => {
        // A window may be met before its page has come.
        last = await this.shown().catch((error) => {
          if (!/context was destroyed|no such frame/i.test(`${error}`)) throw error;
          return last;
        });
        return last !== undefined && condition(last) ? last : undefined;
      });
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}; it shows ${JSON.stringify(last)}`);
    }
  }

  /** Waits for a question with a PIN field. */
  async asksPin() {
    return this.until("a PIN field", (shown) => shown.asksPin);
  }

  /**
   * Waits for a message with this code. Where something went wrong, the person sees it too.
   *
   * @param {string} code
   */
  async says(code) {
    const shown = await this.until(`the message ${code}`, (shown) => shown.code === code);
    const problem = code === "already-registered" ? "excluded" : code;
    if (problem in problems && shown.quoted !== `JPKI-${problem}`) {
      throw new Error(`it shows the code ${shown.quoted} with the message ${code}`);
    }
    return shown;
  }

  /**
   * Types a PIN, digit by digit, into the focused or the PIN field.
   *
   * @param {string} pin
   */
  async type(pin) {
    await this.page.locator("#pin").fill("");
    await this.page.type("#pin", pin);
  }

  /**
   * Enters a PIN with the keys on the screen.
   *
   * @param {string} pin
   */
  async pressKeys(pin) {
    await this.page.locator("#keys-toggle").click();
    for (const digit of pin) {
      await this.page.locator(`#keys button:nth-child(${digit === "0" ? 10 : digit})`).click();
    }
  }

  /** @param {boolean} on */
  async setCertificate(on) {
    await this.#setSwitch("#certificate-switch", on);
  }

  /** @param {boolean} on */
  async setCardKey(on) {
    await this.#setSwitch("#card-credential-switch", on);
  }

  /** @param {boolean} on */
  async setRememberSite(on) {
    await this.#setSwitch("#remember-site", on);
  }

  /** Whether the site can be remembered by what is switched on. */
  async offersToRemember() {
    return this.page.$eval("#remember-site", (box) => box.checkVisibility({ visibilityProperty: true }));
  }

  /** @param {boolean} on */
  async confirmLastTry(on) {
    await this.#setSwitch("#last-try-confirm", on);
  }

  async submit() {
    await this.#press("#submit");
  }

  async cancel() {
    await this.#press("#cancel");
  }

  /** Closes the offer of a backup, if that is what is shown. */
  async putOffBackup() {
    const { code } = await this.shown();
    if (code?.startsWith("backup-") === true) await this.cancel();
  }

  async other() {
    await this.#press("#other");
  }

  /** @param {number} index */
  async choose(index) {
    await this.#press(`#accounts [data-index="${index}"]`);
  }

  /**
   * Chooses a card.
   *
   * @param {string} reader that it is in
   */
  async chooseCard(reader) {
    await this.#press(`#cards [data-reader="${reader}"]`);
  }

  /** Takes the choice of a card back. */
  async anotherCard() {
    await this.#press("#another-card");
  }

  /**
   * Waits for a list of so many cards.
   *
   * @param {number} count
   */
  async asksWhichCard(count) {
    await this.says("choose-card");
    return until(`a list of ${count} cards`, async () => {
      const cards = await this.cards();
      return cards.length === count ? cards : undefined;
    });
  }

  /**
   * Presses a button; the window may close before the press has quite ended.
   *
   * @param {string} selector
   */
  async #press(selector) {
    const button = await this.page.waitForSelector(selector, { visible: true });
    await button?.click().catch((error) => {
      if (!/closed|detached|no such (frame|node)/i.test(`${error}`)) throw error;
    });
  }

  /**
   * A checkbox may be hidden behind its label; the label is what a person clicks.
   *
   * @param {string} selector
   * @param {boolean} on
   */
  async #setSwitch(selector, on) {
    const box = await this.page.waitForSelector(selector);
    if (box === null) throw new Error(`no ${selector}`);
    const isOn = await box.evaluate((element) => /** @type {HTMLInputElement} */ (element).checked);
    if (isOn === on) return;
    await box.evaluate((element) => /** @type {HTMLInputElement} */ (element).click());
    const now = await box.evaluate((element) => /** @type {HTMLInputElement} */ (element).checked);
    if (now !== on) throw new Error(`${selector} cannot be switched ${on ? "on" : "off"}`);
  }

  /** @param {string} path */
  async screenshot(path) {
    await this.page.screenshot({ path: /** @type {`${string}.png`} */ (path) });
  }
}
