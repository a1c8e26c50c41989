/** Reads what Chromium's proxy hands over: the page's options, with the origin that the browser established. */

import type { FailureCode } from "../failures.js";
import type { CeremonyRequest, Site } from "../host/protocol.js";

export type Reading =
  { reading: "request"; request: CeremonyRequest; site: Site } | { reading: "refusal"; code: FailureCode };

/**
 * Reads `requestDetailsJson`. Chromium puts the caller's origin into the extension input
 * `remoteDesktopClientOverride`; a page cannot (it is refused before). Without it, or in another shape, nobody knows
 * who asks, and the request is refused: this is how a renaming in a future Chromium shows.
 */
export function readRequest(type: "create" | "get", requestDetailsJson: string): Reading {
  let options: unknown;
  try {
    options = JSON.parse(requestDetailsJson);
  } catch {
    return { reading: "refusal", code: "bad-request" };
  }
  if (!isRecord(options)) return { reading: "refusal", code: "bad-request" };

  const caller = callerOf(options);
  if (caller === undefined) return { reading: "refusal", code: "origin-unknown" };
  const extensions = { ...(options["extensions"] as Record<string, unknown>) };
  delete extensions["remoteDesktopClientOverride"];

  const host = new URL(caller.origin).hostname;
  const { rpId, name } = relyingPartyOf(type, options, host);
  const relatedOrigin = host !== rpId && !host.endsWith(`.${rpId}`);
  return {
    reading: "request",
    request: {
      type,
      origin: caller.origin,
      sameOriginWithAncestors: caller.sameOriginWithAncestors,
      originSource: "browser",
      // Chromium has already asked the RP ID's own host whether it lists this origin.
      ...(relatedOrigin && { relatedOrigin }),
      options: { ...options, extensions },
    },
    site: { rpId, origin: caller.origin, relatedOrigin, ...(name !== undefined && { name }) },
  };
}

function callerOf(
  options: Record<string, unknown>,
): { origin: string; sameOriginWithAncestors: boolean } | undefined {
  const extensions = options["extensions"];
  const override = isRecord(extensions) ? extensions["remoteDesktopClientOverride"] : undefined;
  if (!isRecord(override)) return undefined;
  const { origin, sameOriginWithAncestors } = override;
  if (typeof origin !== "string" || typeof sameOriginWithAncestors !== "boolean") return undefined;
  try {
    // A serialised origin, not a URL and not "null".
    if (new URL(origin).origin !== origin) return undefined;
  } catch {
    return undefined;
  }
  return { origin, sameOriginWithAncestors };
}

/** WebAuthn L3 §5.1.3 step 8, §5.1.4.1 step 8: the RP ID is the caller's host unless the options name one. */
function relyingPartyOf(
  type: "create" | "get",
  options: Record<string, unknown>,
  host: string,
): { rpId: string; name?: string } {
  const rp = type === "create" && isRecord(options["rp"]) ? options["rp"] : {};
  const named = type === "create" ? rp["id"] : options["rpId"];
  return {
    rpId: typeof named === "string" ? named : host,
    ...(typeof rp["name"] === "string" && { name: rp["name"] }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
