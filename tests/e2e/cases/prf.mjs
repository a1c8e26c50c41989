// `prf` (WebAuthn L3 §10.1.4): what a page gets to encrypt with.

import assert from "node:assert/strict";

/**
 * @typedef {object} Outcome
 * @property {string} [error] the exception's name
 * @property {string} [id] of the credential
 * @property {boolean} [enabled]
 * @property {string[]} [results] the first and, if there is one, the second, in hexadecimal digits
 */

/**
 * Calls WebAuthn as a page does, has the person type the PIN, and tells what the page was given.
 *
 * @param {import("../lib/world.mjs").World} world
 * @param {"create" | "get"} call
 * @param {object} asked
 * @param {string[]} [asked.inputs] the first and, if there is one, the second
 * @param {Record<string, string>} [asked.byCredential] the first for some
 * @param {string} [asked.allowed] the credential
 * @returns {Promise<Outcome>}
 */
async function ceremony(world, call, asked) {
  const { page } = world.site;
  await page.evaluate(
    (kind, { inputs, byCredential, allowed }) => {
      const its = /** @type {any} */ (globalThis);
      its.outcome = undefined;
      const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
      const decoded = (/** @type {string} */ text) =>
        Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
      const prf = {
        ...(inputs && {
          eval: { first: bytes(inputs[0] ?? ""), ...(inputs[1] && { second: bytes(inputs[1]) }) },
        }),
        ...(byCredential && {
          evalByCredential: Object.fromEntries(
            Object.entries(byCredential).map(([id, input]) => [id, { first: bytes(input) }]),
          ),
        }),
      };
      const common = { challenge: new Uint8Array(32), extensions: /** @type {any} */ ({ prf }) };
      const called =
        kind === "create"
          ? navigator.credentials.create({
              publicKey: {
                ...common,
                rp: { name: "Example" },
                user: { id: new Uint8Array([1, 2, 3, 4]), name: "taro", displayName: "Taro" },
                pubKeyCredParams: [{ type: "public-key", alg: -7 }],
                authenticatorSelection: { userVerification: "required", residentKey: "required" },
              },
            })
          : navigator.credentials.get({
              publicKey: {
                ...common,
                userVerification: "required",
                ...(allowed && { allowCredentials: [{ type: "public-key", id: decoded(allowed) }] }),
              },
            });
      called.then(
        (credential) => {
          const { id, getClientExtensionResults } = /** @type {any} */ (credential);
          const given = getClientExtensionResults.call(credential).prf;
          const values = [given?.results?.first, given?.results?.second].filter(Boolean);
          const hex = (/** @type {ArrayBuffer} */ value) =>
            [...new Uint8Array(value)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
          its.outcome = { id, enabled: given?.enabled, results: given && values.map(hex) };
        },
        (error) => (its.outcome = { error: error.name }),
      );
    },
    call,
    asked,
  );
  const prompt = await world.prompt();
  await prompt.asksPin();
  await world.enterPin(prompt);
  await page.waitForFunction(() => /** @type {any} */ (globalThis).outcome !== undefined);
  await world.browser.promptClosed();
  return page.evaluate(() => /** @type {any} */ (globalThis).outcome);
}

/** @type {import("../lib/suite.mjs").Case[]} */
export const prf = [
  {
    name: "prf gives a page the same secret each time, another one for another input, and at registration already",
    async run(world) {
      await world.site.open("/register");
      const made = await ceremony(world, "create", { inputs: ["one", "two"] });
      assert.equal(made.enabled, true, JSON.stringify(made));
      const [one, two] = made.results ?? [];
      assert.match(one ?? "", /^[0-9a-f]{64}$/);
      assert.match(two ?? "", /^[0-9a-f]{64}$/);
      assert.notEqual(one, two);
      for (let time = 0; time < 2; time += 1) {
        const used = await ceremony(world, "get", { inputs: ["one"] });
        assert.deepEqual(used.results, [one], JSON.stringify(used));
      }
      const id = made.id ?? "";
      const named = await ceremony(world, "get", {
        allowed: id,
        inputs: ["one"],
        byCredential: { [id]: "two" },
      });
      assert.deepEqual(named.results, [two], JSON.stringify(named));
    },
  },
];
