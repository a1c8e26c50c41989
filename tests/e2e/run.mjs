// Runs the lists of cases in every browser, side by side: they wait more than they compute. Each list's report stays in one piece.

import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";

const lists = ["chromium.test.mjs", "firefox.test.mjs", "demo.test.mjs"];
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => stop.abort());

const files = lists.map((name) => fileURLToPath(new URL(name, import.meta.url)));
const results = run({ files, concurrency: files.length, signal: stop.signal });
// Also of a list that ended before its time.
results.on("test:fail", () => (process.exitCode = 1));
results.pipe(new spec()).pipe(process.stdout);
