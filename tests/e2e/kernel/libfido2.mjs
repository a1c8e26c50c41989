// libfido2's tools (Debian's fido2-tools) with the machine's security key.

import { randomBytes } from "node:crypto";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * A registration by fido2-cred, checked by it.
 *
 * @typedef {object} Registered
 * @property {string} rpId
 * @property {string} id of the credential, base64
 * @property {string} publicKey a file
 * @property {string} type
 * @property {string[]} lines what fido2-cred wrote
 */

/** The tools, in the ordinary user's hands. */
export class Tools {
  /** @param {import("./machine.mjs").Machine} machine */
  constructor(machine) {
    this.machine = machine;
    this.files = 0;
  }

  /** @param {string} content */
  async #file(content = "") {
    this.files += 1;
    const path = join(this.machine.home, `file-${this.files}`);
    await writeFile(path, content);
    await chmod(path, 0o666);
    return path;
  }

  /**
   * fido2-token.
   *
   * @param {string[]} args
   * @param {string} [input] what is typed
   */
  async token(args, input) {
    return this.machine.user("fido2-token", args, input === undefined ? {} : { input });
  }

  /**
   * Registers, and checks the statement under the credential's own key.
   *
   * @param {{flags?: string[], rpId?: string, name?: string, type?: string, input?: string}} [options]
   * @returns {Promise<Registered>}
   */
  async register({ flags = [], rpId = "tools.example", name = "taro", type = "es256", input = "" } = {}) {
    const request = [randomBytes(32).toString("base64"), rpId, name, randomBytes(16).toString("base64"), ""];
    const [asked, made, checked] = [
      await this.#file(request.join("\n")),
      await this.#file(),
      await this.#file(),
    ];
    await this.machine.user("fido2-cred", ["-M", ...flags, "-i", asked, "-o", made, this.machine.key, type], {
      input,
    });
    const lines = (await readFile(made, "utf8")).trimEnd().split("\n");
    // Where a large blob's key is the last line, the check takes it for a certificate.
    const statement = flags.includes("-b") ? lines.slice(0, -1) : lines;
    const kept = flags.filter((flag) => flag === "-h" || flag === "-v");
    const unchecked = await this.#file([...statement, ""].join("\n"));
    await this.machine.user("fido2-cred", ["-V", ...kept, "-i", unchecked, "-o", checked, type]);
    const [id = "", ...publicKey] = (await readFile(checked, "utf8")).split("\n");
    return {
      rpId,
      id,
      publicKey: await this.#file(publicKey.join("\n")),
      type,
      lines,
    };
  }

  /**
   * Signs in, and checks the signature under the registered key.
   *
   * @param {Registered} registered
   * @param {{flags?: string[], salt?: Buffer, input?: string}} [options] `-r` for a discoverable credential
   * @returns {Promise<string[]>} what fido2-assert wrote
   */
  async signIn(registered, { flags = [], salt, input = "" } = {}) {
    const lines = [randomBytes(32).toString("base64"), registered.rpId];
    if (!flags.includes("-r")) lines.push(registered.id);
    if (salt !== undefined) lines.push(salt.toString("base64"));
    const [asked, made] = [await this.#file([...lines, ""].join("\n")), await this.#file()];
    const all = [...flags, ...(salt === undefined ? [] : ["-h"])];
    await this.machine.user("fido2-assert", ["-G", ...all, "-i", asked, "-o", made, this.machine.key], {
      input,
    });
    const kept = all.filter((flag) => flag === "-h" || flag === "-v" || flag === "-p");
    await this.machine.user("fido2-assert", [
      "-V",
      ...kept,
      "-i",
      made,
      registered.publicKey,
      registered.type,
    ]);
    return (await readFile(made, "utf8")).trimEnd().split("\n");
  }
}
