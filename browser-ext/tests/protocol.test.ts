import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { EXTENSION_FAILURES, PROGRAM_FAILURES } from "../src/failures.js";
import { ProtocolViolation } from "../src/host/decode.js";
import { decodeFromProgram, LARGEST_MESSAGE, messageSize } from "../src/host/protocol.js";
import { VIEWS } from "../pictures/states.js";

const DOCUMENT = readFileSync("../docs/native-messaging.md", "utf8");

const site = { rpId: "example.jp", origin: "https://example.jp", name: "Example", relatedOrigin: false };
const card = { reader: "Reader", notAfter: "2031-04-01", expired: false, expiresSoon: false };
const signIn = {
  type: "prompt",
  prompt: 1,
  kind: "sign-in",
  site,
  card,
  pin: { triesLeft: 3, entry: "browser", lastTry: false },
};

const refuses = (message: unknown, why: string) => {
  assert.throws(() => decodeFromProgram(message), ProtocolViolation, why);
};

test("each message of the program is read as it is", () => {
  const messages = [
    { type: "hello", protocol: 1, program: "0.1.0" },
    { type: "fatal", code: "bad-message" },
    { type: "cards", readers: 1, cards: 1, presented: true },
    { type: "cards", readers: 0, cards: 0, presented: false, problem: "no-reader" },
    { type: "records", disclosures: [], olderDisclosures: 0, sites: [], olderSites: 0 },
    {
      type: "records",
      disclosures: [
        { at: 1_795_737_600, what: "certificate", rpId: "example.jp" },
        { at: 0, what: "card-key", rpId: "localhost" },
      ],
      olderDisclosures: 12,
      sites: ["example.jp"],
      olderSites: 3,
    },
    { type: "progress", step: "card-working" },
    { type: "progress", step: "pin-window" },
    { type: "hello", protocol: 1, program: "0.1.0", path: "/usr/bin/jpki-authenticator" },
    { type: "result", response: { id: "AA", response: {} } },
    { type: "result", response: { id: "AA", response: {} }, backup: "first" },
    { type: "result", response: { id: "AA", response: {} }, backup: "expiring" },
    { type: "error", code: "card-removed", name: "NotAllowedError" },
    signIn,
    ...Object.values(VIEWS).flatMap((view) => (view.view === "prompt" ? [view.prompt] : [])),
  ];
  for (const message of messages) assert.deepEqual(decodeFromProgram(message), message);
});

test("what is not in the protocol is refused", () => {
  refuses("hello", "not an object");
  refuses(null, "null");
  refuses([], "an array");
  refuses({}, "no type");
  refuses({ type: "sign" }, "unknown type");
  refuses({ type: "constructor" }, "a property of every object is no type");
  refuses({ type: "cards", readers: 1, cards: 1 }, "missing field");
  refuses({ type: "cards", readers: 1, cards: 1, presented: true, serial: "x" }, "unknown field");
  refuses({ type: "cards", readers: "1", cards: 1, presented: true }, "wrong type");
  refuses({ type: "cards", readers: 1.5, cards: 1, presented: true }, "not an integer");
  refuses({ type: "cards", readers: -1, cards: 1, presented: true }, "negative");
  refuses({ type: "cards", readers: 1, cards: 1, presented: true, problem: null }, "null is not absent");
  refuses({ type: "error", code: "made-up", name: "NotAllowedError" }, "unknown code");
  refuses({ type: "progress", step: "dancing" }, "unknown step");
  refuses({ type: "result", response: {}, backup: "never" }, "unknown reason for a backup");
});

test("records are refused when anything else is in them", () => {
  const entry = { at: 1, what: "certificate", rpId: "example.jp" };
  const records = { type: "records", disclosures: [entry], olderDisclosures: 0, sites: ["a"], olderSites: 0 };
  assert.ok(decodeFromProgram(records));
  refuses({ ...records, disclosures: [{ ...entry, serial: "1" }] }, "unknown member of an entry");
  refuses({ ...records, disclosures: [{ ...entry, what: "name" }] }, "unknown kind of disclosure");
  refuses({ ...records, disclosures: [{ ...entry, at: "2026-11-27" }] }, "not a number");
  refuses({ ...records, disclosures: [{ ...entry, at: 1e300 }] }, "a time that no calendar has");
  refuses({ ...records, sites: [{ rpId: "a" }] }, "a site is its RP ID");
  refuses({ ...records, olderSites: -1 }, "negative");
  refuses({ ...records, credentials: [] }, "unknown member");
  refuses({ type: "records", disclosures: [], sites: [] }, "not said whether that is all");
});

