import assert from "node:assert/strict";
import test, { after, afterEach, before, beforeEach } from "node:test";
import { HANDOVER, PAGE_PORT, stillThere, type ToPage } from "../src/firefox/channel.js";
import { settled } from "./program.js";

/** One side of a `chrome.runtime.Port`. */
class Port {
  readonly said: unknown[] = [];
  connected = true;
  readonly #heard: ((message: unknown) => void)[] = [];
  readonly #ended: (() => void)[] = [];
  readonly onMessage = { addListener: (listener: (message: unknown) => void) => this.#heard.push(listener) };
  readonly onDisconnect = { addListener: (listener: () => void) => this.#ended.push(listener) };

  constructor(readonly name: string) {}

  postMessage(message: unknown): void {
    this.said.push(message);
  }

  disconnect(): void {
    this.connected = false;
  }

  say(message: unknown): void {
    for (const listener of this.#heard) listener(message);
  }

  end(): void {
    for (const listener of this.#ended) listener();
  }
}

interface Around {
  origin: string;
  parent: Around;
  document: { hasFocus(): boolean; visibilityState: DocumentVisibilityState };
}

const ORIGIN = "https://example.jp";
const events = new EventTarget();
const { port1: page, port2: handedOver } = new MessageChannel();
const replies: ToPage[] = [];
const ports: Port[] = [];
const view = { hasFocus: () => focused, visibilityState: "visible" as DocumentVisibilityState };
const own = { origin: ORIGIN, document: view } as Around;
const UNREADABLE = 999_999_999;
let caughtUp: () => void;
let focused = true;
let now = Date.now();
let last = 0;

/** The world beside a page, as far as the bridge knows it. */
function standIn(around: Around): void {
  own.parent = around;
  Object.assign(globalThis, { window: own, top: around, origin: ORIGIN });
}

async function ask(question: Record<string, unknown>): Promise<number> {
  const id = (last += 1);
  page.postMessage(JSON.stringify({ id, ...question }));
  await heard();
  return id;
}

/** Waits until all that was said has been heard, both ways: what cannot be read is answered at once, and in its turn. */
function heard(): Promise<void> {
  return new Promise((resolve) => {
    caughtUp = resolve;
    page.postMessage(`{"id":${UNREADABLE},`);
  });
}

const question = { ask: "get", options: { challenge: "AAAA" } };
const REFUSED = {
  reply: "error",
  name: "NotAllowedError",
  message: "The operation either timed out or was not allowed.",
};
const ended = (id: number) => [{ id, ...REFUSED }];

before(async () => {
  Date.now = () => now;
  standIn(own);
  Object.assign(globalThis, {
    addEventListener: events.addEventListener.bind(events),
    chrome: {
      runtime: {
        connect: ({ name }: { name: string }) => {
          const port = new Port(name);
          ports.push(port);
          return port;
        },
      },
    },
  });
  await import("../src/firefox/bridge.js");
  events.dispatchEvent(Object.assign(new Event(HANDOVER), { ports: [handedOver], data: "its own" }));
  page.onmessage = ({ data }) => {
    const reply = JSON.parse(data as string) as ToPage;
    if (reply.id === UNREADABLE) caughtUp();
    else replies.push(reply);
  };
});

beforeEach(() => {
  standIn(own);
  view.visibilityState = "visible";
  focused = true;
  now += 3_600_000;
  replies.length = 0;
  ports.length = 0;
});

afterEach(async () => {
  events.dispatchEvent(new Event("pagehide"));
  await heard();
});

after(() => {
  page.close();
});

test("a question goes to the background, and its reply to the page; the port is closed", async () => {
  const id = await ask(question);
  const [port] = ports;
  assert.ok(port);
  assert.equal(port.name, PAGE_PORT);
  assert.deepEqual(port.said, [{ ...question, sameOriginWithAncestors: true }]);
  assert.deepEqual(replies, []);
  port.say({ reply: "response", response: "{}" });
  await heard();
  assert.deepEqual(replies, [{ id, reply: "response", response: "{}" }]);
  assert.equal(port.connected, false);
});

test("a page that is left ends its questions, kept for the way back or not", async () => {
  const id = await ask(question);
  events.dispatchEvent(new Event("pagehide"));
  assert.equal(ports[0]?.connected, false);
  await heard();
  assert.deepEqual(replies, ended(id));
});

test("a page that aborts closes the port", async () => {
  const id = await ask(question);
  page.postMessage(JSON.stringify({ id, ask: "abort" }));
  await heard();
  assert.equal(ports[0]?.connected, false);
});

test("a background that goes ends the question", async () => {
  const id = await ask(question);
  ports[0]?.end();
  await heard();
  assert.deepEqual(replies, ended(id));
});

test("what a page says about the frames around it does not count", async () => {
  await ask({ ...question, sameOriginWithAncestors: false });
  assert.deepEqual(ports[0]?.said, [{ ...question, sameOriginWithAncestors: true }]);
});

test("in a frame of another origin nothing is asked, not even whether there is an authenticator", async () => {
  const strange = { origin: "https://evil.example", document: view } as Around;
  strange.parent = strange;
  const silent = {
    get origin(): never {
      throw new Error("of another origin");
    },
  } as unknown as Around;
  Object.assign(silent, { parent: silent });
  for (const around of [strange, silent]) {
    standIn(around);
    for (const asked of [question, { ask: "available" }]) {
      const id = await ask(asked);
      assert.deepEqual(replies.at(-1), { id, reply: "pass" });
    }
  }
  assert.equal(ports.length, 0);
});

test("a document without the focus is the browser's, and may ask whether there is an authenticator", async () => {
  focused = false;
  const id = await ask(question);
  assert.deepEqual(replies, [{ id, reply: "pass" }]);
  assert.equal(ports.length, 0);
  await ask({ ask: "available" });
  assert.deepEqual(ports[0]?.said, [{ ask: "available", sameOriginWithAncestors: true }]);
});

test("what a page asks as soon as it was served is asked, though the prompt still has the focus", async () => {
  await ask(question);
  ports[0]?.say({ reply: "response", response: "{}" });
  focused = false;
  now += 2999;
  await ask(question);
  assert.equal(ports.length, 2);
  view.visibilityState = "hidden";
  await ask(question);
  assert.equal(ports.length, 2);
  view.visibilityState = "visible";
  now += 1;
  await ask(question);
  assert.equal(ports.length, 2);
});

test("what a page asks as soon as it was refused is the browser's while the page has not the focus", async () => {
  await ask(question);
  ports[0]?.say(REFUSED);
  focused = false;
  const id = await ask(question);
  assert.deepEqual(replies.at(-1), { id, reply: "pass" });
  assert.equal(ports.length, 1);
});

test("too much is the browser's: long questions, many questions, one twice", async () => {
  const long = await ask({ ...question, options: { challenge: "A".repeat(65_536) } });
  assert.deepEqual(replies.splice(0), [{ id: long, reply: "pass" }]);
  const first = await ask(question);
  page.postMessage(JSON.stringify({ id: first, ...question }));
  await heard();
  assert.deepEqual(replies.splice(0), [{ id: first, reply: "pass" }]);
  for (let count = 1; count < 8; count += 1) await ask(question);
  assert.deepEqual(replies, []);
  const ninth = await ask(question);
  assert.deepEqual(replies, [{ id: ninth, reply: "pass" }]);
  assert.equal(ports.length, 8);
});

test("the bridge says to its own page script that it is there, and takes no second channel", async () => {
  const isThere = (channel: string) =>
    !events.dispatchEvent(new Event(stillThere(channel), { cancelable: true }));
  assert.equal(isThere("its own"), true);
  assert.equal(isThere("another's"), false);
  const { port1, port2 } = new MessageChannel();
  try {
    events.dispatchEvent(Object.assign(new Event(HANDOVER), { ports: [port2], data: "another's" }));
    assert.equal(isThere("another's"), false);
    port1.postMessage(JSON.stringify({ id: 1, ask: "available" }));
    await heard();
    await settled();
    assert.equal(ports.length, 0);
  } finally {
    port1.close();
  }
});
