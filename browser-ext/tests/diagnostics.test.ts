import assert from "node:assert/strict";
import test from "node:test";
import { diagnostics } from "../src/options/diagnostics.js";
import { brandOf } from "../src/options/system.js";
import type { Status } from "../src/status.js";

const SYSTEM = { extension: "0.1.0", browser: "Firefox 153.0", os: "linux x86-64" };
const STATUS: Status = {
  mode: "auto",
  language: "auto",
  gate: "open",
  taking: true,
  until: 1_800_000_000_000,
  watch: { status: "watching", readers: 2, cards: 1 },
  program: { version: "0.2.0", path: "/home/taro.yamada/jpki/jpki-authenticator" },
};

test("a report says what is where and in which state, in so many words", () => {
  assert.equal(
    diagnostics(STATUS, SYSTEM, "ja"),
    [
      "JPKI for WebAuthn 0.1.0, protocol 1",
      "browser: Firefox 153.0",
      "system: linux x86-64",
      "program: 0.2.0",
      "readers and cards: 2 and 1",
      "problem: none",
      "mode: auto, taking requests, gate open",
      "language: auto, shown in ja",
    ].join("\n"),
  );
});

test("a report names the problem by its code", () => {
  const problems: [Status["watch"], RegExp][] = [
    [{ status: "failed", failure: "host-missing" }, /^problem: host-missing$/m],
    [{ status: "watching", readers: 0, cards: 0, problem: "no-reader" }, /^problem: no-reader$/m],
    [{ status: "connecting" }, /^readers and cards: unknown \(connecting\)$/m],
  ];
  for (const [watch, expected] of problems) {
    assert.match(diagnostics({ ...STATUS, watch }, SYSTEM, "en"), expected);
  }
  const { program, ...unseen } = STATUS;
  assert.ok(program);
  assert.match(diagnostics(unseen, SYSTEM, "en"), /^program: not seen$/m);
  assert.match(diagnostics({ ...STATUS, gate: "held-by-another" }, SYSTEM, "en"), /gate held-by-another$/m);
});

test("no report holds a path, a site or a reader's name, whoever put it where it does not belong", () => {
  const odd = [
    "/home/taro.yamada/jpki",
    "https://city.example.jp",
    "Sony FeliCa Port/PaSoRi 3.0 00 00",
    "山田",
  ];
  for (const personal of odd) {
    const watch = { ...STATUS.watch, reader: personal, rpId: personal };
    const status = { ...STATUS, watch, site: personal, program: { version: personal, path: personal } };
    const system = { extension: personal, browser: personal, os: personal };
    assert.doesNotMatch(diagnostics(status, system, "en"), /\/|taro|city|FeliCa|PaSoRi|山田/);
  }
});

test("the browser is told from its engine and from the brand that is none", () => {
  const brands = (...names: string[]) => names.map((brand) => ({ brand, version: "156.0.1" }));
  assert.equal(brandOf(brands("Not/A)Brand", "Chromium")), "Chromium 156.0.1");
  assert.equal(brandOf(brands("Chromium", "Not;A=Brand", "Microsoft Edge")), "Microsoft Edge 156.0.1");
  assert.equal(brandOf(brands("Google Chrome", "Not_A Brand", "Chromium")), "Google Chrome 156.0.1");
  assert.equal(brandOf([]), "unknown");
});
