// Runs the kernel cases: prepares on this machine what would take long in the other, then boots it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Pki } from "../lib/lab.mjs";
import { program, requirePcscd, requireVirtualReader, root } from "../lib/paths.mjs";

requirePcscd();
requireVirtualReader();
for (const name of ["jpki-authenticator", "jpki-lab", "jpki-relying-party"]) program(name);
await Pki.practice();

const boot = spawn(
  join(root, "tests/e2e/kernel/boot"),
  ["node", "--test", "--test-reporter=spec", "kernel.test.mjs"],
  {
    stdio: ["ignore", "inherit", "inherit"],
    // Everything takes some ten times longer in there.
    env: { E2E_PATIENCE_MS: "240000", ...process.env },
  },
);
const [code] = await once(boot, "exit");
process.exitCode = code ?? 1;
