// What both ways of the demo share: the parts that stand, and the clock.

import { createServer } from "node:net";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { performance } from "node:perf_hooks";
import { environmentOf, install } from "../lib/authenticator.mjs";
import { Chromium } from "../lib/chromium.mjs";
import { Pki, PrivatePcscd, VirtualCard } from "../lib/lab.mjs";
import * as paths from "../lib/paths.mjs";
import { Failed, onInterrupt, run, wasInterrupted } from "../lib/processes.mjs";
import { RelyingParty } from "../lib/relying-party.mjs";
import { Site } from "../lib/site.mjs";
import { tails } from "../lib/tails.mjs";

const folder = join(paths.leftovers, "demo");

/**
 * The card in use: a practice card of ours, or a real one in the system's pcscd.
 *
 * @typedef {{kind: "practice", card: VirtualCard, pki: Pki, pin: string} | {kind: "real", description: string}} CardInUse
 */

/** The demo's parts, all standing. */
export class Demo {
  /** @param {boolean} alone whether nobody watches */
  constructor(alone) {
    this.alone = alone;
    this.began = performance.now();
    this.last = this.began;
    /** @type {(() => Promise<void>)[]} */
    this.undo = [];
    this.release = onInterrupt(async () => {
      await this.end();
      console.error("demo: interrupted");
    });
    /** @type {{cardInUse: CardInUse, browser: Chromium, site: Site, relyingParty: RelyingParty} | undefined} */
    this.parts = undefined;
  }

  /** @param {{alone: boolean}} options */
  static async prepare({ alone }) {
    const demo = new Demo(alone);
    try {
      await demo.#prepare();
      return demo;
    } catch (error) {
      await demo.explain(error);
      await demo.end();
      throw error;
    }
  }

  async #prepare() {
    const real = cardFromEnvironment() === "real";
    const port = portFromEnvironment();
    paths.chromium();
    paths.builtExtension("chromium");
    for (const program of ["jpki-authenticator", "jpki-relying-party"]) paths.program(program);
    if (!real) {
      paths.requirePcscd();
      paths.requireVirtualReader();
    }
    await requireFree(port);

    await rm(folder, { recursive: true, force: true });
    const home = join(folder, "home");
    await mkdir(home, { recursive: true });

    const { cardInUse, env, relyingPartyOptions } = real
      ? await this.#realCard(home)
      : await this.#practiceCard(home);
    // With somebody there, the PIN is asked for as on their own desktop: in a window of it where it has a pinentry.
    if (!this.alone) {
      delete env["JPKI_PINENTRY"];
      const chosen = process.env["JPKI_PINENTRY"];
      if (chosen !== undefined) env["JPKI_PINENTRY"] = chosen;
    }
    await install(env, folder);
    this.tell(`authenticator installed for Chromium (in ${relative(paths.root, home)})`);

    const relyingParty = await RelyingParty.start(folder, { port, ...relyingPartyOptions });
    this.undo.push(() => relyingParty.stop());
    this.tell(`relying party answers at ${relyingParty.origin}`);

