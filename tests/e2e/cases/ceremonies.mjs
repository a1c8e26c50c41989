// Registering and signing in, as it should go.

import assert from "node:assert/strict";
import { register, signIn, tells } from "./steps.mjs";

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
      await world.enterPin(prompt);
      tells(await world.site.says("attestation-required"), /certificate was not (sent|shown)/i);
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
      tells(await world.site.says("already-here"), /already/i);
    },
  },
];
