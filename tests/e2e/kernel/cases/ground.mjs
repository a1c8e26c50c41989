// What everything else stands on.

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { program } from "../../lib/paths.mjs";

/** @type {import("./index.mjs").KernelCase[]} */
export const ground = [
  {
    name: "the kernel makes /dev/uhid when its module is loaded",
    async run(machine) {
      await machine.root("modprobe", ["uhid"]);
      assert.ok(statSync("/dev/uhid").isCharacterDevice());
    },
  },
  {
    name: "an ordinary user sees the practice card through the real pcscd",
    async run(machine) {
      const said = await machine.user(program("jpki-authenticator"), ["card"]);
      assert.match(said, /3/);
      assert.deepEqual(machine.card.pinTries(), []);
    },
  },
  {
    name: "the relying party answers over loopback",
    async run(machine) {
      const relyingParty = await machine.startRelyingParty();
      const page = await fetch(`${relyingParty.origin}/register`);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /account-name/);
    },
  },
];
