// navigator.credentials.create() with arguments that no authenticator is to see: WebAuthn L3 §5.1.3 and Web IDL.

/** @typedef {import("../../lib/rows.mjs").Row} Row */

/** @type {Row[]} */
const relyingParty = [
  { what: "rp is missing", change: ({ publicKey }) => void delete publicKey.rp, ends: "TypeError" },
  { what: "rp is null", change: ({ publicKey }) => void (publicKey.rp = null), ends: "TypeError" },
  { what: "rp is text", change: ({ publicKey }) => void (publicKey.rp = "a"), ends: "TypeError" },
  { what: "rp is empty", change: ({ publicKey }) => void (publicKey.rp = {}), ends: "TypeError" },
  {
    what: "rp.name is undefined",
    change: ({ publicKey }) => void (publicKey.rp.name = undefined),
    ends: "TypeError",
  },
  {
    what: "rp.name is a symbol",
    change: ({ publicKey }) => void (publicKey.rp.name = Symbol("a")),
    ends: "TypeError",
  },
  {
    what: "rp.id is an object",
    change: ({ publicKey }) => void (publicKey.rp.id = {}),
    ends: "SecurityError",
  },
  { what: "rp.id is null", change: ({ publicKey }) => void (publicKey.rp.id = null), ends: "SecurityError" },
  { what: "rp.id is empty", change: ({ publicKey }) => void (publicKey.rp.id = ""), ends: "SecurityError" },
  {
    what: "rp.id has a space",
    change: ({ publicKey }) => void (publicKey.rp.id = "local host"),
    ends: "SecurityError",
  },
  {
    what: "rp.id starts with a dash",
    change: ({ publicKey }) => void (publicKey.rp.id = "-practice.invalid"),
    ends: "SecurityError",
  },
  {
    what: "rp.id starts with a digit",
    change: ({ publicKey }) => void (publicKey.rp.id = "0practice.invalid"),
    ends: "SecurityError",
  },
  {
    what: "rp.id has a port",
    change: ({ publicKey }) => void (publicKey.rp.id = location.host),
    ends: "SecurityError",
  },
  {
    what: "rp.id is an origin",
    change: ({ publicKey }) => void (publicKey.rp.id = location.origin),
    ends: "SecurityError",
  },
];

/** @type {Row[]} */
const user = [
  { what: "user is missing", change: ({ publicKey }) => void delete publicKey.user, ends: "TypeError" },
  { what: "user is null", change: ({ publicKey }) => void (publicKey.user = null), ends: "TypeError" },
  { what: "user is text", change: ({ publicKey }) => void (publicKey.user = "a"), ends: "TypeError" },
  { what: "user is empty", change: ({ publicKey }) => void (publicKey.user = {}), ends: "TypeError" },
  {
    what: "user.id is undefined",
    change: ({ publicKey }) => void (publicKey.user.id = undefined),
    ends: "TypeError",
  },
  {
    what: "user.id is an object",
    change: ({ publicKey }) => void (publicKey.user.id = {}),
    ends: "TypeError",
  },
  { what: "user.id is null", change: ({ publicKey }) => void (publicKey.user.id = null), ends: "TypeError" },
  { what: "user.id is text", change: ({ publicKey }) => void (publicKey.user.id = "a"), ends: "TypeError" },
  {
    what: "user.id is an empty list",
    change: ({ publicKey }) => void (publicKey.user.id = []),
    ends: "TypeError",
  },
  {
    what: "user.id is a list of numbers",
    change: ({ publicKey }) => void (publicKey.user.id = [1, 2, 3]),
    ends: "TypeError",
  },
  {
    what: "user.id has 65 bytes",
    change: ({ publicKey }) => void (publicKey.user.id = new ArrayBuffer(65)),
    ends: "TypeError",
  },
  {
    what: "user.id has 33 Int16",
    change: ({ publicKey }) => void (publicKey.user.id = new Int16Array(33)),
    ends: "TypeError",
  },
  {
    what: "user.id has 17 Int32",
    change: ({ publicKey }) => void (publicKey.user.id = new Int32Array(17)),
    ends: "TypeError",
  },
  {
    what: "user.id has 17 Float32",
    change: ({ publicKey }) => void (publicKey.user.id = new Float32Array(17)),
    ends: "TypeError",
  },
  {
    what: "user.id has 9 Float64",
    change: ({ publicKey }) => void (publicKey.user.id = new Float64Array(9)),
    ends: "TypeError",
  },
  {
    what: "user.id is a DataView of 65 bytes",
    change: ({ publicKey }) => void (publicKey.user.id = new DataView(new ArrayBuffer(65))),
    ends: "TypeError",
  },
  {
    what: "user.name is undefined",
    change: ({ publicKey }) => void (publicKey.user.name = undefined),
    ends: "TypeError",
  },
  {
    what: "user.displayName is undefined",
    change: ({ publicKey }) => void (publicKey.user.displayName = undefined),
    ends: "TypeError",
  },
];

