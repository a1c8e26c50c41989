/**
 * Reads a page's options as the browser would (Web IDL §3.2), once, into the JSON form of WebAuthn L3 §5.1.9–5.1.10; and
 * tells whether the request can be ours. Whatever cannot be read is left to the browser, which knows the right exception.
 */

import { toBase64url } from "./base64url.js";

type Convert = (value: unknown) => unknown;

const { apply, getOwnPropertyDescriptor } = Reflect;
const { from } = Array;
const { entries, fromEntries, keys } = Object;
// eslint-disable-next-line @typescript-eslint/unbound-method -- needs no `this`
const { isView } = ArrayBuffer;
const byteLength = getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")?.get ?? (() => undefined);

/** Throws when the browser would, or might. */
class Unreadable extends Error {}

const text: Convert = (value) => {
  // A symbol has no text: `String()` would make one.
  if (typeof value === "symbol") throw new Unreadable();
  // Half a character has no UTF-8: the program could not read it.
  return String(value).replace(/\p{Surrogate}/gu, "\ufffd");
};
const truth: Convert = (value) => Boolean(value);
/** `long`: sites write "-7" too. A BigInt or a symbol is no number: unlike `Number()`, this throws. */
const long: Convert = (value) => (value as number) | 0;
const unsignedLong: Convert = (value) => (value as number) >>> 0;

const bytes: Convert = (value) => {
  if (isView(value)) {
    return toBase64url(new Uint8Array(buffer(value.buffer), value.byteOffset, value.byteLength));
  }
  return toBase64url(new Uint8Array(buffer(value)));
};

/** Of any realm: a frame's ArrayBuffer is no instance of ours. Memory that is shared is none, nor what only calls itself one. */
function buffer(value: unknown): ArrayBuffer {
  apply(byteLength, value, []);
  return value as ArrayBuffer;
}

const sequence =
  (item: Convert): Convert =>
  (value) => {
    if (typeof value !== "object" || value === null || !(Symbol.iterator in value)) throw new Unreadable();
    return from<unknown, unknown>(value as Iterable<unknown>, item);
  };

/** `record<DOMString, …>`. */
const record =
  (item: Convert): Convert =>
  (value) => {
    if (typeof value !== "object" || value === null) throw new Unreadable();
    return fromEntries(entries(value).map(([name, member]) => [text(name) as string, item(member)]));
  };

/** Members in `required` must be there; others are left out when they are not. `null` is a dictionary without members. */
const dictionary =
  (required: Record<string, Convert>, optional: Record<string, Convert>): Convert =>
  (value) => {
    if (typeof value !== "object") throw new Unreadable();
    const source = (value ?? {}) as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [name, convert] of entries(required)) {
      const member = source[name];
      if (member === undefined) throw new Unreadable();
      result[name] = convert(member);
    }
    for (const [name, convert] of entries(optional)) {
      const member = source[name];
      if (member !== undefined) result[name] = convert(member);
    }
    return result;
  };

const prfValues = dictionary({ first: bytes }, { second: bytes });

/**
 * The client extensions that the program looks at, or that decide whether a request is valid; browsers drop the inputs of
 * those that they do not know, too.
 */
const EXTENSIONS = dictionary(
  {},
  {
    appid: text,
    credProps: truth,
    prf: dictionary({}, { eval: prfValues, evalByCredential: record(prfValues) }),
    largeBlob: dictionary({}, { support: text, read: truth, write: bytes }),
    enforceCredentialProtectionPolicy: truth,
  },
);

/** What {@link EXTENSIONS} reads, as far as it is looked at here. */
interface Extensions {
  appid?: string;
  credProps?: boolean;
  prf?: { evalByCredential?: Record<string, unknown> };
  largeBlob?: { support?: string; read?: boolean; write?: string };
}

const descriptor = dictionary({ type: text, id: bytes }, { transports: sequence(text) });

const CREATION = dictionary(
  {
    rp: dictionary({ name: text }, { id: text }),
    user: dictionary({ id: bytes, name: text, displayName: text }, {}),
    challenge: bytes,
    pubKeyCredParams: sequence(dictionary({ type: text, alg: long }, {})),
  },
  {
    timeout: unsignedLong,
    excludeCredentials: sequence(descriptor),
    authenticatorSelection: dictionary(
      {},
      { authenticatorAttachment: text, residentKey: text, requireResidentKey: truth, userVerification: text },
    ),
    hints: sequence(text),
    attestation: text,
    attestationFormats: sequence(text),
    extensions: EXTENSIONS,
  },
);

