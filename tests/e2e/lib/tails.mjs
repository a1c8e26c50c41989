// The last lines of every log in a folder, for whoever looks into a failure.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/**
 * @param {string} folder
 * @param {number} [count] lines of each
 * @returns {string}
 */
export function tails(folder, count = 25) {
  return logsUnder(folder)
    .map((file) => ({ file, lines: readFileSync(file, "utf8").trimEnd().split("\n").slice(-count) }))
    .filter(({ lines }) => lines.join("") !== "")
    .map(({ file, lines }) => `--- ${file}\n${lines.join("\n")}`)
    .join("\n");
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function logsUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // The browser's own profile is full of things that merely end like logs.
    if (entry.isDirectory()) return entry.name === "home" ? [] : logsUnder(path);
    return /\.(log|jsonl)$/.test(entry.name) ? [path] : [];
  });
}