    const browser = await Chromium.launch({
      home,
      env,
      headless: this.alone,
      language: japanese() ? "ja" : "en",
    });
    this.undo.push(() => browser.close());
    const site = new Site(await browser.firstPage(), relyingParty.origin);
    this.tell(`${await browser.browser.version()} started with the extension`);
    this.parts = { cardInUse, browser, site, relyingParty };
  }

  /** @param {string} home */
  async #practiceCard(home) {
    const pki = await Pki.practice();
    this.tell("practice JPKI: three CA generations under one name, four people");
    const pcscd = await PrivatePcscd.start(2, folder);
    this.undo.push(() => pcscd.stop());
    const [port] = pcscd.ports;
    if (port === undefined) throw new Error("pcscd has no reader");
    const card = await VirtualCard.start({ pki, person: "p01", port, folder, name: "card", inserted: false });
    this.undo.push(() => card.stop());
    this.tell("pcscd runs (one of the demo's own), with a virtual reader and the practice card of p01");
    const anchors = [2, 3].map((generation) => pki.authenticationCa(generation));
    return {
      cardInUse: /** @type {CardInUse} */ ({ kind: "practice", card, pki, pin: card.person.pin }),
      env: environmentOf(home, pcscd.socket),
      relyingPartyOptions: { profiles: ["lab"], anchors },
    };
  }

  /** @param {string} home */
  async #realCard(home) {
    // The system's pcscd, unless the person names another.
    const env = environmentOf(home, process.env["PCSCLITE_CSOCK_NAME"]);
    const description = await run(
      "jpki-authenticator card",
      join(folder, "real-card.log"),
      paths.program("jpki-authenticator"),
      ["card"],
      { env },
    ).catch((error) => {
      throw new paths.Missing(
        `No My Number Card can be used.\n${error instanceof Failed ? error.said : error}`,
        "Put the card on the reader; `jpki-authenticator doctor` checks everything and says what to do.",
      );
    });
    // What a real card made or disclosed does not stay behind; the pictures do.
    this.undo.push(async () => {
      for (const name of await readdir(folder)) {
        if (!name.endsWith(".png")) await rm(join(folder, name), { recursive: true, force: true });
      }
    });
    this.tell("a real card was found; its PIN has not been touched");
    return {
      cardInUse: /** @type {CardInUse} */ ({ kind: "real", description }),
      env,
      relyingPartyOptions: { profiles: ["jpki", "jpki-test"], anchors: [], acceptUnchecked: true },
    };
  }

  get standing() {
    if (this.parts === undefined) throw new Error("the demo is not prepared");
    return this.parts;
  }

  /**
   * Reports a finished step with the time it took.
   *
   * @param {string} what
   */
  tell(what) {
    const now = performance.now();
    const took = ((now - this.last) / 1000).toFixed(2).padStart(6);
    this.last = now;
    console.log(`${took} s  ${what}`);
  }

  /** The next step's time counts from here: what came before was a person's. */
  resetClock() {
    this.last = performance.now();
  }

  /** @param {string} name */
  picture(name) {
    return join(folder, `${name}.png`);
  }

  /**
   * Prints the tails of the logs and leaves pictures.
   *
   * @param {unknown} error
   */
  async explain(error) {
    if (error instanceof paths.Missing || wasInterrupted()) return;
    await this.parts?.browser.screenshots(join(folder, "failure")).catch(() => {});
    console.error(tails(folder));
  }

  /** Stops everything, the last first. */
  async end() {
    this.release();
    for (const undo of this.undo.splice(0).reverse()) {
      await undo().catch((error) => console.error(`while stopping: ${error}`));
    }
  }
}

/** Whether the person's language is Japanese. */
export function japanese() {
  const { LC_ALL, LC_MESSAGES, LANG, LANGUAGE } = process.env;
  return (LANGUAGE || LC_ALL || LC_MESSAGES || LANG || "").startsWith("ja");
}

function portFromEnvironment() {
  const text = process.env["PORT"] || "8080";
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new paths.Missing(
      `PORT=${text} is not a port.`,
      "Name one from 1 to 65535, e.g. `make demo PORT=8081`.",
    );
  }
  return port;
}

function cardFromEnvironment() {
  const card = process.env["CARD"] || "practice";
  if (card !== "practice" && card !== "real") {
    throw new paths.Missing(
      `CARD=${card} means nothing.`,
      "Leave it out for the practice card, or say CARD=real.",
    );
  }
  return card;
}

/** @param {number} port */
async function requireFree(port) {
  const server = createServer();
  await new Promise((done, failed) => {
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) =>
      failed(
        new paths.Missing(
          error.code === "EADDRINUSE"
            ? `Port ${port} is in use by another program.`
            : `Port ${port} cannot be listened on (${error.code}).`,
          "Stop that program, or choose another port: `make demo PORT=8081`.",
        ),
      ),
    );
    server.listen(port, "127.0.0.1", () => server.close(done));
  });
}
