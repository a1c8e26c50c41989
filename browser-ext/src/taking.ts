/**
 * When the extension takes requests from pages and when it leaves them to the browser (design, decision 5): while it
 * takes them, no other authenticator can be reached. Pure: states and times in, states out.
 */

/** `auto`: for two minutes after a card is presented or the toolbar button is pressed, extended by use. */
export type Mode = "auto" | "always" | "off";

export const MODES: readonly Mode[] = ["auto", "always", "off"];

/** How long requests are taken in mode `auto`, in milliseconds. */
export const WINDOW_MS = 120_000;

/** How long requests are left to the browser after "use another authenticator", in milliseconds. */
export const PAUSE_MS = 60_000;

export interface Taking {
  mode: Mode;
  /** In mode `auto`, requests are taken before this time (milliseconds since the epoch). */
  until: number;
  /** In every mode, none is taken before this time. */
  pausedUntil: number;
  /** Ceremonies going on: what has begun is not handed back in the middle. */
  ceremonies: number;
}

export const INITIAL: Taking = { mode: "auto", until: 0, pausedUntil: 0, ceremonies: 0 };

export type TakingEvent =
  /** A card was presented, or the toolbar button pressed: the person turns to us, so a pause ends too. */
  | { event: "summoned" }
  | { event: "ceremony-began" }
  | { event: "ceremony-ended" }
  /** The person wants another authenticator. */
  | { event: "other-authenticator" }
  /** The person closes the window of mode `auto` before its time. */
  | { event: "dismissed" }
  | { event: "mode"; mode: Mode };

export function after(taking: Taking, change: TakingEvent, now: number): Taking {
  switch (change.event) {
    case "summoned":
      return { ...taking, until: opened(taking, now), pausedUntil: 0 };
    case "ceremony-began":
      return { ...taking, ceremonies: taking.ceremonies + 1, until: opened(taking, now) };
    case "ceremony-ended":
      return {
        ...taking,
        ceremonies: Math.max(0, taking.ceremonies - 1),
        // A pause that the ceremony itself asked for is not undone by its end.
        until: now < taking.pausedUntil ? taking.until : opened(taking, now),
      };
    case "other-authenticator":
      return { ...taking, pausedUntil: now + PAUSE_MS };
    case "dismissed":
      return { ...taking, until: 0 };
    case "mode":
      return { ...taking, mode: change.mode, until: 0, pausedUntil: 0 };
  }
}

function opened(taking: Taking, now: number): number {
  return taking.mode === "auto" ? Math.max(taking.until, now + WINDOW_MS) : taking.until;
}

/** Whether requests are to be taken at `now`. */
export function takes(taking: Taking, now: number): boolean {
  if (now < taking.pausedUntil) return false;
  if (taking.ceremonies > 0) return true;
  switch (taking.mode) {
    case "always":
      return true;
    case "auto":
      return now < taking.until;
    case "off":
      return false;
  }
}

/** The next time at which {@link takes} may change by itself. */
export function nextChange(taking: Taking, now: number): number | undefined {
  const times = [taking.pausedUntil, taking.mode === "auto" ? taking.until : 0].filter((time) => time > now);
  return times.length > 0 ? Math.min(...times) : undefined;
}
