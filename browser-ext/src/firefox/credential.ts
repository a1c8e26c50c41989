/**
 * Makes what `navigator.credentials` gives a page (WebAuthn L3 §5.1) from the program's JSON, in the page's own world: an
 * instance of the browser's own classes, whose members are its own, since the browser's getters know only its own objects.
 */

import { fromBase64url } from "./base64url.js";

type Json = Record<string, unknown>;

const { create, defineProperty, fromEntries, entries } = Object;
const { parse, stringify } = JSON;

/** The prototypes of the browser's classes. */
export interface Classes {
  credential: object;
  attestation: object;
  assertion: object;
}

export function credentialOf(type: "create" | "get", json: Json, classes: Classes): Credential {
  const response = json["response"] as Json;
  const credential = made(classes.credential, {
    id: json["id"],
    rawId: bytesOf(json, "id"),
    type: json["type"],
    authenticatorAttachment: json["authenticatorAttachment"],
    response:
      type === "create"
        ? attestationResponse(response, classes.attestation)
        : assertionResponse(response, classes.assertion),
    getClientExtensionResults: () => extensionResults(json["clientExtensionResults"] as Json),
    toJSON: () => copyOf(json),
  });
  return credential as Credential;
}

function attestationResponse(json: Json, prototype: object): object {
  return made(prototype, {
    clientDataJSON: bytesOf(json, "clientDataJSON"),
    attestationObject: bytesOf(json, "attestationObject"),
    getAuthenticatorData: () => bytesOf(json, "authenticatorData"),
    getPublicKey: () => ("publicKey" in json ? bytesOf(json, "publicKey") : null),
    getPublicKeyAlgorithm: () => json["publicKeyAlgorithm"],
    getTransports: () => copyOf((json["transports"] ?? []) as Json),
  });
}

function assertionResponse(json: Json, prototype: object): object {
  return made(prototype, {
    clientDataJSON: bytesOf(json, "clientDataJSON"),
    authenticatorData: bytesOf(json, "authenticatorData"),
    signature: bytesOf(json, "signature"),
    userHandle: "userHandle" in json ? bytesOf(json, "userHandle") : null,
  });
}

/** As the browser gives them: what `prf` gives is bytes. */
function extensionResults(json: Json): Json {
  const results = copyOf(json);
  const prf = results["prf"] as Json | undefined;
  const values = prf?.["results"] as Json | undefined;
  if (prf !== undefined && values !== undefined) {
    prf["results"] = fromEntries(
      entries(values).map(([name, value]) => [name, fromBase64url(String(value))]),
    );
  }
  return results;
}

/** An object of that class with these members. As the browser's own are, they are read-only and not enumerated. */
function made(prototype: object, members: Json): object {
  const object = create(prototype) as object;
  for (const [name, value] of entries(members)) {
    defineProperty(object, name, { value, configurable: true, enumerable: false, writable: false });
  }
  return object;
}

function bytesOf(json: Json, name: string): ArrayBuffer {
  return fromBase64url(json[name] as string);
}

function copyOf(json: Json): Json {
  return parse(stringify(json)) as Json;
}
