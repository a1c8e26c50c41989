/**
 * How a ceremony can fail: the codes of docs/native-messaging.md ("Errors"), and the ones the extension makes
 * itself. A code is explained to the person in the prompt; the page receives only the `DOMException` name.
 */

/** What a page may receive (WebAuthn L3 §5.1.3, §5.1.4). */
export type ExceptionName =
  | "InvalidStateError"
  | "NotAllowedError"
  | "NotSupportedError"
  | "SecurityError"
  | "SyntaxError"
  | "TypeError"
  | "UnknownError";

/** The codes that the program sends, each with the name that the page receives. */
export const PROGRAM_FAILURES = {
  cancelled: "NotAllowedError",
  "other-authenticator": "NotAllowedError",
  "timed-out": "NotAllowedError",
  "no-reader": "NotAllowedError",
  "no-card": "NotAllowedError",
  "card-mute": "NotAllowedError",
  "several-cards": "NotAllowedError",
  "card-removed": "NotAllowedError",
  "card-changed": "NotAllowedError",
  "card-busy": "NotAllowedError",
  "card-unsupported": "NotAllowedError",
  "card-failed": "NotAllowedError",
  "certificate-expired": "NotAllowedError",
  "pcsc-not-running": "NotAllowedError",
  "pin-locked": "NotAllowedError",
  "no-credential": "NotAllowedError",
  excluded: "InvalidStateError",
  "unsupported-algorithm": "NotSupportedError",
  "rp-id": "SecurityError",
  origin: "SecurityError",
  "cross-origin": "NotAllowedError",
  "bad-request": "TypeError",
  "prf-inputs": "SyntaxError",
  "not-supported": "NotSupportedError",
  storage: "NotAllowedError",
  internal: "UnknownError",
} as const satisfies Record<string, ExceptionName>;

/** The codes that the extension makes itself. */
export const EXTENSION_FAILURES = {
  /** The program is not installed, or not for this extension. */
  "host-missing": "NotAllowedError",
  /** The program ended without an answer, or said something outside the protocol. */
  "host-failed": "NotAllowedError",
  /** Program and extension speak different versions of the protocol. */
  "host-version": "NotAllowedError",
  /** The browser did not say which origin asks: nothing can be signed truthfully. */
  "origin-unknown": "NotAllowedError",
  /** The browser refused the program's response. */
  "response-refused": "UnknownError",
} as const satisfies Record<string, ExceptionName>;

export type ProgramFailure = keyof typeof PROGRAM_FAILURES;
export type ExtensionFailure = keyof typeof EXTENSION_FAILURES;
export type FailureCode = ProgramFailure | ExtensionFailure;

const NAMES: Record<FailureCode, ExceptionName> = { ...PROGRAM_FAILURES, ...EXTENSION_FAILURES };

export const FAILURE_CODES = Object.keys(NAMES) as FailureCode[];

/** The `DOMException` name that the page receives for `code`. */
export function exceptionName(code: FailureCode): ExceptionName {
  return NAMES[code];
}

/** The text of the page's exception: one per name, so that it tells a page no more than the name does. */
export function exceptionMessage(name: ExceptionName): string {
  switch (name) {
    case "InvalidStateError":
      return "The authenticator already holds a credential for this account.";
    case "NotAllowedError":
      return "The operation either timed out or was not allowed.";
    case "NotSupportedError":
      return "The authenticator does not support what was requested.";
    case "SecurityError":
      return "The RP ID is not allowed for this origin.";
    case "SyntaxError":
      return "The inputs of prf name a credential that is not allowed.";
    case "TypeError":
      return "The request is malformed.";
    case "UnknownError":
      return "The authenticator failed.";
  }
}
