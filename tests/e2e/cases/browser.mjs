// The browser's side: who asks, who may, and what becomes of the other authenticators.

import assert from "node:assert/strict";
import { join } from "node:path";
import { replaceProgram } from "../lib/authenticator.mjs";
import { putBetween } from "../lib/between.mjs";
import { Chromium } from "../lib/chromium.mjs";
import { FramingSite } from "../lib/framing-site.mjs";
import { Popup } from "../lib/popup.mjs";
import { sleep } from "../lib/until.mjs";
import { register, tells } from "./steps.mjs";

/**
 * What a page is told by `navigator.credentials.create`, started and not waited for.
 *
 * @param {import("puppeteer-core").Page | import("puppeteer-core").Frame} page
 * @param {object} rp
 */
async function create(page, rp) {
  await page.evaluate((relyingParty) => {
    const page = /** @type {any} */ (globalThis);
    page.outcome = undefined;
    page.abort = new AbortController();
    navigator.credentials
      .create({
        signal: page.abort.signal,
        publicKey: {
          rp: /** @type {PublicKeyCredentialRpEntity} */ (relyingParty),
          user: { id: new Uint8Array([1, 2, 3, 4]), name: "taro", displayName: "Taro" },
          challenge: new Uint8Array(32),
          pubKeyCredParams: [{ type: "public-key", alg: -7 }],
          authenticatorSelection: { userVerification: "required" },
        },
      })
      .then(
        (credential) => (page.outcome = credential === null ? "null" : credential.id),
        (error) => (page.outcome = error.name),
      );
  }, rp);
}

/** @param {import("puppeteer-core").Page | import("puppeteer-core").Frame} page */
async function outcome(page) {
  await page.waitForFunction(() => /** @type {any} */ (globalThis).outcome !== undefined);
  return page.evaluate(() => /** @type {any} */ (globalThis).outcome);
}

