/** What the background tells the prompt window to show, and what the person does there. */

import type { FailureCode } from "../failures.js";
import type { Backup, Prompt, Site } from "../host/protocol.js";

export type CeremonyKind = "create" | "get";

/** What every view of a ceremony shows: which site asks for what. */
export interface Asked {
  ceremony: CeremonyKind;
  /** Absent when the browser did not say who asks. */
  site?: Site;
  /** Where the program is, for commands that the person is told to type. */
  path?: string | undefined;
  /** A private window asks. */
  private?: true;
}

export type View =
  /** The program has been asked and has not answered yet. */
  | ({ view: "starting" } & Asked)
  | ({ view: "prompt"; prompt: Prompt } & Asked)
  | ({ view: "card-working" } & Asked)
  /** The program asks for the PIN in a window of the system. */
  | ({ view: "pin-window" } & Asked)
  /** Closes itself after a moment, unless a backup is offered. */
  | ({ view: "done"; backup?: Backup } & Asked)
  | ({ view: "failed"; code: FailureCode } & Asked);

/** What follows a prompt that was approved. Shown at once, before the program says so. */
export function afterAnswer(prompt: Prompt): "card-working" | "pin-window" {
  const asksForPin = prompt.kind === "register" || prompt.kind === "sign-in";
  return asksForPin && prompt.pin.entry === "native" ? "pin-window" : "card-working";
}

export type Intent =
  | {
      intent: "approve";
      prompt: number;
      pin?: string;
      disclose?: boolean;
      cardCredential?: boolean;
      remember?: boolean;
      lastTry?: boolean;
    }
  | { intent: "choose"; prompt: number; index: number }
  | { intent: "another-card"; prompt: number }
  | { intent: "cancel" }
  | { intent: "other" };

/** The prompt window as a ceremony sees it. */
export interface PromptWindow {
  show(view: View): void;
  /** Closes it; nothing that happens in it is told any more. */
  close(): void;
}

export interface PromptEvents {
  intent(intent: Intent): void;
  /** The person closed the window, or it could not be opened. */
  closed(): void;
}

export type OpenPrompt = (view: View, events: PromptEvents) => PromptWindow;
