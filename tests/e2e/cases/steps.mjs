// The steps most cases share.

import assert from "node:assert/strict";

/** @typedef {import("../lib/world.mjs").World} World */

/**
 * Registers with the card and waits for the account page.
 *
 * @param {World} world
 * @param {{account?: string, certificate?: boolean | undefined, site?: import("../lib/site.mjs").Site}} [options]
 */
export async function register(world, options = {}) {
  const { site = world.site } = options;
  await registerUpToResult(world, options);
  return site.account();
}

/**
 * Registers with the card: everything a person does, without waiting for what the relying party says.
 *
 * @param {World} world
 * @param {{account?: string, certificate?: boolean | undefined, site?: import("../lib/site.mjs").Site}} [options]
 */
export async function registerUpToResult(world, options = {}) {
  const { account = "taro", site = world.site } = options;
  // Named and undefined: the site asks for none, so there is no switch.
  const certificate = "certificate" in options ? options.certificate : true;
  await site.register(account);
  const prompt = await world.prompt();
  const shown = await prompt.asksPin();
  assert.equal(shown.account, account);
  if (certificate !== undefined) await prompt.setCertificate(certificate);
  await world.enterPin(prompt);
  await world.browser.promptClosed();
}

/**
 * Signs in with the card and waits for the account page.
 *
 * @param {World} world
 * @param {string} [account] without it the card says whose it is
 */
export async function signIn(world, account) {
  await world.site.signIn(account);
  const prompt = await world.prompt();
  await prompt.asksPin();
  await world.enterPin(prompt);
  await world.browser.promptClosed();
  return world.site.account();
}

/**
 * Fails unless the text contains every part: what a person must be told.
 *
 * @param {string | undefined} text
 * @param {...(string | RegExp)} parts
 */
export function tells(text, ...parts) {
  for (const part of parts) {
    const found = typeof part === "string" ? text?.includes(part) : part.test(text ?? "");
    assert.ok(found, `expected ${part} in: ${text}`);
  }
}