test("prompts are refused when a member is missing, unknown or of another kind", () => {
  refuses(JSON.parse(JSON.stringify({ ...signIn, pin: undefined })), "sign-in without pin");
  refuses({ ...signIn, kind: "register" }, "register without account");
  refuses({ ...signIn, kind: "prove" }, "unknown kind");
  refuses({ ...signIn, prompt: 0 }, "prompts count from 1");
  refuses({ ...signIn, serial: "1" }, "unknown member");
  refuses({ ...signIn, site: { ...site, favicon: "x" } }, "unknown member within");
  refuses({ ...signIn, pin: { triesLeft: 3, entry: "browser", previous: "right" } }, "unknown previous");
  refuses({ ...signIn, pin: { triesLeft: 3 } }, "no place to type it");
  refuses({ ...signIn, pin: { triesLeft: 3, entry: "page" } }, "unknown place to type it");
  refuses({ type: "progress", step: "signing" }, "unknown step");
  refuses({ ...signIn, card: { ...card, notAfter: "soon" } }, "not a date");
  refuses({ type: "prompt", prompt: 1, kind: "insert-card", site, problem: "rain" }, "unknown problem");
});

test("a card can be chosen or says why not", () => {
  const choose = { type: "prompt", prompt: 1, kind: "choose-card", site };
  const listed = { reader: "Reader 00 00", notAfter: "2031-04-01", expired: false, expiresSoon: false };
  const busy = { reader: "Reader 01 00", expired: false, expiresSoon: false, problem: "card-busy" };
  assert.ok(decodeFromProgram({ ...choose, cards: [listed, { ...listed, problem: "pin-locked" }, busy] }));
  refuses(choose, "no cards");
  refuses({ ...choose, cards: [{ ...listed, notAfter: "soon" }] }, "not a date");
  refuses({ ...choose, cards: [{ ...busy, problem: "rain" }] }, "unknown problem");
  refuses({ ...choose, cards: [{ ...listed, name: "taro" }] }, "nothing else about the person");
  refuses({ ...choose, cards: [listed], pin: { triesLeft: 3, entry: "browser" } }, "no PIN is asked for");
  assert.ok(decodeFromProgram({ ...signIn, card: { ...card, several: true } }));
  assert.ok(decodeFromProgram({ ...signIn, card: { ...card, several: true, settled: true } }));
  refuses({ ...signIn, card: { ...card, several: false } }, "absent instead of false");
  refuses({ ...signIn, card: { ...card, settled: false } }, "absent instead of false");
});

test("each kind of prompt has its own members", () => {
  const offer = { switch: false, required: false, canRemember: true };
  const register = { ...signIn, kind: "register", account: { name: "taro" } };
  const choose = { type: "prompt", prompt: 1, kind: "choose-account", site };
  assert.ok(decodeFromProgram({ ...register, cardCredential: offer }));
  refuses({ ...register, cardCredential: true }, "an offer is an object");
  refuses({ ...register, cardCredential: { ...offer, asked: true } }, "unknown member of the offer");
  assert.ok(decodeFromProgram({ ...signIn, cardCredential: true }));
  refuses({ ...signIn, cardCredential: false }, "absent instead of false");
  refuses({ ...signIn, cardCredential: offer }, "nothing is offered at sign-in");
  refuses({ ...signIn, certificate: { switch: true, asked: true, canRemember: true } }, "nor a certificate");
  assert.ok(decodeFromProgram({ ...choose, accounts: [{ name: "taro", created: "2026-11-27" }] }));
  refuses({ ...choose, accounts: [{ name: "taro", created: "27 November" }] }, "not a date");
  refuses({ ...register, account: { name: "taro", created: "2026-11-27" } }, "made just now");
});

test("a violation says where, and repeats nothing of the message", () => {
  try {
    decodeFromProgram({ ...signIn, pin: { triesLeft: "SECRET", entry: "browser" } });
    assert.fail("was accepted");
  } catch (error) {
    assert.ok(error instanceof ProtocolViolation);
    assert.match(error.message, /pin\.triesLeft/);
    assert.doesNotMatch(error.message, /SECRET/);
  }
});

test("64 KiB is the limit, in bytes", () => {
  const filled = (text: string) => ({ type: "result", response: { id: text } });
  const frame = messageSize(filled(""));
  const most = filled("a".repeat(LARGEST_MESSAGE - frame));
  assert.equal(messageSize(most), LARGEST_MESSAGE);
  assert.deepEqual(decodeFromProgram(most), most);
  refuses(filled("a".repeat(LARGEST_MESSAGE - frame + 1)), "one byte too long");
  refuses(filled("あ".repeat(LARGEST_MESSAGE / 3)), "three bytes a character");
});

test("the codes and names are those of the protocol document", () => {
  const section = /### Errors\n(.*?)\n`fatal`/s.exec(DOCUMENT)?.[1] ?? "";
  const table = [...section.matchAll(/^\| `([a-z-]+)` \| (\w+) \|/gm)].map(([, code, name]) => [code, name]);
  assert.deepEqual(Object.fromEntries(table), PROGRAM_FAILURES);
  for (const code of Object.keys(EXTENSION_FAILURES)) {
    assert.ok(section.includes(`\`${code}\``), `${code} is not in the document`);
  }
});
