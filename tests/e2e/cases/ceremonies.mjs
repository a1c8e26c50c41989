// Registering and signing in, as it should go.

import assert from "node:assert/strict";
import { program } from "../lib/paths.mjs";
import { until } from "../lib/until.mjs";
import { register, registerUpToResult, signIn, tells } from "./steps.mjs";

/** @type {import("../lib/suite.mjs").Case[]} */
export const ceremonies = [
  {
    name: "registers with the certificate, signs in, and the account says who vouched",
    async run(world) {
      const registered = await register(world, { account: "taro" });
      assert.equal(registered.name, "taro");
      tells(registered.vouchedBy, /practice/i, "3");
      assert.equal(registered.credentials.length, 1);
      await world.site.signOut();

      const signedIn = await signIn(world, "taro");
      assert.equal(signedIn.name, "taro");
      assert.equal(signedIn.credentials.length, 1);
      tells(signedIn.vouchedBy, /practice/i);
    },
  },
  {
    name: "offers a backup once the first credential is made, with what to type, and not at the next sign-in",
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.setCertificate(true);
      await world.enterPin(prompt);
      // The site has its answer; the offer is between the person and the program.
      await world.site.account();
      const shown = await prompt.says("backup-first");
      tells(shown.message, /backup/i, /terminal/i);
      tells(shown.command, program("jpki-authenticator"), /\bbackup\b/);
      await prompt.cancel();
      await world.browser.promptClosed();
      await world.site.signOut();

      await world.site.signIn("taro");
      const again = await world.prompt();
      await again.asksPin();
      await world.enterPin(again);
      await until("the prompt to close by itself", async () => !(await world.browser.promptIsOpen()));
      assert.equal((await world.site.account()).name, "taro");
    },
  },
  {
    name: "registers without the certificate where none is required, and nobody vouches",
    world: { relyingParty: { require: false } },
    async run(world) {
      const account = await register(world, { certificate: false });
      assert.equal(account.credentials.length, 1);
      tells(account.vouchedBy, "Nobody");
      assert.doesNotMatch(account.vouchedBy, /lab/i);
    },
  },
  {
    name: "is refused without the certificate where one is required",
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.asksPin();
      assert.equal(shown.certificate, false, "the certificate is off until the person switches it on");
      tells(shown.certificateMissing, /may refuse/i);
      await prompt.setCertificate(true);
      await prompt.until("no warning", ({ certificateMissing }) => certificateMissing === undefined);
      await prompt.setCertificate(false);
      await world.enterPin(prompt);
      tells(await world.site.says("attestation-required"), /certificate was not (sent|shown)/i);
      await world.browser.promptClosed();
    },
  },
  {
    name: "a registration that was refused leaves no twin: the next one takes its place",
    async run(world) {
      await registerUpToResult(world, { certificate: false });
      await world.site.says("attestation-required");
      await register(world);
      await world.site.signOut();
      // Two credentials would be two accounts to choose from.
      assert.equal((await signIn(world)).name, "taro");
    },
  },
  {
    name: "signs in without an account name: the card says whose it is",
    async run(world) {
      await register(world, { account: "hanako" });
      await world.site.signOut();
      const account = await signIn(world);
      assert.equal(account.name, "hanako");
    },
  },
  {
    name: "signs out, and the account page is closed",
    async run(world) {
      await register(world);
      await world.site.signOut();
      await world.site.open("/account");
      assert.notEqual(new URL(world.site.page.url()).pathname, "/account");
    },
  },
  {
    name: "says that the card is already registered",
    async run(world) {
      await register(world, { account: "taro" });
      // Whoever is signed in adds a credential, and the service excludes the ones the account has.
      await world.site.addCredential();
      const prompt = await world.prompt();
      tells((await prompt.says("already-registered")).message, /already/i);
      await prompt.submit();
      await world.browser.promptClosed();
      tells(await world.site.says("already-here"), /already/i, "JPKI-already-here");
    },
  },
  {
    name: "with two accounts on one card, asks which one signs in, and shows their names only after the PIN",
    world: { relyingParty: { require: false, conveyance: "none" } },
    async run(world) {
      for (const account of ["taro", "hanako"]) {
        await register(world, { account, certificate: undefined });
        await world.site.signOut();
      }
      await world.site.signIn();
      const prompt = await world.prompt();
      await prompt.asksPin();
      assert.deepEqual(await prompt.accounts(), []);
      await world.enterPin(prompt);
      await prompt.says("choose-account");
      const accounts = await prompt.accounts();
      assert.deepEqual([...accounts].sort(), ["hanako", "taro"]);
      await prompt.choose(accounts.indexOf("taro"));
      await world.browser.promptClosed();
      assert.equal((await world.site.account()).name, "taro");
    },
  },
  {
    name: "one card opens one account where certificates are asked for",
    async run(world) {
      await register(world, { account: "taro" });
      await world.site.signOut();
      await registerUpToResult(world, { account: "jiro" });
      tells(await world.site.says("certificate-already-registered"), /another account/i);
    },
  },
  {
    name: "remembers the site when told to: the certificate is switched on the next time",
    async run(world) {
      await world.site.register("taro");
      const first = await world.prompt();
      assert.equal((await first.asksPin()).certificate, false);
      await first.setCertificate(true);
      await first.setRememberSite(true);
      await world.enterPin(first);
      await world.site.account();
      await world.browser.promptClosed();
      await world.site.signOut();

      await world.site.register("jiro");
      const second = await world.prompt();
      assert.equal((await second.asksPin()).certificate, true);
      await second.cancel();
      await world.browser.promptClosed();
    },
  },
  {
    name: "needs no mouse: Tab, Space and Enter do everything",
    async run(world) {
      await world.site.open("/register");
      await world.site.page.focus("#account-name");
      await world.site.page.keyboard.type("taro");
      await world.site.page.keyboard.press("Enter");
      const prompt = await world.prompt();
      await prompt.asksPin();
      const { keyboard } = prompt.page;
      // The PIN has the focus; the switch comes before it.
      await keyboard.down("Shift");
      await keyboard.press("Tab");
      await keyboard.up("Shift");
      await keyboard.press(" ");
      await prompt.until("the certificate switched on", (shown) => shown.certificate === true);
      for (let presses = 0; (await prompt.focused()) !== "pin"; presses += 1) {
        assert.ok(presses < 5, "the PIN is reached with Tab");
        await keyboard.press("Tab");
      }
      world.pins.spend(world.card, world.card.person.pin);
      await keyboard.type(world.card.person.pin);
      await keyboard.press("Enter");
      await world.browser.promptClosed();
      tells((await world.site.account()).vouchedBy, /practice/i);
    },
  },
];
