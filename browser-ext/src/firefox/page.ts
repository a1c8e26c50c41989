/**
 * Entry in the page's own world, before any script of the page: asks the background where the page asks the browser. The
 * channel and the results take what they need of that world at once, so that scripts which change things later do not
 * touch them; how a request is read, a page can change for itself.
 */

import { exceptionMessage } from "../failures.js";
import { HANDOVER, stillThere, type FromPage, type Question, type Reply, type ToPage } from "./channel.js";
import { Credentials } from "./credential.js";
import { readOptions } from "./options.js";
import { standIn } from "./stand-in.js";

const { apply, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
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

function listen(channel: Channel): void {
  const credentials = new Credentials({
    credential: Credential.prototype,
    publicKey: PublicKeyCredential.prototype,
    response: AuthenticatorResponse.prototype,
    attestation: AuthenticatorAttestationResponse.prototype,
    assertion: AuthenticatorAssertionResponse.prototype,
  });

  const container = navigator.credentials;
  const holderOf = (name: string) =>
    hasOwn(container, name) ? container : (getPrototypeOf(container) ?? {});
  for (const type of ["create", "get"] as const) {
    standIn(holderOf(type), type, (original) => ({
      async call(...args) {
        // On any other object it is the browser's to refuse.
        const asked = this === container ? readOptions(type, args[0]) : undefined;
        if (asked === undefined) return apply(original, this, args);
        const reply = await channel.ask({ ask: type, options: asked.options }, asked.signal);
        if (reply.reply === "response") return credentials.make(type, reply.response);
        if (reply.reply === "error") throw exceptionOf(reply);
        return apply(original, this, args);
      },
    }));
  }
  standIn(holderOf("store"), "store", (original) => ({
    call(...args) {
      if (this !== container || !credentials.has(args[0])) return apply(original, this, args);
      // WebAuthn L3 §5.1.5: such a credential cannot be stored. In Firefox's words.
      return new PagePromise((_, reject) => {
        reject(new PageException("Operation is not supported", "NotSupportedError"));
      });
    },
  }));

  const weAreAvailable = async () => {
    const reply = await channel.ask({ ask: "available" });
    return reply.reply === "available" && reply.available;
  };
  standIn(PublicKeyCredential, "isUserVerifyingPlatformAuthenticatorAvailable", (original) => ({
    async call(...args) {
      return (await apply(original, this, args)) === true || (await weAreAvailable());
    },
  }));
  standIn(PublicKeyCredential, "getClientCapabilities", (original) => ({
    async call(...args) {
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
