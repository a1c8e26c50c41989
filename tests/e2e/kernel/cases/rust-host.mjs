// The crate ctap-hid-fido2, as a host (tests/oracles/hid-host).

import assert from "node:assert/strict";
import { program } from "../../lib/paths.mjs";

/** @type {import("./index.mjs").KernelCase[]} */
export const rustHost = [
  {
    name: "everything that the crate ctap-hid-fido2 can do",
    async run(machine) {
      await machine.startKey();
      const said = await machine.user(program("oracle-hid-host"), [], {
        input: `${machine.card.person.pin}\n`,
      });
      console.log(said);
      assert.match(said, /^ok: refuses what would weaken it$/m);
      // It asks for a token before everything that takes one; the card was asked each time, and never for a wrong PIN.
      const tries = machine.card.pinTries();
      assert.ok(tries.length > 10, `${tries.length} tries`);
      for (const _ of tries) machine.pin();
    },
  },
];
