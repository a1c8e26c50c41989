// Registering and signing in with a browser that has no extension.

import assert from "node:assert/strict";
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
  try {
    await site.register("taro");
    const registered = await site.account();
    assert.equal(registered.name, "taro");
    assert.equal(registered.credentials.length, 1);
    await site.signOut();
    await site.signIn("taro");
    assert.equal((await site.account()).name, "taro");
  } catch (error) {
    await site.screenshot(join(machine.folder, "page.png")).catch(() => {});
    throw error;
  }
  const asked = machine.windows().filter(({ asks }) => asks.startsWith("GETPIN"));
  assert.equal(asked.length, 2);
  for (const { text } of asked) assert.match(text, /localhost/);
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
