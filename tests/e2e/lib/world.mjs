// One case's world: readers, cards, a home with the authenticator, a browser, a relying party.
// Built afresh for every case and taken down after it, whatever happened.

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { environmentOf, install } from "./authenticator.mjs";
import { Pinentry } from "./pinentry.mjs";
import { Pki, PrivatePcscd, VirtualCard } from "./lab.mjs";
import { PinLedger } from "./pin-ledger.mjs";
import { onInterrupt } from "./processes.mjs";
import { RelyingParty } from "./relying-party.mjs";
import { Site } from "./site.mjs";
import { tails } from "./tails.mjs";

/**
 * @typedef {object} WorldOptions
 * @property {number} [readers] virtual readers (default 2)
 * @property {{person: string, inserted?: boolean, pki?: Pki}[]} [cards] (default: p01's, inserted)
 * @property {import('./relying-party.mjs').RelyingPartyOptions} [relyingParty]
 * @property {boolean} [installed] whether the authenticator is installed (default true)
 * @property {boolean} [pcscd] whether the smart card service runs (default true)
 * @property {'auto' | 'always' | 'off'} [mode] when the extension takes requests (default always)
 * @property {'en' | 'ja'} [language]
 * @property {boolean} [desktop] whether a window of the system asks for the PIN (default: the browser's prompt does)
 */

/** @typedef {import('./chromium.mjs').Chromium | import('./firefox.mjs').Firefox} Browser */

/** @typedef {typeof import('./chromium.mjs').Chromium | typeof import('./firefox.mjs').Firefox} BrowserKind */

/**
 * A computer that somebody sits at.
 *
 * @typedef {object} Computer
 * @property {NodeJS.ProcessEnv} env of whoever lives in its home
 * @property {Browser} browser
 * @property {Site} site the relying party in a tab
 * @property {() => Promise<import('./prompt.mjs').Prompt>} prompt the one that is open, or the next one
 * @property {World['enterPin']} enterPin
 */

/**
 * What stands once the world is built.
 *
 * @typedef {object} Parts
 * @property {NodeJS.ProcessEnv} env of whoever lives in this home
 * @property {Browser} browser
 * @property {RelyingParty} relyingParty
 * @property {Site} site the relying party in a tab
 */

/** Everything one case needs. */
export class World {
  /**
   * @param {string} folder
   * @param {Pki} pki
   */
  constructor(folder, pki) {
    this.folder = folder;
    this.home = join(folder, "home");
    this.pki = pki;
    this.pins = new PinLedger();
    /** @type {VirtualCard[]} */
    this.cards = [];
    /** @type {{name: string, stop: () => Promise<void>}[]} stopped in reverse */
    this.started = [];
    /** @type {() => void} */
    this.forget = () => {};
    /** @type {PrivatePcscd | undefined} */
    this.readers = undefined;
    /** @type {Pinentry | undefined} */
    this.windows = undefined;
    /** @type {Parts | undefined} */
    this.parts = undefined;
    /** How browsers are started. @type {{browserKind: BrowserKind, extension: string, language: 'en' | 'ja'} | undefined} */
    this.launch = undefined;
    /** Of every computer, the first one's first. @type {Browser[]} */
    this.browsers = [];
  }