/** @type {Row[]} */
const challenge = [
  {
    what: "challenge is missing",
    change: ({ publicKey }) => void delete publicKey.challenge,
    ends: "TypeError",
  },
  {
    what: "challenge is text",
    change: ({ publicKey }) => void (publicKey.challenge = "a"),
    ends: "TypeError",
  },
  {
    what: "challenge is null",
    change: ({ publicKey }) => void (publicKey.challenge = null),
    ends: "TypeError",
  },
  {
    what: "challenge is an object",
    change: ({ publicKey }) => void (publicKey.challenge = {}),
    ends: "TypeError",
  },
  {
    what: "challenge is a list",
    change: ({ publicKey }) => void (publicKey.challenge = []),
    ends: "TypeError",
  },
];

/** Memory that another thread could change meanwhile. @type {Row[]} */
const shared = [
  {
    what: "challenge is shared memory",
    change({ publicKey }) {
      publicKey.challenge = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 }).buffer;
    },
    ends: "TypeError",
  },
  {
    what: "challenge is a view of shared memory",
    change({ publicKey }) {
      const { buffer } = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
      publicKey.challenge = new Uint8Array(buffer);
    },
    ends: "TypeError",
  },
  {
    what: "user.id is shared memory",
    change({ publicKey }) {
      publicKey.user.id = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 }).buffer;
    },
    ends: "TypeError",
  },
  {
    what: "user.id is a view of shared memory",
    change({ publicKey }) {
      const { buffer } = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
      publicKey.user.id = new Uint8Array(buffer, 0, 4);
    },
    ends: "TypeError",
  },
  {
    what: "an excluded ID is shared memory",
    change({ publicKey }) {
      const { buffer } = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
      publicKey.excludeCredentials = [{ type: "public-key", id: buffer }];
    },
    ends: "TypeError",
  },
  {
    what: "an excluded ID is a view of shared memory",
    change({ publicKey }) {
      const { buffer } = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
      publicKey.excludeCredentials = [{ type: "public-key", id: new Uint8Array(buffer, 0, 49) }];
    },
    ends: "TypeError",
  },
  {
    what: "challenge is shared memory and the signal has aborted",
    change({ publicKey, argument }) {
      publicKey.challenge = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 }).buffer;
      argument.signal = AbortSignal.abort();
    },
    ends: "TypeError",
  },
];

