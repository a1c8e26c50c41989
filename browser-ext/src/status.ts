/** What the toolbar popup shows, and what the person does there. */

import type { WatchState } from "./host/watch.js";
import type { Mode } from "./taking.js";

/** Whether the browser lets us take requests when we want to. */
export type GateState = "open" | "closed" | "held-by-another" | "failed";

export interface Status {
  mode: Mode;
  gate: GateState;
  /** Requests are taken now. */
  taking: boolean;
  /** In mode `auto`, until when (milliseconds since the epoch). */
  until?: number;
  /** Requests are left to the browser until then, because the person wanted another authenticator. */
  pausedUntil?: number;
  watch: WatchState;
  /** Where the program said it is, for commands that the person is told to type. */
  path?: string;
}

export type PopupAction =
  { action: "pressed" } | { action: "dismissed" } | { action: "mode"; mode: Mode } | { action: "retry" };

export const POPUP_PORT = "popup";
