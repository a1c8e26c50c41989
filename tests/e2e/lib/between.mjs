// A script between the browser and the real program, for what the program by itself does not do.

import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { replaceProgram } from "./authenticator.mjs";
import { program } from "./paths.mjs";

/**
 * What becomes of a message: the one to be passed on instead, or nothing. It is carried into the script as text and sees
 * only its arguments.
 *
 * @typedef {(message: any, authenticator: import("node:child_process").ChildProcess) => unknown} Change
 */

/**
 * @typedef {object} Changes
 * @property {Change} [toProgram]
 * @property {Change} [toBrowser]
 */

/**
 * Has the browsers start the script where they would start the program; it starts that itself.
 *
 * @param {import("./world.mjs").World} world
 * @param {Changes} changes
 */
export async function putBetween({ env, folder }, changes) {
  const script = join(folder, "between");
  const parts = Object.entries(changes).map(([name, change]) => memberOf(name, `${change}`));
  await writeFile(
    script,
    `#!${process.execPath}
import(${JSON.stringify(import.meta.url)}).then(({ stand }) => stand({ ${parts.join(", ")} }));
`,
  );
  await chmod(script, 0o700);
  await replaceProgram(env, script);
}

/**
 * A function as the member of an object.
 *
 * @param {string} name
 * @param {string} source
 */
function memberOf(name, source) {
  // The source of a method is a member already, under its own name.
  const method = /^\w+(?=\()/.exec(source)?.[0];
  return method === undefined || method === "function" ? `${name}: ${source}` : source.replace(method, name);
}

/**
 * The script itself: passes messages on (docs/native-messaging.md: a length of four bytes, and JSON).
 *
 * @param {Changes} changes
 */
export function stand({ toProgram = (message) => message, toBrowser = (message) => message }) {
  const authenticator = spawn(program("jpki-authenticator"), process.argv.slice(2), {
    stdio: ["pipe", "pipe", "inherit"],
  });
  authenticator.on("close", (code) => process.exit(code ?? 1));
  const { stdin, stdout } = authenticator;
  stdin.on("error", () => {});
  pass(process.stdin, stdin, (message) => toProgram(message, authenticator));
  pass(stdout, process.stdout, (message) => toBrowser(message, authenticator));
}

/**
 * @param {NodeJS.ReadableStream} from
 * @param {NodeJS.WritableStream} to
 * @param {(message: unknown) => unknown} change
 */
function pass(from, to, change) {
  let read = Buffer.alloc(0);
  from.on("data", (/** @type {Buffer} */ chunk) => {
    read = Buffer.concat([read, chunk]);
    while (read.length >= 4 && read.length >= 4 + read.readUInt32LE(0)) {
      const end = 4 + read.readUInt32LE(0);
      const message = change(JSON.parse(read.toString("utf8", 4, end)));
      read = read.subarray(end);
      if (message === undefined) continue;
      const text = Buffer.from(JSON.stringify(message));
      const length = Buffer.alloc(4);
      length.writeUInt32LE(text.length);
      to.write(Buffer.concat([length, text]));
    }
  });
  from.on("end", () => to.end());
}
