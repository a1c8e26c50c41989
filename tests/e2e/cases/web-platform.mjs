// What the web-platform-tests for WebAuthn say that sites may rely on (docs/web-platform-tests.md).

import assert from "node:assert/strict";
import { call, outcome } from "../lib/calls.mjs";
import { Firefox } from "../lib/firefox.mjs";
import { run, takeBack } from "../lib/rows.mjs";
import { onPage, register } from "./steps.mjs";
import { acceptedCreations, acceptedRequests } from "./web-platform/accepted.mjs";
import { emptyUserId, refusedCreations } from "./web-platform/creation.mjs";
import { abortedCalls, refusedRequests } from "./web-platform/request.mjs";
import { examined, expected, tamper } from "./web-platform/results.mjs";

const PAGE = "<!doctype html><title>Practice</title>";

/** @typedef {import("../lib/world.mjs").World} World */

/**
 * Every row ends as the standard has it, or as the browser has it by itself.
 *
 * @param {World} world
 * @param {"create" | "get"} type
 * @param {import("../lib/rows.mjs").Row[]} rows
 */
async function ends(world, type, rows) {
  await onPage(world, PAGE, async (page) => {
    const { browser } = world;
    // Whatever the browser takes for good, it answers at once.
    if (browser instanceof Firefox) await browser.plugInKey();
    const name = browser instanceof Firefox ? "firefox" : "chromium";
    const seen = await run(page, type, rows);
    const told = rows.map(({ what, ends, but }, at) => [what, but?.[name] ?? ends, seen[at]]);
    assert.deepEqual(
      told.filter(([, expected, ended]) => ended !== expected),
      [],
    );
  });
}

/**
 * Every row is brought before the person.
 *
 * @param {World} world
 * @param {"create" | "get"} type
 * @param {import("../lib/rows.mjs").Row[]} rows
 */
async function asks(world, type, rows) {
  await onPage(world, PAGE, async (page) => {
    for (const row of rows) {
      const ended = await takeBack(page, type, row, async () => {
        const prompt = await world.prompt();
        await prompt.asksPin();
      });
      assert.equal(ended, row.ends, row.what);
      await world.browser.promptClosed();
    }
  });
}

/**
 * In the page: what stands where the browser's own functions stood is as they are by Web IDL.
 *
 * @returns {Promise<Record<string, unknown>>}
 */
async function interfaces() {
  const { credentials } = navigator;
  /** @type {(holder: any, name: string) => unknown} */
  const operation = (holder, name) => {
    const found = Object.getOwnPropertyDescriptor(holder, name);
    const { value, writable, enumerable, configurable } = found ?? {};
    let made = true;
    try {
      new value();
    } catch (error) {
      made = !(error instanceof TypeError);
    }
    return [typeof value, value?.name, value?.length, writable, enumerable, configurable, made].join(" ");
  };
  /** @type {(promise: () => unknown) => Promise<unknown>} */
  const ending = async (call) => {
    try {
      return await call();
    } catch (error) {
      return error instanceof DOMException ? error.name : error instanceof TypeError ? "TypeError" : error;
    }
  };
  const page = /** @type {any} */ (PublicKeyCredential);
  const capabilities = await page.getClientCapabilities();
  const named = Object.keys(capabilities);
  const json = {
    rp: { id: "localhost", name: "Practice" },
    user: { id: "AQIDBA", name: "taro", displayName: "Taro" },
    challenge: "AAEC",
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
  };
  const creation = page.parseCreationOptionsFromJSON(json);
  const request = page.parseRequestOptionsFromJSON({ challenge: "AAEC", rpId: "localhost" });
  const rpId = "practice.invalid";
  return {
    create: operation(CredentialsContainer.prototype, "create"),
    get: operation(CredentialsContainer.prototype, "get"),
    store: operation(CredentialsContainer.prototype, "store"),
    available: operation(page, "isUserVerifyingPlatformAuthenticatorAvailable"),
    capabilities: operation(page, "getClientCapabilities"),
    own: Object.keys(Object.getOwnPropertyDescriptors(credentials)),
    constructs: await ending(() => new page()),
    sorted: named.join() === [...named].sort().join(),
    booleans: Object.values(capabilities).every((value) => typeof value === "boolean"),
    conditional: typeof (await page.isConditionalMediationAvailable()),
    creation: [creation.challenge, creation.user.id].map((bytes) => [...new Uint8Array(bytes)].join()),
    request: [request.rpId, [...new Uint8Array(request.challenge)].join()],
    badCreation: await ending(() =>
      page.parseCreationOptionsFromJSON({ ...json, challenge: "not base64url" }),
    ),
    badRequest: await ending(() => page.parseRequestOptionsFromJSON({ challenge: "not base64url" })),
    unknown: await ending(() => page.signalUnknownCredential?.({ rpId, credentialId: "AQID" }) ?? "none"),
    unknownId: await ending(
      () => page.signalUnknownCredential?.({ rpId: "localhost", credentialId: "a b" }) ?? "none",
    ),
    accepted: await ending(
      () =>
        page.signalAllAcceptedCredentials?.({ rpId, userId: "AQID", allAcceptedCredentialIds: [] }) ?? "none",
    ),
    details: await ending(
      () =>
        page.signalCurrentUserDetails?.({ rpId, userId: "AQID", name: "taro", displayName: "Taro" }) ??
        "none",
    ),
  };
}

