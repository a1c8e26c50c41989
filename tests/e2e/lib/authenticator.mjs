// The authenticator in a home folder of its own.

import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { program } from "./paths.mjs";
import { run } from "./processes.mjs";

/**
 * The environment of someone who lives in this home folder. The PIN is typed in the browser, unless a desktop's pinentry is added.
 *
 * @param {string} home
 * @param {string | undefined} pcscdSocket of the private pcscd; the system's without it
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentOf(home, pcscdSocket) {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, HOME: home };
  for (const name of Object.keys(env)) {
    if (name.startsWith("XDG_") && /_HOME$/.test(name)) delete env[name];
  }
  // The display's key lies in the person's own home.
  const displayKey = join(homedir(), ".Xauthority");
  if (env["DISPLAY"] !== undefined && existsSync(displayKey)) env["XAUTHORITY"] ??= displayKey;
  delete env["PCSCLITE_CSOCK_NAME"];
  if (pcscdSocket !== undefined) env["PCSCLITE_CSOCK_NAME"] = pcscdSocket;
  env["JPKI_PINENTRY"] = "none";
  return env;
}

/**
 * Installs the authenticator for the browsers, as a person would.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} logs
 * @returns {Promise<string>} what it said
 */
export async function install(env, logs) {
  const home = env["HOME"];
  if (home === undefined) throw new Error("no HOME");
  await mkdir(join(home, ".config/chromium"), { recursive: true });
  return run(
    "jpki-authenticator install",
    join(logs, "install.log"),
    program("jpki-authenticator"),
    ["install"],
    { env },
  );
}

const MANIFESTS = [".config/chromium/NativeMessagingHosts", ".mozilla/native-messaging-hosts"];

/**
 * Has the browsers start another program, or look for it where it is not, as after its folder was moved.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} path
 */
export async function replaceProgram(env, path) {
  for (const folder of MANIFESTS) {
    const manifest = join(env["HOME"] ?? "", folder, "jp.jpki_webauthn.authenticator.json");
    const content = JSON.parse(await readFile(manifest, "utf8"));
    await writeFile(manifest, JSON.stringify({ ...content, path }));
  }
}
