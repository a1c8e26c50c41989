/**
 * Makes what `navigator.credentials` gives a page (WebAuthn L3 §5.1) from the program's JSON, in the page's own world:
 * objects of the browser's own classes, without members of their own. The browser's getters and methods know only the
 * browser's objects; so they make way for some that answer for ours, and leave every other object to them. Whatever the
 * page changes later: what is needed of its world was taken before.
 */

import { fromBase64url } from "./base64url.js";
import { standIn } from "./stand-in.js";

type Json = Record<string, unknown>;
/** What each member gives, by its name. */
type Members = Record<string, () => unknown>;

const { apply } = Reflect;
const { create, hasOwn, keys } = Object;
const { parse } = JSON;
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with apply()
const { get, set } = WeakMap.prototype;

/** The prototypes of the browser's classes. */
export interface Classes {
  credential: object;
  publicKey: object;
  response: object;
  attestation: object;
  assertion: object;
}

const MEMBERS: Record<keyof Classes, readonly string[]> = {
  credential: ["id", "type"],
  publicKey: ["rawId", "response", "authenticatorAttachment", "getClientExtensionResults", "toJSON"],
  response: ["clientDataJSON"],
  attestation: [
    "attestationObject",
    "getAuthenticatorData",
    "getPublicKey",
    "getPublicKeyAlgorithm",
    "getTransports",
  ],
  assertion: ["authenticatorData", "signature", "userHandle"],
};

/** The objects of one page that were made here. */
export class Credentials {
  readonly #classes: Classes;
  readonly #members = new WeakMap<object, Members>();

  /** Takes the places of the browser's getters and methods. */
  constructor(classes: Classes) {
    this.#classes = classes;
    // A member that this browser's classes lack, its results lack too.
    for (const name of keys(MEMBERS) as (keyof Classes)[]) {
      for (const member of MEMBERS[name]) this.#answer(classes[name], member);
    }
  }

  /** Whether this was made here. */
  has(value: unknown): boolean {
    return this.#of(value) !== undefined;
  }

  /** @param text the credential as JSON */
  make(type: "create" | "get", text: string): Credential {
    const read = () => parse(text) as Json;
    const json = read();
    const rawId = bytesOf(json, "id");
    const response =
      type === "create"
        ? this.#object(
            this.#classes.attestation,
            attestation(responseOf(json), () => responseOf(read())),
          )
        : this.#object(this.#classes.assertion, assertion(responseOf(json)));
    const credential = this.#object(this.#classes.publicKey, {
      id: () => json["id"],
      type: () => json["type"],
      rawId: () => rawId,
      response: () => response,
      authenticatorAttachment: () => json["authenticatorAttachment"],
      getClientExtensionResults: () => extensionResults(read()),
      toJSON: read,
    });
    return credential as Credential;
  }

  #object(prototype: object, members: Members): object {
    const object = create(prototype) as object;
    apply(set, this.#members, [object, members]);
    return object;
  }

  #of(value: unknown): Members | undefined {
    return apply(get, this.#members, [value]) as Members | undefined;
  }

  #answer(prototype: object, name: string): void {
    const of = (value: unknown) => this.#of(value);
    standIn(prototype, name, (original) => ({
      call(...args) {
        const members = of(this);
        const member = members !== undefined && hasOwn(members, name) ? members[name] : undefined;
        return member === undefined ? apply(original, this, args) : member();
      },
    }));
  }
}

/** Attributes give the same bytes each time, methods new ones, as in Firefox. */
function attestation(json: Json, read: () => Json): Members {
  const clientDataJSON = bytesOf(json, "clientDataJSON");
  const attestationObject = bytesOf(json, "attestationObject");
  return {
    clientDataJSON: () => clientDataJSON,
    attestationObject: () => attestationObject,
    getAuthenticatorData: () => bytesOf(json, "authenticatorData"),
    getPublicKey: () => (hasOwn(json, "publicKey") ? bytesOf(json, "publicKey") : null),
    getPublicKeyAlgorithm: () => json["publicKeyAlgorithm"],
    getTransports: () => read()["transports"] ?? [],
  };
}

function assertion(json: Json): Members {
  const clientDataJSON = bytesOf(json, "clientDataJSON");
  const authenticatorData = bytesOf(json, "authenticatorData");
  const signature = bytesOf(json, "signature");
  const userHandle = hasOwn(json, "userHandle") ? bytesOf(json, "userHandle") : null;
  return {
    clientDataJSON: () => clientDataJSON,
    authenticatorData: () => authenticatorData,
    signature: () => signature,
    userHandle: () => userHandle,
  };
}

/** As the browser gives them: what `prf` gives is bytes. */
function extensionResults(json: Json): Json {
  const results = json["clientExtensionResults"] as Json;
  const prf = results["prf"] as Json | undefined;
  const values = prf?.["results"] as Json | undefined;
  for (const name in values) {
    if (hasOwn(values, name)) values[name] = bytesOf(values, name);
  }
  return results;
}

function responseOf(json: Json): Json {
  return json["response"] as Json;
}

function bytesOf(json: Json, name: string): ArrayBuffer {
  return fromBase64url(json[name] as string);
}
