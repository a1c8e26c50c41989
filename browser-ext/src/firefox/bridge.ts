/**
 * Entry beside the page, in a world of its own: carries questions from the page script to the background and replies back,
 * few and small ones. Whatever is too much for it goes to the browser's own function.
 */

import { exceptionMessage } from "../failures.js";
import { LARGEST_MESSAGE } from "../host/protocol.js";
import {
  HANDOVER,
  PAGE_PORT,
  stillThere,
  type FromBridge,
  type FromPage,
  type Reply,
  type ToPage,
} from "./channel.js";

/** Questions of one document that wait for replies. */
const MOST_QUESTIONS = 8;
/** How long the page may take to get the focus back from a prompt that has ended, in milliseconds. */
const FOCUS_WITHIN = 3000;

const ENDED: Reply = {
  reply: "error",
  name: "NotAllowedError",
  message: exceptionMessage("NotAllowedError"),
};

class Bridge {
  readonly #page: MessagePort;
  /** What ends each question that waits for a reply. */
  readonly #open = new Map<number, (reply: Reply) => void>();
  /** When the person last used our authenticator here (milliseconds since the epoch). */
  #served = 0;

  constructor(page: MessagePort) {
    this.#page = page;
    page.onmessage = ({ data }) => {
      if (typeof data === "string") this.#receive(data);
    };
    // Nobody is there any more whom a prompt could serve. A page that Firefox keeps for the way back keeps its ports too.
    const leave = () => {
      for (const end of this.#open.values()) end(ENDED);
    };
    addEventListener("pagehide", leave, { capture: true });
  }

  #receive(data: string): void {
    // In UTF-16: never more than the bytes that the program counts.
    const message = data.length <= LARGEST_MESSAGE ? read(data) : undefined;
    if (message === undefined) {
      const id = /^\{"id":(\d{1,9}),/.exec(data)?.[1];
      if (id !== undefined) this.#reply(Number(id), { reply: "pass" });
      return;
    }
    const { id, ...question } = message;
    if (question.ask === "abort") {
      this.#open.get(id)?.(ENDED);
    } else if (this.#open.size >= MOST_QUESTIONS || this.#open.has(id) || !this.#maybeOurs(question.ask)) {
      this.#reply(id, { reply: "pass" });
    } else {
      this.#ask(id, { ...question, sameOriginWithAncestors: sameOriginWithAncestors() });
    }
  }

  #ask(id: number, question: FromBridge): void {
    let port: chrome.runtime.Port;
    try {
      port = chrome.runtime.connect({ name: PAGE_PORT });
    } catch {
      // The extension was disabled or updated: this script is all that is left of it here.
      this.#reply(id, { reply: "pass" });
      return;
    }
    const end = (reply: Reply) => {
      if (!this.#open.delete(id)) return;
      if (reply.reply === "response") this.#served = Date.now();
      port.disconnect();
      void this.#afterPrompt(reply).then(() => {
        this.#reply(id, reply);
      });
    };
    this.#open.set(id, end);
    port.onMessage.addListener(end);
    port.onDisconnect.addListener(() => {
      end(ENDED);
    });
    port.postMessage(question);
  }

  /** The background checks the rest: what a page says, and what only it knows. */
  #maybeOurs(ask: string): boolean {
    if (ask === "available") return sameOriginWithAncestors();
    // What a page asks as soon as it was served finds the focus in the prompt that still says so.
    return hasFocus() || (Date.now() - this.#served < FOCUS_WITHIN && isVisible());
  }

  /** The browser serves only a page that has the focus. */
  async #afterPrompt({ reply }: Reply): Promise<void> {
    if (reply !== "pass" || hasFocus()) return;
    await new Promise((resolve) => {
      addEventListener("focus", resolve, { once: true, capture: true });
      setTimeout(resolve, FOCUS_WITHIN);
    });
  }

  #reply(id: number, reply: Reply): void {
    this.#page.postMessage(JSON.stringify({ id, ...reply } satisfies ToPage));
  }
}

function read(data: string): FromPage | undefined {
  try {
    const message = JSON.parse(data) as FromPage;
    return Number.isSafeInteger(message.id) && typeof message.ask === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

function hasFocus(): boolean {
  return sameOriginWithAncestors() && (top?.document.hasFocus() ?? false);
}

function isVisible(): boolean {
  return sameOriginWithAncestors() && top?.document.visibilityState === "visible";
}

/** Whether every document around this one is of its origin. Asked here, where the page cannot change the answer. */
function sameOriginWithAncestors(): boolean {
  try {
    let around: Window = window;
    while (around.parent !== around) {
      around = around.parent;
      if (around.origin !== origin) return false;
    }
    return true;
  } catch {
    // Another origin's window does not say what it is.
    return false;
  }
}

addEventListener(
  HANDOVER,
  (event) => {
    const { ports, data } = event as MessageEvent<unknown>;
    event.stopImmediatePropagation();
    if (ports[0] === undefined || typeof data !== "string") return;
    new Bridge(ports[0]);
    addEventListener(stillThere(data), (question) => {
      question.preventDefault();
    });
  },
  { once: true, capture: true },
);
