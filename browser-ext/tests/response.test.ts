import assert from "node:assert/strict";
import test from "node:test";
import { responseProblem } from "../src/response.js";

const get = {
  type: "public-key",
  id: "AA_-",
  rawId: "AA_-",
  authenticatorAttachment: "platform",
  clientExtensionResults: {},
  response: { clientDataJSON: "AA", authenticatorData: "AA", signature: "AA", userHandle: "AA" },
};

test("a response that browsers accept is passed on", () => {
  assert.equal(responseProblem("get", get), undefined);
  const registration = { clientDataJSON: "AA", authenticatorData: "AA", attestationObject: "AA" };
  assert.equal(responseProblem("create", { ...get, response: registration }), undefined);
});

test("what browsers would refuse, and leave the page waiting, is found before", () => {
  const faulty: [string, Record<string, unknown>][] = [
    ["null instead of absent", { ...get, response: { ...get.response, userHandle: null } }],
    ["padding", { ...get, id: "AA==", rawId: "AA==" }],
    ["two IDs", { ...get, rawId: "BB" }],
    ["no signature", { ...get, response: { ...get.response, signature: undefined } }],
    ["a letter too many", { ...get, response: { ...get.response, signature: "AAAAA" } }],
    ["a user handle of other letters", { ...get, response: { ...get.response, userHandle: "A+/=" } }],
    ["cross-platform", { ...get, authenticatorAttachment: "cross-platform" }],
    ["no extension results", { ...get, clientExtensionResults: undefined }],
    ["no response", { ...get, response: undefined }],
    ["another type", { ...get, type: "password" }],
  ];
  for (const [why, credential] of faulty) assert.notEqual(responseProblem("get", credential), undefined, why);
  assert.notEqual(responseProblem("create", get), undefined, "an assertion is no registration");
  const registration = { clientDataJSON: "AA", authenticatorData: "AA", attestationObject: "AA" };
  const withKey = (publicKey: string) => ({ ...get, response: { ...registration, publicKey } });
  assert.equal(responseProblem("create", withKey("AA")), undefined);
  assert.notEqual(responseProblem("create", withKey("AA==")), undefined, "a padded public key");
});
