/** Whether a response of the program can be handed to a browser (WebAuthn L3 §5.1.8). */

const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** Members that browsers insist on, all base64url without padding. */
const NEEDED = {
  create: ["clientDataJSON", "attestationObject", "authenticatorData"],
  get: ["clientDataJSON", "authenticatorData", "signature"],
} as const;

/** Others that may be absent. */
const OPTIONAL = { create: ["publicKey"], get: ["userHandle"] } as const;

/** Says what is wrong with `credential`, or nothing when all is well. */
export function responseProblem(
  kind: "create" | "get",
  credential: Record<string, unknown>,
): string | undefined {
  if (containsNull(credential)) return "a member is null";
  if (credential["type"] !== "public-key") return "type";
  if (!isBase64Url(credential["id"]) || credential["rawId"] !== credential["id"]) return "id";
  if (credential["authenticatorAttachment"] !== "platform") return "authenticatorAttachment";
  const results = credential["clientExtensionResults"];
  if (typeof results !== "object") return "clientExtensionResults";
  const response = credential["response"];
  if (typeof response !== "object" || response === null) return "response";
  const members = response as Record<string, unknown>;
  const there = OPTIONAL[kind].filter((name) => members[name] !== undefined);
  const wrong = [...NEEDED[kind], ...there].find((name) => !isBase64Url(members[name]));
  return wrong && `response.${wrong}`;
}

function isBase64Url(value: unknown): value is string {
  // One letter more than whole groups of four is no byte (RFC 4648 §4).
  return typeof value === "string" && BASE64URL.test(value) && value.length % 4 !== 1;
}

function containsNull(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === "object" && Object.values(value).some(containsNull);
}
