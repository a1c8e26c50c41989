import assert from "node:assert/strict";
import test from "node:test";
import { after, INITIAL, nextChange, PAUSE_MS, takes, WINDOW_MS } from "../src/taking.js";
import type { Taking, TakingEvent } from "../src/taking.js";

const NOW = 1_000_000;
const apply = (taking: Taking, now: number, ...events: TakingEvent[]) =>
  events.reduce((state, event) => after(state, event, now), taking);

const summoned = { event: "summoned" } as const;
const began = { event: "ceremony-began" } as const;
const ended = { event: "ceremony-ended" } as const;
const other = { event: "other-authenticator" } as const;
const mode = (to: Taking["mode"]) => ({ event: "mode", mode: to }) as const;

test("nothing is taken before the person turns to us", () => {
  assert.equal(takes(INITIAL, NOW), false);
  assert.equal(nextChange(INITIAL, NOW), undefined);
});

test("a card or the button opens two minutes, and they end", () => {
  const taking = apply(INITIAL, NOW, summoned);
  assert.equal(takes(taking, NOW), true);
  assert.equal(takes(taking, NOW + WINDOW_MS - 1), true);
  assert.equal(takes(taking, NOW + WINDOW_MS), false);
  assert.equal(nextChange(taking, NOW), NOW + WINDOW_MS);
});

test("use extends the two minutes, from its beginning and again from its end", () => {
  const half = NOW + WINDOW_MS / 2;
  const using = apply(apply(INITIAL, NOW, summoned), half, began);
  assert.equal(using.until, half + WINDOW_MS);
  const later = half + 5 * WINDOW_MS;
  assert.equal(takes(using, later), true, "a ceremony that goes on is not cut off");
  const done = apply(using, later, ended);
  assert.equal(takes(done, later + WINDOW_MS - 1), true);
  assert.equal(takes(done, later + WINDOW_MS), false);
});

test("always takes, off never does, whatever happens", () => {
  const always = apply(INITIAL, NOW, mode("always"));
  assert.equal(takes(always, NOW + 100 * WINDOW_MS), true);
  assert.equal(nextChange(always, NOW), undefined);
  const off = apply(INITIAL, NOW, summoned, mode("off"), summoned);
  assert.equal(takes(off, NOW), false);
});

test("a change to off in the middle of a ceremony lets it end", () => {
  const using = apply(INITIAL, NOW, summoned, began, mode("off"));
  assert.equal(takes(using, NOW), true);
  assert.equal(takes(apply(using, NOW, ended), NOW), false);
});

test("another authenticator gets a minute in every mode, then the mode goes on", () => {
  for (const start of [apply(INITIAL, NOW, summoned), apply(INITIAL, NOW, mode("always"))]) {
    const paused = apply(start, NOW, began, other, ended);
    assert.equal(takes(paused, NOW), false);
    assert.equal(takes(paused, NOW + PAUSE_MS - 1), false);
    assert.equal(takes(paused, NOW + PAUSE_MS), true);
    assert.equal(nextChange(paused, NOW), NOW + PAUSE_MS);
  }
});

test("the end of the ceremony that asked for another authenticator does not lengthen the window", () => {
  const paused = apply(INITIAL, NOW, summoned, began, other);
  assert.equal(apply(paused, NOW + 10_000, ended).until, NOW + WINDOW_MS);
});

test("a card presented during the pause ends it", () => {
  assert.equal(takes(apply(INITIAL, NOW, other, summoned), NOW), true);
});

test("the person can stop the two minutes", () => {
  assert.equal(takes(apply(INITIAL, NOW, summoned, { event: "dismissed" }), NOW), false);
});

test("two ceremonies: the first one's end does not end the second", () => {
  const off = apply(INITIAL, NOW, summoned, began, began, mode("off"), ended);
  assert.equal(takes(off, NOW), true);
  assert.equal(takes(apply(off, NOW, ended), NOW), false);
});
