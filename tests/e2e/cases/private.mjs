// Private windows (docs/decisions/0071-private-windows.md).

import assert from "node:assert/strict";
import { Firefox } from "../lib/firefox.mjs";
import { Options } from "../lib/options.mjs";
import { Site } from "../lib/site.mjs";
import { tells } from "./steps.mjs";

/** @type {import("../lib/suite.mjs").Case[]} */
export const privateWindows = [
  {
    name: "in a private window the extension is not there until the person allows it",
    async run(world) {
      const { browser, relyingParty } = world;
      await browser.takes(true);
      const page = await browser.privatePage(relyingParty.origin);
      const available = await page.evaluate(() =>
        PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable(),
      );
      assert.equal(available, false, "the browser's own answer");
      if (browser instanceof Firefox) {
        const name = await page.evaluate(() => String(navigator.credentials.create));
        assert.match(name, /native code/);
      }
      await page.close();
    },
  },
  {
    name: "where it is allowed in private windows a ceremony leaves no site in the browser or among the remembered ones, and is in the history of disclosures",
    async run(world) {
      const { browser, relyingParty } = world;
      await browser.allowInPrivate();
      const page = await browser.privatePage(relyingParty.origin);
      const site = new Site(page, relyingParty.origin);
      await site.register("taro");
      const prompt = await world.prompt();
      const shown = await prompt.asksPin();
      assert.equal(shown.rpId, "localhost");
      assert.equal(shown.certificate, false);
      tells(shown.stays, "private", "credential", "history", "stay on this computer");
      await prompt.setCertificate(true);
      assert.equal(await prompt.offersToRemember(), false);
      await world.enterPin(prompt);
      assert.equal((await site.account()).name, "taro");
      await browser.promptClosed();
      await site.signOut();

      const options = await Options.open(browser);
      const { sites, history } = await options.records();
      assert.deepEqual(sites, []);
      assert.equal(history.length, 1);
      assert.deepEqual(
        (await browser.history()).filter((entry) => /localhost/.test(entry)),
        [],
      );

      // What was made there is the person's, in every window.
      await world.site.signIn();
      const again = await world.prompt();
      assert.equal((await again.asksPin()).stays, undefined);
      await world.enterPin(again);
      assert.equal((await world.site.account()).name, "taro");
      await browser.promptClosed();
      assert.notDeepEqual(
        (await browser.history()).filter((entry) => /localhost/.test(entry)),
        [],
        "an ordinary window is in the history",
      );
    },
  },
];
