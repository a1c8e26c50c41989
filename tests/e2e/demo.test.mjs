// What `make demo` says at its end.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { Process } from "./lib/processes.mjs";

it("an interrupted demo says that it was, and fails", async () => {
  const folder = await mkdtemp(join(tmpdir(), "demo-"));
  // With a display: there the demo waits for the browser's end, which an interrupt brings about too.
  const demo = new Process(
    "the demo",
    join(folder, "log"),
    "xvfb-run",
    [
      "--auto-servernum",
      process.execPath,
      "-e",
      interrupted,
      fileURLToPath(new URL("demo.mjs", import.meta.url)),
    ],
    { env: { ...process.env, HEADLESS: "0", PORT: String(await freePort()), JPKI_PINENTRY: "none" } },
  );
  try {
    await demo.ended;
    assert.equal(demo.exit?.code, 130, demo.tail());
    assert.match(demo.tail(), /^demo: interrupted$/m);
    assert.doesNotMatch(demo.tail(), /demo: (ok|failed)/);
  } finally {
    await demo.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Runs the demo and interrupts it as Ctrl-C does, once it waits for the person. xvfb-run would not hand a signal on. */
const interrupted = `
  const demo = require("node:child_process").spawn(process.execPath, [process.argv[1]], { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  demo.stdout.on("data", (data) => {
    process.stdout.write(data);
    const before = said.includes("Close the browser to end.");
    said += data;
    if (!before && said.includes("Close the browser to end.")) setTimeout(() => demo.kill("SIGINT"), 1000);
  });
  demo.on("exit", (code) => process.exit(code ?? 1));
`;

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((found) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      assert.ok(address !== null && typeof address === "object");
      server.close(() => found(address.port));
    });
  });
}