/**
 * The person answers the prompt of the call that has begun, and it ends well.
 *
 * @param {World} world
 * @param {import("puppeteer-core").Page} page
 */
async function answered(world, page) {
  const prompt = await world.prompt();
  await prompt.asksPin();
  await world.enterPin(prompt);
  assert.equal(await outcome(page), "platform");
  await world.browser.promptClosed();
  await page.bringToFront();
}

/** @type {import("../lib/suite.mjs").Case[]} */
export const webPlatform = [
  {
    name: "what a page is given is an object of the browser's own classes, with every member",
    async run(world) {
      await onPage(world, PAGE, async (page) => {
        const authenticatorSelection = { residentKey: "required" };
        await call(page, "create", { json: { authenticatorSelection, extensions: { credProps: true } } });
        await answered(world, page);
        const { json: made, ...madeAs } = await page.evaluate(examined, "AuthenticatorAttestationResponse");
        assert.deepEqual(madeAs, expected("AuthenticatorAttestationResponse"));
        assert.deepEqual(Object.keys(made), [
          "authenticatorAttachment",
          "clientExtensionResults",
          "id",
          "rawId",
          "response",
          "type",
        ]);
        assert.deepEqual(Object.keys(made.response), [
          "attestationObject",
          "authenticatorData",
          "clientDataJSON",
          "publicKey",
          "publicKeyAlgorithm",
          "transports",
        ]);
        const { id } = made;
        assert.equal(made.rawId, id);
        assert.equal(made.response.publicKeyAlgorithm, -7);
        assert.deepEqual(made.clientExtensionResults, { credProps: { rk: true } });

        await call(page, "get", { json: { allowCredentials: [{ type: "public-key", id }] } });
        await answered(world, page);
        const { json: used, ...usedAs } = await page.evaluate(examined, "AuthenticatorAssertionResponse");
        assert.deepEqual(usedAs, expected("AuthenticatorAssertionResponse"));
        assert.equal(used.id, id);
        assert.equal(used.response.userHandle, "AQIDBA");
      });
    },
  },
  {
    name: "what a page is given is whole though the page's scripts changed what they could before it came",
    async run(world) {
      await onPage(world, PAGE, async (page) => {
        await call(page, "create");
        const prompt = await world.prompt();
        await prompt.asksPin();
        await page.evaluate(tamper);
        await world.enterPin(prompt);
        await world.browser.promptClosed();
        const read = await page.waitForFunction(() => /** @type {any} */ (globalThis).read);
        assert.deepEqual(await read.jsonValue(), {
          type: "public-key",
          attachment: "platform",
          isSame: true,
          sizes: [49, true, true, true, true],
          algorithm: -7,
          transports: 2,
          json: "public-key",
        });
      });
    },
  },
  {
    name: "bad arguments of a registration end with the standard's exceptions, and nobody is asked anything",
    async run(world) {
      await ends(world, "create", refusedCreations);
      assert.equal(await world.browser.promptIsOpen(), false);
    },
  },
  {
    name: "a user without an ID ends with the standard's exception, in Firefox as it ends in Firefox itself",
    async run(world) {
      await ends(world, "create", emptyUserId);
      const told = world.browser instanceof Firefox;
      assert.equal(await world.browser.promptIsOpen(), !told);
    },
  },
  {
    name: "bad arguments of a sign-in end with the standard's exceptions, and nobody is asked anything",
    async run(world) {
      await ends(world, "get", refusedRequests);
      assert.equal(await world.browser.promptIsOpen(), false);
    },
  },
  {
    name: "arguments that the standard takes for a registration are brought before the person, each kind of them",
    async run(world) {
      await asks(world, "create", acceptedCreations);
    },
  },
  {
    name: "arguments that the standard takes for a sign-in are brought before the person, each kind of them",
    async run(world) {
      await register(world);
      await asks(world, "get", acceptedRequests);
    },
  },
  {
    name: "a call whose signal aborts before or at once ends with the signal's own reason",
    async run(world) {
      await ends(world, "create", abortedCalls);
      await ends(world, "get", abortedCalls);
      await world.browser.promptClosed();
    },
  },
  {
    name: "the functions and classes that a page sees are those of the standard",
    async run(world) {
      await onPage(world, PAGE, async (page) => {
        const seen = await page.evaluate(interfaces);
        // Firefox has no signals yet.
        const signals = "none" !== seen["unknown"] || !(world.browser instanceof Firefox);
        const isMethod = (/** @type {string} */ name, parameters = 0) =>
          `function ${name} ${parameters} true true true false`;
        assert.deepEqual(seen, {
          create: isMethod("create"),
          get: isMethod("get"),
          store: isMethod("store", 1),
          available: isMethod("isUserVerifyingPlatformAuthenticatorAvailable"),
          capabilities: isMethod("getClientCapabilities"),
          own: [],
          constructs: "TypeError",
          sorted: true,
          booleans: true,
          conditional: "boolean",
          creation: ["0,1,2", "1,2,3,4"],
          request: ["localhost", "0,1,2"],
          badCreation: "EncodingError",
          badRequest: "EncodingError",
          unknown: signals ? "SecurityError" : "none",
          unknownId: signals ? "TypeError" : "none",
          accepted: signals ? "SecurityError" : "none",
          details: signals ? "SecurityError" : "none",
        });
      });
    },
  },
  {
    name: "a large blob that is to be read and written at once is refused by the program, and where it may be written it is told not to be",
    // In Firefox what the standard refuses does not come to us.
    only: ["chromium"],
    async run(world) {
      await onPage(world, PAGE, async (page) => {
        await page.evaluate(() => {
          const page = /** @type {any} */ (globalThis);
          page.made = navigator.credentials.create({
            publicKey: {
              rp: { name: "Practice" },
              user: { id: new Uint8Array(4), name: "taro", displayName: "Taro" },
              challenge: new Uint8Array(16),
              pubKeyCredParams: [{ type: "public-key", alg: -7 }],
              extensions: { largeBlob: { support: "preferred" } },
            },
          });
        });
        const registering = await world.prompt();
        await registering.asksPin();
        await world.enterPin(registering);
        const supported = await page.evaluate(async () => {
          const page = /** @type {any} */ (globalThis);
          return (await page.made).getClientExtensionResults().largeBlob;
        });
        assert.deepEqual(supported, { supported: false });
        await world.browser.promptClosed();

        /** @param {boolean} read */
        const ask = (read) =>
          page.evaluate(async (read) => {
            const page = /** @type {any} */ (globalThis);
            const { rawId } = await page.made;
            const write = new Uint8Array([1]);
            page.used = navigator.credentials
              .get({
                publicKey: {
                  challenge: new Uint8Array(16),
                  allowCredentials: [{ type: "public-key", id: rawId }],
                  extensions: { largeBlob: read ? { read, write } : { write } },
                },
              })
              .then(
                (used) => /** @type {any} */ (used).getClientExtensionResults().largeBlob,
                (error) => error.name,
              );
          }, read);
        const ended = () => page.evaluate(() => /** @type {any} */ (globalThis).used);
        await ask(false);
        const signingIn = await world.prompt();
        await signingIn.asksPin();
        await world.enterPin(signingIn);
        assert.deepEqual(await ended(), { written: false });
        await world.browser.promptClosed();

        await ask(true);
        assert.equal(await ended(), "NotSupportedError");
      });
    },
  },
];
