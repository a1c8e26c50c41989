/** The messages of docs/native-messaging.md, version 1. */

import { PROGRAM_FAILURES, type ProgramFailure } from "../failures.js";
import { boolean, integer, list, object, oneOf, ProtocolViolation, record, string } from "./decode.js";
import type { Decoder } from "./decode.js";

export const HOST_NAME = "jp.jpki_webauthn.authenticator";
export const PROTOCOL_VERSION = 1;

/** Both directions, in bytes of UTF-8. */
export const LARGEST_MESSAGE = 65_536;

// ---- extension → program

/** What a page asked, with the origin that the browser established. */
export interface CeremonyRequest {
  type: "create" | "get";
  origin: string;
  sameOriginWithAncestors: boolean;
  originSource: "browser" | "sender";
  relatedOrigin?: true;
  /** A private window asks. */
  private?: true;
  options: Record<string, unknown>;
}

export type Answer =
  | {
      type: "answer";
      prompt: number;
      answer: "approve";
      pin?: string;
      disclose?: boolean;
      cardCredential?: boolean;
      remember?: boolean;
      lastTry?: boolean;
    }
  | { type: "answer"; prompt: number; answer: "choose"; index: number }
  | { type: "answer"; prompt: number; answer: "cancel" | "other" | "another-card" };

/** Who greets: the extension's version, and the language of its texts, in which the program's window asks too. */
export interface Greeting {
  extension: string;
  language: string;
}

export type ToProgram =
  | ({ type: "hello"; protocol: number } & Greeting)
  | { type: "watch" }
  | { type: "records" }
  | { type: "forget"; rpId: string }
  | CeremonyRequest
  | Answer
  | { type: "cancel" };

// ---- program → extension

const failureCode = oneOf(...(Object.keys(PROGRAM_FAILURES) as ProgramFailure[]));

const site = object({ rpId: string(), origin: string() }, { name: string(), relatedOrigin: boolean });
const day: Decoder<string> = (value, where) => {
  const text = string(10)(value, where);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new ProtocolViolation(where);
  return text;
};
/** Where only true means something: absent otherwise. */
const yes: Decoder<true> = (value, where) => {
  if (value !== true) throw new ProtocolViolation(where);
  return value;
};
const account = object({ name: string() }, { displayName: string() });
const listedAccount = object({ name: string() }, { displayName: string(), created: day });
const pin = object(
  { triesLeft: integer(0, 15), entry: oneOf("browser", "native") },
  { previous: oneOf("wrong", "impossible"), lastTry: boolean },
);
const certificate = object({ switch: boolean, asked: boolean, canRemember: boolean }, { notAfter: day });
const cardCredential = object({ switch: boolean, required: boolean, canRemember: boolean }, {});
const card = object(
  { reader: string() },
  { notAfter: day, expired: boolean, expiresSoon: boolean, several: yes, settled: yes },
);
const cardProblem = oneOf("pin-locked", "card-busy", "card-mute", "card-failed", "card-unsupported");
const listedCard = object(
  { reader: string(), expired: boolean, expiresSoon: boolean },
  { notAfter: day, problem: cardProblem },
);
const problem = oneOf("no-reader", "no-card", "card-mute", "pcsc-not-running", "card-busy");

type Members = Record<string, Decoder<unknown>>;

const promptOf = <K extends string, R extends Members, O extends Members>(kind: K, members: R, optional: O) =>
  object(
    { type: oneOf("prompt"), prompt: integer(1, 1000), kind: oneOf(kind), site, ...members },
    { card, ...optional },
  );

const PROMPTS = {
  register: promptOf("register", { account, pin }, { certificate, cardCredential }),
  "sign-in": promptOf("sign-in", { pin }, { cardCredential: yes }),
  "choose-card": promptOf("choose-card", { cards: list(listedCard, 64) }, {}),
  "choose-account": promptOf("choose-account", { accounts: list(listedAccount, 500) }, {}),
  "already-registered": promptOf("already-registered", {}, {}),
  "no-credential": promptOf("no-credential", {}, {}),
  "insert-card": promptOf("insert-card", { problem }, {}),
};

type Of<D> = D extends Decoder<infer T> ? T : never;
type Prompts = typeof PROMPTS;

export type PromptKind = keyof Prompts;
export type Prompt = { [K in PromptKind]: Of<Prompts[K]> }[PromptKind];
export type InsertProblem = Of<typeof problem>;
export type Site = Of<typeof site>;
export type Account = Of<typeof account>;
export type ListedAccount = Of<typeof listedAccount>;
export type ListedCard = Of<typeof listedCard>;
export type CardProblem = Of<typeof cardProblem>;
export type CertificateOffer = Of<typeof certificate>;
export type CardCredentialOffer = Of<typeof cardCredential>;

const prompt: Decoder<Prompt> = (value, where) => {
  const kind = record(value, where)["kind"];
  if (typeof kind !== "string" || !Object.hasOwn(PROMPTS, kind)) throw new ProtocolViolation(`${where}.kind`);
  return PROMPTS[kind as PromptKind](value, where);
};

const backup = oneOf("first", "expiring");

/** Of anything in the records; 64 KiB hold fewer. */
const MOST = 1_000_000;
const disclosure = object(
  {
    at: integer(0, 8_640_000_000_000),
    what: oneOf("certificate", "card-key"),
    rpId: string(LARGEST_MESSAGE),
  },
  {},
);

const MESSAGES = {
  hello: object(
    { type: oneOf("hello"), protocol: integer(0, 1000), program: string(64) },
    { path: string() },
  ),
  fatal: object(
    { type: oneOf("fatal"), code: oneOf("protocol-version", "bad-message", "not-our-extension") },
    {},
  ),
  cards: object(
    { type: oneOf("cards"), readers: integer(0, 1000), cards: integer(0, 1000), presented: boolean },
    { problem: oneOf("pcsc-not-running", "no-reader") },
  ),
  records: object(
    {
      type: oneOf("records"),
      disclosures: list(disclosure, MOST),
      olderDisclosures: integer(0, MOST),
      sites: list(string(LARGEST_MESSAGE), MOST),
      olderSites: integer(0, MOST),
    },
    {},
  ),
  prompt,
  progress: object({ type: oneOf("progress"), step: oneOf("card-working", "pin-window") }, {}),
  result: object({ type: oneOf("result"), response: record }, { backup }),
  // The page gets the name that our own table gives for the code; the program's is the same by the document.
  error: object({ type: oneOf("error"), code: failureCode, name: string(64) }, {}),
};

export type FromProgram = Of<(typeof MESSAGES)[keyof typeof MESSAGES]>;
/** Why a backup is offered. */
export type Backup = Of<typeof backup>;
export type Records = Of<typeof MESSAGES.records>;
export type Disclosure = Of<typeof disclosure>;
export type Cards = Of<typeof MESSAGES.cards>;

/** Bytes that `message` takes on the wire. */
export function messageSize(message: unknown): number {
  return new TextEncoder().encode(JSON.stringify(message)).length;
}

/** Checks what the program sent. Throws {@link ProtocolViolation}. */
export function decodeFromProgram(message: unknown): FromProgram {
  if (messageSize(message) > LARGEST_MESSAGE) throw new ProtocolViolation("message: too long");
  const type = record(message, "message")["type"];
  if (typeof type !== "string" || !Object.hasOwn(MESSAGES, type)) throw new ProtocolViolation("message.type");
  return MESSAGES[type as keyof typeof MESSAGES](message, type);
}