const REQUEST = dictionary(
  { challenge: bytes },
  {
    timeout: unsignedLong,
    rpId: text,
    allowCredentials: sequence(descriptor),
    userVerification: text,
    hints: sequence(text),
    extensions: EXTENSIONS,
  },
);

/** What was asked, when it can be ours. */
export interface Readable {
  options: Record<string, unknown>;
  signal: AbortSignal | undefined;
}

/** Members of `CredentialCreationOptions` and `CredentialRequestOptions` that ask for other credentials. */
const OTHER_KINDS = ["password", "federated", "identity", "otp", "digital"];

/** Reads the argument of `navigator.credentials.create` or `get`; undefined when the browser is to have it. */
export function readOptions(type: "create" | "get", argument: unknown): Readable | undefined {
  try {
    if (typeof argument !== "object" || argument === null) return undefined;
    const asked = argument as Record<string, unknown>;
    const { publicKey, mediation, signal } = asked;
    // Another kind of credential beside ours, or a request that shows nothing: the browser's.
    if (publicKey === undefined || OTHER_KINDS.some((kind) => Boolean(asked[kind]))) return undefined;
    if (mediation !== undefined && mediation !== "optional" && mediation !== "required") return undefined;
    if (signal !== undefined && !(signal instanceof AbortSignal)) return undefined;
    const options = (type === "create" ? CREATION : REQUEST)(publicKey) as Record<string, unknown>;
    if (signal?.aborted === true) return undefined;
    const canBeOurs = type === "create" ? canBeMade : canBeUsed;
    return canBeOurs(options) ? { options, signal } : undefined;
  } catch {
    return undefined;
  }
}

/** ES256 and RS256; without any the standard's default is these two (WebAuthn L3 §5.1.3 step 10). */
const ALGORITHMS = [-7, -257];

function canBeMade(options: Record<string, unknown>): boolean {
  if (!isValidCreation(options)) return false;
  const parameters = options["pubKeyCredParams"] as { type: string; alg: number }[];
  const selection = options["authenticatorSelection"] as { authenticatorAttachment?: string } | undefined;
  if (selection?.authenticatorAttachment === "cross-platform") return false;
  return (
    parameters.length === 0 ||
    parameters.some(({ type, alg }) => type === "public-key" && ALGORITHMS.includes(alg))
  );
}

/** The longest `user.id` in base64url, which is 64 bytes (WebAuthn L3 §5.4.3). */
const LONGEST_USER_ID = 86;

/** What the standard refuses at a registration beyond types (WebAuthn L3 §5.1.3, §10.1): the browser says how. */
function isValidCreation(options: Record<string, unknown>): boolean {
  const { id } = options["user"] as { id: string };
  if (id.length === 0 || id.length > LONGEST_USER_ID) return false;
  const { appid, prf = {}, largeBlob = {} } = (options["extensions"] ?? {}) as Extensions;
  return (
    appid === undefined &&
    prf.evalByCredential === undefined &&
    largeBlob.read === undefined &&
    largeBlob.write === undefined
  );
}

/** An ID of ours: a version (1 or 2) and 48 bytes more. Whether it really is one, the program knows. */
const OUR_ID = /^A[Q-Za-v][A-Za-z0-9_-]{64}$/;

function canBeUsed(options: Record<string, unknown>): boolean {
  if (!isValidRequest(options)) return false;
  const allowed = options["allowCredentials"] as { type: string; id: string }[] | undefined;
  if (allowed === undefined || allowed.length === 0) return true;
  return allowed.some(({ type, id }) => type === "public-key" && OUR_ID.test(id));
}

/** What the standard refuses at a sign-in beyond types (WebAuthn L3 §10.1): the browser says how. */
function isValidRequest(options: Record<string, unknown>): boolean {
  const allowed = (options["allowCredentials"] ?? []) as { id: string }[];
  const { credProps, prf = {}, largeBlob = {} } = (options["extensions"] ?? {}) as Extensions;
  if (credProps !== undefined || largeBlob.support !== undefined) return false;
  if (largeBlob.write !== undefined && (largeBlob.read === true || allowed.length !== 1)) return false;
  return keys(prf.evalByCredential ?? {}).every((name) => allowed.some(({ id }) => id === name));
}
