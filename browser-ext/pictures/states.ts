/** Every state of prompt, popup and options page, to be looked at and to be tested. What each is: `sentences.ts`. */

import { FAILURE_CODES, type FailureCode } from "../src/failures.js";
import type { Disclosure, Prompt } from "../src/host/protocol.js";
import type { RecordsState } from "../src/options/records.js";
import type { View } from "../src/prompt/views.js";
import type { Status } from "../src/status.js";
import type { Mode } from "../src/taking.js";

const site = {
  rpId: "example.jp",
  origin: "https://login.example.jp",
  name: "Example City Services",
  relatedOrigin: false,
};
const account = { name: "taro.yamada@example.jp", displayName: "山田 太郎" };
const PATH = "/home/taro/jpki-for-webauthn/target/release/jpki-authenticator";
const card = { reader: "Virtual PCD 00 00", notAfter: "2031-04-01", expired: false, expiresSoon: false };
const offered = { switch: false, asked: false, canRemember: false, notAfter: "2031-04-01" };
const asked = { switch: true, asked: true, canRemember: true, notAfter: "2031-04-01" };
const cardKey = { switch: false, required: false, canRemember: true };
const onlyCardKey = { ...cardKey, required: true };

const prompt = (ceremony: "create" | "get", asks: Prompt): View => ({
  view: "prompt",
  ceremony,
  site,
  prompt: asks,
});
const head = { type: "prompt", prompt: 1, site, card } as const;
const register = { ...head, kind: "register", account, pin: { triesLeft: 3, entry: "browser" } } as const;
const signIn = { ...head, kind: "sign-in", pin: { triesLeft: 3, entry: "browser" } } as const;

const asksWhich = { type: "prompt", prompt: 1, site, kind: "choose-card" } as const;
const without = { expired: false, expiresSoon: false } as const;
const ofTaro = { reader: card.reader, notAfter: "2031-04-01", ...without };
const ofHanako = { reader: "Virtual PCD 00 01", notAfter: "2028-01-25", ...without };
const LONG_READER = "Contactless Smart Card Reader with a Long Name [CCID Interface] (0123456789) 01 00";