/** @type {Row[]} */
const parameters = [
  {
    what: "pubKeyCredParams is missing",
    change: ({ publicKey }) => void delete publicKey.pubKeyCredParams,
    ends: "TypeError",
  },
  {
    what: "pubKeyCredParams is text",
    change: ({ publicKey }) => void (publicKey.pubKeyCredParams = "ab"),
    ends: "TypeError",
  },
  {
    what: "pubKeyCredParams is null",
    change: ({ publicKey }) => void (publicKey.pubKeyCredParams = null),
    ends: "TypeError",
  },
  {
    what: "pubKeyCredParams is no list",
    change: ({ publicKey }) => void (publicKey.pubKeyCredParams = { type: "public-key", alg: -7 }),
    ends: "TypeError",
  },
  {
    what: "a parameter has no type",
    change: ({ publicKey }) => void (publicKey.pubKeyCredParams = [{ alg: -7 }]),
    ends: "TypeError",
  },
  {
    what: "a parameter has no algorithm",
    change: ({ publicKey }) => void (publicKey.pubKeyCredParams = [{ type: "public-key" }]),
    ends: "TypeError",
  },
  {
    what: "an algorithm is a BigInt",
    change: ({ publicKey }) => void (publicKey.pubKeyCredParams = [{ type: "public-key", alg: -7n }]),
    ends: "TypeError",
  },
  {
    what: "the only type is unknown",
    change: ({ publicKey }) => void (publicKey.pubKeyCredParams = [{ type: "something-else", alg: -7 }]),
    ends: "NotSupportedError",
  },
  {
    what: "the only type is empty",
    change: ({ publicKey }) => void (publicKey.pubKeyCredParams = [{ type: "", alg: -7 }]),
    ends: "NotSupportedError",
  },
  {
    what: "the only type is null",
    change: ({ publicKey }) => void (publicKey.pubKeyCredParams = [{ type: null, alg: -7 }]),
    ends: "NotSupportedError",
  },
  {
    what: "the only type is an object",
    change: ({ publicKey }) => void (publicKey.pubKeyCredParams = [{ type: {}, alg: -7 }]),
    ends: "NotSupportedError",
  },
];

/** @type {Row[]} */
const excluded = [
  {
    what: "excludeCredentials is text",
    change: ({ publicKey }) => void (publicKey.excludeCredentials = "a"),
    ends: "TypeError",
  },
  {
    what: "excludeCredentials is an object",
    change: ({ publicKey }) => void (publicKey.excludeCredentials = {}),
    ends: "TypeError",
  },
  {
    what: "excludeCredentials is null",
    change: ({ publicKey }) => void (publicKey.excludeCredentials = null),
    ends: "TypeError",
  },
  {
    what: "an excluded credential has no type",
    change: ({ publicKey }) => void (publicKey.excludeCredentials = [{ id: new Uint8Array(49) }]),
    ends: "TypeError",
  },
  {
    what: "an excluded credential has no ID",
    change: ({ publicKey }) => void (publicKey.excludeCredentials = [{ type: "public-key" }]),
    ends: "TypeError",
  },
  {
    what: "an excluded credential's ID is text",
    change: ({ publicKey }) => void (publicKey.excludeCredentials = [{ type: "public-key", id: "AQID" }]),
    ends: "TypeError",
  },
  {
    what: "an excluded credential's transports are text",
    change({ publicKey }) {
      publicKey.excludeCredentials = [{ type: "public-key", id: new Uint8Array(49), transports: "usb" }];
    },
    ends: "TypeError",
  },
];

/** @type {Row[]} */
const selection = [
  {
    what: "authenticatorSelection is empty text",
    change: ({ publicKey }) => void (publicKey.authenticatorSelection = ""),
    ends: "TypeError",
  },
  {
    what: "authenticatorSelection is text",
    change: ({ publicKey }) => void (publicKey.authenticatorSelection = "none"),
    ends: "TypeError",
  },
  {
    what: "residentKey is a symbol",
    change: ({ publicKey }) => void (publicKey.authenticatorSelection = { residentKey: Symbol("a") }),
    ends: "TypeError",
  },
  {
    what: "hints are text",
    change: ({ publicKey }) => void (publicKey.hints = "client-device"),
    ends: "TypeError",
  },
  {
    what: "attestation is a symbol",
    change: ({ publicKey }) => void (publicKey.attestation = Symbol("a")),
    ends: "TypeError",
  },
  {
    what: "timeout is a BigInt",
    change: ({ publicKey }) => void (publicKey.timeout = 1n),
    ends: "TypeError",
  },
];

