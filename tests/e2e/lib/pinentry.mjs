// A pinentry whose windows a case looks at and answers. The program is `pinentry-of-a-case`, named to the authenticator by
// JPKI_PINENTRY; the two meet in a folder.

import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./until.mjs";

/** The windows of one computer. */
export class Pinentry {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    /** Windows that were handed out. @type {Set<string>} */
    this.met = new Set();
  }

  /** @param {string} folder made here */
  static async in(folder) {
    await mkdir(folder, { recursive: true });
    return new Pinentry(folder);
  }

  /** What the authenticator's environment must have. A display, so that a window counts. */
  get env() {
    return {
      JPKI_PINENTRY: fileURLToPath(new URL("pinentry-of-a-case", import.meta.url)),
      E2E_PINENTRY: this.folder,
      DISPLAY: ":of-the-pinentry",
    };
  }

  /** The window that has opened, or the next one. */
  async window() {
    const name = await until("a window that asks for the PIN", async () =>
      (await readdir(this.folder)).find((file) => file.endsWith(".shown") && !this.met.has(file)),
    );
    this.met.add(name);
    const path = join(this.folder, name.slice(0, -".shown".length));
    return new Window(path, await readFile(`${path}.shown`, "utf8"));
  }

  /** How many windows have been opened. */
  async opened() {
    return (await readdir(this.folder)).filter((file) => file.endsWith(".shown")).length;
  }
}

/** A window that is open. */
class Window {
  /**
   * @param {string} path
   * @param {string} text everything that was set, as it was set
   */
  constructor(path, text) {
    this.path = path;
    this.text = text;
  }

  /** @param {string} pin */
  async type(pin) {
    await this.#answer(`D ${pin}\nOK\n`);
  }

  async cancel() {
    await this.#answer("ERR 83886179 Operation cancelled <Pinentry>\n");
  }

  /** Waits until the authenticator closes it. */
  async closed() {
    await until("the window to be closed", () => existsSync(`${this.path}.closed`));
  }

  /** @param {string} lines */
  async #answer(lines) {
    await writeFile(`${this.path}.new`, lines);
    await rename(`${this.path}.new`, `${this.path}.answer`);
  }
}
