// The cases that need a kernel with /dev/uhid. They run inside the machine that `boot` starts, one after the other.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { selected } from "./cases/index.mjs";
import { Machine } from "./machine.mjs";

const results = process.env["BOOT_RESULTS"];
assert.ok(results, "these cases run inside the machine that kernel/boot starts: `npm run test:kernel`");
// sd_booted(3)
const cases = selected(existsSync("/run/systemd/system"));
assert.notEqual(cases.length, 0, "a run of no case must not look like success");

describe("the cases on a kernel with /dev/uhid", () => {
  for (const [number, one] of cases.entries()) {
    it(one.name, { timeout: 1_800_000 }, async () => {
      const machine = await Machine.build(join(results, String(number + 1).padStart(2, "0")));
      try {
        await one.run(machine);
        await machine.settle();
      } catch (error) {
        machine.report(error);
        throw error;
      } finally {
        await machine.stop();
      }
    });
  }
});
