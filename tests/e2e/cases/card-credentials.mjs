// Credentials whose key is the card's own: where the site prefers them, and the person agrees.

import assert from "node:assert/strict";
import { register, registerUpToResult, signIn, tells } from "./steps.mjs";

/** @param {import("../lib/lab.mjs").VirtualCard} card */
const signatures = (card) => card.log().filter(({ name }) => name === "SIGN").length;

/** @type {import("../lib/suite.mjs").Case[]} */
export const cardCredentials = [
  {
    name: "registers with the card's own key, and each sign-in is one signature of the card",
    world: { relyingParty: { credentials: "card" } },
    async run(world) {
      const registered = await register(world, { cardKey: true });
      const [[kind, , , proven] = []] = registered.credentials;
      tells(kind, "RS256", /card.s own key/);
      tells(proven, /signature by the card itself/);
      tells(registered.vouchedBy, /practice/i);
      await world.site.signOut();

      const before = signatures(world.card);
      const signedIn = await signIn(world, "taro", { cardKey: true });
      assert.equal(signedIn.name, "taro");
      await world.card.unpowered();
      assert.equal(signatures(world.card) - before, 1);
    },
  },
  {
    name: "signs in with the card's own key without an account name, on the computer that made it",
    world: { relyingParty: { credentials: "card" } },
    async run(world) {
      await register(world, { account: "hanako", cardKey: true });
      await world.site.signOut();
      assert.equal((await signIn(world, undefined, { cardKey: true })).name, "hanako");
    },
  },
  {
    name: "the card's own key declined, the site gets a key of its own",
    world: { relyingParty: { credentials: "card" } },
    async run(world) {
      const registered = await register(world, { cardKey: false });
      const [[kind, , , proven] = []] = registered.credentials;
      tells(kind, "ES256", /this service.s own/);
      tells(proven, /card itself does not sign/);
      await world.site.signOut();
      assert.equal((await signIn(world, "taro")).name, "taro");
    },
  },
  {
    name: "where only the card's own key is taken, no PIN is sent until it is switched on, and the prompt says why",
    world: { relyingParty: { credentials: "card-only" } },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      tells((await prompt.asksPin()).blocked, /card.s own key/);
      await prompt.type(world.card.person.pin);
      await prompt.page.keyboard.press("Enter");
      await prompt.submit();
      await prompt.until("the same question", (shown) => shown.asksPin && shown.blocked !== undefined);
      assert.deepEqual(world.card.pinTries(), []);

      await prompt.setCardKey(true);
      await prompt.setCertificate(true);
      await prompt.until("the way free", (shown) => shown.blocked === undefined);
      await world.enterPin(prompt);
      await world.browser.promptClosed();
      tells((await world.site.account()).credentials[0]?.[0], "RS256");
    },
  },
  {
    name: "where only the card's own key is taken, somebody who does not want that cancels, and nothing was spent",
    world: { relyingParty: { credentials: "card-only" } },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.cancel();
      await world.browser.promptClosed();
      await world.site.says("not-completed");
      assert.deepEqual(world.card.pinTries(), []);
    },
  },
  {
    name: "certificate and card key are two decisions: the key without the certificate is nobody's",
    world: { relyingParty: { credentials: "card", require: false, conveyance: "direct" } },
    async run(world) {
      const account = await register(world, { certificate: false, cardKey: true });
      tells(account.credentials[0]?.[0], "RS256");
      tells(account.vouchedBy, "Nobody");
      await world.site.signOut();
      assert.equal((await signIn(world, "taro", { cardKey: true })).name, "taro");
    },
  },
  {
    name: "asks for the card's own key also where no certificate is asked for",
    world: { relyingParty: { credentials: "card", require: false, conveyance: "none" } },
    async run(world) {
      const account = await register(world, { certificate: undefined, cardKey: true });
      tells(account.credentials[0]?.[0], "RS256");
      await world.site.signOut();
      assert.equal((await signIn(world, "taro", { cardKey: true })).name, "taro");
    },
  },
  {
    name: "remembers the site for both: certificate and card key are switched on the next time",
    world: { relyingParty: { credentials: "card" } },
    async run(world) {
      await world.site.register("taro");
      const first = await world.prompt();
      const shown = await first.asksPin();
      assert.deepEqual([shown.certificate, shown.cardKey], [false, false]);
      await first.setCertificate(true);
      await first.setCardKey(true);
      await first.setRememberSite(true);
      await world.enterPin(first);
      await world.site.account();
      await world.browser.promptClosed();
      await world.site.signOut();

      await world.site.register("jiro");
      const second = await world.prompt();
      const again = await second.asksPin();
      assert.deepEqual([again.certificate, again.cardKey], [true, true]);
      await second.cancel();
      await world.browser.promptClosed();
    },
  },
  {
    name: "a wrong PIN leaves both switches as they were set",
    world: { relyingParty: { credentials: "card" } },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.setCardKey(true);
      await world.enterPin(prompt, "9999");
      const again = await prompt.until("two tries left", (shown) => /2/.test(shown.tries ?? ""));
      assert.deepEqual([again.certificate, again.cardKey], [false, true]);
      await prompt.cancel();
      await world.browser.promptClosed();
    },
  },
  {
    name: "an expired certificate makes no card credential: the prompt says so, and no PIN is asked for",
    world: {
      cards: [{ person: "p04" }],
      relyingParty: { credentials: "card-only", conveyance: "direct" },
    },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.says("certificate-expired");
      tells(shown.message, /expired/i, /office/i);
      assert.equal(shown.asksPin, false);
      await world.site.says("not-completed");
    },
  },
  {
    name: "one card with two accounts of its own key signs in to the one that is named",
    world: { relyingParty: { credentials: "card", require: false, conveyance: "none" } },
    async run(world) {
      for (const account of ["taro", "hanako"]) {
        await registerUpToResult(world, { account, certificate: undefined, cardKey: true });
        await world.site.account();
        await world.site.signOut();
      }
      for (const account of ["hanako", "taro"]) {
        assert.equal((await signIn(world, account, { cardKey: true })).name, account);
        await world.site.signOut();
      }
    },
  },
];
