/**
 * Reads a page's options as the browser would (Web IDL §3.2), once, into the JSON form of WebAuthn L3 §5.1.9–5.1.10; and
 * tells whether the request can be ours. Whatever cannot be read is left to the browser, which knows the right exception.
 */

import { toBase64url } from "./base64url.js";

type Convert = (value: unknown) => unknown;

/** Throws when the browser would, or might. */
class Unreadable extends Error {}

const text: Convert = (value) => {
  // A symbol has no text: `String()` would make one.
  if (typeof value === "symbol") throw new Unreadable();
  return String(value);
};
const truth: Convert = (value) => Boolean(value);
/** `long`: sites write "-7" too. */
const long: Convert = (value) => Number(value) | 0;
const unsignedLong: Convert = (value) => Number(value) >>> 0;

const bytes: Convert = (value) => {
  if (ArrayBuffer.isView(value)) {
    return toBase64url(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  return toBase64url(new Uint8Array(buffer(value)));
};

function buffer(value: unknown): ArrayBuffer {
  // Of any realm: a frame's ArrayBuffer is no instance of ours.
  if (Object.prototype.toString.call(value) !== "[object ArrayBuffer]") throw new Unreadable();
  return value as ArrayBuffer;
}

const sequence =
  (item: Convert): Convert =>
  (value) => {
    if (typeof value !== "object" || value === null || !(Symbol.iterator in value)) throw new Unreadable();
    return Array.from(value as Iterable<unknown>, item);
  };

/** Members in `required` must be there; others are left out when they are not. */
const dictionary =
  (required: Record<string, Convert>, optional: Record<string, Convert>): Convert =>
  (value) => {
    if (typeof value !== "object" || value === null) throw new Unreadable();
    const source = value as Record<string, unknown>;
    const result: Record<string, unknown> = {};
    for (const [name, convert] of Object.entries(required)) {
      const member = source[name];
      if (member === undefined) throw new Unreadable();
      result[name] = convert(member);
    }
    for (const [name, convert] of Object.entries(optional)) {
      const member = source[name];
      if (member !== undefined) result[name] = convert(member);
    }
    return result;
  };

const DEEPEST = 6;

/** Extension inputs are of many shapes; in all of them bytes become base64url in JSON (WebAuthn L3 §5.1.9). */
const extensions =
  (depth: number): Convert =>
  (value) => {
    if (depth > DEEPEST || typeof value === "symbol" || typeof value === "function") throw new Unreadable();
    if (typeof value !== "object" || value === null) return value;
    const tag = Object.prototype.toString.call(value);
    if (ArrayBuffer.isView(value) || tag === "[object ArrayBuffer]") return bytes(value);
    if (Array.isArray(value)) return value.map(extensions(depth + 1));
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(members.map(([name, member]) => [name, extensions(depth + 1)(member)]));
  };

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
    extensions: extensions(0),
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
    extensions: extensions(0),
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
    const { publicKey, mediation, signal, ...others } = argument as Record<string, unknown>;
    // Another kind of credential beside ours, or a request that shows nothing: the browser's.
    if (publicKey === undefined || OTHER_KINDS.some((kind) => Boolean(others[kind]))) return undefined;
    if (mediation !== undefined && mediation !== "optional" && mediation !== "required") return undefined;
    if (signal !== undefined && !(signal instanceof AbortSignal)) return undefined;
    if (signal?.aborted === true) return undefined;
    const options = (type === "create" ? CREATION : REQUEST)(publicKey) as Record<string, unknown>;
    const canBeOurs = type === "create" ? canBeMade : canBeUsed;
    return canBeOurs(options) ? { options, signal } : undefined;
  } catch {
    return undefined;
  }
}

/** ES256 and RS256; without any the standard's default is these two (WebAuthn L3 §5.1.3 step 10). */
const ALGORITHMS = [-7, -257];

function canBeMade(options: Record<string, unknown>): boolean {
  const parameters = options["pubKeyCredParams"] as { type: string; alg: number }[];
  const selection = options["authenticatorSelection"] as { authenticatorAttachment?: string } | undefined;
  if (selection?.authenticatorAttachment === "cross-platform") return false;
  return (
    parameters.length === 0 ||
    parameters.some(({ type, alg }) => type === "public-key" && ALGORITHMS.includes(alg))
  );
}

/** An ID of ours: a version (1 or 2) and 48 bytes more. Whether it really is one, the program knows. */
const OUR_ID = /^A[Q-Za-v][A-Za-z0-9_-]{64}$/;

function canBeUsed(options: Record<string, unknown>): boolean {
  const allowed = options["allowCredentials"] as { type: string; id: string }[] | undefined;
  if (allowed === undefined || allowed.length === 0) return true;
  return allowed.some(({ type, id }) => type === "public-key" && OUR_ID.test(id));
}
