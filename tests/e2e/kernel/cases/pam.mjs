// pam-u2f: the card opens whatever PAM guards: sudo, the login screen.

import assert from "node:assert/strict";
import { createPublicKey } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Tools } from "../libfido2.mjs";
import { owner } from "../machine.mjs";

const service = "practice-door";
const origin = "pam://practice";

/**
 * Registers the card, and guards a PAM service with it. Debian 12's pamu2fcfg (1.1.0) cannot read self attestations; so libfido2's tool
 * registers, and the line that the former would have printed is made here (docs/decisions/0063).
 *
 * @param {import("../machine.mjs").Machine} machine
 * @param {string} verification what the line demands at each use
 */
async function guard(machine, verification) {
  const registered = await new Tools(machine).register({ flags: ["-v"], rpId: origin });
  const der = createPublicKey(await readFile(registered.publicKey, "utf8"));
  const { x = "", y = "" } = der.export({ format: "jwk" });
  const point = Buffer.concat([Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
  const keys = join(machine.folder, "u2f-keys");
  await writeFile(
    keys,
    `${owner}:${registered.id},${point.toString("base64")},es256,+presence+${verification}\n`,
  );
  await writeFile(
    `/etc/pam.d/${service}`,
    `auth required pam_u2f.so authfile=${keys} origin=${origin} appid=${origin} debug debug_file=stderr\n`,
  );
}

/** @type {import("./index.mjs").KernelCase[]} */
export const pam = [
  {
    name: "pam-u2f opens with the card and the system's prompt, and not without the card",
    async run(machine) {
      await machine.startKey();
      await guard(machine, "verification");
      const said = await machine.user("pamtester", [service, owner, "authenticate"]);
      assert.match(said, /successfully authenticated/);
      await machine.removeCard();
      await machine.userFails("pamtester", [service, owner, "authenticate"]);
      assert.equal(machine.windows().filter(({ asks }) => asks.startsWith("GETPIN")).length, 2);
    },
  },
  {
    name: "pam-u2f opens with the PIN typed into its own prompt",
    async run(machine) {
      await machine.startKey();
      await guard(machine, "pin");
      const said = await machine.user("pamtester", [service, owner, "authenticate"], {
        input: machine.pin(),
      });
      assert.match(said, /successfully authenticated/);
    },
  },
];
