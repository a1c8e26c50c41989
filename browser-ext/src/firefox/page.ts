/**
 * Entry in the page's own world, before any script of the page: asks the background where the page asks the browser. It
 * takes what it needs of that world at once, so that it goes on working among scripts that change things later.
 */

import { exceptionMessage } from "../failures.js";
import { HANDOVER, stillThere, type FromPage, type Question, type Reply, type ToPage } from "./channel.js";
import { credentialOf, type Classes } from "./credential.js";
import { readOptions } from "./options.js";

const { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
const { hasOwn, assign } = Object;
const { parse, stringify } = JSON;
/* eslint-disable @typescript-eslint/unbound-method -- called with apply(), or as the window's */
const { postMessage } = MessagePort.prototype;
const {
  addEventListener: addListener,
  removeEventListener: removeListener,
  dispatchEvent,
} = EventTarget.prototype;
const { setInterval, clearInterval } = window;
/* eslint-enable @typescript-eslint/unbound-method */
const pageWindow = window;
const dataOf = getOwnPropertyDescriptor(MessageEvent.prototype, "data")?.get ?? (() => "{}");
const PagePromise = Promise;
const PageEvent = Event;
const PageException = DOMException;
const PageTypeError = TypeError;

/** How often a page that waits looks whether the bridge is still there, in milliseconds. */
const LOOK_EVERY = 1000;

const GONE: Reply = {
  reply: "error",
  name: "NotAllowedError",
  message: exceptionMessage("NotAllowedError"),
};

/** The page's end of the channel: questions and the replies to them. */
class Channel {
  readonly #port: MessagePort;
  readonly #stillThere: string;
  readonly #waiting = Object.create(null) as Record<number, ((reply: Reply) => void) | undefined>;
  #last = 0;

  constructor(port: MessagePort, name: string) {
    this.#port = port;
    this.#stillThere = stillThere(name);
    port.onmessage = (event) => {
      const message = parse(apply(dataOf, event, []) as string) as ToPage;
      this.#waiting[message.id]?.(message);
    };
  }

  /** Rejects with the signal's reason when that aborts first. */
  ask(question: Question, signal?: AbortSignal): Promise<Reply> {
    return new PagePromise((resolve, reject) => {
      if (!this.#isServed()) {
        resolve({ reply: "pass" });
        return;
      }
      const id = (this.#last += 1);
      const look = setInterval(() => {
        if (this.#isServed()) return;
        // It may be there after all: `document.open()` takes away whoever listens to a window.
        this.#send({ id, ask: "abort" });
        this.#waiting[id]?.(GONE);
      }, LOOK_EVERY);
      const abort = () => {
        this.#waiting[id] = undefined;
        clearInterval(look);
        this.#send({ id, ask: "abort" });
        // Whatever the page gave as its reason.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(signal?.reason);
      };
      this.#waiting[id] = (reply) => {
        this.#waiting[id] = undefined;
        clearInterval(look);
        if (signal !== undefined) apply(removeListener, signal, ["abort", abort]);
        resolve(reply);
      };
      if (signal !== undefined) apply(addListener, signal, ["abort", abort]);
      this.#send({ id, ...question });
    });
  }

  #isServed(): boolean {
    return !apply(dispatchEvent, pageWindow, [new PageEvent(this.#stillThere, { cancelable: true })]);
  }

  #send(message: FromPage): void {
    apply(postMessage, this.#port, [stringify(message)]);
  }
}

type Asking = (this: unknown, ...args: unknown[]) => Promise<unknown>;

/**
 * Puts a function in the place of the browser's, or of another extension's that was here first. It bears the same name.
 * Where it cannot be put, all stays as it was.
 */
function replace(holder: object, name: string, make: (original: Asking) => { ask: Asking }): void {
  const place = hasOwn(holder, name) ? holder : getPrototypeOf(holder);
  const descriptor = place === null ? undefined : getOwnPropertyDescriptor(place, name);
  if (place === null || typeof descriptor?.value !== "function") return;
  const value = make(descriptor.value as Asking).ask;
  defineProperty(value, "name", { value: name, configurable: true });
  defineProperty(place, name, assign(descriptor, { value }));
}

function listen(channel: Channel): void {
  const classes: Classes = {
    credential: PublicKeyCredential.prototype,
    attestation: AuthenticatorAttestationResponse.prototype,
    assertion: AuthenticatorAssertionResponse.prototype,
  };

  const container = navigator.credentials;
  // Methods, as the browser's: they cannot be called with `new`.
  for (const type of ["create", "get"] as const) {
    replace(container, type, (original) => ({
      async ask(...args) {
        // On any other object it is the browser's to refuse.
        const asked = this === container ? readOptions(type, args[0]) : undefined;
        if (asked === undefined) return apply(original, this, args);
        const reply = await channel.ask({ ask: type, options: asked.options }, asked.signal);
        if (reply.reply === "response") return credentialOf(type, reply.response, classes);
        if (reply.reply === "error") throw exceptionOf(reply);
        return apply(original, this, args);
      },
    }));
  }

  const weAreAvailable = async () => {
    const reply = await channel.ask({ ask: "available" });
    return reply.reply === "available" && reply.available;
  };
  replace(PublicKeyCredential, "isUserVerifyingPlatformAuthenticatorAvailable", (original) => ({
    async ask(...args) {
      return (await apply(original, this, args)) === true || (await weAreAvailable());
    },
  }));
  replace(PublicKeyCredential, "getClientCapabilities", (original) => ({
    async ask(...args) {
      const capabilities: unknown = await apply(original, this, args);
      const ours = { userVerifyingPlatformAuthenticator: true, passkeyPlatformAuthenticator: true };
      return (await weAreAvailable()) ? assign(capabilities as object, ours) : capabilities;
    },
  }));
}

function exceptionOf({ name, message }: Extract<Reply, { reply: "error" }>): Error {
  return name === "TypeError" ? new PageTypeError(message) : new PageException(message, name);
}

/** Gives one end of a new channel to the bridge, which listens already. */
function connect(): Channel {
  const { port1, port2 } = new MessageChannel();
  const name = crypto.randomUUID();
  apply(dispatchEvent, pageWindow, [new MessageEvent(HANDOVER, { ports: [port2], data: name })]);
  return new Channel(port1, name);
}

if (isSecureContext && typeof PublicKeyCredential === "function") listen(connect());
