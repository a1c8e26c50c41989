// The practice world: a hierarchy of CAs and people, a private pcscd, virtual cards. (tests/lab)

import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { program } from "./paths.mjs";
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
   * @param {string} folder
   * @param {{seed?: string, people?: number, oddPeople?: boolean, logs: string}} options
   */
  static async generate(folder, { seed = "1", people = 6, oddPeople = false, logs }) {
    await mkdir(folder, { recursive: true });
    await run("jpki-lab pki", join(logs, "pki.log"), program("jpki-lab"), [
      "pki",
      ...["--out", folder, "--people", String(people), "--seed", seed],
      ...(oddPeople ? ["--odd-people"] : []),
    ]);
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

/** A pcscd of our own with virtual readers; the system's is never touched. */
export class PrivatePcscd {
  /**
   * @param {Process} process
   * @param {{pcscd_csock: string, ports: number[]}} ready
   */
  constructor(process, ready) {
    this.process = process;
    this.socket = ready.pcscd_csock;
    this.ports = ready.ports;
  }

  /**
   * @param {number} slots
   * @param {string} folder for the ready file and the log
   * @param {number} [basePort] the first reader's port, to come back under the same ones
   */
  static async start(slots, folder, basePort) {
    const readyFile = join(folder, `pcscd-${process.hrtime.bigint()}.json`);
    const child = new Process("jpki-lab pcscd", join(folder, "pcscd.log"), program("jpki-lab"), [
      "pcscd",
      ...["--slots", String(slots), "--ready-file", readyFile],
      ...(basePort === undefined ? [] : ["--base-port", String(basePort)]),
    ]);
    const ready = await child.ready("being ready", () => {
      if (!existsSync(readyFile)) return undefined;
      const text = readFileSync(readyFile, "utf8");
      return text.trim().endsWith("}") ? JSON.parse(text) : undefined;
    });
    return new PrivatePcscd(child, ready);
  }

  async stop() {
    await this.process.stop();
  }
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

  /** Waits until the card has been unpowered, as it must be after every ceremony. */
  async unpowered() {
    await until("the card to be unpowered", () => {
      const power = this.log().filter((entry) => /^(power|remove)/.test(entry.event));
      return power.length === 0 || power[power.length - 1]?.event !== "power-on";
    });
  }

  async stop() {
    await this.process.stop();
    await rm(dirname(this.control), { recursive: true, force: true });
  }
}
