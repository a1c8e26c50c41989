/** The program's side of a port, for tests: what was sent to it, and a way to speak. */

import type { OpenPort, PortEvents } from "../src/host/connection.js";

export class Program {
  readonly sent: Record<string, unknown>[] = [];
  closed = false;
  #events: PortEvents | undefined;

  readonly open: OpenPort = (events) => {
    this.#events = events;
    return {
      send: (message) => this.sent.push(message as Record<string, unknown>),
      close: () => {
        this.closed = true;
      },
    };
  };

  say(message: unknown): void {
    this.#events?.message(message);
  }

  greet(): void {
    this.say({ type: "hello", protocol: 1, program: "0.1.0" });
  }

  disconnect(reason: string): void {
    this.#events?.disconnected(reason);
  }

  /** What was sent after the greeting. */
  get said(): Record<string, unknown>[] {
    return this.sent.slice(1);
  }
}

export const NOT_FOUND = "Specified native messaging host not found.";
export const FORBIDDEN = "Access to the specified native messaging host is forbidden.";
export const EXITED = "Native host has exited.";

/** Lets everything that is ready run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
