/** Knows the readers and cards through one long-lived port, and whether the program is there at all. */

import { Connection, type ConnectionFailure, type OpenPort, type ProgramIs } from "./connection.js";
import type { Cards, Greeting } from "./protocol.js";

export type WatchState =
  | { status: "off" }
  | { status: "connecting" }
  | { status: "watching"; readers: number; cards: number; problem?: "pcsc-not-running" | "no-reader" }
  | { status: "failed"; failure: ConnectionFailure };

export interface WatchEvents {
  changed(state: WatchState): void;
  /** A card has just been presented. */
  presented(): void;
  /** Asks for {@link CardWatch.retry} in `ms`; the caller knows which timers survive here. */
  retryIn(ms: number): void;
}

const SECOND = 1000;
const BACK_OFF = [1, 5, 30, 60, 120, 300, 900].map((seconds) => seconds * SECOND);

/** How long to wait before the next attempt, after `failures` in a row (from 1). */
export function retryDelay(failures: number): number {
  return BACK_OFF[Math.min(failures, BACK_OFF.length) - 1] ?? SECOND;
}

/** Whether this authenticator could serve a request now, as `isUserVerifyingPlatformAuthenticatorAvailable` asks. */
export function isAvailable(state: WatchState): boolean {
  return state.status === "watching" && state.problem === undefined && state.readers > 0;
}

export class CardWatch {
  #state: WatchState = { status: "off" };
  #connection: Connection | undefined;
  #failures = 0;
  #program: ProgramIs | undefined;
  readonly #open: OpenPort;
  readonly #greeting: () => Greeting;
  readonly #events: WatchEvents;

  constructor(open: OpenPort, greeting: () => Greeting, events: WatchEvents) {
    this.#open = open;
    this.#greeting = greeting;
    this.#events = events;
  }

  get state(): WatchState {
    return this.#state;
  }

  /** What the program said of itself; remembered when it fails later. */
  get program(): ProgramIs | undefined {
    return this.#program;
  }

  /** Begins to watch; when it already does, nothing happens. */
  start(): void {
    if (this.#state.status === "off") this.#connect();
  }

  stop(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#failures = 0;
    this.#set({ status: "off" });
  }

  /** Tries again after a failure: when the time has come, or when a person looks. */
  retry(): void {
    if (this.#state.status === "failed") this.#connect();
  }

  #connect(): void {
    this.#set({ status: "connecting" });
    const connection = new Connection(this.#open, this.#greeting(), {
      ready: (program) => {
        this.#program = program;
        connection.send({ type: "watch" });
      },
      message: (message) => {
        if (message.type === "cards") this.#report(message);
        else this.#fail("host-failed");
      },
      failed: (failure) => {
        this.#fail(failure);
      },
    });
    this.#connection = connection;
  }

  #report({ readers, cards, problem, presented }: Cards): void {
    this.#failures = 0;
    this.#set({ status: "watching", readers, cards, ...(problem && { problem }) });
    if (presented) this.#events.presented();
  }

  #fail(failure: ConnectionFailure): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#failures += 1;
    this.#set({ status: "failed", failure });
    this.#events.retryIn(retryDelay(this.#failures));
  }

  #set(state: WatchState): void {
    this.#state = state;
    this.#events.changed(state);
  }
}
