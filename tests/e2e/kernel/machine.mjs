// One case's world inside the machine: a card in a private pcscd, an ordinary user with an empty home, and that user's security key.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { chmod, chown, mkdir, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { environmentOf } from "../lib/authenticator.mjs";
import { Pki, PrivatePcscd, VirtualCard } from "../lib/lab.mjs";
import { PinLedger } from "../lib/pin-ledger.mjs";
import { program, root } from "../lib/paths.mjs";
import { Failed, Process } from "../lib/processes.mjs";
import { RelyingParty } from "../lib/relying-party.mjs";
import { tails } from "../lib/tails.mjs";
import { until } from "../lib/until.mjs";

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

  /** @returns {NodeJS.ProcessEnv} the environment of the ordinary user */
  get env() {
    return { ...environmentOf(this.home, this.parts?.readers.socket), USER: owner, LOGNAME: owner };
  }

  /** The person who answers the system's prompts: {@link Machine#startKey}. */
  get person() {
    return join(this.folder, "person");
  }

  /**
   * Starts what makes the card a security key: the relay as root, the service as the user.
   *
   * @param {{prompts?: boolean}} [options] whether there is a pinentry, as on a desktop; or nothing but the card's presence
   */
  async startKey({ prompts = true } = {}) {
    const number = await this.root("id", ["-u", owner]);
    await this.root("modprobe", ["uhid"]);
    // Without systemd: the files alone.
    await this.root(program("jpki-authenticator"), [
      "install",
      "--hid",
      "--root",
      "/",
      "--program",
      program("jpki-authenticator"),
    ]);
    await this.root("udevadm", ["control", "--reload"]);
    const sockets = "/run/jpki-authenticator";
    await mkdir(sockets, { recursive: true });
    const relay = new Process(
      "hid-device",
      join(this.folder, "hid-device.log"),
      program("jpki-authenticator"),
      ["hid-device", ...["--listen", join(sockets, `${number}.socket`), "--owner", number]],
    );
    this.started.push({ name: "hid-device", stop: () => relay.stop() });
    await relay.ready("listening", () => existsSync(join(sockets, `${number}.socket`)));

    const desktop = await this.sitDown();
    const service = new Process(
      "hid",
      join(this.folder, "hid.log"),
      "runuser",
      ["-u", owner, "--", program("jpki-authenticator"), "hid"],
      { env: { ...this.env, ...(prompts ? desktop : {}) } },
    );
    this.started.push({ name: "hid", stop: () => service.stop() });
    await service.ready("a device", () => this.device());
    await this.root("udevadm", ["settle"]);
  }

  /**
   * Puts the person before the screen.
   *
   * @returns {Promise<Record<string, string>>} what the programs that ask must know
   */
  async sitDown() {
    const number = Number(await this.root("id", ["-u", owner]));
    await mkdir(this.person, { recursive: true });
    await writeFile(join(this.person, "pin"), this.card.person.pin);
    await writeFile(join(this.person, "shown"), "");
    await chown(join(this.person, "shown"), number, number);
    return {
      DISPLAY: ":0",
      JPKI_PINENTRY: join(root, "tests/e2e/kernel/pinentry"),
      KERNEL_PERSON: this.person,
    };
  }

  /** @returns {string | undefined} the security key's node */
  device() {
    for (const name of readdirSync("/dev").filter((each) => each.startsWith("hidraw"))) {
      if (told(name).includes("HID_PHYS=jpki-authenticator\n")) return join("/dev", name);
    }
    return undefined;
  }

  /** The security key's node. */
  get key() {
    const device = this.device();
    if (device === undefined) throw new Error("there is no security key");
    return device;
  }

  /** Types the card's PIN into a program that hands it to the key: it must reach the card once. */
  pin() {
    this.pins.spend(this.card, this.card.person.pin);
    return `${this.card.person.pin}\n`;
  }

  /** Takes the card out. */
  async removeCard() {
    await this.card.remove();
    await until("the security key to go", () => this.device() === undefined);
  }

  /** Puts it in again. */
  async insertCard() {
    await this.card.insert();
    await until("the security key to come", () => this.device());
    await this.root("udevadm", ["settle"]);
  }

  /** Presents the card anew: who does so is there. */
  async present() {
    await this.removeCard();
    await this.insertCard();
  }

  /** @returns {{text: string, asks: string}[]} the windows that the system's prompt showed, in order */
  windows() {
    const shown = join(this.person, "shown");
    const lines = (existsSync(shown) ? readFileSync(shown, "utf8") : "").split("\n").slice(0, -1);
    return lines.map((line) => {
      const parts = line.split("\t");
      const asks = parts.pop() ?? "";
      return { text: parts.map((part) => decodeURIComponent(part)).join("\n"), asks };
    });
  }

  /**
   * Says no from now on, in windows whose text matches; without a pattern, to nothing any more.
   *
   * @param {string} [pattern]
   */
  async decline(pattern) {
    const file = join(this.person, "decline");
    await (pattern === undefined ? rm(file) : writeFile(file, `${pattern}\n`));
  }

  /**
   * Answers no window any more, or again.
   *
   * @param {boolean} [silent]
   */
  async hesitate(silent = true) {
    const file = join(this.person, "hesitate");
    await (silent ? writeFile(file, "") : rm(file));
  }

  /**
   * Runs a program to its end as root.
   *
   * @param {string} command
   * @param {string[]} args
   */
  async root(command, args) {
    return this.#succeeds(command, args, { env: process.env });
  }

  /**
   * Runs a program to its end as the ordinary user, without a terminal.
   *
   * @param {string} command
   * @param {string[]} args
   * @param {{input?: string, env?: NodeJS.ProcessEnv}} [options] what is typed into it
   */
  async user(command, args, { input = "", env = {} } = {}) {
    return this.#succeeds(command, args, { user: owner, input, env: { ...this.env, ...env } });
  }

  /**
   * The same for a program that must fail.
   *
   * @param {string} command
   * @param {string[]} args
   * @param {{input?: string, env?: NodeJS.ProcessEnv}} [options]
   * @returns {Promise<string>} what it said
   */
  async userFails(command, args, options) {
    try {
      await this.user(command, args, options);
    } catch (error) {
      if (error instanceof Failed) return error.said;
      throw error;
    }
    throw new Error(`${command} ${args.join(" ")} succeeded`);
  }

  /**
   * @param {string} command
   * @param {string[]} args
   * @param {{user?: string, input?: string, env: NodeJS.ProcessEnv}} options
   */
  async #succeeds(command, args, { user, input = "", env }) {
    this.runs += 1;
    const name = command.split("/").at(-1) ?? command;
    const log = join(this.folder, `${String(this.runs).padStart(2, "0")}-${name}.log`);
    // A session of its own has no terminal: what asks for a PIN reads it from standard input.
    const line = [...(user === undefined ? [] : ["runuser", "-u", user, "--"]), "setsid", "--wait", command];
    const [first = "", ...rest] = [...line, ...args];
    const child = new Process(name, log, first, rest, { env });
    child.input.end(input);
    await child.ended;
    if (child.failure !== undefined) throw child.failure;
    if (child.exit?.code !== 0) throw new Failed(`${name} ${args.join(" ")}`, child);
    return child.lines.join("\n");
  }

  /** What must hold after every case. */
  async settle() {
    for (const { asks } of this.windows()) {
      if (asks.startsWith("GETPIN")) this.pins.spend(this.card, this.card.person.pin);
    }
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

/**
 * What the kernel tells of a HID device; nothing of one that is just leaving.
 *
 * @param {string} name of its hidraw node
 */
function told(name) {
  try {
    return readFileSync(`/sys/class/hidraw/${name}/device/uevent`, "utf8");
  } catch {
    return "";
  }
}
