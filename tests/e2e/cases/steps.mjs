// The steps most cases share.

import assert from "node:assert/strict";
import { outcome } from "../lib/calls.mjs";
import { PlainSite } from "../lib/plain-site.mjs";

/** @typedef {import("../lib/world.mjs").Computer} Computer a world is its first computer */

/**
 * @typedef {object} Registering
 * @property {string} [account]
 * @property {boolean | undefined} [certificate] on unless said otherwise; named and undefined: the site asks for none
 * @property {boolean} [cardKey] what becomes of the card's own key; without it that is not offered
 * @property {import("../lib/site.mjs").Site} [site]
 */

/**
 * Registers with the card and waits for the account page.
 *
 * @param {Computer} computer
 * @param {Registering} [options]
 */
export async function register(computer, options = {}) {
  const { site = computer.site } = options;
  await registerUpToResult(computer, options);
  return site.account();
}

/**
 * Registers with the card: everything a person does, without waiting for what the relying party says.
 *
 * @param {Computer} computer
 * @param {Registering} [options]
 */
export async function registerUpToResult(computer, options = {}) {
  const { account = "taro", site = computer.site } = options;
  await site.register(account);
  await answerRegistration(computer, options);
}

/**
 * Answers the prompt that asks for the PIN with the certificate, and waits for the account.
 *
 * @param {import("../lib/world.mjs").World} world
 * @param {import("../lib/prompt.mjs").Prompt} prompt
 * @param {string} account
 * @param {import("../lib/lab.mjs").VirtualCard} [card]
 */
export async function finishRegistration(world, prompt, account, card = world.card) {
  await prompt.setCertificate(true);
  await world.enterPin(prompt, card.person.pin, card);
  await world.browser.promptClosed();
  assert.equal((await world.site.account()).name, account);
}

/**
 * Answers the prompt of a registration that has begun.
 *
 * @param {Computer} computer
 * @param {Registering} [options]
 */
export async function answerRegistration(computer, options = {}) {
  const { account = "taro", cardKey } = options;
  const certificate = "certificate" in options ? options.certificate : true;
  const prompt = await computer.prompt();
  const shown = await prompt.asksPin();
  assert.equal(shown.account, account);
  assert.equal(
    shown.certificate !== undefined,
    certificate !== undefined,
    "whether the certificate is offered",
  );
  assert.equal(shown.cardKey !== undefined, cardKey !== undefined, "whether the card's own key is offered");
  if (certificate !== undefined) await prompt.setCertificate(certificate);
  if (cardKey !== undefined) await prompt.setCardKey(cardKey);
  await computer.enterPin(prompt);
  await computer.browser.promptClosed();
}

/**
 * Signs in with the card and waits for the account page.
 *
 * @param {Computer} computer
 * @param {string} [account] without it the card says whose it is
 * @param {{cardKey?: boolean}} [options] whether the prompt is to say that the card's own key signs
 */
export async function signIn(computer, account, { cardKey = false } = {}) {
  await computer.site.signIn(account);
  const prompt = await computer.prompt();
  const shown = await prompt.asksPin();
  assert.equal(shown.usesCardKey, cardKey, "whose key signs");
  await computer.enterPin(prompt);
  await computer.browser.promptClosed();
  return computer.site.account();
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

/**
 * Does something with a site whose one page this is.
 *
 * @param {import("../lib/world.mjs").World} world
 * @param {string} html
 * @param {(page: import("puppeteer-core").Page) => Promise<void>} act
 * @param {Record<string, string>} [headers]
 */
export async function onPage(world, html, act, headers) {
  const site = await PlainSite.start(html, headers);
  try {
    const { page } = world.site;
    await page.goto(site.origin);
    await page.bringToFront();
    await act(page);
  } finally {
    await site.stop();
  }
}

/**
 * The extension asks for the PIN; the person declines.
 *
 * @param {import("../lib/world.mjs").World} world
 * @param {import("../lib/calls.mjs").Place} place
 */
export async function extensionAnswers(world, place) {
  const prompt = await world.prompt();
  const shown = await prompt.asksPin();
  await prompt.cancel();
  assert.equal(await outcome(place), "NotAllowedError");
  await world.browser.promptClosed();
  return shown;
}
