/** Reads what a bridge asks for a page: who asks is the browser's word, never the page's. */

import { boolean, object, oneOf, record } from "../host/decode.js";
import { LARGEST_MESSAGE, messageSize, type CeremonyRequest, type Site } from "../host/protocol.js";

export type Reading =
  | { reading: "available" }
  | { reading: "request"; request: CeremonyRequest; site: Site }
  | { reading: "pass" };

/** What of `chrome.runtime.MessageSender` is used. */
export type Sender = Pick<chrome.runtime.MessageSender, "id" | "origin" | "tab" | "url">;

const available = object({ ask: oneOf("available"), sameOriginWithAncestors: boolean }, {});
const ceremony = object(
  { ask: oneOf("create", "get"), sameOriginWithAncestors: boolean, options: record },
  {},
);

/** Whatever is not a request of ours is the browser's. `ownId` is this extension's. */
export function readQuestion(message: unknown, sender: Sender, ownId: string): Reading {
  if (sender.id !== ownId || sender.tab === undefined) return { reading: "pass" };
  try {
    const origin = originOf(sender);
    if (record(message, "message")["ask"] === "available") {
      return mayAsk(origin, available(message, "message")) ? { reading: "available" } : { reading: "pass" };
    }
    const question = ceremony(message, "message");
    if (!mayAsk(origin, question)) return { reading: "pass" };
    return request(question.ask, question.options, origin, sender.tab.incognito);
  } catch {
    return { reading: "pass" };
  }
}

/**
 * The origin that the browser states. It does so a moment after the port was opened, of the document that is in the frame
 * then; the address is that of the document which opened it. When they disagree, nobody knows who asks.
 */
function originOf({ origin, url }: Sender): URL | undefined {
  // "null" is the origin of a document without one.
  if (origin === undefined || origin === "null" || url === undefined) return undefined;
  const stated = new URL(origin);
  return stated.origin === origin && new URL(url).origin === origin ? stated : undefined;
}

/** A frame of another origin may not: nothing could say truthfully which site is around it (design, decision 4). */
function mayAsk(origin: URL | undefined, question: { sameOriginWithAncestors: boolean }): origin is URL {
  return origin !== undefined && question.sameOriginWithAncestors;
}

function request(
  type: "create" | "get",
  options: Record<string, unknown>,
  { origin, hostname }: URL,
  isPrivate: boolean,
): Reading {
  const rp = type === "create" ? record(options["rp"], "rp") : {};
  const named = type === "create" ? rp["id"] : options["rpId"];
  const rpId = typeof named === "string" ? named : hostname;
  // Not this origin's, or a related one, which only the browser can establish. What is left the program checks.
  if (hostname !== rpId && !hostname.endsWith(`.${rpId}`)) return { reading: "pass" };
  const request: CeremonyRequest = {
    type,
    origin,
    sameOriginWithAncestors: true,
    originSource: "sender",
    ...(isPrivate && { private: true }),
    options,
  };
  if (messageSize(request) > LARGEST_MESSAGE) return { reading: "pass" };
  return {
    reading: "request",
    request,
    site: {
      rpId,
      origin,
      relatedOrigin: false,
      ...(typeof rp["name"] === "string" && { name: rp["name"] }),
    },
  };
}
