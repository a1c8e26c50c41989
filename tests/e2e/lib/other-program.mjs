// Another program that uses the card: OpenSC's explorer, which keeps its connection while somebody types.

import { join } from "node:path";
import { Process } from "./processes.mjs";

/**
 * Starts it on the first reader, and waits until it has the card.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} folder for its log
 */
export async function onReader(env, folder) {
  const process = new Process(
    "opensc-explorer",
    join(folder, "opensc-explorer.log"),
    "opensc-explorer",
    [...["--reader", "0"]],
    { env },
  );
  // Its prompt has no line's end; what it is asked for has.
  process.input.write("info\n");
  await process.ready("having the card", () => process.lines.some((line) => line.includes("3F00")));
  return process;
}
