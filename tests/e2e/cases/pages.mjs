// What a page does with its calls, and what it is told.

import assert from "node:assert/strict";
import { call, creation, outcome } from "../lib/calls.mjs";
import { sleep, until } from "../lib/until.mjs";
import { extensionAnswers, onPage } from "./steps.mjs";

/** @type {import("../lib/suite.mjs").Case[]} */
export const pages = [
  {
    name: "a frame of the page's own origin is served",
    async run(world) {
      await onPage(
        world,
        `<!doctype html><title>Around</title><iframe src="/inner"></iframe>`,
        async (page) => {
          const frame = await page.waitForFrame((candidate) => candidate.url().endsWith("/inner"));
          await call(frame, "create");
          const shown = await extensionAnswers(world, frame);
          assert.equal(shown.rpId, "localhost");
        },
      );
    },
  },
  {
    name: "a request is withdrawn by its signal before, during and not after",
    async run(world) {
      await world.site.open("/");
      const { page } = world.site;
      const before = await page.evaluate(async (options) => {
        const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(/** @type {any} */ (options));
        const signal = AbortSignal.abort("changed my mind");
        return navigator.credentials.create({ publicKey, signal }).catch((reason) => String(reason));
      }, creation);
      assert.equal(before, "changed my mind");
      assert.equal(await world.browser.promptIsOpen(), false);

      await call(page, "create");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await page.evaluate(() => /** @type {any} */ (globalThis).abort.abort("so it is"));
      assert.equal(await outcome(page), "so it is");
      await world.browser.promptClosed();

      await call(page, "create");
      await extensionAnswers(world, page);
      await page.evaluate(() => {
        const global = /** @type {any} */ (globalThis);
        global.ended = global.abort;
      });
      await call(page, "create");
      const next = await world.prompt();
      await next.asksPin();
      await page.evaluate(() => /** @type {any} */ (globalThis).ended.abort("too late"));
      await next.cancel();
      assert.equal(await outcome(page), "NotAllowedError");
      await world.browser.promptClosed();
    },
  },
  {
    name: "a page that is kept for the way back takes its prompt with it",
    // Whether Chromium keeps such a page is not known; see "a page that navigates away takes its prompt with it".
    only: ["firefox"],
    async run(world) {
      await onPage(world, "<!doctype html><title>Kept</title>", async (page) => {
        await page.evaluate(() => {
          addEventListener("pageshow", ({ persisted }) => Object.assign(globalThis, { persisted }));
        });
        await call(page, "create");
        const prompt = await world.prompt();
        await prompt.asksPin();
        await page.goto(new URL("/another", page.url()).href);
        await world.browser.promptClosed();
        // No load event comes of it, for which `goBack` would wait.
        await page.evaluate(() => history.back());
        await until("the page that was kept", async () => {
          const persisted = page.evaluate(() => Reflect.get(globalThis, "persisted"));
          return (await persisted.catch(() => undefined)) === true;
        });
      });
    },
  },
  {
    name: "a page with a strict policy whose first script asks, with an alg that is a string, is served",
    async run(world) {
      const script = `
        navigator.credentials.create({ publicKey: {
          rp: { name: "Practice" }, user: { id: new Uint8Array(4), name: "taro", displayName: "Taro" },
          challenge: new Uint8Array(16), pubKeyCredParams: [{ type: "public-key", alg: "-7" }] } })
          .catch((error) => { globalThis.outcome = error.name; });`;
      const policy = "default-src 'none'; script-src 'nonce-practice'; require-trusted-types-for 'script'";
      await onPage(
        world,
        `<!doctype html><title>Strict</title><script nonce="practice">${script}</script>`,
        async (page) => {
          await extensionAnswers(world, page);
        },
        { "content-security-policy": policy, "permissions-policy": "geolocation=()" },
      );
    },
  },
  {
    name: "a site that asks whether there is an authenticator is told so while requests are taken",
    async run(world) {
      await world.site.open("/");
      const { page } = world.site;
      const ask = () =>
        page.evaluate(async () => {
          const capabilities = await PublicKeyCredential.getClientCapabilities();
          return [
            await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable(),
            capabilities["userVerifyingPlatformAuthenticator"],
          ];
        });
      assert.deepEqual(await ask(), [true, true]);
      await world.browser.setMode("off");
      assert.deepEqual(await ask(), [false, false]);
    },
  },
  {
    name: "a page that asks a hundred times at once gets one prompt",
    async run(world) {
      await world.site.open("/");
      const { page } = world.site;
      await page.evaluate((options) => {
        for (let count = 0; count < 100; count += 1) {
          const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(/** @type {any} */ (options));
          void navigator.credentials.create({ publicKey }).catch(() => {});
        }
      }, creation);
      const prompt = await world.prompt();
      await prompt.asksPin();
      await sleep(500);
      await world.site.open("/sign-in");
      await world.browser.promptClosed();
      await sleep(500);
      assert.equal(await world.browser.promptIsOpen(), false);
      await call(page, "create");
      await extensionAnswers(world, page);
    },
  },
];
