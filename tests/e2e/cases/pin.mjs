// The PIN and its three tries.

import assert from "node:assert/strict";
import { finishRegistration, register, tells } from "./steps.mjs";

const wrong = "9999";

/** @type {import("../lib/suite.mjs").Case[]} */
export const pin = [
  {
    name: "a wrong PIN costs one try and says so; the right one then works and restores all three",
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      tells((await prompt.asksPin()).tries, "3");
      await prompt.setCertificate(true);
      await world.enterPin(prompt, wrong);
      const again = await prompt.until("that the PIN was wrong", (shown) => /2/.test(shown.tries ?? ""));
      tells(again.message, /wrong|incorrect|not right/i, /user authentication/i, /four digits/i);
      assert.equal(again.quoted, "JPKI-wrong-pin");
      assert.equal(again.certificate, true, "what the person chose stays chosen");
      await world.enterPin(prompt);
      await world.browser.promptClosed();
      assert.equal((await world.site.account()).name, "taro");
      assert.equal(await world.card.tries(), 3);
    },
  },
  {
    name: "the PIN can be entered with the keys on the screen",
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.setCertificate(true);
      const { pin } = world.card.person;
      world.pins.spend(world.card, pin);
      await prompt.pressKeys(pin);
      await prompt.submit();
      await world.browser.promptClosed();
      assert.equal((await world.site.account()).name, "taro");
    },
  },
  {
    name: "a PIN that cannot be right never reaches the card",
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      for (const impossible of ["12", "12a4"]) {
        await prompt.type(impossible);
        await prompt.page.keyboard.press("Enter");
        tells((await prompt.until("what is wrong", (shown) => shown.problem !== undefined)).problem, /four/i);
      }
      assert.equal(await world.card.tries(), 3);
      await prompt.cancel();
      await world.browser.promptClosed();
    },
  },
  {
    name: "the last try is spent only after an explicit yes",
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      tells((await prompt.asksPin()).tries, "3");
      await world.enterPin(prompt, wrong);
      await prompt.until("two tries left", (shown) => /2/.test(shown.tries ?? ""));
      await world.enterPin(prompt, wrong);
      const last = await prompt.until("the last try", (shown) => shown.asksLastTry);
      tells(last.tries, /1|last/i);
      assert.equal(last.quoted, "JPKI-last-try");

      // Without the yes, the right PIN stays here.
      await prompt.type(world.card.person.pin);
      await prompt.page.keyboard.press("Enter");
      await prompt.until("what is missing", (shown) => shown.problem !== undefined && shown.asksLastTry);
      assert.equal(await world.card.tries(), 1);

      await prompt.confirmLastTry(true);
      await finishRegistration(world, prompt, "taro");
      assert.equal(await world.card.tries(), 3);
    },
  },
  {
    name: "a last try that was wrong locks the PIN, and the prompt says where to go",
    async run(world) {
      await world.card.setTries(1);
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.asksPin();
      assert.ok(shown.asksLastTry);
      await prompt.confirmLastTry(true);
      await world.enterPin(prompt, wrong);
      tells((await prompt.says("pin-locked")).message, /locked/i, /office/i);
      assert.equal(await world.card.tries(), 0);
      await world.site.says("not-completed");
    },
  },
  {
    name: "a locked PIN is said at once, and no PIN is asked for",
    async run(world) {
      await world.card.setTries(0);
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.says("pin-locked");
      tells(shown.message, /locked/i, /office/i);
      assert.equal(shown.asksPin, false);
      await world.site.says("not-completed");
    },
  },
  {
    name: "a wrong PIN at sign-in leaves the account as it was",
    async run(world) {
      await register(world);
      await world.site.signOut();
      await world.site.signIn("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await world.enterPin(prompt, wrong);
      await prompt.until("two tries left", (shown) => /2/.test(shown.tries ?? ""));
      await prompt.cancel();
      await world.browser.promptClosed();
      await world.site.says("sign-in-not-completed");
      await world.site.open("/account");
      assert.notEqual(new URL(world.site.page.url()).pathname, "/account");
      assert.equal(await world.card.tries(), 2);
    },
  },
];
