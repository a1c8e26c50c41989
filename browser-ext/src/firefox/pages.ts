/** Requests of pages, as bridges bring them: one port for each question, open as long as somebody waits for the reply. */

import { Background, type Gate } from "../background.js";
import type { Outcome } from "../ceremony.js";
import { exceptionMessage, exceptionName } from "../failures.js";
import { PAGE_PORT, type Reply } from "./channel.js";
import { readQuestion } from "./question.js";

/** Questions that wait for replies, of one tab and of all. */
const MOST_OF_A_TAB = 16;
const MOST = 64;

/** There is nothing to open: every page asks, and hears whether requests are taken. */
const gate: Gate = {
  passesOn: true,
  open: () => Promise.resolve("open"),
  close: () => Promise.resolve(),
};

/** Connects pages to a background. Synchronous, so that the browser may wake us for them. */
export function listenToPages(): void {
  const background = new Background(gate);
  const open = new Set<chrome.runtime.Port>();

  chrome.runtime.onConnect.addListener((port) => {
    if (port.name !== PAGE_PORT) return;
    const ofTab = [...open].filter(({ sender }) => sender?.tab?.id === port.sender?.tab?.id);
    if (open.size >= MOST || ofTab.length >= MOST_OF_A_TAB) {
      reply(port, { reply: "pass" });
      return;
    }
    open.add(port);
    // The page aborts, navigates, reloads, is closed.
    const withdrawal = new AbortController();
    port.onDisconnect.addListener(() => {
      open.delete(port);
      withdrawal.abort();
    });
    let asked = false;
    port.onMessage.addListener((message: unknown) => {
      if (asked) return;
      asked = true;
      void answer(background, port, message, withdrawal.signal);
    });
  });
}

async function answer(
  background: Background,
  port: chrome.runtime.Port,
  message: unknown,
  withdrawn: AbortSignal,
): Promise<void> {
  const reading = readQuestion(message, port.sender ?? {}, chrome.runtime.id);
  const taken = reading.reading !== "pass" && (await background.takes());
  if (reading.reading === "available") {
    reply(port, { reply: "available", available: taken && (await background.isAvailable()) });
  } else if (reading.reading === "pass" || !taken) {
    reply(port, { reply: "pass" });
  } else {
    const { request, site } = reading;
    await background.serve({
      request,
      site,
      withdrawn,
      answer: (outcome) => {
        reply(port, replyOf(outcome));
        return Promise.resolve();
      },
    });
  }
}

function replyOf(outcome: Outcome): Reply {
  if (outcome.outcome === "response") return { reply: "response", response: stringify(outcome.response) };
  // The page's call is still ours to pass on.
  if (outcome.code === "other-authenticator") return { reply: "pass" };
  const name = exceptionName(outcome.code);
  return { reply: "error", name, message: exceptionMessage(name) };
}

/** The members of each dictionary are in the order of their names, as `toJSON()` gives them (Web IDL §3.2.17). */
function stringify(response: object): string {
  return JSON.stringify(response, (_, value: unknown) => {
    const isDictionary = typeof value === "object" && value !== null && !Array.isArray(value);
    return isDictionary ? Object.fromEntries(Object.entries(value).sort()) : value;
  });
}

function reply(port: chrome.runtime.Port, message: Reply): void {
  try {
    port.postMessage(message);
  } catch {
    // The page has gone: nobody waits.
  }
}
