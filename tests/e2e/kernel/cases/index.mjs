// The one list of cases that run on a kernel with /dev/uhid.

import { ground } from "./ground.mjs";

/**
 * One case of the list.
 *
 * @typedef {object} KernelCase
 * @property {string} name a sentence
 * @property {(machine: import("../machine.mjs").Machine) => Promise<void>} run
 */

/** @type {KernelCase[]} */
export const cases = [...ground];