const views = {
  starting: { view: "starting", ceremony: "get", site },
  register: prompt("create", register),
  "register-certificate": prompt("create", { ...register, certificate: offered }),
  "register-asked": prompt("create", { ...register, certificate: asked }),
  "register-asked-off": prompt("create", { ...register, certificate: { ...asked, switch: false } }),
  "register-asked-wrong-pin": prompt("create", {
    ...register,
    certificate: asked,
    pin: { triesLeft: 2, entry: "browser", previous: "wrong" },
  }),
  "register-asked-last-try-at-once": prompt("create", {
    ...register,
    certificate: asked,
    pin: { triesLeft: 1, entry: "browser", lastTry: true },
  }),
  "register-asked-last-try": prompt("create", {
    ...register,
    certificate: asked,
    pin: { triesLeft: 1, entry: "browser", previous: "wrong", lastTry: true },
  }),
  "register-private": { ...prompt("create", register), private: true },
  "register-private-certificate": {
    ...prompt("create", { ...register, certificate: { ...asked, switch: false, canRemember: false } }),
    private: true,
  },
  "register-card-key": prompt("create", { ...register, cardCredential: cardKey }),
  "register-card-key-on": prompt("create", { ...register, cardCredential: { ...cardKey, switch: true } }),
  "register-card-key-required": prompt("create", { ...register, cardCredential: onlyCardKey }),
  "register-card-key-required-on": prompt("create", {
    ...register,
    cardCredential: { ...onlyCardKey, switch: true },
  }),
  "register-both": prompt("create", { ...register, certificate: offered, cardCredential: cardKey }),
  "register-both-asked-off": prompt("create", {
    ...register,
    certificate: { ...asked, switch: false },
    cardCredential: cardKey,
  }),
  "register-both-required-off": prompt("create", {
    ...register,
    certificate: { ...asked, switch: false },
    cardCredential: onlyCardKey,
  }),
  "register-both-on": prompt("create", {
    ...register,
    certificate: asked,
    cardCredential: { ...onlyCardKey, switch: true },
  }),
  "register-both-wrong-pin": prompt("create", {
    ...register,
    certificate: asked,
    cardCredential: { ...cardKey, switch: true },
    pin: { triesLeft: 2, entry: "browser", previous: "wrong" },
  }),
  "register-both-last-try-at-once": prompt("create", {
    ...register,
    certificate: { ...asked, switch: false },
    cardCredential: onlyCardKey,
    pin: { triesLeft: 1, entry: "browser", lastTry: true },
  }),
  "register-both-last-try": prompt("create", {
    ...register,
    certificate: asked,
    cardCredential: { ...cardKey, switch: true },
    pin: { triesLeft: 1, entry: "browser", previous: "wrong", lastTry: true },
  }),
  "sign-in": prompt("get", signIn),
  "sign-in-keys": prompt("get", signIn),
  "register-both-keys": prompt("create", { ...register, certificate: asked, cardCredential: cardKey }),
  "sign-in-card-key": prompt("get", { ...signIn, cardCredential: true }),
  "sign-in-related": prompt("get", {
    ...signIn,
    site: { rpId: "example.jp", origin: "https://example-services.co.jp", relatedOrigin: true },
  }),
  "sign-in-long": prompt("get", {
    ...signIn,
    site: {
      rpId: "shinsei.dennshi-madoguchi.city.kitakyushu-nishi.fukuoka.example.jp",
      origin: "https://shinsei.dennshi-madoguchi.city.kitakyushu-nishi.fukuoka.example.jp:8443",
      name: "A name that goes on and on ".repeat(9),
    },
  }),
  "sign-in-localhost": prompt("get", {
    ...signIn,
    site: { rpId: "localhost", origin: "http://localhost:8080", relatedOrigin: false },
  }),
  "wrong-pin": prompt("get", { ...signIn, pin: { triesLeft: 2, entry: "browser", previous: "wrong" } }),
  "impossible-pin": prompt("get", {
    ...signIn,
    pin: { triesLeft: 3, entry: "browser", previous: "impossible" },
  }),
  "last-try": prompt("get", { ...signIn, pin: { triesLeft: 1, entry: "browser", lastTry: true } }),
  "last-try-after-wrong": prompt("get", {
    ...signIn,
    pin: { triesLeft: 1, entry: "browser", previous: "wrong", lastTry: true },
  }),
  "card-expired": prompt("get", { ...signIn, card: { ...card, expired: true, notAfter: "2025-04-01" } }),
  "card-expires-soon": prompt("get", {
    ...signIn,
    card: { ...card, expiresSoon: true, notAfter: "2026-12-24" },
  }),
  "register-in-window": prompt("create", { ...register, pin: { triesLeft: 3, entry: "native" } }),
  "register-both-in-window": prompt("create", {
    ...register,
    certificate: { ...asked, switch: false },
    cardCredential: onlyCardKey,
    pin: { triesLeft: 2, entry: "native", previous: "wrong" },
  }),
  "sign-in-in-window": prompt("get", { ...signIn, pin: { triesLeft: 3, entry: "native" } }),
  "last-try-in-window": prompt("get", { ...signIn, pin: { triesLeft: 1, entry: "native", lastTry: true } }),
  "pin-window": { view: "pin-window", ceremony: "get", site },
  "card-working": { view: "card-working", ceremony: "get", site },
  "choose-card": prompt("get", { ...asksWhich, cards: [ofTaro, ofHanako] }),
  "choose-card-all-kinds": prompt("create", {
    ...asksWhich,
    cards: [
      ofTaro,
      { ...ofHanako, notAfter: "2026-12-24", expiresSoon: true },
      { ...ofHanako, reader: LONG_READER, notAfter: "2025-04-01", expired: true, problem: "pin-locked" },
      { reader: "Virtual PCD 2 00 01", ...without, problem: "card-busy" },
      { reader: "Virtual PCD 2 00 02", ...without, problem: "card-mute" },
      { reader: "Virtual PCD 3 00 00", ...without, problem: "card-failed" },
      { reader: "Virtual PCD 3 00 01", ...without, problem: "card-unsupported" },
    ],
  }),
  "choose-card-unusable": prompt("get", {
    ...asksWhich,
    cards: [
      ofTaro,
      { reader: "Virtual PCD 2 00 02", ...without, problem: "card-mute" },
      { reader: "Virtual PCD 3 00 00", ...without, problem: "card-failed" },
      { reader: "Virtual PCD 3 00 01", ...without, problem: "card-unsupported" },
    ],
  }),
  "choose-card-one-more": prompt("get", { ...asksWhich, cards: [ofTaro] }),
  "register-chosen-card": prompt("create", {
    ...register,
    certificate: asked,
    card: { ...card, several: true },
  }),
  "sign-in-chosen-card": prompt("get", { ...signIn, card: { ...card, reader: LONG_READER, several: true } }),
  "insert-chosen-card": prompt("get", {
    ...head,
    kind: "insert-card",
    problem: "no-card",
    card: { ...card, several: true },
  }),
  "no-credential-chosen-card": {
    ...prompt("get", { ...head, kind: "no-credential", card: { ...card, several: true } }),
    path: PATH,
  },
  "choose-account": prompt("get", {
    ...head,
    kind: "choose-account",
    accounts: [account, { name: "hanako" }, { name: "taro-office", displayName: "Taro Yamada (office)" }],
  }),
  "choose-account-chosen-card": prompt("get", {
    ...head,
    card: { ...card, several: true, settled: true },
    kind: "choose-account",
    accounts: [account, { name: "hanako" }],
  }),
  "choose-account-twins": prompt("get", {
    ...head,
    kind: "choose-account",
    accounts: [
      { ...account, created: "2026-11-27" },
      { ...account, created: "2025-04-01" },
    ],
  }),
  "already-registered": prompt("create", { ...head, kind: "already-registered" }),
  "no-credential": { ...prompt("get", { ...head, kind: "no-credential" }), path: PATH },
  "done-create": { view: "done", ceremony: "create", site },
  "done-get": { view: "done", ceremony: "get", site },
  "done-backup-first": { view: "done", ceremony: "create", site, path: PATH, backup: "first" },
  "done-backup-expiring": { view: "done", ceremony: "get", site, path: PATH, backup: "expiring" },
  "failed-without-site": { view: "failed", ceremony: "get", code: "origin-unknown" },
} satisfies Record<string, View>;

