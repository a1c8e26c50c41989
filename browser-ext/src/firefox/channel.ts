/**
 * What page script, bridge and background say to each other. The page script runs among the page's own scripts, which may
 * change everything under it: what it says is what the page says, and its origin is never asked of it.
 */

import type { ExceptionName } from "../failures.js";

/**
 * The event with which the page script hands one end of its channel to the bridge, before any script of the page runs. Its data is
 * the channel's name, a text that no other page script has.
 */
export const HANDOVER = "jpki-for-webauthn";

/**
 * The event by which the page script asks whether its own bridge is still there, which prevents its default. An extension
 * that is disabled or updated takes its bridges out of the pages without a word, and leaves page scripts behind; an updated one
 * puts a new pair beside them (measured).
 */
export function stillThere(channel: string): string {
  return `${HANDOVER}-still-there-${channel}`;
}

/** The name of the port between bridge and background: one for each question. */
export const PAGE_PORT = "page";

/** What a page wants to know, or to have. */
export type Question = { ask: "create" | "get"; options: Record<string, unknown> } | { ask: "available" };

/** Page script to bridge, as JSON. An `id` is used once. */
export type FromPage = ({ id: number } & Question) | { id: number; ask: "abort" };

export type Reply =
  /** Not ours: the browser's own function is to be called. */
  | { reply: "pass" }
  /** The credential as JSON: what is taken from it, however often, nobody has changed. */
  | { reply: "response"; response: string }
  | { reply: "error"; name: ExceptionName; message: string }
  | { reply: "available"; available: boolean };

/** Bridge to page script, as JSON. */
export type ToPage = { id: number } & Reply;

/** Bridge to background: the question, and what only a script outside the page can say. */
export type FromBridge = Question & { sameOriginWithAncestors: boolean };
