import assert from "node:assert/strict";
import test from "node:test";
import { fromBase64url, toBase64url } from "../src/firefox/base64url.js";
import { readOptions } from "../src/firefox/options.js";

const challenge = new Uint8Array([251, 255, 190]);
const creation = (members: Record<string, unknown> = {}) => ({
  rp: { name: "Example" },
  user: { id: new Uint8Array([1]), name: "taro", displayName: "Taro" },
  challenge,
  pubKeyCredParams: [{ type: "public-key", alg: -7 }],
  ...members,
});
const read = (type: "create" | "get", publicKey: unknown, others: Record<string, unknown> = {}) =>
  readOptions(type, { publicKey, ...others });
/** An ID of ours, by its form. */
const id = (version: number, length = 49) => new Uint8Array(length).fill(version, 0, 1);

test("options become the standard's JSON: bytes of every kind as base64url, absent members absent", () => {
  const view = new DataView(new Uint8Array([0, 1, 2, 3]).buffer, 1, 2);
  const options = creation({
    rp: { id: "example.jp", name: "Example", icon: "ignored" },
    user: { id: challenge.buffer, name: "taro", displayName: "" },
    excludeCredentials: [{ type: "public-key", id: view, transports: ["internal"] }],
    authenticatorSelection: { residentKey: "required", authenticatorAttachment: undefined },
    attestation: "direct",
    timeout: 60_000,
    extensions: { credProps: true, prf: { eval: { first: challenge } }, left: undefined },
    unknown: () => 1,
  });
  assert.deepEqual(read("create", options)?.options, {
    rp: { id: "example.jp", name: "Example" },
    user: { id: "-_--", name: "taro", displayName: "" },
    challenge: "-_--",
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    excludeCredentials: [{ type: "public-key", id: "AQI", transports: ["internal"] }],
    authenticatorSelection: { residentKey: "required" },
    attestation: "direct",
    timeout: 60_000,
    extensions: { credProps: true, prf: { eval: { first: "-_--" } } },
  });
});

test("null is a dictionary without members, and truth is what counts as true", () => {
  const nothing = creation({ authenticatorSelection: null, extensions: null });
  const { authenticatorSelection, extensions } = read("create", nothing)?.options ?? {};
  assert.deepEqual([authenticatorSelection, extensions], [{}, {}]);
  const loose = { credProps: 1, prf: null, largeBlob: { support: "preferred" } };
  assert.deepEqual(read("create", creation({ extensions: loose }))?.options["extensions"], {
    credProps: true,
    prf: {},
    largeBlob: { support: "preferred" },
  });
});

test("inputs of extensions that nobody here knows are dropped, whatever they are", () => {
  const cyclic: Record<string, unknown> = { credProps: true, later: () => 1, uvm: Symbol("uvm") };
  cyclic["again"] = cyclic;
  assert.deepEqual(read("create", creation({ extensions: cyclic }))?.options["extensions"], {
    credProps: true,
  });
});

test("prf by credential: bytes of every kind become base64url", () => {
  const allowCredentials = [{ type: "public-key", id: id(1) }];
  const name = toBase64url(id(1));
  const extensions = {
    prf: { evalByCredential: { [name]: { first: challenge, second: challenge.buffer } } },
  };
  assert.deepEqual(read("get", { challenge, allowCredentials, extensions })?.options["extensions"], {
    prf: { evalByCredential: { [name]: { first: "-_--", second: "-_--" } } },
  });
});

test("half a character becomes the one that stands for what cannot be read, as in the browser", () => {
  const user = { id: challenge, name: "taro\ud83d", displayName: "\ude00 太郎 😀" };
  assert.deepEqual(read("create", creation({ user }))?.options["user"], {
    id: "-_--",
    name: "taro\ufffd",
    displayName: "\ufffd 太郎 😀",
  });
});

test("a page that changes what is built in is read all the same", () => {
  const { from } = Array;
  // As MooTools had it.
  Array.from = (item: unknown) => [item] as never[];
  try {
    assert.deepEqual(read("create", creation())?.options["pubKeyCredParams"], [
      { type: "public-key", alg: -7 },
    ]);
  } finally {
    Array.from = from;
  }
});

test("a site's alg may be a string", () => {
  const options = read("create", creation({ pubKeyCredParams: [{ type: "public-key", alg: "-7" }] }));
  assert.deepEqual(options?.options["pubKeyCredParams"], [{ type: "public-key", alg: -7 }]);
});

test("what cannot be ours is the browser's: another attachment, other algorithms, others' credentials", () => {
  const selection = (authenticatorAttachment: string) => ({
    authenticatorSelection: { authenticatorAttachment },
  });
  assert.equal(read("create", creation(selection("cross-platform"))), undefined);
  assert.ok(read("create", creation(selection("platform"))));
  for (const [algorithms, ours] of [
    [[], true],
    [[-8, -257], true],
    [[-8, -35], false],
  ] as const) {
    const pubKeyCredParams = algorithms.map((alg) => ({ type: "public-key", alg }));
    assert.equal(read("create", creation({ pubKeyCredParams })) !== undefined, ours);
  }
  for (const [allowed, ours] of [
    [undefined, true],
    [[], true],
    [[id(1)], true],
    [[id(3), id(2)], true],
    [[id(0), id(3), id(1, 48), id(1, 50), new Uint8Array(32)], false],
  ] as const) {
    const allowCredentials = allowed?.map((one) => ({ type: "public-key", id: one }));
    assert.equal(read("get", { challenge, allowCredentials }) !== undefined, ours);
  }
});