/** @type {Row[]} */
const extensions = [
  {
    what: "extensions are text",
    change: ({ publicKey }) => void (publicKey.extensions = "a"),
    ends: "TypeError",
  },
  {
    what: "appid is empty",
    change: ({ publicKey }) => void (publicKey.extensions = { appid: "" }),
    ends: "NotSupportedError",
  },
  {
    what: "appid is null",
    change: ({ publicKey }) => void (publicKey.extensions = { appid: null }),
    ends: "NotSupportedError",
  },
  {
    what: "appid is text",
    change: ({ publicKey }) => void (publicKey.extensions = { appid: "anything" }),
    ends: "NotSupportedError",
  },
  {
    what: "prf is text",
    change: ({ publicKey }) => void (publicKey.extensions = { prf: "a" }),
    ends: "TypeError",
  },
  {
    what: "prf.eval has no first",
    change: ({ publicKey }) => void (publicKey.extensions = { prf: { eval: {} } }),
    ends: "TypeError",
  },
  {
    what: "prf.evalByCredential at registration",
    change({ publicKey }) {
      publicKey.extensions = { prf: { evalByCredential: { Zm9v: { first: new Uint8Array(4) } } } };
    },
    ends: "NotSupportedError",
  },
  {
    what: "largeBlob is text",
    change: ({ publicKey }) => void (publicKey.extensions = { largeBlob: "a" }),
    ends: "TypeError",
  },
  {
    what: "largeBlob.write at registration",
    change: ({ publicKey }) => void (publicKey.extensions = { largeBlob: { write: new ArrayBuffer(0) } }),
    ends: "NotSupportedError",
  },
  {
    what: "largeBlob.read at registration",
    change: ({ publicKey }) => void (publicKey.extensions = { largeBlob: { read: true } }),
    ends: "NotSupportedError",
  },
  {
    what: "credProps is a symbol, which counts as true, and rp is missing",
    change({ publicKey }) {
      delete publicKey.rp;
      publicKey.extensions = { credProps: Symbol("a") };
    },
    ends: "TypeError",
  },
];

/** @type {Row[]} */
const others = [
  {
    what: "publicKey is null",
    change: ({ argument }) => void (argument.publicKey = null),
    ends: "TypeError",
  },
  { what: "publicKey is text", change: ({ argument }) => void (argument.publicKey = "a"), ends: "TypeError" },
  { what: "the signal is none", change: ({ argument }) => void (argument.signal = {}), ends: "TypeError" },
  {
    what: "mediation is unknown",
    change: ({ argument }) => void (argument.mediation = "a"),
    ends: "TypeError",
  },
  {
    what: "the function is called on another object",
    change: ({ argument }) => navigator.credentials.create.call(/** @type {any} */ ({}), argument),
    ends: "TypeError",
  },
  {
    what: "the function is called on nothing",
    change: ({ argument }) => navigator.credentials.create.call(/** @type {any} */ (undefined), argument),
    ends: "TypeError",
  },
];

/** @type {Row[]} */
export const refusedCreations = [
  ...relyingParty,
  ...user,
  ...challenge,
  ...shared,
  ...parameters,
  ...excluded,
  ...selection,
  ...extensions,
  ...others,
];

/** Which Chromium takes too: the program refuses it, and says so to the person. @type {Row[]} */
export const emptyUserId = [
  {
    what: "user.id has no bytes",
    change: ({ publicKey }) => void (publicKey.user.id = new ArrayBuffer(0)),
    ends: "TypeError",
    but: { firefox: "cross-platform" },
    why: "Firefox asks only that it be no longer than 64 bytes",
  },
];
