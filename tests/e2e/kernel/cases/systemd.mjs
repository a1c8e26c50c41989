// The security key as it is installed: systemd starts its parts, and the machine sleeps.

import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { until } from "../../lib/until.mjs";
import { Installed } from "../installed.mjs";
import { Tools } from "../libfido2.mjs";

/** @type {import("./index.mjs").KernelCase[]} */
export const systemd = [
  {
    name: "install --hid sets the key up for its user, doctor finds every part, and uninstall takes it back",
    systemd: true,
    async run(machine) {
      const key = await Installed.start(machine);
      assert.match(key.said, /The card is a security key now, for user \d+ alone/);
      const node = statSync(machine.key);
      assert.deepEqual([node.uid, node.mode & 0o777], [key.user, 0o600]);
      const tools = new Tools(machine);
      assert.match(await tools.token(["-L"]), new RegExp(`^${machine.key}: `));
      const registered = await tools.register({ flags: ["-v"] });
      await tools.signIn(registered, { flags: ["-p"] });
      const found = await key.doctor();
      assert.doesNotMatch(found, /FAIL/);
      for (const part of [
        /Way from Chromium +not set up/,
        /Security key +set up/,
        /Kernel +can make the device/,
        /Relay +answers you alone/,
        /Service +runs/,
        new RegExp(`Device +open to you alone: ${machine.key}`),
      ]) {
        assert.match(found, part);
      }

      await machine.removeCard();
      assert.match(await key.complaint(), /Device +appears when a card is put on the reader/);
      await machine.insertCard();
      assert.match(await tools.token(["-L"]), new RegExp(`^${machine.key}: `));

      await key.uninstall();
      assert.equal(await tools.token(["-L"]), "");
      assert.ok(!existsSync(`/run/jpki-authenticator/${key.user}.socket`));
      assert.match(await key.complaint(), /no security key/);
      await key.installForChromium();
      assert.match(await key.doctor(), /Security key +not set up/);
    },
  },
  {
    name: "after the machine slept the key is made anew, and signs in; what was pending is over",
    systemd: true,
    async run(machine) {
      const key = await Installed.start(machine);
      const tools = new Tools(machine);
      const registered = await tools.register({ flags: ["-v"] });

      const awake = key.device();
      await key.sleep();
      await until("another device", () => key.device() !== undefined && key.device() !== awake);
      await machine.root("udevadm", ["settle"]);
      await tools.signIn(registered, { flags: ["-p"] });

      // Asleep while the person has not answered yet.
      await machine.hesitate();
      const windows = machine.windows().length;
      const before = key.device();
      const pending = assert.rejects(tools.signIn(registered, { flags: ["-p"] }));
      await until("the window", () => machine.windows().length > windows);
      await key.sleep();
      await pending;
      await machine.hesitate(false);
      await until("another device", () => key.device() !== undefined && key.device() !== before);
      await machine.root("udevadm", ["settle"]);
      await tools.signIn(registered, { flags: ["-p"] });
    },
  },
];
