// Who vouches, and everybody who must not: each refusal with the words the relying party shows.

import assert from "node:assert/strict";
import { attestationObject } from "../lib/cbor.mjs";
import { LookAlike } from "../lib/look-alike.mjs";
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
    words: /not what arrived/i,
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
    words: /certificate was not (sent|shown)/i,
  }),
  {
    name: "refuses what was made at a look-alike site that passes everything on",
    async run(world) {
      const lookAlike = await LookAlike.start(world.relyingParty.origin);
      try {
        const victim = await world.visit(lookAlike);
        await registerUpToResult(world, { site: victim });
        tells(await victim.says("other-origin"), /another site/i);

        // Registered at the right place, the credential does not open the account through the wrong one either.
        await register(world);
        await world.site.signOut();
        await victim.signIn("taro");
        const prompt = await world.prompt();
        await prompt.asksPin();
        await world.enterPin(prompt);
        await world.browser.promptClosed();
        tells(await victim.says("other-origin"), /another site/i);
      } finally {
        await lookAlike.stop();
      }
    },
  },
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
      tells(await world.site.says("unknown-issuer-key"), /issue/i, "JPKI-unknown-issuer");
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
    name: "an expired certificate cannot vouch: the prompt says that it expired, and no PIN is asked for",
    world: { cards: [{ person: "p04" }] },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.says("certificate-expired");
      tells(shown.message, /expired/i, /office/i);
      assert.equal(shown.asksPin, false);
      await world.site.says("not-completed");
    },
  },
  {
    name: "nor can one whose CA has expired with it",
    world: { cards: [{ person: "p03" }] },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.says("certificate-expired");
      tells(shown.message, /expired/i, /office/i);
      assert.equal(shown.asksPin, false);
      await world.site.says("not-completed");
    },
  },
  {
    name: "an expired card still registers where nobody asks who it is, with a warning",
    world: { cards: [{ person: "p04" }], relyingParty: { require: false, conveyance: "none" } },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      tells((await prompt.asksPin()).note, /expired/i);
      await world.enterPin(prompt);
      await world.browser.promptClosed();
      tells((await world.site.account()).vouchedBy, "Nobody");
    },
  },
  refusesCard({
    name: "refuses a valid certificate of a CA that has expired",
    person: "expired-anchor",
    code: "anchor-expired",
    words: /out of its dates/i,
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
 * @param {Buffer} content of 24 to 255 bytes, as authenticator data are
 * @returns {Buffer} CBOR
 */
function byteString(content) {
  assert.ok(content.length >= 24 && content.length < 256);
  return Buffer.concat([Buffer.from([0x58, content.length]), content]);
}

/**
 * @param {string} content of less than 24 letters
 * @returns {Buffer} CBOR
 */
function text(content) {
  return Buffer.concat([Buffer.from([0x60 + content.length]), Buffer.from(content)]);
}
