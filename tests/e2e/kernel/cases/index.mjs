// The one list of cases that run on a kernel with /dev/uhid.

import { browsers } from "./browsers.mjs";
import { ground } from "./ground.mjs";
import { libfido2 } from "./libfido2.mjs";
import { pam } from "./pam.mjs";
import { rustHost } from "./rust-host.mjs";
import { ssh } from "./ssh.mjs";

/**
 * One case of the list.
 *
 * @typedef {object} KernelCase
 * @property {string} name a sentence
 * @property {(machine: import("../machine.mjs").Machine) => Promise<void>} run
 */

/** @type {KernelCase[]} */
export const cases = [...ground, ...libfido2, ...rustHost, ...ssh, ...pam, ...browsers];
