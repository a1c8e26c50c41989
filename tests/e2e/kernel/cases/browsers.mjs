// Registering and signing in with a browser that has no extension.

import assert from "node:assert/strict";
import { join } from "node:path";
import { Site } from "../../lib/site.mjs";
import { openChromium, openFirefox } from "../browsers.mjs";

/** The browser, or its page, ended by itself: that says nothing about the key. */
class BrowserEnded extends Error {}

/**
 * Registers and signs in. The browsers ask nothing: the system's prompt verifies the person.
 *
 * Chromium was seen to vanish in this machine, once in some eight runs, after the site had accepted the sign-in. So a browser that
 * ended by itself is opened once more, for another account; whatever else goes wrong is a failure at once.
 *
 * @param {import("../machine.mjs").Machine} machine
 * @param {import("../browsers.mjs").Opens} open
 * @param {"none" | "direct"} conveyance as the site asks for it
 */
async function registerAndSignIn(machine, open, conveyance) {
  const relyingParty = await machine.startRelyingParty({ require: false, conveyance });
  await machine.startKey();
  try {
    await walk(machine, await open(machine), relyingParty.origin, "taro");
  } catch (error) {
    if (!(error instanceof BrowserEnded)) throw error;
    console.log(`${error.message}; once more`);
    await walk(machine, await open(machine), relyingParty.origin, "jiro");
  }
}

/**
 * @param {import("../machine.mjs").Machine} machine
 * @param {import("puppeteer-core").Page} page
 * @param {string} origin
 * @param {string} name
 */
async function walk(machine, page, origin, name) {
  const before = pins(machine).length;
  const site = new Site(page, origin);
  const steps = async () => {
    await site.register(name);
    const registered = await site.account();
    assert.equal(registered.name, name);
    assert.equal(registered.credentials.length, 1);
    await site.signOut();
    await site.signIn(name);
    assert.equal((await site.account()).name, name);
  };
  const ended = new Promise((_, reject) => {
    page.browser().once("disconnected", () => reject(new BrowserEnded("the browser ended by itself")));
    page.once("error", (error) => reject(new BrowserEnded(`the page ended by itself: ${error.message}`)));
  });
  try {
    const walked = steps();
    // Without its browser it fails as well, later.
    walked.catch(() => {});
    await Promise.race([walked, ended]);
  } catch (error) {
    await site.screenshot(join(machine.folder, "page.png")).catch(() => {});
    throw error;
  } finally {
    // The browser is closed at the end of the case, which is no event any more.
    ended.catch(() => {});
  }
  const asked = pins(machine).slice(before);
  assert.equal(asked.length, 2);
  for (const { text } of asked) assert.match(text, /localhost/);
}

/** @param {import("../machine.mjs").Machine} machine */
const pins = (machine) => machine.windows().filter(({ asks }) => asks.startsWith("GETPIN"));

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
