// Firefox: a script in every page stands where the browser's own functions were.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { call, creation, outcome } from "../lib/calls.mjs";
import { Firefox } from "../lib/firefox.mjs";
import { FramingSite } from "../lib/framing-site.mjs";
import { sleep } from "../lib/until.mjs";
import { extensionAnswers } from "./steps.mjs";

/** @typedef {import("../lib/world.mjs").World} World */
/** @typedef {import("../lib/calls.mjs").Place} Place */

/** @param {World} world */
function firefox({ browser }) {
  assert.ok(browser instanceof Firefox);
  return browser;
}

/**
 * The security key that is plugged in answered, and the extension showed nothing.
 *
 * @param {World} world
 * @param {Place} place
 * @param {string} what
 */
async function browserAnswers(world, place, what) {
  assert.equal(await outcome(place), "cross-platform", what);
  assert.equal(await world.browser.promptIsOpen(), false, what);
}

/** @type {import("../lib/suite.mjs").Case[]} */
const list = [
  {
    name: "'use another authenticator' hands this very request to the browser",
    async run(world) {
      await firefox(world).plugInKey();
      await world.site.open("/");
      const { page } = world.site;
      await call(page, "create");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.other();
      await browserAnswers(world, page, "another authenticator");
      // The next one is ours again.
      await call(page, "create");
      await extensionAnswers(world, page);
    },
  },
  {
    name: "what is not ours goes to the browser at once",
    async run(world) {
      await firefox(world).plugInKey();
      await world.site.open("/");
      const { page } = world.site;
      const selection = { authenticatorAttachment: "cross-platform" };
      const long = { ...creation.user, displayName: "x".repeat(70_000) };
      for (const [what, json] of /** @type {[string, object][]} */ ([
        ["another attachment", { authenticatorSelection: selection }],
        ["too long", { user: long }],
      ])) {
        await call(page, "create", { json });
        await browserAnswers(world, page, what);
      }
      const id = await page.evaluate(() => /** @type {any} */ (globalThis).credential.id);
      await call(page, "get", { json: { allowCredentials: [{ type: "public-key", id }] } });
      await browserAnswers(world, page, "another's credential");

      await world.browser.setMode("off");
      await page.bringToFront();
      await call(page, "create");
      await browserAnswers(world, page, "mode off");
    },
  },
  {
    name: "a frame of another origin is the browser's to serve or to refuse",
    async run(world) {
      await firefox(world).plugInKey();
      const sites = await FramingSite.start();
      try {
        const { page } = world.site;
        await page.goto(sites.origin);
        await page.bringToFront();
        const frame = await page.waitForFrame((candidate) => candidate.url().startsWith(sites.framedOrigin));
        await frame.waitForSelector("button");
        await frame.click("button");
        await call(frame, "create", { json: { rp: { id: sites.framedHost, name: "Framed" } } });
        await outcome(frame);
        assert.equal(await world.browser.promptIsOpen(), false);
      } finally {
        await sites.stop();
      }
    },
  },
  {
    name: "another extension in the same place breaks nothing, whichever came first",
    async run(world) {
      const wraps = `
        globalThis.otherIsHere = true;
        const original = navigator.credentials.create;
        navigator.credentials.create = function (options) {
          return original.call(navigator.credentials, options);
        };`;
      const others = await extension(join(world.folder, "other-extension"), wraps);
      const { page } = world.site;
      const both = async () => {
        await world.site.open("/");
        await call(page, "create");
        await extensionAnswers(world, page);
        assert.equal(await page.evaluate(() => /** @type {any} */ (globalThis).otherIsHere), true);
      };
      const { browser } = firefox(world);
      await browser.installExtension(others);
      await both();
      await firefox(world).installAgain();
      await both();
    },
  },
  {
    name: "where another extension lets nobody else in, its function stays, and the page works",
    async run(world) {
      const shuts = `
        Object.defineProperty(navigator.credentials, "create", {
          value: async () => ({ authenticatorAttachment: "another extension's" }),
        });`;
      const others = await extension(join(world.folder, "other-extension"), shuts);
      const { browser } = firefox(world);
      await browser.installExtension(others);
      await firefox(world).installAgain();
      await world.site.open("/");
      await call(world.site.page, "create");
      assert.equal(await outcome(world.site.page), "another extension's");
      // What was not taken is served.
      await call(world.site.page, "get");
      const prompt = await world.prompt();
      await prompt.says("no-credential");
      await prompt.submit();
      await world.browser.promptClosed();
    },
  },
  {
    name: "when the extension goes, its request ends, and the page has the browser's own functions again",
    async run(world) {
      await firefox(world).plugInKey();
      await world.site.open("/");
      const { page } = world.site;
      await call(page, "create");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await firefox(world).uninstall();
      assert.equal(await outcome(page), "NotAllowedError");
      await world.browser.promptClosed();
      await page.bringToFront();
      await call(page, "create");
      assert.equal(await outcome(page), "cross-platform");
      assert.equal(
        await page.evaluate(() => PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable()),
        false,
      );
    },
  },
  {
    name: "in automatic mode a card is noticed also when the background has had nothing to do for long",
    world: { mode: "auto", cards: [{ person: "p01", inserted: false }] },
    async run(world) {
      await world.browser.watches();
      await firefox(world).sleepsEarly();
      await sleep(5_000);
      await world.card.insert();
      await world.browser.takes(true);
      await world.site.open("/");
      await call(world.site.page, "create");
      await extensionAnswers(world, world.site.page);
    },
  },
  {
    name: "a hostile page hears nothing of the channel and gets no second one",
    async run(world) {
      await world.site.open("/");
      const { page } = world.site;
      await page.evaluate(() => {
        const page = /** @type {any} */ (globalThis);
        page.heard = [];
        const hear = (/** @type {any} */ holder, /** @type {string} */ name) => {
          const original = holder[name];
          holder[name] = function (/** @type {any[]} */ ...args) {
            page.heard.push(name);
            return original.apply(this, args);
          };
        };
        hear(MessagePort.prototype, "postMessage");
        hear(JSON, "parse");
        hear(JSON, "stringify");
        hear(Promise.prototype, "then");
        const data = /** @type {any} */ (Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data"));
        Object.defineProperty(MessageEvent.prototype, "data", {
          get() {
            page.heard.push("data");
            return data.get.call(this);
          },
        });
        // A channel of the page's own, offered as the extension's script offered its.
        const { port1, port2 } = new MessageChannel();
        page.replies = 0;
        port1.onmessage = () => (page.replies += 1);
        dispatchEvent(new MessageEvent("jpki-for-webauthn", { ports: [port2], data: "the page's own" }));
        port1.postMessage(JSON.stringify({ id: 1, ask: "available" }));
        page.heard = [];
      });
      await page.evaluate(() => {
        const page = /** @type {any} */ (globalThis);
        void (async () => {
          try {
            await navigator.credentials.create({
              publicKey: {
                rp: { name: "Practice" },
                user: { id: new Uint8Array(4), name: "taro", displayName: "Taro" },
                challenge: new Uint8Array(16),
                pubKeyCredParams: [{ type: "public-key", alg: -7 }],
              },
            });
          } catch (/** @type {any} */ error) {
            page.outcome = error.name;
          }
        })();
      });
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.cancel();
      await world.browser.promptClosed();
      const [outcome, heard, replies] = await page.evaluate(() => {
        const { outcome, heard, replies } = /** @type {any} */ (globalThis);
        return [outcome, heard, replies];
      });
      assert.equal(outcome, "NotAllowedError");
      assert.deepEqual(heard, []);
      assert.equal(replies, 0);
    },
  },
];

/**
 * Writes an extension that runs a script in every page, before the page's own.
 *
 * @param {string} folder
 * @param {string} script
 */
async function extension(folder, script) {
  await mkdir(folder, { recursive: true });
  const manifest = {
    manifest_version: 3,
    name: "Another",
    version: "1",
    browser_specific_settings: { gecko: { id: "another@extension" } },
    content_scripts: [
      { matches: ["http://*.localhost/*"], js: ["page.js"], run_at: "document_start", world: "MAIN" },
    ],
  };
  await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "page.js"), `{${script}}`);
  return folder;
}

/** @type {import("../lib/suite.mjs").Case[]} */
export const firefoxCases = list.map((one) => ({ ...one, only: ["firefox"] }));
