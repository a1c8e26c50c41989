/** `chrome.webAuthenticationProxy`: the browser's gate, and its requests as ours. */

import { Background, type Gate } from "../background.js";
import type { Outcome } from "../ceremony.js";
import { exceptionMessage, exceptionName } from "../failures.js";
import { Departures } from "./departure.js";
import { readRequest, type Reading } from "./request.js";

const proxy = chrome.webAuthenticationProxy;

const gate: Gate = {
  passesOn: false,
  async open() {
    let problem: string | undefined;
    try {
      // Documented to resolve with the problem's words; Chromium 156 rejects with them. To attach twice is none.
      problem = await proxy.attach();
    } catch (error) {
      problem = error instanceof Error ? error.message : "";
    }
    if (problem === undefined) return "open";
    return /another extension/i.test(problem) ? "held-by-another" : "failed";
  },
  async close() {
    try {
      await proxy.detach();
    } catch {
      // Not attached: what we wanted.
    }
  },
};

type Complete = (details: {
  requestId: number;
  responseJson?: string;
  error?: { name: string; message: string };
}) => Promise<void>;

function answer(complete: Complete, requestId: number, outcome: Outcome): Promise<void> {
  if (outcome.outcome === "response") {
    return complete({ requestId, responseJson: JSON.stringify(outcome.response) });
  }
  const name = exceptionName(outcome.code);
  return complete({ requestId, error: { name, message: exceptionMessage(name) } });
}

/** Connects the browser's events to a background. Synchronous, so that the browser may wake us for them. */
export function listenToProxy(): void {
  const background = new Background(gate);
  const departures = new Departures();
  const open = new Map<number, AbortController>();

  const take = (
    type: "create" | "get",
    complete: Complete,
    requestId: number,
    requestDetailsJson: string,
  ) => {
    const reading = readRequest(type, requestDetailsJson);
    if (reading.reading === "refusal") {
      background.explain(reading.code, type);
      answer(complete, requestId, { outcome: "failure", code: reading.code }).catch(() => undefined);
      return;
    }
    const withdrawal = new AbortController();
    open.set(requestId, withdrawal);
    void serve(reading, withdrawal, (outcome) => answer(complete, requestId, outcome)).finally(() =>
      open.delete(requestId),
    );
  };

  const serve = async (
    { request, site }: Extract<Reading, { reading: "request" }>,
    withdrawal: AbortController,
    answerPage: (outcome: Outcome) => Promise<void>,
  ) => {
    const watched = await departures.watch(request.origin, () => {
      withdrawal.abort();
      // Nobody waits for it, but the browser keeps the request until it is completed.
      answerPage({ outcome: "failure", code: "cancelled" }).catch(() => undefined);
    });
    await background.serve({
      request: watched.private ? { ...request, private: true } : request,
      site,
      withdrawn: withdrawal.signal,
      answer: answerPage,
    });
    watched.end();
  };

  proxy.onCreateRequest.addListener(({ requestId, requestDetailsJson }) => {
    take("create", (details) => proxy.completeCreateRequest(details), requestId, requestDetailsJson);
  });
  proxy.onGetRequest.addListener(({ requestId, requestDetailsJson }) => {
    take("get", (details) => proxy.completeGetRequest(details), requestId, requestDetailsJson);
  });
  proxy.onRequestCanceled.addListener((requestId) => {
    open.get(requestId)?.abort();
  });
  proxy.onIsUvpaaRequest.addListener(({ requestId }) => {
    void background
      .isAvailable()
      .then((isUvpaa) => proxy.completeIsUvpaaRequest({ requestId, isUvpaa }))
      .catch(() => undefined);
  });
}
