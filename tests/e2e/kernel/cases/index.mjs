// The one list of cases that run on a kernel with /dev/uhid.

import { browsers } from "./browsers.mjs";
import { ground } from "./ground.mjs";
import { libfido2 } from "./libfido2.mjs";
import { pam } from "./pam.mjs";
import { rustHost } from "./rust-host.mjs";
import { ssh } from "./ssh.mjs";
import { systemd } from "./systemd.mjs";

/**
 * One case of the list.
 *
 * @typedef {object} KernelCase
 * @property {string} name a sentence
 * @property {boolean} [systemd] runs in the machine that systemd starts and that can sleep, not in the plain one
 * @property {(machine: import("../machine.mjs").Machine) => Promise<void>} run
 */

/** @type {KernelCase[]} */
export const cases = [...ground, ...libfido2, ...rustHost, ...ssh, ...pam, ...browsers, ...systemd];

/**
 * Those that `E2E_ONLY` leaves, of one machine.
 *
 * @param {boolean} systemd
 */
export function selected(systemd) {
  const only = new RegExp(process.env["E2E_ONLY"] ?? "", "i");
  return cases.filter((one) => (one.systemd ?? false) === systemd && only.test(one.name));
}
