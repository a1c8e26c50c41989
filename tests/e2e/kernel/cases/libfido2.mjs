// libfido2's own tools.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../../lib/until.mjs";
import { Tools } from "../libfido2.mjs";

/** @type {import("./index.mjs").KernelCase[]} */
export const libfido2 = [
  {
    name: "fido2-token lists the key while the card is there, and reads what it can do",
    async run(machine) {
      const tools = new Tools(machine);
      await machine.startKey();
      const listed = await tools.token(["-L"]);
      assert.equal(listed.split("\n").length, 1);
      assert.match(listed, new RegExp(`^${machine.key}: vendor=0xffff, product=0x4a50`));
      const info = await tools.token(["-I", machine.key]);
      assert.match(info, /version strings: .*FIDO_2_0, FIDO_2_1/);
      assert.match(info, /extension strings: .*hmac-secret/);
      assert.match(info, /options: .*\balwaysUv/);
      assert.match(info, /pin protocols: 2, 1/);
      assert.match(info, /pin retries: 3/);

      await machine.removeCard();
      assert.equal(await tools.token(["-L"]), "");
      await machine.insertCard();
      assert.match(await tools.token(["-L"]), /0x4a50/);
    },
  },
  {
    name: "fido2-cred and fido2-assert with the PIN typed there, and the card's presence as the touch",
    async run(machine) {
      const tools = new Tools(machine);
      await machine.startKey({ prompts: false });
      await machine.present();
      const registered = await tools.register({ input: machine.pin() });
      await machine.present();
      await tools.signIn(registered, { flags: ["-v", "-p"], input: machine.pin() });
      assert.deepEqual(machine.windows(), []);
    },
  },
  {
    name: "fido2-cred and fido2-assert ask nothing where the system's prompt does",
    async run(machine) {
      const tools = new Tools(machine);
      await machine.startKey();
      const registered = await tools.register({ flags: ["-v"] });
      await tools.signIn(registered, { flags: ["-p"] });
      const asked = machine.windows().filter(({ asks }) => asks.startsWith("GETPIN"));
      assert.equal(asked.length, 2);
      for (const { text } of asked) assert.match(text, /tools\.example/);
    },
  },
  {
    name: "a discoverable credential signs in with fido2-assert -r",
    async run(machine) {
      const tools = new Tools(machine);
      await machine.startKey();
      const registered = await tools.register({ flags: ["-r", "-v"] });
      const lines = await tools.signIn(registered, { flags: ["-r"] });
      assert.equal(lines.length, 5, "the user's ID is the fifth line");
    },
  },
  {
    name: "hmac-secret: the same salt gives the same secret",
    async run(machine) {
      const tools = new Tools(machine);
      await machine.startKey();
      const registered = await tools.register({ flags: ["-h"] });
      const secret = async (/** @type {Buffer} */ salt) =>
        (await tools.signIn(registered, { flags: ["-p"], salt })).at(-1);
      const salt = randomBytes(32);
      const [first, again, other] = [await secret(salt), await secret(salt), await secret(randomBytes(32))];
      assert.equal(Buffer.from(first ?? "", "base64").length, 32);
      assert.equal(first, again);
      assert.notEqual(first, other);
    },
  },
  {
    name: "an RS256 credential is the card's own key, once the person agreed",
    async run(machine) {
      const tools = new Tools(machine);
      await machine.startKey();
      await machine.decline("own key");
      await assert.rejects(tools.register({ flags: ["-v"], type: "rs256" }));
      await machine.decline();
      const registered = await tools.register({ flags: ["-v"], type: "rs256" });
      await tools.signIn(registered, { flags: ["-p"] });
    },
  },
  {
    name: "a large blob is kept, encrypted for its credential",
    async run(machine) {
      const tools = new Tools(machine);
      await machine.startKey();
      const registered = await tools.register({ flags: ["-r", "-b"] });
      assert.ok(registered.lines.length >= 7, "the blob's key is the last line");
      const blob = join(machine.home, "blob");
      const back = join(machine.home, "blob-back");
      await writeFile(blob, "何でもよい".repeat(40));
      const which = ["-n", registered.rpId, "-i", registered.id];
      await tools.token(["-S", "-b", ...which, blob, machine.key]);
      await tools.token(["-G", "-b", ...which, back, machine.key]);
      assert.equal(await readFile(back, "utf8"), await readFile(blob, "utf8"));
    },
  },
  {
    name: "credentials are listed and removed with fido2-token",
    async run(machine) {
      const tools = new Tools(machine);
      await machine.startKey();
      const first = await tools.register({ flags: ["-r", "-v"], rpId: "one.example" });
      const second = await tools.register({ flags: ["-r", "-v"], rpId: "two.example" });
      assert.match(await tools.token(["-I", "-c", machine.key]), /existing rk\(s\): 2/);
      const sites = await tools.token(["-L", "-r", machine.key]);
      assert.match(sites, /one\.example/);
      assert.match(sites, /two\.example/);
      const list = (/** @type {string} */ rpId) => tools.token(["-L", "-k", rpId, machine.key]);
      assert.ok((await list("one.example")).includes(first.id));
      await tools.token(["-D", "-i", first.id, machine.key]);
      assert.doesNotMatch(await tools.token(["-L", "-r", machine.key]), /one\.example/);
      await tools.signIn(second, { flags: ["-r"] });
    },
  },
  {
    name: "a second PIN cannot be set, and a PIN of letters costs no try",
    async run(machine) {
      const tools = new Tools(machine);
      await machine.startKey({ prompts: false });
      const set = await machine.userFails("fido2-token", ["-S", machine.key], { input: "123456\n123456\n" });
      assert.match(set, /FIDO_ERR/);
      const wrong = await machine.userFails("fido2-token", ["-L", "-r", machine.key], { input: "letters\n" });
      assert.match(wrong, /PIN_INVALID/);
      assert.deepEqual(machine.card.pinTries(), []);
      assert.match(await tools.token(["-I", machine.key]), /pin retries: 3/);
    },
  },
  {
    name: "the card's PIN is changed with fido2-token -C, after a yes in the system's prompt",
    async run(machine) {
      const tools = new Tools(machine);
      await machine.startKey();
      const change = () => tools.token(["-C", machine.key], `${machine.card.person.pin}\n9753\n9753\n`);
      await machine.decline("Change the card");
      await assert.rejects(change, "a no changes nothing");
      assert.deepEqual(machine.card.pinTries(), []);
      await machine.decline();
      await change();
      machine.pin();
      await until("the card to be unpowered", async () => machine.card.unpowered().then(() => true));
    },
  },
  {
    name: "everything is erased with fido2-token -R after a yes, and the card stays as it was",
    async run(machine) {
      const tools = new Tools(machine);
      await machine.startKey();
      await tools.register({ flags: ["-r", "-v"] });
      await machine.present();
      await tools.token(["-R", machine.key]);
      assert.match(await tools.token(["-I", "-c", machine.key]), /existing rk\(s\): 0/);
      assert.match(await tools.token(["-I", machine.key]), /pin retries: 3/);
    },
  },
];
