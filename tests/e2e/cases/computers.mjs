// One card and two computers: which credential works where, and how a computer is added.

import assert from "node:assert/strict";
import { join } from "node:path";
import { Terminal } from "../lib/terminal.mjs";
import { answerRegistration, register, registerUpToResult, signIn, tells } from "./steps.mjs";

/** @type {import("../lib/suite.mjs").Case[]} */
export const computers = [
  {
    name: "the card's own key signs in on a second computer, by account name",
    world: { relyingParty: { credentials: "card" } },
    async run(world) {
      await register(world, { cardKey: true });
      const second = await world.anotherComputer();
      assert.equal((await signIn(second, "taro", { cardKey: true })).name, "taro");
      await second.site.signOut();
      // And again: nothing had to be stored there for it.
      assert.equal((await signIn(second, "taro", { cardKey: true })).name, "taro");
    },
  },
  {
    name: "without an account name a second computer does not know the card's credential, and says what helps",
    world: { relyingParty: { credentials: "card" } },
    async run(world) {
      await register(world, { cardKey: true });
      const second = await world.anotherComputer();
      await second.site.signIn();
      const prompt = await second.prompt();
      const shown = await prompt.says("no-credential");
      tells(shown.message, /account name/i, /Add another computer/, /backup/i, "jpki-authenticator");
      assert.equal(shown.asksPin, false);
      await prompt.submit();
      await second.browser.promptClosed();
      await second.site.says("sign-in-not-completed");
    },
  },
  {
    name: "a second computer is told that the card's own key is registered already",
    world: { relyingParty: { credentials: "card" } },
    async run(world) {
      await register(world, { cardKey: true });
      const second = await world.anotherComputer();
      await signIn(second, "taro", { cardKey: true });
      await second.site.addCredential();
      const prompt = await second.prompt();
      tells((await prompt.says("already-registered")).message, /already/i);
      await prompt.submit();
      await second.browser.promptClosed();
      await second.site.says("already-here");
    },
  },
  {
    name: "a key of the site's own does not work on a second computer, nor does the card open a second account",
    async run(world) {
      await register(world);
      const second = await world.anotherComputer();
      await second.site.signIn("taro");
      const prompt = await second.prompt();
      tells((await prompt.says("no-credential")).message, /another computer/i);
      await prompt.submit();
      await second.browser.promptClosed();
      tells(
        await second.site.says("sign-in-not-completed"),
        /add this computer/,
        "JPKI-sign-in-not-completed",
      );

      await registerUpToResult(second, { account: "taro-again" });
      tells(await second.site.says("certificate-already-registered"), /Add another computer/);
    },
  },
  {
    name: "a backup of the first computer, restored on a second one, signs in there without a new registration",
    async run(world) {
      await register(world);
      const file = join(world.folder, "backup.age");
      const passphrase = "Pferd battery 7 korrekt";
      const { pin } = world.card.person;
      const backup = new Terminal(world.env, join(world.folder, "backup.log"), ["backup", file]);
      await backup.answer("Passphrase: ", passphrase);
      await backup.answer("The same again: ", passphrase);
      world.pins.spend(world.card, pin);
      await backup.answer("tries left): ", pin);
      const said = await backup.succeeds();

      const second = await world.anotherComputer();
      const restore = new Terminal(second.env, join(world.folder, "restore.log"), ["restore", file]);
      await restore.answer("Passphrase of the backup: ", passphrase);
      world.pins.spend(world.card, pin);
      await restore.answer("tries left): ", pin);
      const restored = await restore.succeeds();
      tells(restored, "1 credential was restored.");
      for (const secret of [pin, passphrase]) {
        assert.ok(!`${said}${restored}`.includes(secret), "neither PIN nor passphrase is echoed");
      }

      assert.equal((await signIn(second, "taro")).credentials.length, 1);
      await second.site.signOut();
      assert.equal((await signIn(second)).name, "taro", "the card says whose it is on this computer too");
      await world.site.signOut();
      assert.equal((await signIn(world, "taro")).credentials.length, 1, "the first computer keeps it");
    },
  },
  {
    name: "a one-time code from the first computer adds the second one, and both sign in",
    async run(world) {
      await register(world);
      const code = await world.site.linkCode();
      const second = await world.anotherComputer();
      await second.site.link(code);
      await answerRegistration(second);
      const linked = await second.site.account();
      assert.equal(linked.name, "taro");
      assert.equal(linked.credentials.length, 2);
      await second.site.signOut();
      assert.equal((await signIn(second)).name, "taro", "the card says whose it is on this computer too");

      await world.site.open("/account");
      await world.site.signOut();
      assert.equal((await signIn(world, "taro")).credentials.length, 2);
    },
  },
  {
    name: "a one-time code works once, and the account page tells both kinds of key apart",
    world: { relyingParty: { credentials: "choice" } },
    async run(world) {
      await register(world);
      const code = await world.site.linkCode();
      const second = await world.anotherComputer();
      await second.site.link(code, { cardKey: true });
      await answerRegistration(second, { cardKey: true });
      const { credentials } = await second.site.account();
      const kinds = credentials.map(([kind]) => kind ?? "").sort();
      assert.equal(kinds.length, 2);
      tells(kinds[0], "ES256", /this service.s own/);
      tells(kinds[1], "RS256", /card.s own key/);
      await second.site.signOut();

      await second.site.link(code);
      await second.site.says("link-code");
      assert.equal(await second.browser.promptIsOpen(), false);
    },
  },
];
