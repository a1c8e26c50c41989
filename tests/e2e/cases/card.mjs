// The card and its reader: there, not there, one too many, gone.

import assert from "node:assert/strict";
import { finishRegistration, tells } from "./steps.mjs";

/** @type {import("../lib/suite.mjs").Case[]} */
export const card = [
  {
    name: "asks for the card when there is none, and goes on when it comes",
    world: { cards: [{ person: "p01", inserted: false }] },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.says("no-card");
      tells(shown.message, /card/i, /out of its case/i);
      assert.equal(shown.asksPin, false);
      await world.card.insert();
      await prompt.asksPin();
      await finishRegistration(world, prompt, "taro");
    },
  },
  {
    name: "a card that is taken away while the prompt is open ends the ceremony",
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await world.card.remove();
      tells((await prompt.says("card-removed")).message, /card/i);
      await world.site.says("not-completed");
    },
  },
  {
    name: "a card that vanishes at the PIN is reported as taken away",
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await world.card.tell("fault before 1");
      await prompt.type(world.card.person.pin);
      await prompt.submit();
      tells((await prompt.says("card-removed")).message, /card/i);
      await world.site.says("not-completed");
      assert.equal(await world.card.tries(), 3);
    },
  },
  {
    name: "another card than the one that registered holds no credential for the account",
    world: { cards: [{ person: "p01" }, { person: "p02", inserted: false }] },
    async run(world) {
      const [first, second] = world.cards;
      assert.ok(first && second);
      await world.site.register("taro");
      const registering = await world.prompt();
      await registering.asksPin();
      await registering.setCertificate(true);
      await world.enterPin(registering);
      await world.browser.promptClosed();
      await world.site.account();
      await world.site.signOut();
      await first.remove();
      await second.insert();

      await world.site.signIn("taro");
      const prompt = await world.prompt();
      tells((await prompt.says("no-credential")).message, /card/i);
      await prompt.submit();
      await world.browser.promptClosed();
      await world.site.says("sign-in-not-completed");
    },
  },
  {
    name: "says that the smart card service is not running, and goes on when it is",
    async run(world) {
      await world.pcscd.interrupt();
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.says("pcsc-not-running");
      tells(shown.message, /pcscd|smart card service/i);
      assert.equal(shown.asksPin, false);
      await world.pcscd.resume();
      await prompt.asksPin();
      await finishRegistration(world, prompt, "taro");
    },
  },
  {
    name: "says that no reader is connected, and goes on with one",
    world: { readers: 0, cards: [] },
    async run(world) {
      await world.site.open("/");
      const available = () =>
        world.site.page.evaluate(() => PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable());
      assert.equal(await available(), false, "a site need not offer what cannot work");

      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.says("no-reader");
      tells(shown.message, /reader/i);
      assert.equal(shown.asksPin, false);
      await world.pcscd.interrupt();
      await world.pcscd.resume(2);
      await world.addCard({ person: "p01" });
      await prompt.asksPin();
      await finishRegistration(world, prompt, "taro");
    },
  },
  {
    name: "a slow contactless card works all the same",
    async run(world) {
      await world.card.tell("slow 15 400");
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await finishRegistration(world, prompt, "taro");
    },
  },
];
