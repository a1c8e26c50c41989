// The practice world: a hierarchy of CAs and people, a private pcscd, virtual cards. (tests/lab)

import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { leftovers, program } from "./paths.mjs";
import { Process, run } from "./processes.mjs";
import { until } from "./until.mjs";

/**
 * @typedef {object} Person
 * @property {string} id
 * @property {number} generation of the CA that issued the certificate
 * @property {string} pin the practice PIN
 */

/** A practice hierarchy on disk. */
export class Pki {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    const index = JSON.parse(readFileSync(join(folder, "pki.json"), "utf8"));
    /** @type {Person[]} */
    this.people = index.people;
    /** @type {{generation: number, certificate: string}[]} */
    this.authenticationCas = index.authentication_cas;
  }

  /**
   * The hierarchy of a seed. Making its keys takes seconds, so it is kept under target/practice and made anew only
   * when the year or jpki-lab has changed. Read only: a card's state lives elsewhere.
   *
   * @param {{seed?: number, people?: number, oddPeople?: boolean}} [options]
   */
  static async practice({ seed = 1, people = 4, oddPeople = false } = {}) {
    const lab = program("jpki-lab");
    const name = [new Date().getUTCFullYear(), seed, people, ...(oddPeople ? ["odd"] : [])].join("-");
    const folder = join(leftovers, "practice", name);
    const isCurrent = () => {
      const index = statSync(join(folder, "pki.json"), { throwIfNoEntry: false });
      return index !== undefined && index.mtimeMs >= statSync(lab).mtimeMs;
    };
    if (!isCurrent()) {
      await mkdir(dirname(folder), { recursive: true });
      const made = await mkdtemp(`${folder}.`);
      await run("jpki-lab pki", join(made, "pki.log"), lab, [
        "pki",
        ...["--out", made, "--people", String(people), "--seed", String(seed)],
        ...(oddPeople ? ["--odd-people"] : []),
      ]);
      await rename(made, folder).catch(async () => {
        // An old one is in its place; or that of another run which was quicker, and reads it: the same seed makes the same hierarchy.
        // Nothing is removed where another may read: the old one is moved away as a whole.
        const old = `${made}.old`;
        if (!isCurrent()) {
          await rename(folder, old).catch(() => {});
          await rename(made, folder).catch(() => {});
        }
        for (const left of [made, old]) await rm(left, { recursive: true, force: true });
      });
    }
    return new Pki(folder);
  }

  /** @param {string} id */
  person(id) {
    const person = this.people.find((candidate) => candidate.id === id);
    if (person === undefined) throw new Error(`no person ${id} in ${this.folder}`);
    return person;
  }

  /** @param {number} generation */
  authenticationCa(generation) {
    const ca = this.authenticationCas.find((candidate) => candidate.generation === generation);
    if (ca === undefined) throw new Error(`no CA of generation ${generation} in ${this.folder}`);
    return join(this.folder, ca.certificate);
  }

  /**
   * @param {string} id
   * @returns {Buffer} the person's authentication certificate, DER
   */
  certificate(id) {
    return readFileSync(join(this.folder, "people", id, "authentication.cer"));
  }
}

/**
 * @typedef {object} Pcscd a running `jpki-lab pcscd`
 * @property {Process} process
 * @property {string} socket
 * @property {number[]} ports
 */

/** A pcscd of our own with virtual readers; the system's is never touched. It can be stopped and started again. */
export class PrivatePcscd {
  /**
   * @param {string} folder
   * @param {string} socketFolder
   * @param {Pcscd} running
   */
  constructor(folder, socketFolder, running) {
    this.folder = folder;
    this.socketFolder = socketFolder;
    this.running = running;
    this.ports = running.ports;
  }

  /**
   * @param {number} slots
   * @param {string} folder for the ready file and the log
   */
  static async start(slots, folder) {
    const running = await startPcscd(folder, slots);
    const pcscd = new PrivatePcscd(folder, await mkdtemp(join(tmpdir(), "jpki-pcscd-")), running);
    await symlink(running.socket, pcscd.socket);
    return pcscd;
  }

  /** Where clients reach it: the same before and after a restart. */
  get socket() {
    return join(this.socketFolder, "pcscd.comm");
  }

  /** Ends the service, as an administrator would. */
  async interrupt() {
    await this.running.process.stop();
    await rm(this.socket, { force: true });
  }

  /**
   * Starts the service again, with the same readers unless another number is given.
   *
   * @param {number} [slots]
   */
  async resume(slots = this.ports.length) {
    this.running = await startPcscd(this.folder, slots, this.ports[0]);
    this.ports = this.running.ports;
    await symlink(this.running.socket, this.socket);
  }

