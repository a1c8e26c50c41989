// Runs the kernel cases: prepares on this machine what would take long in the others, then boots these, one after the other.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Pki } from "../lib/lab.mjs";
import { program, requirePcscd, requireVirtualReader, root } from "../lib/paths.mjs";
import { selected } from "./cases/index.mjs";

requirePcscd();
requireVirtualReader();
for (const name of ["jpki-authenticator", "jpki-lab", "jpki-relying-party"]) program(name);
await Pki.practice();

const runs = [
  { machine: [], cases: selected(false) },
  { machine: ["--systemd", "--sleeps"], cases: selected(true) },
].filter(({ cases }) => cases.length > 0);
assert.notEqual(runs.length, 0, "a run of no case must not look like success");
for (const { machine } of runs) {
  const boot = spawn(
    join(root, "tests/e2e/kernel/boot"),
    [...machine, "node", "--test", "--test-reporter=spec", "kernel.test.mjs"],
    {
      stdio: ["ignore", "inherit", "inherit"],
      // Everything takes some ten times longer in there.
      env: { E2E_PATIENCE_MS: "240000", ...process.env },
    },
  );
  const [code] = await once(boot, "exit");
  if (code !== 0) process.exitCode = code ?? 1;
}