test("conditional and silent requests, other kinds of credentials and ended signals are the browser's", () => {
  assert.ok(read("get", { challenge }, { mediation: "required" }));
  assert.ok(read("get", { challenge }, { password: false }));
  for (const others of [
    { mediation: "conditional" },
    { mediation: "silent" },
    { password: true },
    { identity: {} },
    { digital: {} },
    Object.create({ password: true }) as Record<string, unknown>,
    { signal: AbortSignal.abort() },
    { signal: {} },
  ]) {
    assert.equal(readOptions("get", Object.assign(others, { publicKey: { challenge } })), undefined);
  }
  assert.equal(readOptions("get", { password: true }), undefined);
});

test("what the browser would refuse is left to it, with its own exception", () => {
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  const named = { [Symbol.toStringTag]: "ArrayBuffer", length: 4 };
  for (const publicKey of [
    null,
    "text",
    {},
    creation({ challenge: "AAAA" }),
    creation({ challenge: undefined }),
    creation({ rp: {} }),
    creation({ user: { id: challenge, name: Symbol("taro"), displayName: "" } }),
    creation({ pubKeyCredParams: 7 }),
    creation({ challenge: shared }),
    creation({ challenge: named }),
    creation({ timeout: 60_000n }),
    creation({ excludeCredentials: null }),
    creation({ extensions: 7 }),
    creation({ extensions: { prf: () => 1 } }),
    creation({ extensions: { prf: { eval: {} } } }),
    creation({ extensions: { prf: { evalByCredential: null } } }),
    {
      get challenge(): never {
        throw new Error("of the page");
      },
    },
  ]) {
    assert.equal(read("create", publicKey), undefined);
  }
  for (const argument of [undefined, null, 1, "text"]) assert.equal(readOptions("get", argument), undefined);
});

test("base64url goes both ways", () => {
  for (const length of [0, 1, 2, 3, 4, 255]) {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + 251) % 256);
    const text = toBase64url(bytes);
    assert.equal(text, Buffer.from(bytes).toString("base64url"));
    assert.deepEqual(new Uint8Array(fromBase64url(text)), bytes);
  }
});

test("a registration that the standard refuses is left to the browser, which has the right exception", () => {
  const user = (bytes: number) => ({ id: new Uint8Array(bytes), name: "taro", displayName: "Taro" });
  const first = { first: challenge };
  for (const [what, members] of [
    ["no user ID", { user: user(0) }],
    ["a long user ID", { user: user(65) }],
    ["appid", { extensions: { appid: null } }],
    ["prf by credential", { extensions: { prf: { evalByCredential: { Zm9v: first } } } }],
    ["a blob to read", { extensions: { largeBlob: { read: true } } }],
    ["a blob to write", { extensions: { largeBlob: { write: new ArrayBuffer(0) } } }],
  ] as const) {
    assert.equal(read("create", creation(members)), undefined, what);
  }
  for (const [what, members] of [
    ["the longest user ID", { user: user(64) }],
    ["prf", { extensions: { prf: { eval: first } } }],
    ["a large blob", { extensions: { largeBlob: { support: "preferred" } } }],
  ] as const) {
    assert.notEqual(read("create", creation(members)), undefined, what);
  }
});

test("a sign-in that the standard refuses is left to the browser, which has the right exception", () => {
  const ours = { type: "public-key", id: id(1) };
  const first = { first: challenge };
  const request = (extensions: object, allowCredentials: object[] = [ours]) =>
    read("get", { challenge, allowCredentials, extensions });
  const write = new ArrayBuffer(1);
  for (const [what, extensions, allowed] of [
    ["credProps", { credProps: true }],
    ["whether blobs are supported", { largeBlob: { support: "preferred" } }],
    ["a blob to read and write", { largeBlob: { read: true, write } }],
    ["a blob to write, for nobody", { largeBlob: { write } }, []],
    ["a blob to write, for two", { largeBlob: { write } }, [ours, ours]],
    ["prf by credential, for nobody", { prf: { evalByCredential: { Zm9v: first } } }, []],
    ["prf for another credential", { prf: { evalByCredential: { Zm9v: first } } }],
    ["prf for what is no ID", { prf: { evalByCredential: { [`${toBase64url(id(1))}=`]: first } } }],
  ] as const) {
    assert.equal(request(extensions, allowed && [...allowed]), undefined, what);
  }
  for (const [what, extensions] of [
    ["a blob to read", { largeBlob: { read: true } }],
    ["a blob to write", { largeBlob: { write } }],
    ["prf by credential", { prf: { evalByCredential: { [toBase64url(id(1))]: first } } }],
    ["prf for none", { prf: { evalByCredential: {} } }],
  ] as const) {
    assert.notEqual(request(extensions), undefined, what);
  }
});