  async stop() {
    await this.running.process.stop();
    await rm(this.socketFolder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @param {number} slots
 * @param {number} [basePort]
 * @returns {Promise<Pcscd>}
 */
async function startPcscd(folder, slots, basePort) {
  const readyFile = join(folder, `pcscd-${process.hrtime.bigint()}.json`);
  const child = new Process("jpki-lab pcscd", join(folder, "pcscd.log"), program("jpki-lab"), [
    "pcscd",
    ...["--slots", String(slots), "--ready-file", readyFile],
    ...(basePort === undefined ? [] : ["--base-port", String(basePort)]),
  ]);
  const ready = await child.ready("being ready", () =>
    existsSync(readyFile) ? JSON.parse(readFileSync(readyFile, "utf8")) : undefined,
  );
  return { process: child, socket: ready.pcscd_csock, ports: ready.ports };
}

/**
 * One line of a virtual card's log.
 *
 * @typedef {object} LogEntry
 * @property {number} t
 * @property {string} event
 * @property {string} [name]
 * @property {string} [sw]
 * @property {boolean} [pin_try]
 */

/** A virtual card, controlled through its socket. */
export class VirtualCard {
  /**
   * @param {Process} process
   * @param {string} control
   * @param {string} logFile
   * @param {Person} person
   */
  constructor(process, control, logFile, person) {
    this.process = process;
    this.control = control;
    this.logFile = logFile;
    this.person = person;
  }

  /**
   * @param {object} options
   * @param {Pki} options.pki
   * @param {string} options.person
   * @param {number} options.port of the virtual reader
   * @param {string} options.folder for its state, log and socket
   * @param {string} options.name
   * @param {boolean} [options.inserted]
   */
  static async start({ pki, person, port, folder, name, inserted = true }) {
    // A socket's path may be 107 bytes long, and a checkout may lie deep.
    const control = join(await mkdtemp(join(tmpdir(), "jpki-card-")), "control");
    const logFile = join(folder, `${name}.commands.jsonl`);
    const child = new Process(`jpki-lab card ${name}`, join(folder, `${name}.log`), program("jpki-lab"), [
      "card",
      ...["--pki", pki.folder, "--person", person],
      ...["--vpcd", `127.0.0.1:${port}`],
      ...["--state", join(folder, `${name}.state.json`)],
      ...["--log", logFile],
      ...["--control", control],
      "--until-eof",
      ...(inserted ? [] : ["--removed"]),
    ]);
    const card = new VirtualCard(child, control, logFile, pki.person(person));
    await child.ready("answering on its control socket", async () => {
      if (!existsSync(control)) return false;
      return card.tell("status").then(
        () => true,
        () => false,
      );
    });
    if (inserted) await card.tell("wait");
    return card;
  }

  /**
   * Sends one command to the control socket.
   *
   * @param {string} command
   * @returns {Promise<string>} what follows `ok`
   */
  async tell(command) {
    const socket = connect(this.control);
    try {
      await once(socket, "connect");
      socket.write(`${command}\n`);
      let answer = "";
      for await (const chunk of socket.setEncoding("utf8")) {
        answer += chunk;
        if (answer.includes("\n")) break;
      }
      const line = answer.split("\n", 1)[0] ?? "";
      if (line !== "ok" && !line.startsWith("ok ")) throw new Error(`card: ${command}: ${line}`);
      return line.slice(3);
    } finally {
      socket.destroy();
    }
  }

  async insert() {
    await this.tell("insert");
    await this.tell("wait");
  }

  async remove() {
    await this.tell("remove");
  }

  /** Tries left, read past the applet. */
  async tries() {
    const answer = await this.tell("tries");
    const found = /\d+/.exec(answer);
    if (found === null) throw new Error(`card: tries: ${answer}`);
    return Number(found[0]);
  }

  /** @param {number} tries */
  async setTries(tries) {
    await this.tell(`set-tries ${tries}`);
  }

  /** @returns {LogEntry[]} everything that reached the card */
  log() {
    if (!existsSync(this.logFile)) return [];
    return readFileSync(this.logFile, "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => JSON.parse(line));
  }

  /** @returns {string[]} the status words of the PINs that were presented, in order */
  pinTries() {
    return this.log()
      .filter((entry) => entry.pin_try === true)
      .map((entry) => String(entry.sw ?? "").replace(/\s/g, ""));
  }

  /** Waits until the card has lost power since its last right PIN: until then anybody could sign with it. */
  async unpowered() {
    await until("the card to be unpowered", () => {
      const log = this.log();
      const verified = log.findLastIndex((entry) => entry.pin_try === true && entry.sw === "9000");
      return (
        verified === -1 ||
        log.slice(verified).some(({ event }) => event === "power-off" || event === "remove")
      );
    });
  }

  async stop() {
    await this.process.stop();
    await rm(dirname(this.control), { recursive: true, force: true });
  }
}
