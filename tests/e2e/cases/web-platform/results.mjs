// What navigator.credentials gives a page: WebAuthn L3 §5.1, and its classes by Web IDL.

/** @typedef {"AuthenticatorAttestationResponse" | "AuthenticatorAssertionResponse"} ResponseClass */

const CREDENTIAL = {
  Credential: ["get id", "get type"],
  PublicKeyCredential: [
    "get rawId",
    "get response",
    "get authenticatorAttachment",
    "getClientExtensionResults",
    "toJSON",
  ],
};
const RESPONSE = {
  AuthenticatorResponse: ["get clientDataJSON"],
  AuthenticatorAttestationResponse: [
    "get attestationObject",
    "getAuthenticatorData",
    "getPublicKey",
    "getPublicKeyAlgorithm",
    "getTransports",
  ],
  AuthenticatorAssertionResponse: ["get authenticatorData", "get signature", "get userHandle"],
};

/** What each member gives. */
const KINDS = /** @type {Record<string, string>} */ ({
  id: "string",
  type: "public-key",
  response: "response",
  authenticatorAttachment: "platform",
  getClientExtensionResults: "new object",
  toJSON: "new object",
  getAuthenticatorData: "bytes",
  getPublicKey: "bytes",
  getPublicKeyAlgorithm: "-7",
  getTransports: "new array",
});

/**
 * What {@link examined} is to find.
 *
 * @param {ResponseClass} responseClass
 */
export function expected(responseClass) {
  const response = {
    AuthenticatorResponse: RESPONSE.AuthenticatorResponse,
    [responseClass]: RESPONSE[responseClass],
  };
  const members = Object.entries({ ...CREDENTIAL, ...response }).flatMap(([holder, names]) =>
    names.map((named) => {
      const isGetter = named.startsWith("get ");
      const gives = KINDS[named.replace("get ", "")] ?? "the same bytes";
      const look = isGetter ? "getter" : "method writable";
      return `${holder}: ${named} 0 ${look} enumerable configurable gives ${gives}; else TypeError TypeError TypeError TypeError`;
    }),
  );
  const named = (/** @type {Record<string, string[]>} */ classes) =>
    Object.values(classes)
      .flat()
      .map((name) => name.replace("get ", ""))
      .sort();
  return {
    members: members.sort(),
    classes: [true, true, true, true],
    named: ["[object PublicKeyCredential]", `[object ${responseClass}]`],
    own: /** @type {string[]} */ ([]),
    enumerated: [named(CREDENTIAL), named(response)],
    assigned: "TypeError",
    stored: "NotSupportedError DOMException",
    notStored: ["TypeError", "TypeError", "TypeError", "TypeError"],
  };
}

/**
 * In the page: the credential that it was given last.
 *
 * @param {string} responseClass
 * @returns {Promise<ReturnType<typeof expected> & {json: any}>}
 */
