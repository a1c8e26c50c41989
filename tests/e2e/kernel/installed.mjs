// The security key as `install --hid` sets it up, where systemd is the machine's first program.

import { hrtime } from "node:process";
import { uptime } from "node:os";
import { statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { program } from "../lib/paths.mjs";
import { until } from "../lib/until.mjs";
import { owner } from "./machine.mjs";

/** Where only the administrator can change it. */
const installed = "/usr/local/bin/jpki-authenticator";

/** The installed security key. */
export class Installed {
  /**
   * @param {import("./machine.mjs").Machine} machine
   * @param {number} user
   */
  constructor(machine, user) {
    this.machine = machine;
    this.user = user;
  }

  /**
   * Installs it for the ordinary user, who is logged in for good.
   *
   * @param {import("./machine.mjs").Machine} machine
   */
  static async start(machine) {
    const number = await machine.root("id", ["-u", owner]);
    const desktop = await machine.sitDown();
    // What a desktop would tell the user's programs.
    const variables = { ...desktop, PCSCLITE_CSOCK_NAME: machine.env["PCSCLITE_CSOCK_NAME"] };
    const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
    await machine.user("mkdir", ["-p", join(machine.home, ".config/environment.d")]);
    await writeFile(join(machine.home, ".config/environment.d/desktop.conf"), lines.join(""));
    await machine.root("loginctl", ["enable-linger", owner]);
    machine.started.push({ name: "the user's programs", stop: () => Installed.#logOut(machine, number) });

    await machine.root("install", ["-m", "755", program("jpki-authenticator"), installed]);
    const key = new Installed(machine, Number(number));
    machine.started.push({ name: "the installed key", stop: () => key.uninstall() });
    key.said = await machine.root(installed, ["install", "--hid", "--owner", number]);
    await until("a device", () => machine.device());
    await machine.root("udevadm", ["settle"]);
    return key;
  }

  /**
   * @param {import("./machine.mjs").Machine} machine
   * @param {string} number
   */
  static async #logOut(machine, number) {
    await machine.root("loginctl", ["disable-linger", owner]);
    await machine.root("systemctl", ["stop", `user@${number}.service`]);
  }

  /** What the installation said. */
  said = "";

  /** Sets up the way of the extension: `doctor` is content with this or the security key. */
  async installForChromium() {
    await this.machine.user("mkdir", ["-p", join(this.machine.home, ".config/chromium")]);
    await this.machine.user(installed, ["install"]);
  }

  /** @returns {Promise<string>} what `doctor` tells the user, who can begin */
  async doctor() {
    return this.machine.user(installed, ["doctor"], { env: this.#session });
  }

  /** @returns {Promise<string>} what `doctor` tells the user, who cannot */
  async complaint() {
    return this.machine.userFails(installed, ["doctor"], { env: this.#session });
  }

  /** Without it there is no way to the user's own systemd. */
  get #session() {
    return { XDG_RUNTIME_DIR: `/run/user/${this.user}` };
  }

  /** Takes it back. */
  async uninstall() {
    await this.machine.root(installed, ["uninstall", "--hid"]);
    await until("the security key to go", () => this.machine.device() === undefined);
  }

  /** Which of the devices that there were one after the other is there now. */
  device() {
    const node = this.machine.device();
    return node === undefined ? undefined : statSync(node).ino;
  }

  /** Suspends the machine to memory for a few seconds, as closing a laptop does. */
  async sleep() {
    const asleep = () => uptime() - Number(hrtime.bigint()) / 1e9;
    const before = asleep();
    // The alarm must not go off before a slow machine lies down: nothing else would wake it.
    await this.machine.root("rtcwake", ["--mode", "mem", "--seconds", "20"]);
    if (asleep() - before < 2) throw new Error("the machine did not sleep");
  }
}
