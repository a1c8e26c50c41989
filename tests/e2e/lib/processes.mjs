// Child processes: each with its own log file, each ended by its own process id.

import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { patience } from "./until.mjs";

/** Everything started here that has not ended yet. @type {Set<Process>} */
const running = new Set();

/** One child process. */
export class Process {
  /**
   * @param {string} name for messages
   * @param {string} logFile what it writes to standard output and standard error
   * @param {string} command
   * @param {string[]} args
   * @param {{env?: NodeJS.ProcessEnv, cwd?: string}} [options]
   */
  constructor(name, logFile, command, args, options = {}) {
    this.name = name;
    this.logFile = logFile;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = openSync(logFile, "a");
    writeSync(log, `--- ${[command, ...args].join(" ")}\n`);
    /** @type {string[]} */
    this.lines = [];
    const child = spawn(command, args, {
      env: options.env ?? process.env,
      cwd: options.cwd,
      // Standard input stays open: some programs stop when it closes, so they stop when we die.
      stdio: ["pipe", "pipe", log],
    });
    this.child = child;
    this.input = /** @type {import("node:stream").Writable} */ (child.stdin);
    this.input.on("error", () => {});
    createInterface({ input: /** @type {import("node:stream").Readable} */ (child.stdout) }).on(
      "line",
      (line) => {
        this.lines.push(line);
        if (!this.closed) writeSync(log, `${line}\n`);
      },
    );
    /** @type {{code: number | null, signal: string | null} | undefined} */
    this.exit = undefined;
    this.closed = false;
    /** @type {Error | undefined} */
    this.failure = undefined;
    running.add(this);
    /** @type {Promise<void>} */
    this.ended = new Promise((done) => {
      const finish = () => {
        running.delete(this);
        if (!this.closed) closeSync(log);
        this.closed = true;
        done();
      };
      // `close` also waits for grandchildren that keep our pipe open; not for ever.
      const finishSoon = () => setTimeout(finish, 1_000).unref();
      this.child.on("error", (error) => {
        this.failure = error;
        this.exit ??= { code: null, signal: null };
        finish();
      });
      this.child.on("exit", (code, signal) => {
        this.exit = { code, signal };
        finishSoon();
      });
      this.child.on("close", finish);
    });
  }

  /** The last lines of its log, for a failure report. */
  tail(count = 40) {
    try {
      return readFileSync(this.logFile, "utf8").trimEnd().split("\n").slice(-count).join("\n");
    } catch {
      return "";
    }
  }

  /**
   * Waits until `probe` gives something, and fails at once when the process ends first.
   *
   * @template T
   * @param {string} what
   * @param {() => T | Promise<T>} probe
   * @param {number} [limit] milliseconds
   * @returns {Promise<NonNullable<T>>}
   */
  async ready(what, probe, limit = patience) {
    const end = Date.now() + limit;
    for (;;) {
      const value = await probe();
      if (value) return value;
      if (this.exit !== undefined) {
        await this.ended;
        const how = this.failure?.message ?? `code ${this.exit.code ?? this.exit.signal}`;
        throw new Error(`${this.name} ended (${how}) before ${what}:\n${this.tail()}`);
      }
      if (Date.now() > end) {
        throw new Error(`${this.name}: no ${what} after ${limit} ms:\n${this.tail()}`);
      }
      await new Promise((done) => setTimeout(done, 15));
    }
  }

  /** Asks it to end, insists after a while, and waits until it has. */
  async stop() {
    if (this.exit === undefined) {
      this.input.end();
      this.child.kill("SIGTERM");
      const insist = setTimeout(() => this.child.kill("SIGKILL"), 5_000);
      await this.ended;
      clearTimeout(insist);
    }
    await this.ended;
  }

  /** Ends it at once, without a chance to tidy up. */
  async kill() {
    if (this.exit === undefined) this.child.kill("SIGKILL");
    await this.ended;
  }
}

/** A program that was run to its end did not succeed. */
export class Failed extends Error {
  /**
   * @param {string} name
   * @param {Process} process
   */
  constructor(name, process) {
    super(`${name} failed (${process.exit?.code ?? process.exit?.signal}):\n${process.tail()}`);
    this.name = "Failed";
    /** What it said. */
    this.said = process
      .tail()
      .split("\n")
      .filter((line) => !line.startsWith("--- "))
      .join("\n");
  }
}

/**
 * Runs a program to its end.
 *
 * @param {string} name for messages
 * @param {string} logFile
 * @param {string} command
 * @param {string[]} args
 * @param {{env?: NodeJS.ProcessEnv, cwd?: string}} [options]
 * @returns {Promise<string>} its standard output
 */
export async function run(name, logFile, command, args, options) {
  const child = new Process(name, logFile, command, args, options);
  child.input.end();
  await child.ended;
  if (child.failure !== undefined) throw child.failure;
  if (child.exit?.code !== 0) throw new Failed(name, child);
  return child.lines.join("\n");
}

/** Things to undo when this process is told to stop. @type {Set<() => Promise<void>>} */
const undoers = new Set();

/**
 * Registers what must be undone when this process is interrupted.
 *
 * @param {() => Promise<void>} undo
 * @returns {() => void} takes the registration back
 */
export function onInterrupt(undo) {
  undoers.add(undo);
  return () => undoers.delete(undo);
}

let interrupted = false;

/** Whether this process has been told to stop: what ends from now on ends because of that. */
export function wasInterrupted() {
  return interrupted;
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(signal, () => {
    if (interrupted) return;
    interrupted = true;
    const status = signal === "SIGINT" ? 130 : 143;
    // For an end before the tidying's: what was waited for may come to an end by it.
    process.exitCode = status;
    // However the tidying goes, it ends.
    setTimeout(() => process.exit(143), 20_000).unref();
    void Promise.allSettled([...undoers].map((undo) => undo()))
      .then(() => Promise.allSettled([...running].map((child) => child.stop())))
      .then(() => process.exit(status));
  });
}

// The last resort, when something above ends this process without ceremony.
process.on("exit", () => {
  for (const child of running) child.child.kill("SIGKILL");
});
