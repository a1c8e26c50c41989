import assert from "node:assert/strict";
import test from "node:test";
import { Credentials } from "../src/firefox/credential.js";

// The browser's classes: what they know is in a private place, and asked of another object they throw.
class Credential {
  readonly #id: string;
  constructor(id = "the browser's own") {
    this.#id = id;
  }
  get id(): string {
    return this.#id;
  }
  get type(): string {
    return `${this.#id}, public-key`;
  }
}
class PublicKeyCredential extends Credential {
  readonly #rawId = new ArrayBuffer(1);
  get rawId(): ArrayBuffer {
    return this.#rawId;
  }
  get response(): unknown {
    return this.#rawId;
  }
  get authenticatorAttachment(): unknown {
    return this.#rawId;
  }
  getClientExtensionResults(): unknown {
    return this.#rawId;
  }
  toJSON(...args: unknown[]): unknown {
    return [this.#rawId, ...args];
  }
}
class AuthenticatorResponse {
  readonly #data = new ArrayBuffer(1);
  get clientDataJSON(): ArrayBuffer {
    return this.#data;
  }
}
class AuthenticatorAttestationResponse extends AuthenticatorResponse {
  readonly #data = new ArrayBuffer(1);
  get attestationObject(): ArrayBuffer {
    return this.#data;
  }
  getAuthenticatorData(): ArrayBuffer {
    return this.#data;
  }
  getPublicKey(): ArrayBuffer {
    return this.#data;
  }
  getPublicKeyAlgorithm(): unknown {
    return this.#data;
  }
  getTransports(): unknown {
    return this.#data;
  }
}
class AuthenticatorAssertionResponse extends AuthenticatorResponse {
  readonly #data = new ArrayBuffer(1);
  get authenticatorData(): ArrayBuffer {
    return this.#data;
  }
  get signature(): ArrayBuffer {
    return this.#data;
  }
  get userHandle(): unknown {
    return this.#data;
  }
}
const classes = {
  credential: Credential.prototype,
  publicKey: PublicKeyCredential.prototype,
  response: AuthenticatorResponse.prototype,
  attestation: AuthenticatorAttestationResponse.prototype,
  assertion: AuthenticatorAssertionResponse.prototype,
};
/** Each member of each class, as it was. */
const before = Object.values(classes).map((prototype) => Object.getOwnPropertyDescriptors(prototype));
const credentials = new Credentials(classes);
const credentialOf = (type: "create" | "get", json: object) =>
  credentials.make(type, JSON.stringify(json)) as unknown as globalThis.PublicKeyCredential;
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
  const credential = credentialOf("create", registration);
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

const signIn = {
  ...registration,
  clientExtensionResults: {},
  response: { clientDataJSON: "Aw", authenticatorData: "BQ", signature: "Bw" },
};

test("a sign-in has everything a page may read of it", () => {
  const credential = credentialOf("get", signIn);
  const response = credential.response as globalThis.AuthenticatorAssertionResponse;
  assert.ok(response instanceof AuthenticatorAssertionResponse);
  assert.deepEqual(bytes(response.authenticatorData), [5]);
  assert.deepEqual(bytes(response.signature), [7]);
  assert.equal(response.userHandle, null);
  assert.deepEqual(credential.getClientExtensionResults(), {});
});

test("a page cannot change what it was given, as with the browser's own", () => {
  const credential = credentialOf("create", registration);
  assert.throws(() => ((credential as unknown as Record<string, unknown>)["id"] = "other"), TypeError);
  (credential.getClientExtensionResults() as Record<string, unknown>)["credProps"] = undefined;
  (credential.toJSON() as Record<string, unknown>)["id"] = "other";
  const response = credential.response as globalThis.AuthenticatorAttestationResponse;
  response.getTransports().pop();
  const publicKey = response.getPublicKey();
  assert.ok(publicKey);
  for (const buffer of [publicKey, credential.rawId]) new Uint8Array(buffer).fill(9);
  assert.deepEqual(credential.toJSON(), registration);
  assert.deepEqual(response.getTransports(), ["internal", "usb"]);
  assert.deepEqual(bytes(response.getPublicKey()), [6]);
});

test("no member is a result's own, and each attribute gives the same object every time", () => {
  const made = credentialOf("create", registration);
  const used = credentialOf("get", signIn);
  for (const object of [made, made.response, used, used.response]) {
    assert.deepEqual(Reflect.ownKeys(object), []);
  }
  const attributes: [object, string[]][] = [
    [made, ["rawId", "response"]],
    [made.response, ["clientDataJSON", "attestationObject"]],
    [used.response, ["clientDataJSON", "authenticatorData", "signature"]],
  ];
  for (const [object, names] of attributes) {
    for (const name of names) assert.equal(Reflect.get(object, name), Reflect.get(object, name), name);
  }
});

test("what stands in the browser's classes looks as it did, and leaves the browser's objects to it", () => {
  const looks = (value: unknown) => {
    if (typeof value !== "function") return value;
    const { name, length } = value;
    return [name, length, Object.hasOwn(value, "prototype")].join(" ");
  };
  for (const [at, prototype] of Object.values(classes).entries()) {
    const now = Object.getOwnPropertyDescriptors(prototype) as Record<string, PropertyDescriptor>;
    const was = (before[at] ?? {}) as Record<string, PropertyDescriptor>;
    assert.deepEqual(Object.keys(now), Object.keys(was));
    for (const name of Object.keys(now)) {
      for (const attribute of ["value", "get", "set", "writable", "enumerable", "configurable"] as const) {
        const [ours, original] = [now[name]?.[attribute], was[name]?.[attribute]] as unknown[];
        assert.deepEqual(looks(ours), looks(original), `${name}: ${attribute}`);
        const isOurs = typeof original === "function" && name !== "constructor";
        assert.equal(ours !== original, isOurs, `${name}: ${attribute}`);
      }
    }
  }
  const native = new PublicKeyCredential();
  assert.equal(native.id, "the browser's own");
  assert.deepEqual(native.toJSON("what it was given"), [native.rawId, "what it was given"]);
  assert.equal(credentials.has(native), false);
  assert.equal(credentials.has("text"), false);
  assert.equal(credentials.has(credentialOf("get", signIn)), true);
});

test("a getter asked of an object of another class, or of none, throws as the browser's does", () => {
  const made = credentialOf("create", registration);
  const getters: [object, string, unknown[]][] = [
    [classes.publicKey, "rawId", [made.response, Object.create(classes.publicKey), {}, undefined, "text"]],
    [classes.credential, "id", [made.response, classes.credential]],
    [classes.response, "clientDataJSON", [made, classes.response]],
    [classes.assertion, "signature", [made.response, made]],
    [classes.attestation, "attestationObject", [credentialOf("get", signIn).response, made]],
  ];
  for (const [prototype, name, objects] of getters) {
    for (const object of objects) {
      assert.throws(() => Reflect.get(prototype, name, object) as unknown, TypeError, name);
    }
  }
});

test("a member that the browser's class lacks or will not let go of does not break the others", () => {
  const bare = { credential: {}, publicKey: {}, response: {}, attestation: {}, assertion: {} };
  Object.defineProperty(bare.publicKey, "rawId", { get: () => "another's", configurable: false });
  Object.defineProperty(bare.publicKey, "toJSON", { value: () => "the browser's", configurable: true });
  const made = new Credentials(bare).make("create", JSON.stringify(registration));
  const { rawId } = made as unknown as globalThis.PublicKeyCredential;
  assert.equal(rawId, "another's");
  assert.equal("response" in made, false);
  assert.deepEqual(JSON.parse(JSON.stringify(made)), registration);
});
