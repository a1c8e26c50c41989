/** What the toolbar popup and the options page show, and what the person does there. */

import type { ProgramIs } from "./host/connection.js";
import type { WatchState } from "./host/watch.js";
import type { Settings } from "./settings.js";

/** Whether the browser lets us take requests when we want to. */
export type GateState = "open" | "closed" | "held-by-another" | "failed";

export interface Status extends Settings {
  gate: GateState;
  /** Requests are taken now. */
  taking: boolean;
  /** In mode `auto`, until when (milliseconds since the epoch). */
  until?: number;
  /** Requests are left to the browser until then, because the person wanted another authenticator. */
  pausedUntil?: number;
  watch: WatchState;
  /** As it said when it was last there. */
  program?: ProgramIs;
}

export type Action =
  | { action: "pressed" }
  | { action: "dismissed" }
  | { action: "set"; to: Partial<Settings> }
  | { action: "retry" };

export const STATUS_PORT = "status";
