import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { RecordsDesk, type RecordsState } from "../src/options/records.js";
import { EXITED, NOT_FOUND, Program } from "./program.js";

function desk() {
  const program = new Program();
  const states: RecordsState[] = [];
  const asks = new RecordsDesk(
    program.open,
    () => ({ extension: "0.1.0", language: "ja" }),
    (state) => states.push(state),
  );
  return { program, states, asks };
}

const EMPTY = { type: "records", disclosures: [], olderDisclosures: 0, sites: [], olderSites: 0 } as const;

test("records are asked for by a port of their own, which closes after the answer", () => {
  const { program, states, asks } = desk();
  asks.ask();
  program.greet();
  assert.deepEqual(program.said, [{ type: "records" }]);
  program.say(EMPTY);
  assert.deepEqual(states, [{ status: "asking" }, { status: "there", records: EMPTY }]);
  assert.ok(program.closed);
});

test("every site that is to be forgotten is, also while another question is under way", () => {
  const { program, states, asks } = desk();
  asks.ask();
  asks.forget("example.jp");
  asks.forget("example.com");
  asks.forget("example.com");
  const said: unknown[] = [];
  for (let answers = 0; answers < 3; answers += 1) {
    program.greet();
    said.push(program.said.at(-1));
    program.say(EMPTY);
  }
  assert.deepEqual(said, [
    { type: "records" },
    { type: "forget", rpId: "example.jp" },
    { type: "forget", rpId: "example.com" },
  ]);
  assert.deepEqual(states.at(-1), { status: "there", records: EMPTY, forgotten: "example.com" });
  assert.ok(program.closed);
});

test("what cannot be looked up is said by its code, and can be asked for again", () => {
  const refused = { type: "error", code: "storage", name: "NotAllowedError" };
  const cards = { type: "cards", readers: 1, cards: 1, presented: false };
  const ends: [unknown, string][] = [
    [refused, "storage"],
    [cards, "host-failed"],
    [{ ...EMPTY, serial: "1" }, "host-failed"],
  ];
  for (const [end, failure] of ends) {
    const { program, states, asks } = desk();
    asks.ask();
    program.greet();
    program.say(end);
    assert.deepEqual(states.at(-1), { status: "failed", failure });
    asks.ask();
    program.greet();
    program.say(EMPTY);
    assert.deepEqual(states.at(-1), { status: "there", records: EMPTY });
  }
});

test("a program that is not there, or ends, is named as such", () => {
  for (const [reason, failure] of [
    [NOT_FOUND, "host-missing"],
    [EXITED, "host-failed"],
  ] as const) {
    const { program, states, asks } = desk();
    asks.ask();
    program.disconnect(reason);
    assert.deepEqual(states.at(-1), { status: "failed", failure });
  }
});

test("the background never asks for the records", () => {
  const ours = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const asking = ours.filter((name) =>
    /RecordsDesk|type: "(records|forget)"/.test(readFileSync(`src/${name}`, "utf8")),
  );
  assert.deepEqual(asking.sort(), ["host/protocol.ts", "options/options.ts", "options/records.ts"]);
});
