// OpenSSH's security keys.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Process } from "../../lib/processes.mjs";
import { freePort } from "../../lib/relying-party.mjs";
import { owner } from "../machine.mjs";

/**
 * Starts an sshd that lets in whoever has this key, and only after user verification.
 *
 * @param {import("../machine.mjs").Machine} machine
 * @param {string} publicKey
 * @returns {Promise<number>} its port
 */
async function startSshd(machine, publicKey) {
  const folder = join(machine.folder, "sshd");
  await mkdir(folder, { recursive: true });
  await mkdir("/run/sshd", { recursive: true });
  const hostKey = join(folder, "host-key");
  await machine.root("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", hostKey]);
  await writeFile(join(folder, "authorized_keys"), publicKey);
  const port = await freePort();
  const config = join(folder, "sshd_config");
  await writeFile(
    config,
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${hostKey}
AuthorizedKeysFile ${join(folder, "authorized_keys")}
StrictModes no
AuthenticationMethods publickey
PubkeyAuthOptions verify-required
UsePAM no
PidFile none
`,
  );
  const sshd = new Process("sshd", join(folder, "sshd.log"), "/usr/sbin/sshd", ["-D", "-e", "-f", config]);
  machine.started.push({ name: "sshd", stop: () => sshd.stop() });
  await sshd.ready("listening", () => sshd.tail().includes("Server listening"));
  return port;
}

/**
 * Logs in over ssh and says what a command there says.
 *
 * @param {import("../machine.mjs").Machine} machine
 * @param {number} port
 * @param {string} key
 */
async function logIn(machine, port, key) {
  const options = [
    "IdentitiesOnly=yes",
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "PasswordAuthentication=no",
  ];
  return machine.user("ssh", [
    ...["-F", "none", "-i", key, "-p", String(port)],
    ...options.flatMap((option) => ["-o", option]),
    `${owner}@127.0.0.1`,
    "id -un",
  ]);
}

/** @type {import("./index.mjs").KernelCase[]} */
export const ssh = [
  {
    name: "ssh-keygen -t ecdsa-sk makes a key, and ssh logs in with it; the system's prompt asks for the PIN",
    async run(machine) {
      await machine.startKey();
      const key = join(machine.home, "id_ecdsa_sk");
      await machine.user("ssh-keygen", [
        ...["-t", "ecdsa-sk", "-N", "", "-f", key, "-O", "verify-required", "-O", "application=ssh:office"],
      ]);
      const port = await startSshd(machine, await readFile(`${key}.pub`, "utf8"));
      assert.equal(await logIn(machine, port, key), owner);
      const asked = machine.windows().filter(({ asks }) => asks.startsWith("GETPIN"));
      assert.equal(asked.length, 2);
      for (const { text } of asked) assert.match(text, /ssh:office/);
    },
  },
];
