/** One port to the program: opens, greets, checks every message, and says why it ended. */

import type { ExtensionFailure } from "../failures.js";
import {
  decodeFromProgram,
  HOST_NAME,
  LARGEST_MESSAGE,
  messageSize,
  PROTOCOL_VERSION,
  type FromProgram,
  type Greeting,
  type ToProgram,
} from "./protocol.js";

/** What of `chrome.runtime.Port` is used; `disconnected` carries the browser's reason. */
export interface ProgramPort {
  send(message: ToProgram): void;
  close(): void;
}

export interface PortEvents {
  message(message: unknown): void;
  disconnected(reason: string): void;
}

/** Starts the program. Throws when the browser will not even try. */
export type OpenPort = (events: PortEvents) => ProgramPort;

/** Why a connection ended, other than by ourselves. */
export type ConnectionFailure = Extract<ExtensionFailure, "host-missing" | "host-failed" | "host-version">;

/** What the program says of itself. */
export interface ProgramIs {
  version: string;
  /** Where it is, for commands that the person is told to type. */
  path?: string;
}

export interface ConnectionEvents {
  /** The program greeted back: what follows may be sent. */
  ready(program: ProgramIs): void;
  message(message: Exclude<FromProgram, { type: "hello" | "fatal" }>): void;
  /** The connection ended by itself; told at most once, and never after {@link Connection.close}. */
  failed(failure: ConnectionFailure): void;
}

export class MessageTooLong extends Error {
  override readonly name = "MessageTooLong";
}

export class Connection {
  #port: ProgramPort | undefined;
  #ready = false;
  #ended = false;
  readonly #events: ConnectionEvents;

  constructor(open: OpenPort, greeting: Greeting, events: ConnectionEvents) {
    this.#events = events;
    try {
      this.#port = open({
        message: (message) => {
          this.#receive(message);
        },
        disconnected: (reason) => {
          this.#fail(this.#ready ? "host-failed" : failureOf(reason));
        },
      });
      this.#port.send({ type: "hello", protocol: PROTOCOL_VERSION, ...greeting });
    } catch {
      // Told later, like every other end: nobody holds this object yet.
      queueMicrotask(() => {
        this.#fail("host-missing");
      });
    }
  }

  /** Sends `message`, after {@link ConnectionEvents.ready}. Throws {@link MessageTooLong}. */
  send(message: ToProgram): void {
    if (this.#ended) return;
    if (messageSize(message) > LARGEST_MESSAGE) throw new MessageTooLong();
    try {
      this.#port?.send(message);
    } catch {
      // The port went away a moment ago; `disconnected` tells.
    }
  }

  close(): void {
    this.#ended = true;
    this.#port?.close();
    this.#port = undefined;
  }

  #receive(raw: unknown): void {
    if (this.#ended) return;
    let message: FromProgram;
    try {
      message = decodeFromProgram(raw);
    } catch {
      this.#fail("host-failed");
      return;
    }
    if (message.type === "fatal") {
      this.#fail(fatalFailure(message.code));
    } else if (message.type === "hello") {
      if (this.#ready) this.#fail("host-failed");
      else if (message.protocol !== PROTOCOL_VERSION) this.#fail("host-version");
      else {
        this.#ready = true;
        const { program: version, path } = message;
        this.#events.ready({ version, ...(path !== undefined && { path }) });
      }
    } else if (this.#ready) {
      this.#events.message(message);
    } else {
      this.#fail("host-failed");
    }
  }

  #fail(failure: ConnectionFailure): void {
    if (this.#ended) return;
    this.close();
    this.#events.failed(failure);
  }
}

function fatalFailure(code: "protocol-version" | "bad-message" | "not-our-extension"): ConnectionFailure {
  switch (code) {
    case "protocol-version":
      return "host-version";
    case "not-our-extension":
      return "host-missing";
    case "bad-message":
      return "host-failed";
  }
}

/**
 * Tells "there is no such program" from "it failed". Browsers say it only in words: Chromium "Specified native
 * messaging host not found." and "Access to the specified native messaging host is forbidden." (a program that
 * was installed for another extension ID), Firefox "No such native application …" and "not allowed". A program that is not
 * where the manifest says is "Failed to start native messaging host." in Chromium; in Firefox it is like one that ended.
 */
export function failureOf(reason: string): ConnectionFailure {
  return /not found|forbidden|Failed to start|No such native application|not allowed/i.test(reason)
    ? "host-missing"
    : "host-failed";
}

/** The browser's native messaging as an {@link OpenPort}. */
export const openNativePort: OpenPort = (events) => {
  const port = chrome.runtime.connectNative(HOST_NAME);
  port.onMessage.addListener((message: unknown) => {
    events.message(message);
  });
  port.onDisconnect.addListener((ended) => {
    // Firefox keeps the reason in the port.
    const { error } = ended as { error?: { message?: string } | null };
    events.disconnected(chrome.runtime.lastError?.message ?? error?.message ?? "");
  });
  return {
    send: (message) => {
      port.postMessage(message);
    },
    close: () => {
      port.disconnect();
    },
  };
};
