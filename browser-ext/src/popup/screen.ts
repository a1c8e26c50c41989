/** What the toolbar popup says for each status. */

import type { Status } from "../status.js";
import { problemKeys, type IdleProblem } from "../text/problems.js";
import { shownDuration, shownProgram } from "../text/shown.js";
import type { Key } from "../text/text.js";

export interface Said {
  key: Key;
  fill?: Record<string, string | number>;
}

export interface PopupScreen {
  taking: boolean;
  what: Key;
  do?: Said;
  button?: "open" | "dismiss";
  trouble?: { code: IdleProblem; what: Key; do: Said; retry: boolean };
  card?: { text: Said; present: boolean };
}

export function popupScreen(status: Status, now: number): PopupScreen {
  const trouble = troubleOf(status);
  const card = cardOf(status);
  const { do: said, ...state } = stateOf(status, now);
  // Where something is wrong, the card cannot just be presented.
  const says = said && !(trouble && said.key === "popupIdleDo");
  return { ...state, ...(says && { do: said }), ...(trouble && { trouble }), ...(card && { card }) };
}

function stateOf(
  { mode, gate, taking, until = 0, pausedUntil = 0, watch }: Status,
  now: number,
): PopupScreen {
  if (pausedUntil > now) {
    const fill = { time: shownDuration(pausedUntil - now) };
    return { taking: false, what: "popupPaused", do: { key: "popupPausedDo", fill }, button: "open" };
  }
  if (mode === "off") return { taking: false, what: "popupOff", do: { key: "popupOffDo" } };
  if (!taking) {
    const button = mode === "auto" || gate === "held-by-another" || gate === "failed" ? "open" : undefined;
    return { taking, what: "popupIdle", do: { key: "popupIdleDo" }, ...(button && { button }) };
  }
  if (watch.status === "failed" || (watch.status === "watching" && watch.problem !== undefined)) {
    return { taking: false, what: "popupCannot", ...(mode === "auto" && { button: "dismiss" }) };
  }
  if (mode === "always") return { taking, what: "popupTaking", do: { key: "popupTakingAlways" } };
  const fill = { time: shownDuration(until - now) };
  return { taking, what: "popupTaking", do: { key: "popupTakingAuto", fill }, button: "dismiss" };
}

/** What is wrong, and what to do about it. */
export function troubleOf({ mode, gate, watch, program }: Status): PopupScreen["trouble"] {
  const trouble = (code: IdleProblem, retry = false) => {
    const keys = problemKeys("idle", code);
    const fill = { program: shownProgram(program?.path) };
    return { code, what: keys.what, do: { key: keys.do, fill }, retry };
  };
  if (gate === "held-by-another") return trouble("another-extension");
  if (gate === "failed" && mode !== "off") return trouble("browser-refuses");
  if (watch.status === "failed") return trouble(watch.failure, true);
  if (watch.status === "watching" && watch.problem !== undefined) return trouble(watch.problem);
  return undefined;
}

function cardOf({ watch }: Status): PopupScreen["card"] {
  if (watch.status === "connecting") return { text: { key: "cardLooking" }, present: false };
  if (watch.status !== "watching" || watch.problem !== undefined) return undefined;
  const { cards } = watch;
  if (cards === 0) return { text: { key: "cardNone" }, present: false };
  const text: Said = cards === 1 ? { key: "cardOne" } : { key: "cardSeveral", fill: { cards } };
  return { text, present: true };
}