export const INSERT_PROBLEMS = [
  "no-card",
  "card-mute",
  "no-reader",
  "card-busy",
  "pcsc-not-running",
] as const;
const insertCard = (problem: (typeof INSERT_PROBLEMS)[number]) =>
  prompt("get", { type: "prompt", prompt: 1, site, kind: "insert-card", problem });
/** Failures that a sign-in does not have. */
const OF_REGISTRATIONS: readonly FailureCode[] = ["excluded", "unsupported-algorithm", "certificate-expired"];
const failed = (code: FailureCode): View => ({
  view: "failed",
  ceremony: OF_REGISTRATIONS.includes(code) ? "create" : "get",
  site,
  code,
});

export type ViewName = keyof typeof views;
export const VIEWS: Record<string, View> = {
  ...views,
  ...Object.fromEntries(INSERT_PROBLEMS.map((problem) => [`insert-${problem}`, insertCard(problem)])),
  ...Object.fromEntries(FAILURE_CODES.map((code) => [`failed-${code}`, failed(code)])),
};

const status = (mode: Mode, rest: Partial<Status> = {}): Status => ({
  mode,
  language: "auto",
  gate: "closed",
  taking: false,
  watch: { status: "watching", readers: 1, cards: 0 },
  ...rest,
});
const soon = (ms: number) => Date.now() + ms;

