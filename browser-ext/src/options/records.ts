/**
 * Asks the program what was disclosed and which sites are remembered. The page asks by a port of its own: nothing in the
 * background asks, so that nobody who can reach the background learns it.
 */

import type { FailureCode } from "../failures.js";
import { Connection, type OpenPort } from "../host/connection.js";
import type { Greeting, Records } from "../host/protocol.js";

export type RecordsState =
  | { status: "asking" }
  | { status: "there"; records: Records; forgotten?: string }
  | { status: "failed"; failure: FailureCode };

export class RecordsDesk {
  readonly #open: OpenPort;
  readonly #greeting: () => Greeting;
  readonly #changed: (state: RecordsState) => void;
  #connection: Connection | undefined;
  /** What is to be forgotten after the question that is under way. */
  readonly #waiting: string[] = [];

  constructor(open: OpenPort, greeting: () => Greeting, changed: (state: RecordsState) => void) {
    this.#open = open;
    this.#greeting = greeting;
    this.#changed = changed;
  }

  ask(): void {
    this.#send({ type: "records" });
  }

  /** The site's switches start off from then on. */
  forget(rpId: string): void {
    if (this.#connection === undefined) this.#send({ type: "forget", rpId });
    else if (!this.#waiting.includes(rpId)) this.#waiting.push(rpId);
  }

  #send(question: { type: "records" } | { type: "forget"; rpId: string }): void {
    // One question at a time: the answer to the one before says the same.
    if (this.#connection !== undefined) return;
    this.#changed({ status: "asking" });
    const connection = new Connection(this.#open, this.#greeting(), {
      ready: () => {
        connection.send(question);
      },
      message: (message) => {
        if (message.type === "records") {
          const forgotten = question.type === "forget" ? { forgotten: question.rpId } : {};
          this.#end({ status: "there", records: message, ...forgotten });
        } else {
          this.#end({ status: "failed", failure: message.type === "error" ? message.code : "host-failed" });
        }
      },
      failed: (failure) => {
        this.#end({ status: "failed", failure });
      },
    });
    this.#connection = connection;
  }

  #end(state: RecordsState): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#changed(state);
    const next = this.#waiting.shift();
    if (next !== undefined) this.forget(next);
  }
}
