// The program at a terminal of its own, as a person uses it: what is shown, and what is typed.

import assert from "node:assert/strict";
import { program } from "./paths.mjs";
import { Failed, Process } from "./processes.mjs";
import { until } from "./until.mjs";

/** One command of jpki-authenticator at a terminal. */
export class Terminal {
  /**
   * @param {NodeJS.ProcessEnv} env of whoever lives in this home
   * @param {string} logFile
   * @param {string[]} args
   */
  constructor(env, logFile, args) {
    const command = [program("jpki-authenticator"), ...args].map(quoted).join(" ");
    // script(1) makes the terminal; it comes with every Debian.
    this.process = new Process(
      `jpki-authenticator ${args[0]}`,
      logFile,
      "script",
      ["--quiet", "--return", "--flush", "--command", command, "/dev/null"],
      { env: { ...env, LC_ALL: "C.UTF-8", SHELL: "/bin/sh" } },
    );
    this.shown = "";
    /** What was shown up to here has been answered. */
    this.read = 0;
    this.process.child.stdout?.on("data", (/** @type {Buffer} */ data) => {
      this.shown += data.toString("utf8");
    });
  }

  /**
   * Waits for a question, which is not the end of a line, and answers it.
   *
   * @param {string} question
   * @param {string} line
   */
  async answer(question, line) {
    await this.process.ready(`asking ${question}`, () => this.shown.includes(question, this.read));
    this.read = this.shown.indexOf(question, this.read) + question.length;
    this.process.input.write(`${line}\n`);
  }

  /**
   * Waits for the end, which must be a success.
   *
   * @returns {Promise<string>} everything that was shown
   */
  async succeeds() {
    await until(`${this.process.name} to end`, () => this.process.exit !== undefined);
    await this.process.ended;
    if (this.process.exit?.code !== 0) throw new Failed(this.process.name, this.process);
    return this.shown;
  }
}

/** @param {string} word for a shell */
function quoted(word) {
  assert.doesNotMatch(word, /'/);
  return `'${word}'`;
}
