// The extension ends in the middle: it is updated, or the person switches it off.

import assert from "node:assert/strict";
import { register, signIn } from "./steps.mjs";

/** @typedef {import("../lib/world.mjs").World} World */

/**
 * The page is told that its request has ended; nobody is asked any more, and the PIN has all its tries.
 *
 * @param {World} world
 */
async function ended(world) {
  await world.site.says("not-completed");
  await world.browser.promptClosed();
  await world.card.unpowered();
  assert.equal(await world.card.tries(), 3);
}

/** @type {import("../lib/suite.mjs").Case[]} */
export const updates = [
  {
    name: "an update ends what goes on, at the prompt and while the card works, and the next ceremony works",
    async run(world) {
      const { browser, site, card } = world;
      await site.register("taro");
      await (await world.prompt()).asksPin();
      await browser.updateExtension();
      await ended(world);

      await card.tell("slow 100 2000");
      await site.register("taro");
      const working = await world.prompt();
      await working.asksPin();
      await world.enterPin(working);
      await working.says("card-working");
      await browser.updateExtension();
      await ended(world);
      await card.tell("slow 0 0");

      assert.equal((await register(world)).name, "taro");
      await site.signOut();
      assert.equal((await signIn(world)).name, "taro");
    },
  },
  {
    name: "an update after the result takes nothing back, and closes the prompt",
    async run(world) {
      const { browser, site } = world;
      await site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.setCertificate(true);
      await world.enterPin(prompt);
      assert.equal((await site.account()).name, "taro");
      await prompt.says("backup-first");
      await browser.updateExtension();
      assert.equal(await browser.promptIsOpen(), false);
      await site.signOut();
      assert.equal((await signIn(world)).name, "taro");
    },
  },
  {
    name: "switched off at the prompt, the extension leaves the page to the browser; switched on again, it serves the next request",
    async run(world) {
      const { browser, site } = world;
      await site.register("taro");
      await (await world.prompt()).asksPin();
      await browser.setEnabled(false);
      await ended(world);
      const available = () =>
        site.page.evaluate(() => PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable());
      await site.open("/");
      assert.equal(await available(), false, "the browser's own answer");
      await browser.setEnabled(true);
      await site.open("/");
      assert.equal(await available(), true);
      assert.equal((await register(world)).name, "taro");
    },
  },
];
