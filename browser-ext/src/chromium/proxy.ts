/** `chrome.webAuthenticationProxy`: the browser's gate, and its requests as ours. */

import { Background, type Gate } from "../background.js";
import type { Outcome } from "../ceremony.js";
import { exceptionMessage, exceptionName } from "../failures.js";
import { readRequest } from "./request.js";

const proxy = chrome.webAuthenticationProxy;

const gate: Gate = {
  async open() {
    try {
      // Resolves, with words, when it did not attach.
      const problem = await proxy.attach();
      if (problem === undefined || /already attached/i.test(problem)) return "open";
      return "held-by-another";
    } catch {
      return "failed";
    }
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
    void background
      .serve({
        request: reading.request,
        site: reading.site,
        withdrawn: withdrawal.signal,
        answer: (outcome) => answer(complete, requestId, outcome),
      })
      .finally(() => open.delete(requestId));
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
