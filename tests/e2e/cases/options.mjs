// What the person sets and looks up on the extension's options page.

import assert from "node:assert/strict";
import { Options } from "../lib/options.mjs";
import { tells } from "./steps.mjs";

/** @type {import("../lib/suite.mjs").Case[]} */
export const options = [
  {
    name: "mode and language of the options page hold in popup and prompt",
    world: { mode: "auto" },
    async run(world) {
      const settings = await Options.open(world.browser);
      await settings.until("the mode", ({ mode, language }) => mode === "auto" && language === "en");
      await settings.choose("mode", "always");
      await world.browser.takes(true);
      await settings.choose("language", "ja");
      await settings.until("Japanese", ({ language, title }) => language === "ja" && /[ぁ-ん]/.test(title));

      const popup = await world.browser.newPage();
      await world.browser.goToExtension(popup, "popup.html");
      await popup.waitForSelector("#view", { visible: true });
      const shown = await popup.evaluate(() => ({
        language: document.documentElement.lang,
        mode: /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=mode]:checked"))
          ?.value,
      }));
      assert.deepEqual(shown, { language: "ja", mode: "always" });
      await popup.close();

      await world.site.page.bringToFront();
      await world.site.register("taro");
      const prompt = await world.prompt();
      const asked = await prompt.asksPin();
      assert.equal(asked.language, "ja");
      tells(asked.request, /[ぁ-ん]/);
      await prompt.cancel();
      await world.browser.promptClosed();

      await settings.choose("mode", "off");
      await world.browser.takes(false);
    },
  },
  {
    name: "the options page shows what was disclosed, and a site that is forgotten there starts with its switch off",
    async run(world) {
      const settings = await Options.open(world.browser);
      assert.deepEqual((await settings.records()).sites, []);
      await world.site.page.bringToFront();
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.setCertificate(true);
      await prompt.setRememberSite(true);
      await world.enterPin(prompt);
      await world.browser.promptClosed();
      await world.site.account();

      const after = await Options.open(world.browser);
      const { sites, history } = await after.records();
      assert.deepEqual(sites, ["localhost"]);
      assert.equal(history.length, 1);
      tells(history[0], "localhost", /certificate/i, String(new Date().getFullYear()));
      assert.doesNotMatch((await after.shown()).report, /localhost/);

      await after.forget("localhost");
      tells(await after.forgotten(), "localhost");
      assert.deepEqual((await after.records()).sites, []);
      assert.equal((await after.records()).history.length, 1, "the history stays");

      await world.site.page.bringToFront();
      await world.site.signOut();
      await world.site.register("jiro");
      const again = await world.prompt();
      assert.equal((await again.asksPin()).certificate, false);
      await again.cancel();
      await world.browser.promptClosed();
    },
  },
  {
    name: "the options page wakes the background, however often that was stopped",
    only: ["chromium"],
    world: { mode: "auto" },
    async run(world) {
      const browser = /** @type {import("../lib/chromium.mjs").Chromium} */ (world.browser);
      const settings = await Options.open(browser);
      for (const mode of ["always", "off"]) {
        await browser.stopBackground();
        await settings.choose("mode", mode);
        await browser.takes(mode === "always");
        await settings.until("the mode", (shown) => shown.mode === mode);
      }
    },
  },
  {
    name: "the report of the options page says what is there and names nobody",
    async run(world) {
      await world.browser.watches();
      const settings = await Options.open(world.browser);
      const { report } = await settings.until("readers and cards", (shown) =>
        /^readers and cards: 2 and 1$/m.test(shown.report),
      );
      tells(report, /^JPKI for WebAuthn \d+\.\d+\.\d+, protocol 1$/m, /^problem: none$/m, /^system: linux /m);
      tells(report, /^program: \d+\.\d+\.\d+$/m, /^browser: (Chromium|Firefox) \d+\.[\d.]+$/m);
      // Where the program is, what the readers are called, where the person was.
      assert.doesNotMatch(report, /\/|jpki-authenticator|Virtual|localhost/i);
    },
  },
];
