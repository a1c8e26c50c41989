// Several cards in several readers: the person is shown which, and chooses.

import assert from "node:assert/strict";
import { finishRegistration, register, tells } from "./steps.mjs";

const FIRST = "Virtual PCD 00 00";
const SECOND = "Virtual PCD 00 01";
const TWO = [{ person: "p01" }, { person: "p02" }];

/**
 * @param {import("../lib/world.mjs").World} world
 * @param {number} index
 */
function cardOf(world, index) {
  const card = world.cards[index];
  assert.ok(card);
  return card;
}

/** @type {import("../lib/suite.mjs").Case[]} */
export const severalCards = [
  {
    name: "of two cards the chosen one registers, and is named before its PIN is typed",
    world: { cards: TWO },
    async run(world) {
      await world.site.register("hanako");
      const prompt = await world.prompt();
      const cards = await prompt.asksWhichCard(2);
      tells(cards[0], FIRST, /valid until/i);
      tells(cards[1], SECOND, /valid until/i);
      const asked = await prompt.shown();
      assert.equal(asked.asksPin, false);
      assert.equal(asked.card, undefined);
      tells(asked.message, "the 2 cards");
      await prompt.chooseCard(SECOND);
      const shown = await prompt.asksPin();
      assert.equal(shown.card, SECOND);
      await finishRegistration(world, prompt, "hanako", cardOf(world, 1));
    },
  },
  {
    name: "a card is chosen with the keyboard alone, and the list follows the readers",
    world: { cards: [{ person: "p01" }, { person: "p02" }, { person: "p01", inserted: false }], readers: 4 },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksWhichCard(2);
      await prompt.page.keyboard.press("Tab");
      await cardOf(world, 2).insert();
      await prompt.asksWhichCard(3);
      // The focus has stayed with its card.
      assert.equal(await prompt.focusedCard(), SECOND);
      await cardOf(world, 0).remove();
      await prompt.asksWhichCard(2);
      assert.equal(await prompt.focusedCard(), SECOND);
      await prompt.page.keyboard.press("Enter");
      assert.equal((await prompt.asksPin()).card, SECOND);
      await finishRegistration(world, prompt, "taro", cardOf(world, 1));
    },
  },
  {
    name: "with one of two cards taken away it goes on with the other",
    world: { cards: TWO },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksWhichCard(2);
      await cardOf(world, 1).remove();
      assert.equal((await prompt.asksPin()).card, FIRST);
      await finishRegistration(world, prompt, "taro");
    },
  },
  {
    name: "a chosen card without a credential says which one it is, and the page learns nothing of it",
    world: { cards: [{ person: "p01" }, { person: "p02", inserted: false }] },
    async run(world) {
      await register(world);
      await world.site.signOut();
      await cardOf(world, 1).insert();

      await world.site.signIn("taro");
      const wrong = await world.prompt();
      await wrong.asksWhichCard(2);
      await wrong.chooseCard(SECOND);
      tells((await wrong.says("no-credential")).card, SECOND);
      await wrong.submit();
      await world.browser.promptClosed();
      await world.site.says("sign-in-not-completed");

      await world.site.signIn("taro");
      const right = await world.prompt();
      await right.asksWhichCard(2);
      await right.chooseCard(FIRST);
      assert.equal((await right.asksPin()).card, FIRST);
      await world.enterPin(right);
      await world.browser.promptClosed();
      assert.equal((await world.site.account()).name, "taro");
    },
  },
  {
    name: "the choice of a card is taken back, where it holds nothing and before its PIN",
    world: { cards: [{ person: "p01" }, { person: "p02", inserted: false }] },
    async run(world) {
      await register(world);
      await world.site.signOut();
      await cardOf(world, 1).insert();
      await world.site.signIn("taro");
      const prompt = await world.prompt();
      await prompt.asksWhichCard(2);
      await prompt.chooseCard(SECOND);
      await prompt.says("no-credential");
      for (let again = 0; again < 2; again += 1) {
        await prompt.anotherCard();
        await prompt.asksWhichCard(2);
        await prompt.chooseCard(FIRST);
        assert.equal((await prompt.asksPin()).card, FIRST);
      }
      await world.enterPin(prompt);
      await world.browser.promptClosed();
      assert.equal((await world.site.account()).name, "taro");
    },
  },
  {
    name: "a chosen card that is taken away ends the ceremony, though another is there",
    world: { cards: TWO },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksWhichCard(2);
      await prompt.chooseCard(FIRST);
      await prompt.asksPin();
      await cardOf(world, 0).remove();
      tells((await prompt.says("card-removed")).message, /card/i);
      await world.site.says("not-completed");
    },
  },
  {
    name: "the service stops while the list of cards is shown: it says so, and asks again once it is back",
    world: { cards: TWO },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksWhichCard(2);
      await world.pcscd.interrupt();
      tells((await prompt.says("pcsc-not-running")).message, /pcscd|smart card service/i);
      await world.pcscd.resume();
      // Of the cards that come back one by one the first may be alone for a moment.
      const shown = await prompt.until("a list or a PIN field", ({ code, asksPin }) => {
        return asksPin || code === "choose-card";
      });
      if (!shown.asksPin) {
        await prompt.cancel();
        await world.browser.promptClosed();
        await world.site.says("not-completed");
      }
    },
  },
];
