// Calls of navigator.credentials inside a page, started and not waited for.

/** @typedef {import("puppeteer-core").Page | import("puppeteer-core").Frame} Place a page or a frame in it */

export const creation = {
  rp: { id: "localhost", name: "Practice" },
  user: { id: "AQIDBA", name: "taro", displayName: "Taro" },
  challenge: "AAECAwQFBgcICQoLDA0ODw",
  pubKeyCredParams: [{ type: "public-key", alg: -7 }],
};
const request = { rpId: "localhost", challenge: "AAECAwQFBgcICQoLDA0ODw" };

/**
 * Starts a call and does not wait for it. Options come through the browser's own `parse…OptionsFromJSON`.
 *
 * @param {Place} place
 * @param {"create" | "get"} type
 * @param {{json?: object}} [options]
 */
export async function call(place, type, { json = {} } = {}) {
  const options = { ...(type === "create" ? creation : request), ...json };
  await place.evaluate(
    (type, options) => {
      const page = /** @type {any} */ (globalThis);
      const name = type === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON";
      const publicKey = page.PublicKeyCredential[name](options);
      page.outcome = undefined;
      page.credential = undefined;
      page.abort = new AbortController();
      page.navigator.credentials[type]({ publicKey, signal: page.abort.signal }).then(
        (/** @type {any} */ credential) => {
          page.credential = credential;
          page.outcome = credential.authenticatorAttachment;
        },
        (/** @type {any} */ error) => (page.outcome = error?.name ?? error),
      );
    },
    type,
    options,
  );
}

/**
 * How the call ended: the attachment of the authenticator that answered, or the exception's name.
 *
 * @param {Place} place
 */
export async function outcome(place) {
  await place.waitForFunction(() => /** @type {any} */ (globalThis).outcome !== undefined);
  return place.evaluate(() => /** @type {any} */ (globalThis).outcome);
}
