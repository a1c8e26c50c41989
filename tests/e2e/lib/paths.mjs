// Where things are: this checkout, the built programs, the browser.

import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's root. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");

/** The folder that holds what the tests and the demo leave behind. */
export const leftovers = join(root, "target");

/** The folder with the built programs: `BIN_DIR`, or cargo's. */
export const binaries = process.env["BIN_DIR"]
  ? resolve(process.env["BIN_DIR"])
  : join(process.env["CARGO_TARGET_DIR"] ?? join(root, "target"), "debug");

/** Something that must be on the machine is not; the message says what to do. */
export class Missing extends Error {
  /**
   * @param {string} what what is missing
   * @param {string} remedy what the reader can do
   */
  constructor(what, remedy) {
    super(`${what}\n  ${remedy}`);
    this.name = "Missing";
  }
}

/**
 * @param {string} name one of this project's programs
 * @returns {string} its path
 */
export function program(name) {
  const path = join(binaries, name);
  if (!existsSync(path)) {
    throw new Missing(
      `${name} is not built (looked in ${binaries}).`,
      "Build it with `make build`, or name the folder in BIN_DIR.",
    );
  }
  return path;
}

/** @typedef {"chromium" | "firefox"} BrowserName */

/**
 * @param {BrowserName} browser
 * @returns {string} the unpacked extension's folder, which must have been built
 */
export function builtExtension(browser) {
  const folder = join(root, "browser-ext/dist", browser);
  if (!existsSync(join(folder, "manifest.json"))) {
    throw new Missing(`The extension is not built (looked in ${folder}).`, "Build it with `make extension`.");
  }
  return folder;
}

/**
 * @param {BrowserName} [browser]
 * @returns {string} the ID of the extension as it is built here
 */
export function extensionId(browser = "chromium") {
  return JSON.parse(readFileSync(join(root, "browser-ext/extension-id.json"), "utf8"))[browser][0];
}

/** @returns {string} Chromium's executable: `CHROMIUM`, or the first found in PATH */
export function chromium() {
  return browser("Chromium", "CHROMIUM", ["chromium", "chromium-browser"]);
}

/** @returns {string} Firefox's executable: `FIREFOX`, or the first found in PATH */
export function firefox() {
  return browser("Firefox", "FIREFOX", ["firefox-esr", "firefox"]);
}

/**
 * @param {string} name
 * @param {string} variable that may name the executable
 * @param {[string, ...string[]]} executables
 */
function browser(name, variable, executables) {
  const named = process.env[variable];
  const found = named ?? findInPath(executables);
  if (found === undefined || !isExecutable(found)) {
    throw new Missing(
      named ? `${variable}=${named} is not a program.` : `${name} is not installed.`,
      `Install it (Debian: \`apt-get install ${executables[0]}\`), or name the executable in ${variable}.`,
    );
  }
  return found;
}

/** Refuses, with what to install, when the smart card service is missing. */
export function requirePcscd() {
  if (findInPath(["pcscd"], ["/usr/sbin", "/usr/local/sbin"]) === undefined) {
    throw new Missing(
      "The smart card service (pcscd) is not installed.",
      "Install it (Debian: `apt-get install pcscd`).",
    );
  }
}

/** Refuses, with what to install, when the virtual reader's driver is missing. */
export function requireVirtualReader() {
  const unpacked = process.env["JPKI_LAB_VPCD"];
  const installed = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so";
  if (![unpacked, installed].some((driver) => driver !== undefined && existsSync(driver))) {
    throw new Missing(
      "The virtual smart card reader's driver (vsmartcard-vpcd) is not there.",
      "Start this with `make demo` or `make test-browser`: they unpack it into target/.",
    );
  }
}

/**
 * @param {string[]} names
 * @param {string[]} [alsoIn] folders that an ordinary person's PATH lacks
 */
function findInPath(names, alsoIn = []) {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...alsoIn];
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (folder !== "" && isExecutable(path)) return path;
    }
  }
  return undefined;
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
