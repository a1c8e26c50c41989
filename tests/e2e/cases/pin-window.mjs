// The PIN in a window of the system, where there is a desktop with a pinentry: the browser's prompt has no part in it.

import assert from "node:assert/strict";
import { tells } from "./steps.mjs";

/** @type {import("../lib/suite.mjs").Case[]} */
export const pinWindow = [
  {
    name: "with a desktop the PIN is typed in a window of the system; a wrong one is asked for again there, and closing it leads back to the prompt",
    world: { desktop: true },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      const asked = await prompt.until(
        "that a window asks for the PIN next",
        (shown) => shown.asksElsewhere !== undefined,
      );
      assert.equal(asked.asksPin, false, "there is no field for it");
      tells(asked.tries, "3");
      assert.equal(await world.pinentry.opened(), 0, "before the person agreed to anything");
      await prompt.setCertificate(true);
      await prompt.submit();

      const window = await world.pinentry.window();
      tells(window.text, "Site: localhost", "taro", "Your certificate is shown", "3 tries left");
      tells((await prompt.says("pin-window")).message, "JPKI for WebAuthn", /not pass through the browser/);
      await window.cancel();
      const again = await prompt.until("the question again", (shown) => shown.asksElsewhere !== undefined);
      assert.equal(again.certificate, true, "what the person chose stays chosen");
      await prompt.submit();

      await world.typeInWindow(await world.pinentry.window(), "9999");
      const second = await world.pinentry.window();
      tells(second.text, "PIN was wrong", "2 tries left");
      await prompt.says("pin-window");
      await world.typeInWindow(second);
      await world.browser.promptClosed();
      assert.equal((await world.site.account()).name, "taro");
      assert.equal(await world.card.tries(), 3);

      await world.site.signOut();
      await world.site.signIn("taro");
      const signing = await world.prompt();
      await signing.until(
        "that a window asks for the PIN next",
        (shown) => shown.asksElsewhere !== undefined,
      );
      await signing.submit();
      await world.typeInWindow(await world.pinentry.window());
      await world.browser.promptClosed();
      assert.equal((await world.site.account()).name, "taro");
    },
  },
  {
    name: "cancelling in the browser, and closing its window, close the window of the system",
    world: { desktop: true },
    async run(world) {
      for (const end of ["cancel", "close"]) {
        await world.site.register("taro");
        const prompt = await world.prompt();
        await prompt.until(
          "that a window asks for the PIN next",
          (shown) => shown.asksElsewhere !== undefined,
        );
        await prompt.submit();
        const window = await world.pinentry.window();
        await prompt.says("pin-window");
        await (end === "cancel" ? prompt.cancel() : prompt.page.close());
        await window.closed();
        await world.site.says("not-completed");
        await world.card.unpowered();
      }
      assert.equal(await world.card.tries(), 3);
    },
  },
];
