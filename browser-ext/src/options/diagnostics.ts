/**
 * What a bug report needs, and nothing about the person: codes, versions and numbers, never a site, a reader's name, a path
 * or anything of a card. In English whatever the language is, since whoever mends the bug reads it.
 */

import { PROTOCOL_VERSION } from "../host/protocol.js";
import type { WatchState } from "../host/watch.js";
import type { Status } from "../status.js";
import type { Language } from "../text/text.js";

/** What the browser says of itself and of the computer. */
export interface System {
  extension: string;
  browser: string;
  os: string;
}

export function diagnostics(status: Status, system: System, shownIn: Language): string {
  const { mode, taking, language, gate, watch, program } = status;
  return [
    `JPKI for WebAuthn ${plain(system.extension)}, protocol ${PROTOCOL_VERSION}`,
    `browser: ${plain(system.browser)}`,
    `system: ${plain(system.os)}`,
    `program: ${program === undefined ? "not seen" : plain(program.version)}`,
    `readers and cards: ${counts(watch)}`,
    `problem: ${problem(watch) ?? "none"}`,
    `mode: ${mode}, ${taking ? "taking requests" : "not taking requests"}, gate ${gate}`,
    `language: ${language}, shown in ${shownIn}`,
  ].join("\n");
}

function counts(watch: WatchState): string {
  return watch.status === "watching" ? `${watch.readers} and ${watch.cards}` : `unknown (${watch.status})`;
}

function problem(watch: WatchState): string | undefined {
  if (watch.status === "failed") return watch.failure;
  return watch.status === "watching" ? watch.problem : undefined;
}

/** Names and versions as programs have them. What looks like anything else is not passed on. */
function plain(said: string): string {
  return /^[A-Za-z0-9 .,+_-]{1,80}$/.test(said) ? said : "unreadable";
}