const statuses = {
  taking: () =>
    status("auto", {
      gate: "open",
      taking: true,
      until: soon(102_000),
      watch: { status: "watching", readers: 1, cards: 1 },
    }),
  idle: () => status("auto"),
  paused: () => status("auto", { pausedUntil: soon(48_000) }),
  always: () => status("always", { gate: "open", taking: true }),
  off: () => status("off", { watch: { status: "watching", readers: 1, cards: 2 } }),
  connecting: () => status("auto", { watch: { status: "connecting" } }),
  "host-missing": () =>
    status("auto", {
      gate: "open",
      taking: true,
      until: soon(119_000),
      watch: { status: "failed", failure: "host-missing" },
    }),
  "host-failed": () => status("auto", { watch: { status: "failed", failure: "host-failed" } }),
  "pcsc-not-running": () =>
    status("auto", {
      gate: "open",
      taking: true,
      until: soon(119_000),
      watch: { status: "watching", readers: 0, cards: 0, problem: "pcsc-not-running" },
    }),
  "no-reader": () =>
    status("auto", { watch: { status: "watching", readers: 0, cards: 0, problem: "no-reader" } }),
  "another-extension": () => status("auto", { gate: "held-by-another" }),
  "gate-failed": () => status("always", { gate: "failed" }),
} satisfies Record<string, () => Status>;

export type StatusName = keyof typeof statuses;
export const STATUSES: Record<string, () => Status> = statuses;

export const SYSTEM = { extension: "0.1.0", browser: "Firefox 153.0", os: "linux x86-64" };

const program = { version: "0.1.0", path: PATH };

const present = { status: "watching", readers: 1, cards: 1 } as const;
const records = (sites: string[], disclosures: Disclosure[], older = 0): RecordsState => ({
  status: "there",
  records: { type: "records", disclosures, olderDisclosures: older, sites, olderSites: older },
});
const LONG_SITE = "shinsei.dennshi-madoguchi.city.kitakyushu-nishi.fukuoka.example.jp";
const HISTORY: Disclosure[] = Array.from({ length: 14 }, (_, index) => ({
  at: 1_795_760_000 - index * 1_234_567,
  what: index % 3 === 1 ? "card-key" : "certificate",
  rpId: index === 2 ? LONG_SITE : "example.jp",
}));
const nothing = records([], []);

interface OptionsState {
  status: () => Status;
  records: RecordsState;
}

const options = {
  settings: {
    status: () => status("auto", { program, watch: present }),
    records: records(["city.example.jp", LONG_SITE], HISTORY.slice(0, 3)),
  },
  first: {
    status: () => status("always", { program, language: "ja", gate: "open", taking: true }),
    records: nothing,
  },
  forgotten: {
    status: () => status("auto", { program, watch: present }),
    records: { ...records([], HISTORY.slice(0, 1)), forgotten: "city.example.jp" } as RecordsState,
  },
  full: {
    status: () => status("auto", { program, watch: present }),
    records: records(["example.jp"], HISTORY, 120),
  },
  asking: { status: () => status("auto", { program, watch: present }), records: { status: "asking" } },
  "host-missing": {
    status: () => status("auto", { watch: { status: "failed", failure: "host-missing" } }),
    records: { status: "failed", failure: "host-missing" },
  },
  "pcsc-not-running": {
    status: () =>
      status("off", {
        program,
        watch: { status: "watching", readers: 0, cards: 0, problem: "pcsc-not-running" },
      }),
    records: nothing,
  },
  storage: {
    status: () => status("auto", { program, watch: present }),
    records: { status: "failed", failure: "storage" },
  },
} satisfies Record<string, OptionsState>;

export type OptionsName = keyof typeof options;
export const OPTIONS: Record<string, OptionsState> = options;
