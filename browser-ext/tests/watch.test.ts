import assert from "node:assert/strict";
import test from "node:test";
import { CardWatch, isAvailable, retryDelay } from "../src/host/watch.js";
import { EXITED, FORBIDDEN, NOT_FOUND, Program } from "./program.js";

const GREETING = () => ({ extension: "0.1.0", language: "ja" });

function watching() {
  const program = new Program();
  const retries: number[] = [];
  let presented = 0;
  const watch = new CardWatch(program.open, GREETING, {
    changed: () => undefined,
    presented: () => (presented += 1),
    retryIn: (ms) => retries.push(ms),
  });
  watch.start();
  return { program, watch, retries, presented: () => presented };
}

const cards = (readers: number, present: number, presented: boolean, problem?: string) => ({
  type: "cards",
  readers,
  cards: present,
  presented,
  ...(problem !== undefined && { problem }),
});

test("it greets, watches, and reports what the program reports", () => {
  const { program, watch, presented } = watching();
  assert.deepEqual(program.sent, [{ type: "hello", protocol: 1, extension: "0.1.0", language: "ja" }]);
  program.greet();
  assert.deepEqual(program.said, [{ type: "watch" }]);
  program.say(cards(1, 0, false));
  assert.equal(presented(), 0);
  program.say(cards(1, 1, true));
  assert.equal(presented(), 1);
  assert.deepEqual(watch.state, { status: "watching", readers: 1, cards: 1 });
});

test("where the program is stays known after it has failed", () => {
  const { program, watch } = watching();
  program.say({ type: "hello", protocol: 1, program: "0.1.0", path: "/opt/jpki/jpki-authenticator" });
  program.disconnect(EXITED);
  assert.equal(watch.program?.path, "/opt/jpki/jpki-authenticator");
});

test("availability is the truth: program, service and reader are needed, a card is not", () => {
  const { program, watch } = watching();
  assert.equal(isAvailable(watch.state), false, "connecting");
  program.greet();
  program.say(cards(1, 0, false));
  assert.equal(isAvailable(watch.state), true);
  program.say(cards(0, 0, false, "no-reader"));
  assert.equal(isAvailable(watch.state), false);
  program.say(cards(0, 0, false, "pcsc-not-running"));
  assert.equal(isAvailable(watch.state), false);
  program.disconnect(EXITED);
  assert.equal(isAvailable(watch.state), false);
});

test("a missing program is told from a failing one", () => {
  for (const [reason, failure] of [
    [NOT_FOUND, "host-missing"],
    [FORBIDDEN, "host-missing"],
    [EXITED, "host-failed"],
    ["", "host-failed"],
  ] as const) {
    const { program, watch } = watching();
    program.disconnect(reason);
    assert.deepEqual(watch.state, { status: "failed", failure });
  }
  const late = watching();
  late.program.greet();
  late.program.disconnect(NOT_FOUND);
  assert.deepEqual(
    late.watch.state,
    { status: "failed", failure: "host-failed" },
    "it was there a moment ago",
  );
});

test("a program of another protocol version is named as such", () => {
  const old = watching();
  old.program.say({ type: "fatal", code: "protocol-version" });
  assert.deepEqual(old.watch.state, { status: "failed", failure: "host-version" });
  const young = watching();
  young.program.say({ type: "hello", protocol: 2, program: "9.0.0" });
  assert.deepEqual(young.watch.state, { status: "failed", failure: "host-version" });
});

test("nothing counts before the greeting, and nothing outside the protocol after it", () => {
  const early = watching();
  early.program.say(cards(1, 1, true));
  assert.equal(early.presented(), 0);
  assert.equal(early.watch.state.status, "failed");
  const wrong = watching();
  wrong.program.greet();
  wrong.program.say({ type: "progress", step: "card-working" });
  assert.deepEqual(wrong.watch.state, { status: "failed", failure: "host-failed" });
  assert.ok(wrong.program.closed);
});

test("a missing program is asked for ever more rarely, and at once when a person looks", () => {
  const { program, watch, retries } = watching();
  for (let count = 0; count < 9; count += 1) {
    program.disconnect(NOT_FOUND);
    watch.retry();
  }
  assert.deepEqual(
    retries,
    [...retries].sort((a, b) => a - b),
  );
  assert.equal(retries[0], 1000);
  assert.equal(retries.at(-1), 900_000);
  assert.equal(retryDelay(1000), 900_000);
  program.greet();
  program.say(cards(1, 0, false));
  program.disconnect(EXITED);
  assert.equal(retries.at(-1), 1000, "a success starts the count anew");
});

test("a browser that refuses to start programs is like a missing program", async () => {
  const watch = new CardWatch(
    () => {
      throw new Error("no native messaging here");
    },
    GREETING,
    { changed: () => undefined, presented: () => undefined, retryIn: () => undefined },
  );
  watch.start();
  await Promise.resolve();
  assert.deepEqual(watch.state, { status: "failed", failure: "host-missing" });
});

test("stopped, it closes its port and says nothing more", () => {
  const { program, watch, retries } = watching();
  program.greet();
  watch.stop();
  assert.ok(program.closed);
  program.disconnect(EXITED);
  assert.deepEqual(watch.state, { status: "off" });
  assert.deepEqual(retries, []);
});