export async function examined(responseClass) {
  const page = /** @type {any} */ (globalThis);
  const { credential } = page;
  const { response } = credential;

  const ending = async (/** @type {() => unknown} */ act) => {
    try {
      return `gave ${await act()}`;
    } catch (error) {
      // Of this page's own classes, as a page compares them.
      if (error instanceof DOMException) return `${error.name} DOMException`;
      return error instanceof TypeError ? "TypeError" : `${error}`;
    }
  };
  const kind = (/** @type {() => any} */ read) => {
    const [value, again] = [read(), read()];
    if (value === response) return "response";
    if (value instanceof ArrayBuffer) {
      // Whether a method gives new ones is each browser's own.
      const isAttribute = /** @type {any} */ (read).isAttribute;
      return value.byteLength === 0
        ? "no bytes"
        : !isAttribute || value !== again
          ? "bytes"
          : "the same bytes";
    }
    if (Array.isArray(value)) return value === again ? "array" : "new array";
    if (typeof value === "object") return value === again ? "object" : "new object";
    return value === credential.id ? "string" : `${value}`;
  };

  const members = [];
  for (const [object, other] of [
    [credential, response],
    [response, credential],
  ]) {
    const own = Object.getPrototypeOf(object);
    for (const holder of [own, Object.getPrototypeOf(own)]) {
      for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(holder))) {
        if (name === "constructor") continue;
        const { get, set, value, writable, enumerable, configurable } = descriptor;
        const member = get ?? value;
        const read = () => member.call(object);
        const looks = [
          `${holder.constructor.name}: ${member.name} ${member.length}`,
          get === undefined ? "method" : set === undefined ? "getter" : "getter and setter",
          ...(writable ? ["writable"] : []),
          ...(enumerable ? ["enumerable"] : []),
          ...(configurable ? ["configurable"] : []),
        ];
        const gives = kind(Object.assign(read, { isAttribute: get !== undefined }));
        const wrongs = [
          () => member.call(other),
          () => member.call(Object.create(own)),
          () => member.call(undefined),
          () => new member(),
        ];
        const ends = await Promise.all(wrongs.map(ending));
        members.push(`${looks.join(" ")} gives ${gives}; else ${ends.join(" ")}`);
      }
    }
  }
  const enumerated = [credential, response].map((object) => {
    const names = [];
    for (const name in object) names.push(name);
    return names.sort();
  });
  const { credentials } = navigator;
  const store = /** @type {any} */ (credentials.store);
  return {
    members: members.sort(),
    classes: [
      credential instanceof PublicKeyCredential,
      credential instanceof Credential,
      response instanceof page[responseClass],
      response instanceof AuthenticatorResponse,
    ],
    named: [String(credential), String(response)],
    own: [credential, response].flatMap((object) => Reflect.ownKeys(object)).map(String),
    enumerated,
    assigned: await ending(() => {
      "use strict";
      credential.id = "other";
    }),
    stored: await ending(() => store.call(credentials, credential)),
    notStored: await Promise.all([
      ending(() => store.call(credentials)),
      ending(() => store.call(credentials, {})),
      ending(() => store.call(credentials, Object.create(PublicKeyCredential.prototype))),
      ending(() => store.call({}, credential)),
    ]),
    json: JSON.parse(JSON.stringify(credential)),
  };
}

/** In the page: changes what a page can change, so that it throws, until the credential comes; and reads that. */
export function tamper() {
  const page = /** @type {any} */ (globalThis);
  const { ownKeys } = Reflect;
  const originals = /** @type {{holder: any, key: PropertyKey, descriptor: PropertyDescriptor}[]} */ ([]);
  for (const [name, holder] of Object.entries({
    WeakMap: WeakMap.prototype,
    Map: Map.prototype,
    Reflect,
    JSON,
    Object,
    Function: Function.prototype,
    String: String.prototype,
    Array: Array.prototype,
    Uint8Array: Object.getPrototypeOf(Uint8Array.prototype),
    window: globalThis,
  })) {
    for (const key of name === "window"
      ? ["Uint8Array", "ArrayBuffer", "WeakMap", "atob"]
      : ownKeys(holder)) {
      const descriptor = Object.getOwnPropertyDescriptor(holder, key);
      if (typeof descriptor?.value !== "function" || !descriptor.configurable || key === "constructor")
        continue;
      originals.push({ holder, key, descriptor });
    }
  }
  const define = Object.defineProperty;
  const undo = () => {
    for (let at = 0; at < originals.length; at += 1) {
      const { holder, key, descriptor } = /** @type {any} */ (originals[at]);
      define(holder, key, descriptor);
    }
  };
  define(page, "credential", {
    configurable: true,
    set(credential) {
      let read;
      try {
        const { response } = credential;
        read = {
          type: credential.type,
          attachment: credential.authenticatorAttachment,
          isSame: credential.rawId === credential.rawId && response === credential.response,
          buffers: [
            credential.rawId,
            response.clientDataJSON,
            response.attestationObject,
            response.getAuthenticatorData(),
            response.getPublicKey(),
          ],
          algorithm: response.getPublicKeyAlgorithm(),
          transports: response.getTransports().length,
          json: credential.toJSON().type,
        };
      } finally {
        undo();
      }
      const { buffers, ...others } = read;
      const [rawId, ...rest] = buffers.map((buffer) => buffer.byteLength);
      page.read = { ...others, sizes: [rawId, ...rest.map((size) => size > 0)] };
    },
  });
  for (let at = 0; at < originals.length; at += 1) {
    const { holder, key, descriptor } = /** @type {any} */ (originals[at]);
    const value = function () {
      throw new Error("changed by the page");
    };
    define(holder, key, { ...descriptor, value });
  }
}
