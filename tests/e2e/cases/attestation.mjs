// Who vouches, and everybody who must not: each refusal with the words the relying party shows.

import assert from "node:assert/strict";
import { attestationObject } from "../lib/cbor.mjs";
import { register, registerUpToResult, tells } from "./steps.mjs";

const registrationFinish = "/api/registration/finish";
const authenticationFinish = "/api/authentication/finish";

/**
 * A card whose certificate is not what it should be, and how the relying party refuses it.
 *
 * @param {object} odd
 * @param {string} odd.name
 * @param {string} odd.person one of `jpki-lab pki --odd-people`
 * @param {string} odd.code
 * @param {RegExp} odd.words
 * @returns {import("../lib/suite.mjs").Case}
 */
function refusesCard({ name, person, code, words }) {
  return {
    name,
    world: { cards: [{ person }] },
    async run(world) {
      await registerUpToResult(world);
      tells(await world.site.says(code), words);
    },
  };
}

/**
 * A genuine registration that a page's script changes before it is posted.
 *
 * @param {object} altered
 * @param {string} altered.name
 * @param {(response: {attestationObject: string, clientDataJSON: string}) => void} altered.change
 * @param {string} altered.code
 * @param {RegExp} altered.words
 * @returns {import("../lib/suite.mjs").Case}
 */
function refusesAlteration({ name, change, code, words }) {
  return {
    name,
    async run(world) {
      await world.site.alterPost(registrationFinish, (body) => {
        change(body.response);
        return body;
      });
      await registerUpToResult(world);
      tells(await world.site.says(code), words);
    },
  };
}

/** @type {import("../lib/suite.mjs").Case[]} */
export const attestation = [
  refusesAlteration({
    name: "refuses a statement whose signature was changed on the way",
    change(response) {
      const { bytes, statement } = attestationObject(response.attestationObject);
      const signature = statement.get("sig");
      assert.ok(Buffer.isBuffer(signature));
      signature.writeUInt8(signature.readUInt8(100) ^ 1, 100);
      response.attestationObject = bytes.toString("base64url");
    },
    code: "statement-signature",
    words: /signature/i,
  }),
  refusesAlteration({
    name: "refuses a statement whose certificate was changed on the way",
    change(response) {
      const { bytes, statement } = attestationObject(response.attestationObject);
      const [leaf] = /** @type {Buffer[]} */ (statement.get("x5c"));
      assert.ok(leaf);
      leaf.writeUInt8(leaf.readUInt8(leaf.length - 1) ^ 1, leaf.length - 1);
      response.attestationObject = bytes.toString("base64url");
    },
    code: "issuer-signature",
    words: /certificate/i,
  }),
  refusesAlteration({
    name: "refuses `none` where an eID attestation is required",
    change(response) {
      const { authData } = attestationObject(response.attestationObject);
      response.attestationObject = Buffer.concat([
        Buffer.from([0xa3]),
        ...[text("fmt"), text("none")],
        ...[text("attStmt"), Buffer.from([0xa0])],
        ...[text("authData"), byteString(authData)],
      ]).toString("base64url");
    },
    code: "attestation-required",
    words: /certificate was not sent/i,
  }),
  refusesAlteration({
    name: "refuses a registration made for another origin",
    change(response) {
      const data = JSON.parse(Buffer.from(response.clientDataJSON, "base64url").toString());
      data.origin = "https://example.jp";
      response.clientDataJSON = Buffer.from(JSON.stringify(data)).toString("base64url");
    },
    code: "other-origin",
    words: /another site/i,
  }),
  {
    name: "refuses a registration that was used before",
    async run(world) {
      /** @type {any} */
      let first;
      await world.site.alterPost(registrationFinish, (body) => (first ??= body));
      await register(world, { account: "taro" });
      await world.site.signOut();
      await registerUpToResult(world, { account: "jiro" });
      tells(await world.site.says("challenge-unknown"), /again/i);
    },
  },
  {
    name: "refuses a sign-in that was used before",
    async run(world) {
      await register(world);
      await world.site.signOut();
      /** @type {any} */
      let first;
      await world.site.alterPost(authenticationFinish, (body) => (first ??= body));
      for (const expected of ["accepted", "refused"]) {
        await world.site.signIn("taro");
        const prompt = await world.prompt();
        await prompt.asksPin();
        await world.enterPin(prompt);
        await world.browser.promptClosed();
        if (expected === "accepted") {
          await world.site.account();
          await world.site.signOut();
        }
      }
      tells(await world.site.says("challenge-unknown"), /again/i);
    },
  },
  {
    name: "refuses a card of an issuer it does not know",
    world: { relyingParty: { profiles: ["jpki"], anchors: [], acceptUnchecked: true } },
    async run(world) {
      await registerUpToResult(world);
      tells(await world.site.says("unknown-issuer"), /issue/i);
    },
  },
  {
    name: "refuses a card of another CA that bears the trusted CA's name",
    world: ({ impostors }) => ({ cards: [{ person: "p01", pki: impostors }] }),
    async run(world) {
      await registerUpToResult(world);
      tells(await world.site.says("unknown-issuer-key"), /issue/i);
    },
  },
  {
    name: "tells generations apart that bear one name: a card of the second is accepted too",
    world: { cards: [{ person: "p02" }] },
    async run(world) {
      tells((await register(world)).vouchedBy, /practice/i, "2");
    },
  },
  {
    name: "an expired certificate is not disclosed: the prompt says that it expired",
    world: { cards: [{ person: "p04" }] },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.setCertificate(true);
      await world.enterPin(prompt);
      tells((await prompt.says("certificate-expired")).message, /expired/i);
      await world.site.says("cancelled");
    },
  },
  {
    name: "a card whose CA has expired with it is not disclosed either",
    world: { cards: [{ person: "p03" }] },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.setCertificate(true);
      await world.enterPin(prompt);
      tells((await prompt.says("certificate-expired")).message, /expired/i);
      await world.site.says("cancelled");
    },
  },
  refusesCard({
    name: "refuses a valid certificate of a CA that has expired",
    person: "expired-anchor",
    code: "anchor-expired",
    words: /expired/i,
  }),
  refusesCard({
    name: "refuses the signing certificate where the authentication certificate is meant",
    person: "signing-certificate",
    code: "unknown-issuer",
    words: /issue/i,
  }),
  refusesCard({
    name: "refuses a certificate without a policy",
    person: "no-policy",
    code: "policy-missing",
    words: /certificate/i,
  }),
  refusesCard({
    name: "refuses a certificate of another policy",
    person: "other-policy",
    code: "other-policy",
    words: /certificate/i,
  }),
];

/**
 * @param {Buffer} content of less than 64 KiB
 * @returns {Buffer} CBOR
 */
function byteString(content) {
  const head = Buffer.from([0x59, 0, 0]);
  head.writeUInt16BE(content.length, 1);
  return Buffer.concat([head, content]);
}

/**
 * @param {string} content of less than 24 letters
 * @returns {Buffer} CBOR
 */
function text(content) {
  return Buffer.concat([Buffer.from([0x60 + content.length]), Buffer.from(content)]);
}
