/** Reads what a bridge asks for a page: who asks is the browser's word, never the page's. */

import { boolean, object, oneOf, record } from "../host/decode.js";
import { LARGEST_MESSAGE, messageSize, type CeremonyRequest, type Site } from "../host/protocol.js";

export type Reading =
  | { reading: "available" }
  | { reading: "request"; request: CeremonyRequest; site: Site }
  | { reading: "pass" };

/** What of `chrome.runtime.MessageSender` is used. */
export type Sender = Pick<chrome.runtime.MessageSender, "id" | "origin" | "tab">;

const available = object({ ask: oneOf("available"), sameOriginWithAncestors: boolean }, {});
const ceremony = object(
  { ask: oneOf("create", "get"), sameOriginWithAncestors: boolean, options: record },
  {},
);

/** Whatever is not a request of ours is the browser's. `ownId` is this extension's. */
export function readQuestion(message: unknown, sender: Sender, ownId: string): Reading {
  if (sender.id !== ownId || sender.tab === undefined) return { reading: "pass" };
  if (messageSize(message) > LARGEST_MESSAGE) return { reading: "pass" };
  try {
    if (record(message, "message")["ask"] === "available") {
      available(message, "message");
      return { reading: "available" };
    }
    const { ask, options, sameOriginWithAncestors } = ceremony(message, "message");
    // A frame of another origin: nothing could say truthfully which site is around it (design, decision 4).
    if (!sameOriginWithAncestors) return { reading: "pass" };
    return request(ask, options, sender.origin);
  } catch {
    return { reading: "pass" };
  }
}

function request(
  type: "create" | "get",
  options: Record<string, unknown>,
  origin: string | undefined,
): Reading {
  // "null" is the origin of a document without one.
  if (origin === undefined || origin === "null") return { reading: "pass" };
  const url = new URL(origin);
  if (url.origin !== origin) return { reading: "pass" };
  const rp = type === "create" ? record(options["rp"], "rp") : {};
  const named = type === "create" ? rp["id"] : options["rpId"];
  const rpId = typeof named === "string" ? named : url.hostname;
  // Not this origin's, or a related one, which only the browser can establish. What is left the program checks.
  if (url.hostname !== rpId && !url.hostname.endsWith(`.${rpId}`)) return { reading: "pass" };
  return {
    reading: "request",
    request: { type, origin, sameOriginWithAncestors: true, originSource: "sender", options },
    site: {
      rpId,
      origin,
      relatedOrigin: false,
      ...(typeof rp["name"] === "string" && { name: rp["name"] }),
    },
  };
}
