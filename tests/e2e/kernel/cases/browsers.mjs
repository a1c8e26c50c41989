// Registering and signing in with a browser that has no extension.

import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { Site } from "../../lib/site.mjs";
import { openChromium, openFirefox } from "../browsers.mjs";

/**
 * Registers and signs in. The browsers ask nothing: the system's prompt verifies the person.
 *
 * @param {import("../machine.mjs").Machine} machine
 * @param {import("../browsers.mjs").Opens} open
 * @param {"none" | "direct"} conveyance as the site asks for it
 */
async function registerAndSignIn(machine, open, conveyance) {
  const relyingParty = await machine.startRelyingParty({ require: false, conveyance });
  await machine.startKey();
  const page = await open(machine);
  const site = new Site(page, relyingParty.origin);
  const steps = async () => {
    await site.register("taro");
    const registered = await site.account();
    assert.equal(registered.name, "taro");
    assert.equal(registered.credentials.length, 1);
    await site.signOut();
    await site.signIn("taro");
    assert.equal((await site.account()).name, "taro");
  };
  try {
    const walked = steps();
    // Without its browser it fails as well, when nobody waits for it any more.
    walked.catch(() => {});
    await Promise.race([walked, endOf(page)]);
  } catch (error) {
    await site.screenshot(join(machine.folder, "page.png")).catch(() => {});
    // Chromium's, beside the other logs.
    await copyFile(join(machine.home, "chromium.log"), join(machine.folder, "chromium.log")).catch(() => {});
    throw error;
  }
  const asked = machine.windows().filter(({ asks }) => asks.startsWith("GETPIN"));
  assert.equal(asked.length, 2);
  for (const { text } of asked) assert.match(text, /localhost/);
}

/**
 * Fails as soon as the browser or its page ends by itself: then there is nothing to wait for.
 *
 * @param {import("puppeteer-core").Page} page
 * @returns {Promise<never>}
 */
function endOf(page) {
  const ended = new Promise((_, reject) => {
    const browser = page.browser();
    browser.once("disconnected", () => {
      const { exitCode, signalCode } = browser.process() ?? {};
      reject(new Error(`the browser ended by itself (${exitCode ?? signalCode ?? "no status"})`));
    });
    page.once("error", (error) => reject(new Error(`the page ended by itself: ${error.message}`)));
  });
  // At the end of the case the browser is closed, which is nothing to tell.
  ended.catch(() => {});
  return /** @type {Promise<never>} */ (ended);
}

/** @type {import("./index.mjs").KernelCase[]} */
export const browsers = [
  {
    name: "Chromium without the extension registers and signs in",
    run: (machine) => registerAndSignIn(machine, openChromium, "none"),
  },
  {
    name: "Firefox without an extension registers and signs in",
    run: (machine) => registerAndSignIn(machine, openFirefox, "none"),
  },
];
