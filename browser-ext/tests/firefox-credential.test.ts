import assert from "node:assert/strict";
import test from "node:test";
import { credentialOf } from "../src/firefox/credential.js";

class PublicKeyCredential {
  get id(): string {
    throw new TypeError("not one of the browser's own");
  }
}
class AuthenticatorAttestationResponse {
  readonly made = true;
}
class AuthenticatorAssertionResponse {
  readonly made = true;
}
const classes = {
  credential: PublicKeyCredential.prototype,
  attestation: AuthenticatorAttestationResponse.prototype,
  assertion: AuthenticatorAssertionResponse.prototype,
};
const bytes = (buffer: unknown) => Array.from(new Uint8Array(buffer as ArrayBuffer));

const registration = {
  id: "AQI",
  rawId: "AQI",
  type: "public-key",
  authenticatorAttachment: "platform",
  clientExtensionResults: { credProps: { rk: true }, prf: { enabled: true, results: { first: "_w" } } },
  response: {
    clientDataJSON: "Aw",
    attestationObject: "BA",
    authenticatorData: "BQ",
    publicKey: "Bg",
    publicKeyAlgorithm: -7,
    transports: ["internal", "usb"],
  },
};

test("a registration has everything a page may read of it", () => {
  const credential = credentialOf(
    "create",
    registration,
    classes,
  ) as unknown as globalThis.PublicKeyCredential;
  assert.ok(credential instanceof PublicKeyCredential);
  assert.equal(credential.id, "AQI");
  assert.deepEqual(bytes(credential.rawId), [1, 2]);
  assert.equal(credential.type, "public-key");
  assert.equal(credential.authenticatorAttachment, "platform");
  const response = credential.response as globalThis.AuthenticatorAttestationResponse;
  assert.ok(response instanceof AuthenticatorAttestationResponse);
  assert.deepEqual(bytes(response.clientDataJSON), [3]);
  assert.deepEqual(bytes(response.attestationObject), [4]);
  assert.deepEqual(bytes(response.getAuthenticatorData()), [5]);
  assert.deepEqual(bytes(response.getPublicKey()), [6]);
  assert.equal(response.getPublicKeyAlgorithm(), -7);
  assert.deepEqual(response.getTransports(), ["internal", "usb"]);
  assert.equal(response.clientDataJSON, response.clientDataJSON);
  const results = credential.getClientExtensionResults() as Record<string, Record<string, unknown>>;
  assert.deepEqual(results["credProps"], { rk: true });
  assert.deepEqual(bytes((results["prf"]?.["results"] as Record<string, unknown>)["first"]), [255]);
  assert.deepEqual(JSON.parse(JSON.stringify(credential)), registration);
});

test("a sign-in has everything a page may read of it", () => {
  const json = {
    ...registration,
    clientExtensionResults: {},
    response: { clientDataJSON: "Aw", authenticatorData: "BQ", signature: "Bw" },
  };
  const credential = credentialOf("get", json, classes) as unknown as globalThis.PublicKeyCredential;
  const response = credential.response as globalThis.AuthenticatorAssertionResponse;
  assert.ok(response instanceof AuthenticatorAssertionResponse);
  assert.deepEqual(bytes(response.authenticatorData), [5]);
  assert.deepEqual(bytes(response.signature), [7]);
  assert.equal(response.userHandle, null);
  assert.deepEqual(credential.getClientExtensionResults(), {});
});

test("a page cannot change what it was given, as with the browser's own", () => {
  const credential = credentialOf("create", registration, classes) as unknown as Record<string, unknown>;
  assert.throws(() => (credential["id"] = "other"), TypeError);
  assert.deepEqual(Object.keys(credential), []);
});
