// Several windows of one browser, and several profiles, at once.

import assert from "node:assert/strict";
import { PlainSite } from "../lib/plain-site.mjs";
import { signIn, tells } from "./steps.mjs";

/**
 * Starts a registration whose challenge is this number, and does not wait for it.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {number} number
 */
async function create(page, number) {
  await page.evaluate((number) => {
    const page = /** @type {any} */ (globalThis);
    page.credential = navigator.credentials
      .create({
        publicKey: {
          rp: { name: "Practice" },
          user: { id: new Uint8Array([number]), name: `account ${number}`, displayName: "" },
          challenge: new Uint8Array(16).fill(number),
          pubKeyCredParams: [{ type: "public-key", alg: -7 }],
        },
      })
      .catch((error) => ({ error: error.name }));
  }, number);
}

/**
 * The number of the registration that was answered here.
 *
 * @param {import("puppeteer-core").Page} page
 */
async function answered(page) {
  return page.evaluate(async () => {
    const credential = await /** @type {any} */ (globalThis).credential;
    if (credential.error !== undefined) return credential.error;
    const { challenge } = JSON.parse(new TextDecoder().decode(credential.response.clientDataJSON));
    return atob(challenge.replaceAll("-", "+").replaceAll("_", "/")).charCodeAt(0);
  });
}

/** @type {import("../lib/suite.mjs").Case[]} */
export const severalWindows = [
  {
    name: "requests of two windows wait for each other, and each window gets its own answer",
    async run(world) {
      const site = await PlainSite.start("<!doctype html><title>Practice</title>");
      try {
        let first;
        const pages = [world.site.page, await world.browser.newWindow()];
        for (const [index, page] of pages.entries()) {
          await page.goto(site.origin);
          await page.bringToFront();
          await create(page, index + 1);
          // The person answers the first only when both have asked.
          if (index === 0) first = await world.prompt();
        }
        assert.ok(first);
        assert.equal((await first.asksPin()).account, "account 1");
        await world.enterPin(first);
        const second = await world.prompt();
        assert.equal((await second.asksPin()).account, "account 2");
        await world.enterPin(second);
        for (const [index, page] of pages.entries()) assert.equal(await answered(page), index + 1);
      } finally {
        await site.stop();
      }
    },
  },
  {
    name: "two profiles at once: the second is told that the card is in use, goes on when it is free, and has the same credentials",
    world: { relyingParty: { require: false, conveyance: "none" } },
    async run(world) {
      const second = await world.anotherProfile();
      await world.site.register("taro");
      const first = await world.prompt();
      await first.asksPin();
      await second.site.register("jiro");
      const waiting = await second.prompt();
      const shown = await waiting.says("card-busy");
      tells(shown.message, /another program/i, /by itself/i);
      assert.equal(shown.asksPin, false);
      await world.enterPin(first);
      assert.equal((await world.site.account()).name, "taro");
      tells((await waiting.asksPin()).tries, "3");
      await second.enterPin(waiting);
      assert.equal((await second.site.account()).name, "jiro");
      await world.browser.promptClosed();
      await second.browser.promptClosed();

      await second.site.signOut();
      assert.equal((await signIn(second, "taro")).name, "taro");
    },
  },
];
