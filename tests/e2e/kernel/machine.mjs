// One case's world inside the machine: a card in a private pcscd, and an ordinary user with an empty home.

import { chmod, mkdir, rm } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { environmentOf } from "../lib/authenticator.mjs";
import { Pki, PrivatePcscd, VirtualCard } from "../lib/lab.mjs";
import { PinLedger } from "../lib/pin-ledger.mjs";
import { run } from "../lib/processes.mjs";
import { RelyingParty } from "../lib/relying-party.mjs";
import { tails } from "../lib/tails.mjs";

/** Whose computer it is: the one ordinary user, made by `guest`. */
export const owner = "taro";

/** The machine during one case. */
export class Machine {
  /** @param {string} folder for logs, kept on the host */
  constructor(folder) {
    this.folder = folder;
    this.home = `/home/${owner}`;
    this.pins = new PinLedger();
    /** @type {{name: string, stop: () => Promise<void>}[]} stopped in reverse */
    this.started = [];
    /** @type {{pki: Pki, readers: PrivatePcscd, card: VirtualCard} | undefined} */
    this.parts = undefined;
    this.runs = 0;
  }

  /** @param {string} folder */
  static async build(folder) {
    await mkdir(folder, { recursive: true });
    const machine = new Machine(folder);
    try {
      await machine.#start();
      return machine;
    } catch (error) {
      machine.report(error);
      await machine.stop();
      throw error;
    }
  }

  async #start() {
    if (userInfo().uid !== 0) throw new Error("the cases run as root, inside the machine");
    // What the last case's user left.
    await rm(this.home, { recursive: true, force: true });
    await this.root("install", ["-d", "-o", owner, "-g", owner, "-m", "700", this.home]);
    const pki = await Pki.practice();
    const readers = await PrivatePcscd.start(1, this.folder);
    this.started.push({ name: "pcscd", stop: () => readers.stop() });
    // A private pcscd is for whoever started it; here root did, for everybody.
    const run = dirname(readers.running.socket);
    for (const folder of [readers.socketFolder, run, dirname(run)]) await chmod(folder, 0o755);
    const [port] = readers.ports;
    if (port === undefined) throw new Error("pcscd has no reader");
    const card = await VirtualCard.start({ pki, person: "p01", port, folder: this.folder, name: "card" });
    this.started.push({ name: "card", stop: () => card.stop() });
    this.parts = { pki, readers, card };
  }

  get card() {
    return this.#standing().card;
  }

  #standing() {
    if (this.parts === undefined) throw new Error("this machine is not built yet");
    return this.parts;
  }

  /** @param {import("../lib/relying-party.mjs").RelyingPartyOptions} [options] */
  async startRelyingParty(options = {}) {
    const { pki } = this.#standing();
    const anchors = [1, 2, 3].map((generation) => pki.authenticationCa(generation));
    const relyingParty = await RelyingParty.start(this.folder, { anchors, ...options });
    this.started.push({ name: "relying party", stop: () => relyingParty.stop() });
    return relyingParty;
  }

  /** The environment of the ordinary user. */
  get env() {
    return { ...environmentOf(this.home, this.parts?.readers.socket), USER: owner, LOGNAME: owner };
  }

  /**
   * Runs a program to its end as root.
   *
   * @param {string} command
   * @param {string[]} args
   */
  async root(command, args) {
    return run(command, this.#log(command), command, args);
  }

  /**
   * Runs a program to its end as the ordinary user.
   *
   * @param {string} command
   * @param {string[]} args
   */
  async user(command, args) {
    return run(command, this.#log(command), "runuser", ["-u", owner, "--", command, ...args], {
      env: this.env,
    });
  }

  /** @param {string} command */
  #log(command) {
    this.runs += 1;
    return join(this.folder, `${String(this.runs).padStart(2, "0")}-${command.split("/").at(-1)}.log`);
  }

  /** What must hold after every case. */
  async settle() {
    await this.card.unpowered();
    this.pins.settle([this.card]);
  }

  /** @param {unknown} error */
  report(error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.error(`\n${text}\n${tails(this.folder)}`);
  }

  /** Stops everything, the last first. */
  async stop() {
    for (const part of this.started.splice(0).reverse()) {
      await part.stop().catch((error) => console.error(`${part.name} did not stop: ${error}`));
    }
  }
}