  /**
   * @param {string} folder emptied first
   * @param {{pki: Pki, extension: string}} practice
   * @param {BrowserKind} browserKind
   * @param {WorldOptions} [options]
   */
  static async build(folder, { pki, extension }, browserKind, options = {}) {
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(folder, "home"), { recursive: true });
    const world = new World(folder, pki);
    world.forget = onInterrupt(() => world.stop());
    try {
      await world.#start(browserKind, extension, options);
      return world;
    } catch (error) {
      await world.report(error).catch(() => {});
      await world.stop();
      throw error;
    }
  }

  /**
   * @param {BrowserKind} browserKind
   * @param {string} extension
   * @param {WorldOptions} options
   */
  async #start(browserKind, extension, options) {
    const { readers = 2, cards = [{ person: "p01" }], installed = true, pcscd = true } = options;
    const { mode = "always", language = "en", desktop = false } = options;
    this.launch = { browserKind, extension, language };

    if (pcscd) {
      this.readers = await PrivatePcscd.start(readers, this.folder);
      this.started.push({ name: "pcscd", stop: () => this.pcscd.stop() });
      for (const card of cards) await this.addCard(card);
    }
    const env = environmentOf(this.home, this.readers?.socket ?? join(this.folder, "no-pcscd.comm"));
    if (desktop) {
      this.windows = await Pinentry.in(join(this.folder, "windows"));
      Object.assign(env, this.windows.env);
    }
    if (installed) await install(env, this.folder);

    const relyingParty = await this.startRelyingParty(options.relyingParty);
    const browser = await this.#openBrowser(this.home, env);
    const site = new Site(await browser.firstPage(), relyingParty.origin);
    this.parts = { env, browser, relyingParty, site };
    await browser.setMode(mode);
  }

  /**
   * @param {string} home
   * @param {NodeJS.ProcessEnv} env
   * @param {string} [profile]
   */
  async #openBrowser(home, env, profile) {
    if (this.launch === undefined) throw new Error("this world is not built yet");
    const { browserKind, extension, language } = this.launch;
    const browser = await browserKind.launch({ home, env, language, extension, ...(profile && { profile }) });
    this.started.push({ name: "browser", stop: () => browser.close() });
    this.browsers.push(browser);
    return browser;
  }

  /**
   * Another computer beside the first: a home, an authenticator's store and a browser of its own. They share the reader,
   * so that the card need not be carried over.
   *
   * @returns {Promise<Computer>}
   */
  async anotherComputer() {
    const folder = join(this.folder, `computer-${this.browsers.length + 1}`);
    const home = join(folder, "home");
    await mkdir(home, { recursive: true });
    const env = environmentOf(home, this.pcscd.socket);
    await install(env, folder);
    return this.#sitDown(await this.#openBrowser(home, env), env);
  }

  /**
   * The same person's browser with another profile, beside the first: a process of its own, and the same store.
   *
   * @returns {Promise<Computer>}
   */
  async anotherProfile() {
    return this.#sitDown(await this.#openBrowser(this.home, this.env, "another"), this.env);
  }

  /**
   * @param {Browser} browser
   * @param {NodeJS.ProcessEnv} env
   * @returns {Promise<Computer>}
   */
  async #sitDown(browser, env) {
    const site = new Site(await browser.firstPage(), this.relyingParty.origin);
    await browser.setMode("always");
    return {
      env,
      browser,
      site,
      prompt: () => browser.prompt(),
      enterPin: (prompt, pin, card) => this.enterPin(prompt, pin, card),
    };
  }

  get env() {
    return this.#standing().env;
  }

  get browser() {
    return this.#standing().browser;
  }

  get relyingParty() {
    return this.#standing().relyingParty;
  }

  /** The relying party in a tab. */
  get site() {
    return this.#standing().site;
  }

  #standing() {
    if (this.parts === undefined) throw new Error("this world is not built yet");
    return this.parts;
  }

  /** The windows in which the system asks for the PIN. */
  get pinentry() {
    if (this.windows === undefined) throw new Error("this world has no desktop");
    return this.windows;
  }

  /** The private smart card service. */
  get pcscd() {
    if (this.readers === undefined) throw new Error("this world has no pcscd");
    return this.readers;
  }

  /** The card, where a case has but one. */
  get card() {
    const [card] = this.cards;
    if (card === undefined) throw new Error("this world has no card");
    return card;
  }

  /** @param {{person: string, inserted?: boolean, pki?: Pki}} options */
  async addCard({ person, inserted = true, pki = this.pki }) {
    const slot = this.cards.length;
    const port = this.pcscd.ports[slot];
    if (port === undefined) throw new Error(`no reader for card ${slot}`);
    const name = `card-${slot}`;
    const card = await VirtualCard.start({
      pki,
      person,
      port,
      folder: this.folder,
      name,
      inserted,
    });
    this.cards.push(card);
    this.started.push({ name, stop: () => card.stop() });
    return card;
  }

  /** @param {import('./relying-party.mjs').RelyingPartyOptions} [options] */
  async startRelyingParty(options = {}) {
    const number = this.started.filter((part) => part.name.startsWith("relying-party")).length;
    const folder = join(this.folder, `relying-party-${number}`);
    await mkdir(folder, { recursive: true });
    const anchors = [1, 2, 3].map((generation) => this.pki.authenticationCa(generation));
    const relyingParty = await RelyingParty.start(folder, { anchors, ...options });
    this.started.push({ name: `relying-party-${number}`, stop: () => relyingParty.stop() });
    return relyingParty;
  }

  /**
   * A new tab for a relying party.
   *
   * @param {{origin: string}} relyingParty
   */
  async visit(relyingParty) {
    return new Site(await this.browser.newPage(), relyingParty.origin);
  }

  /** The prompt that is open, or the next one. */
  async prompt() {
    return this.browser.prompt();
  }

  /**
   * Types a PIN that is meant to reach the card, and sends it off.
   *
   * @param {import('./prompt.mjs').Prompt} prompt
   * @param {string} [pin] the card's own unless another is typed
   * @param {VirtualCard} [card]
   */
  async enterPin(prompt, pin, card = this.card) {
    const typed = pin ?? card.person.pin;
    this.pins.spend(card, typed);
    await prompt.type(typed);
    await prompt.submit();
  }

  /**
   * Types a PIN that is meant to reach the card into a window of the system.
   *
   * @param {Awaited<ReturnType<Pinentry["window"]>>} window
   * @param {string} [pin] the card's own unless another is typed
   */
  async typeInWindow(window, pin = this.card.person.pin) {
    this.pins.spend(this.card, pin);
    await window.type(pin);
  }

  /** What must hold after every case. */
  async settle() {
    for (const card of this.cards) await card.unpowered();
    this.pins.settle(this.cards);
  }

  /**
   * Leaves pictures and prints the tail of every log.
   *
   * @param {unknown} error
   */
  async report(error) {
    for (const [index, browser] of this.browsers.entries()) {
      await browser.screenshots(join(this.folder, `screenshots-${index + 1}`)).catch(() => {});
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.error(`\n${text}\nLeft in ${this.folder}:\n${tails(this.folder)}`);
  }

  /** Stops everything, the last first. */
  async stop() {
    this.forget();
    for (const part of this.started.splice(0).reverse()) {
      await part.stop().catch((error) => console.error(`${part.name} did not stop: ${error}`));
    }
  }
}
