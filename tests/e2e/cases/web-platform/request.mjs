// navigator.credentials.get() with arguments that no authenticator is to see: WebAuthn L3 §5.1.4 and Web IDL.

/** @typedef {import("../../lib/rows.mjs").Row} Row */

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
    what: "challenge is shared memory and the signal has aborted",
    change({ publicKey, argument }) {
      publicKey.challenge = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 }).buffer;
      argument.signal = AbortSignal.abort();
    },
    ends: "TypeError",
  },
];

/** @type {Row[]} */
const relyingParty = [
  { what: "rpId is empty", change: ({ publicKey }) => void (publicKey.rpId = ""), ends: "SecurityError" },
  { what: "rpId is null", change: ({ publicKey }) => void (publicKey.rpId = null), ends: "SecurityError" },
  { what: "rpId is an object", change: ({ publicKey }) => void (publicKey.rpId = {}), ends: "SecurityError" },
  {
    what: "rpId is a symbol",
    change: ({ publicKey }) => void (publicKey.rpId = Symbol("a")),
    ends: "TypeError",
  },
  {
    what: "rpId has a space",
    change: ({ publicKey }) => void (publicKey.rpId = "local host"),
    ends: "SecurityError",
  },
  {
    what: "rpId starts with a dash",
    change: ({ publicKey }) => void (publicKey.rpId = "-practice.invalid"),
    ends: "SecurityError",
  },
  {
    what: "rpId starts with a digit",
    change: ({ publicKey }) => void (publicKey.rpId = "0practice.invalid"),
    ends: "SecurityError",
  },
  {
    what: "rpId has a port",
    change: ({ publicKey }) => void (publicKey.rpId = location.host),
    ends: "SecurityError",
  },
];

/** @type {Row[]} */
const allowed = [
  {
    what: "allowCredentials is text",
    change: ({ publicKey }) => void (publicKey.allowCredentials = "a"),
    ends: "TypeError",
  },
  {
    what: "allowCredentials is an object",
    change: ({ publicKey }) => void (publicKey.allowCredentials = {}),
    ends: "TypeError",
  },
  {
    what: "allowCredentials is null",
    change: ({ publicKey }) => void (publicKey.allowCredentials = null),
    ends: "TypeError",
  },
  {
    what: "an allowed credential has no type",
    change: ({ publicKey }) => void (publicKey.allowCredentials = [{ id: new Uint8Array(49) }]),
    ends: "TypeError",
  },
  {
    what: "an allowed credential has no ID",
    change: ({ publicKey }) => void (publicKey.allowCredentials = [{ type: "public-key" }]),
    ends: "TypeError",
  },
  {
    what: "an allowed ID is shared memory",
    change({ publicKey }) {
      const { buffer } = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
      publicKey.allowCredentials = [{ type: "public-key", id: buffer }];
    },
    ends: "TypeError",
  },
  {
    what: "an allowed ID is a view of shared memory",
    change({ publicKey }) {
      const { buffer } = new WebAssembly.Memory({ shared: true, initial: 1, maximum: 1 });
      publicKey.allowCredentials = [{ type: "public-key", id: new Uint8Array(buffer, 0, 49) }];
    },
    ends: "TypeError",
  },
];

/** @type {Row[]} */
const others = [
  {
    what: "userVerification is a symbol",
    change: ({ publicKey }) => void (publicKey.userVerification = Symbol("a")),
    ends: "TypeError",
  },
  {
    what: "hints are text",
    change: ({ publicKey }) => void (publicKey.hints = "client-device"),
    ends: "TypeError",
  },
  {
    what: "timeout is a BigInt",
    change: ({ publicKey }) => void (publicKey.timeout = 1n),
    ends: "TypeError",
  },
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
    change: ({ argument }) => navigator.credentials.get.call(/** @type {any} */ ({}), argument),
    ends: "TypeError",
  },
  {
    what: "the function is called on nothing",
    change: ({ argument }) => navigator.credentials.get.call(/** @type {any} */ (undefined), argument),
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
    what: "credProps at a sign-in",
    change: ({ publicKey }) => void (publicKey.extensions = { credProps: true }),
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
    what: "prf by credential, and none is allowed by name",
    change({ publicKey }) {
      publicKey.extensions = { prf: { evalByCredential: { Zm9v: { first: new Uint8Array(4) } } } };
    },
    ends: "NotSupportedError",
  },
  {
    what: "prf for a credential that is not allowed",
    change({ publicKey }) {
      publicKey.allowCredentials = [{ type: "public-key", id: new Uint8Array(49).fill(1, 0, 1) }];
      publicKey.extensions = { prf: { evalByCredential: { Zm9v: { first: new ArrayBuffer(4) } } } };
    },
    ends: "SyntaxError",
  },
  {
    what: "prf for a credential whose ID has padding",
    change({ publicKey }) {
      publicKey.allowCredentials = [{ type: "public-key", id: new Uint8Array(49).fill(1, 0, 1) }];
      publicKey.extensions = { prf: { evalByCredential: { "Zm9v=": { first: new Uint8Array(4) } } } };
    },
    ends: "SyntaxError",
  },
  {
    what: "prf for a credential whose ID is empty",
    change({ publicKey }) {
      publicKey.allowCredentials = [{ type: "public-key", id: new Uint8Array(49).fill(1, 0, 1) }];
      publicKey.extensions = { prf: { evalByCredential: { "": { first: new Uint8Array(4) } } } };
    },
    ends: "SyntaxError",
  },
  {
    what: "largeBlob.support at a sign-in",
    change({ publicKey }) {
      publicKey.allowCredentials = [{ type: "public-key", id: new Uint8Array(49).fill(1, 0, 1) }];
      publicKey.extensions = { largeBlob: { support: "preferred" } };
    },
    ends: "NotSupportedError",
  },
];

/** @type {Row[]} */
export const refusedRequests = [...challenge, ...relyingParty, ...allowed, ...others, ...extensions];

/** With a signal that has aborted, or aborts at once. The reason is the page's own. @type {Row[]} */
export const abortedCalls = [
  {
    what: "the signal has aborted",
    change: ({ argument }) => void (argument.signal = AbortSignal.abort()),
    ends: "AbortError",
  },
  {
    what: "the signal has aborted for a reason",
    change: ({ argument }) => void (argument.signal = AbortSignal.abort("a reason")),
    ends: "a reason",
  },
  {
    what: "the signal has aborted with an error",
    change: ({ argument }) => void (argument.signal = AbortSignal.abort(new Error("gone"))),
    ends: "Error: gone",
  },
  {
    what: "the signal aborts at once",
    change({ argument, call }) {
      const controller = new AbortController();
      argument.signal = controller.signal;
      const called = call(argument);
      controller.abort();
      return called;
    },
    ends: "AbortError",
  },
  {
    what: "the signal aborts at once for a reason",
    change({ argument, call }) {
      const controller = new AbortController();
      argument.signal = controller.signal;
      const called = call(argument);
      controller.abort("a reason");
      return called;
    },
    ends: "a reason",
  },
  {
    what: "the signal aborts at once with an error",
    change({ argument, call }) {
      const controller = new AbortController();
      argument.signal = controller.signal;
      const called = call(argument);
      controller.abort(new Error("gone"));
      return called;
    },
    ends: "Error: gone",
  },
];
