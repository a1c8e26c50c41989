// OpenSSH's security keys.

import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
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
  {
    name: "a resident ssh key comes back with ssh-keygen -K, which asks for the PIN itself, and logs in",
    async run(machine) {
      await machine.startKey();
      const made = join(machine.home, "id_ecdsa_sk");
      await machine.user("ssh-keygen", [
        ...["-t", "ecdsa-sk", "-N", "", "-f", made, "-O", "verify-required", "-O", "resident"],
      ]);
      // Elsewhere there is nothing but the card; it writes into the folder where it runs.
      const elsewhere = join(machine.home, "elsewhere");
      await machine.user("mkdir", [elsewhere]);
      const typed = machine.pin();
      // libfido2 hands the one PIN to the key for each of three commands: how many there are, whose, and those of `ssh:`.
      machine.pin();
      machine.pin();
      await machine.user("sh", ["-c", `cd ${elsewhere} && exec ssh-keygen -K -N ''`], { input: typed });
      const fetched = join(elsewhere, "id_ecdsa_sk_rk");
      const words = async (/** @type {string} */ key) =>
        (await readFile(`${key}.pub`, "utf8")).split(" ").slice(0, 2);
      assert.deepEqual(await words(fetched), await words(made));
      await rm(made);
      const port = await startSshd(machine, await readFile(`${fetched}.pub`, "utf8"));
      assert.equal(await logIn(machine, port, fetched), owner);
    },
  },
];