/** @type {import("../lib/suite.mjs").Case[]} */
export const browser = [
  {
    name: "the prompt names the site, its address and the account",
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.asksPin();
      tells(`${shown.site} ${shown.rpId}`, "localhost");
      tells(shown.account, "taro");
      assert.equal(shown.language, "en");
      await prompt.cancel();
      await world.browser.promptClosed();
    },
  },
  {
    name: "speaks Japanese in a Japanese browser",
    world: { language: "ja" },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.asksPin();
      assert.equal(shown.language, "ja");
      tells(shown.tries, "3");
      tells(`${shown.request} ${shown.tries}`, /[ぁ-ん]/);
      await world.enterPin(prompt, "9999");
      const again = await prompt.until("two tries left", (now) => /2/.test(now.tries ?? ""));
      tells(again.message, /暗証番号/);
      await prompt.cancel();
      await world.browser.promptClosed();
      tells(await world.site.says("not-completed"), /[ぁ-ん]/);
    },
  },
  {
    name: "cancel ends the ceremony and the page learns no more than that",
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.cancel();
      await world.browser.promptClosed();
      tells(await world.site.says("not-completed"), "JPKI-not-completed");
    },
  },
  {
    name: "a prompt window that is closed counts as cancelled",
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.page.close();
      await world.site.says("not-completed");
    },
  },
  {
    name: "'use another authenticator' hands the next minute back to the browser",
    only: ["chromium"],
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.other();
      tells((await prompt.says("other-authenticator")).message, /again/i);
      await world.site.says("not-completed");
      await world.browser.takes(false);
    },
  },
  {
    name: "a page that navigates away takes its prompt with it",
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await world.site.open("/sign-in");
      await world.browser.promptClosed();
    },
  },
  {
    name: "a tab that is closed takes its prompt with it",
    async run(world) {
      await world.visit(world.relyingParty); // or the browser would end with its last tab
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await world.site.page.close();
      await world.browser.promptClosed();
    },
  },
  {
    name: "a page that aborts its request takes its prompt with it",
    async run(world) {
      await world.site.open("/");
      await create(world.site.page, { id: "localhost", name: "Practice" });
      const prompt = await world.prompt();
      await prompt.asksPin();
      await world.site.page.evaluate(() => /** @type {any} */ (globalThis).abort.abort());
      assert.equal(await outcome(world.site.page), "AbortError");
      await world.browser.promptClosed();
    },
  },
  {
    name: "a frame of another origin is refused before any PIN is asked for",
    only: ["chromium"],
    async run(world) {
      const sites = await FramingSite.start();
      try {
        const { page } = world.site;
        await page.goto(sites.origin);
        const frame = await page.waitForFrame((candidate) => candidate.url().startsWith(sites.framedOrigin));
        await frame.waitForSelector("button");
        // Browsers want a press in the frame first.
        await frame.click("button");
        await create(frame, { id: sites.framedHost, name: "Framed" });
        assert.equal(await outcome(frame), "NotAllowedError");
        const prompt = await world.prompt();
        const shown = await prompt.says("cross-origin");
        assert.equal(shown.asksPin, false);
      } finally {
        await sites.stop();
      }
    },
  },
  {
    name: "without the program the prompt says what to install",
    world: { installed: false },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.says("host-missing");
      tells(shown.message, /jpki-authenticator/);
      assert.equal(shown.asksPin, false);
      await world.site.says("not-completed");
    },
  },
  {
    name: "when the program has been moved the prompt says to install it again",
    async run(world) {
      await replaceProgram(world.env, "/elsewhere/jpki-authenticator");
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.says(world.browser instanceof Chromium ? "host-missing" : "host-failed");
      tells(shown.message, /jpki-authenticator install/);
      assert.equal(shown.asksPin, false);
    },
  },
  {
    name: "a program that does not fit the extension is said not to, in prompt and popup",
    async run(world) {
      // What the real program answers to an extension of another version.
      await putBetween(world, {
        toProgram: (message) => (message.type === "hello" ? { ...message, protocol: 999 } : message),
      });
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.says("host-version");
      tells(shown.message, /do not fit/, /update both/i);
      assert.equal(shown.asksPin, false);
      await world.site.says("not-completed");

      await world.browser.updateExtension();
      const popup = await Popup.open(world.browser);
      tells(await popup.says("host-version"), /do not fit/);
    },
  },
  {
    name: "a program that is killed before the PIN reaches it is said to have stopped",
    async run(world) {
      await putBetween(world, {
        toProgram(message, authenticator) {
          if (message.type !== "answer") return message;
          authenticator.kill("SIGKILL");
          return undefined;
        },
      });
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      // It does not reach the program.
      await prompt.type(world.card.person.pin);
      await prompt.submit();
      const shown = await prompt.says("host-failed");
      tells(shown.message, /stopped/, /doctor/);
      await world.site.says("not-completed");
      assert.deepEqual(world.card.pinTries(), []);
    },
  },
  {
    name: "an answer that the browser does not accept is said not to be accepted, and the page does not wait",
    async run(world) {
      // Chromium compares these bytes with those in the attestation object; in Firefox it is the extension that reads them.
      const damages = {
        chromium(/** @type {any} */ message) {
          if (message.type === "result") message.response.response.authenticatorData = "AAAA";
          return message;
        },
        firefox(/** @type {any} */ message) {
          if (message.type === "result") message.response.response.authenticatorData = "A+/=";
          return message;
        },
      };
      const { chromium, firefox } = damages;
      const toBrowser = world.browser instanceof Chromium ? chromium : firefox;
      await putBetween(world, { toBrowser });
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await world.enterPin(prompt);
      tells((await prompt.says("response-refused")).message, /did not accept/);
      await world.site.says("no-authenticator");
    },
  },
  {
    name: "another extension that answers sites is named in the popup; once it lets go, a press of the button takes requests",
    only: ["chromium"],
    world: { mode: "off" },
    async run(world) {
      assert.ok(world.browser instanceof Chromium);
      const other = await world.browser.otherProxy(join(world.folder, "another-extension"));
      const popup = await Popup.open(world.browser);
      await popup.choose("always");
      tells(await popup.says("another-extension"), /Another extension answers/, /JPKI-another-extension/);

      await other.evaluate(() => /** @type {any} */ (globalThis).chrome.webAuthenticationProxy.detach());
      await popup.press("open");
      await popup.says(undefined);
      await world.browser.takes(true);
      assert.equal((await register(world)).name, "taro");
    },
  },
  {
    name: "another site's RP ID is refused",
    async run(world) {
      await world.site.open("/");
      await create(world.site.page, { id: "example.jp", name: "Example" });
      assert.equal(await outcome(world.site.page), "SecurityError");
      assert.equal(await world.browser.promptIsOpen(), false);
    },
  },
  {
    name: "a platform authenticator that verifies the person is reported",
    async run(world) {
      await world.site.open("/");
      const available = await world.site.page.evaluate(() =>
        PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable(),
      );
      assert.equal(available, true);
    },
  },
  {
    name: "canary: the browser tells the extension the caller's origin as remoteDesktopClientOverride",
    only: ["chromium"],
    async run(world) {
      assert.ok(world.browser instanceof Chromium);
      const worker = await world.browser.background();
      await worker.evaluate(() => {
        const extension = /** @type {any} */ (globalThis);
        extension.chrome.webAuthenticationProxy.onCreateRequest.addListener((/** @type {any} */ request) => {
          extension.seenRequest = JSON.parse(request.requestDetailsJson);
        });
      });
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      const seen = await worker.evaluate(() => /** @type {any} */ (globalThis).seenRequest);
      assert.deepEqual(seen.extensions?.remoteDesktopClientOverride, {
        origin: world.relyingParty.origin,
        sameOriginWithAncestors: true,
      });
      await prompt.cancel();
      await world.browser.promptClosed();
    },
  },
  {
    name: "in automatic mode it takes requests once a card has been presented, and not before",
    world: { mode: "auto", cards: [{ person: "p01", inserted: false }] },
    async run(world) {
      await world.browser.watches();
      await world.card.insert();
      await world.browser.takes(true);
      assert.equal((await register(world)).name, "taro");
    },
  },
  {
    name: "in automatic mode requests are the browser's again two minutes after the card was presented, until it is presented anew",
    world: { mode: "auto", cards: [{ person: "p01", inserted: false }] },
    async run(world) {
      await world.browser.watches();
      await world.card.insert();
      await world.browser.takes(true);
      await sleep(100_000);
      await world.browser.takes(true);
      await sleep(15_000);
      // It lies there still.
      await world.browser.takes(false);
      await world.card.remove();
      await world.card.insert();
      await world.browser.takes(true);
    },
  },
];
