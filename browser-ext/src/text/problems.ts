/**
 * What can be said to have gone wrong, in both languages: what happened and what to do, each under a code. The texts are
 * those of messages/problems.json, which the program reads too.
 */

import { pages } from "../../../messages/problems.json";
import { FAILURE_CODES, type FailureCode } from "../failures.js";
import type { InsertProblem } from "../host/protocol.js";
import type { Translated } from "./catalogue.js";

/** The code of a problem that a page of the extension can tell of. */
export type ProblemCode = keyof typeof pages;

/** Where it is said: some places need other words than the usual ones. */
export type Place = keyof typeof SAID;

/** What can be said there. */
type CodeAt<P extends Place> = (typeof SAID)[P][number];

/** What the popup and the options page can say is wrong. */
export type IdleProblem = CodeAt<"idle">;

const SAID = {
  /** At the end of a ceremony. */
  ceremony: FAILURE_CODES as readonly FailureCode[],
  /** While there is still time: what is put right goes on by itself. */
  waiting: [
    "no-reader",
    "no-card",
    "card-mute",
    "card-busy",
    "pcsc-not-running",
  ] as const satisfies readonly InsertProblem[],
  /** While no site asks: popup and options page go on to nothing. */
  idle: [
    "no-reader",
    "pcsc-not-running",
    "host-missing",
    "host-failed",
    "host-version",
    "another-extension",
    "browser-refuses",
  ] as const,
  /** With a question of a ceremony. */
  asking: [
    "wrong-pin",
    "impossible-pin",
    "last-try",
    "excluded",
    "no-credential",
    "certificate-expired",
    "certificate-expires-soon",
  ] as const,
};

interface Words {
  what?: string;
  do?: string;
}

interface Entry extends Partial<Record<Place, { en: Words; ja: Words }>> {
  en: Required<Words>;
  ja: Required<Words>;
}

const ENTRIES: Record<ProblemCode, Entry> = pages;

/** The pair of `code`, as it is said at `place`. A code without an entry does not compile. */
function said(place: Place, code: ProblemCode): { what: Translated; do: Translated } {
  const entry = ENTRIES[code];
  const [en, ja] = [
    { ...entry.en, ...entry[place]?.en },
    { ...entry.ja, ...entry[place]?.ja },
  ];
  return { what: { en: en.what, ja: ja.what }, do: { en: en.do, ja: ja.do } };
}

type PairKey = `${string}_what` | `${string}_do`;

/** The catalogue's keys of the pair of `code`, as it is said at `place`. */
export function problemKeys<P extends Place>(place: P, code: CodeAt<P>): { what: PairKey; do: PairKey } {
  const stem = `${place}_${code.replaceAll("-", "_")}`;
  return { what: `${stem}_what`, do: `${stem}_do` };
}

/** A code as people see it, can search for and quote: it says whose it is. */
export function shownCode(code: ProblemCode): string {
  return `JPKI-${code}`;
}

/** The pairs of every place, by their keys. */
export const problemTexts: Record<PairKey, Translated> = Object.fromEntries(
  (Object.keys(SAID) as Place[]).flatMap((place) =>
    SAID[place].flatMap((code) => {
      const keys = problemKeys(place, code);
      const pair = said(place, code);
      return [
        [keys.what, pair.what],
        [keys.do, pair.do],
      ];
    }),
  ),
);
