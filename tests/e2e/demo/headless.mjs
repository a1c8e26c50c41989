// The demo without a person: both ceremonies, every step checked.

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { attestationObject } from "../lib/cbor.mjs";
import * as paths from "../lib/paths.mjs";
import { until } from "../lib/until.mjs";
import { composeFirstWalk } from "./pictures.mjs";
import { askPin } from "./terminal.mjs";

/** @typedef {import("./demo.mjs").Demo} Demo */

const accountName = "taro";

/** @param {Demo} demo */
export async function headless(demo) {
  const { cardInUse, browser, site } = demo.standing;
  const pin = cardInUse.kind === "practice" ? cardInUse.pin : await askPin(cardInUse.description);
  demo.resetClock();

  if (cardInUse.kind === "practice") {
    await browser.watches();
    await cardInUse.card.insert();
    await browser.takes(true);
    demo.tell("card presented: for two minutes the extension takes requests");
  } else {
    await browser.setMode("always");
  }

  const posted = postedRegistration(site.page);
  await site.open("/register");
  await site.screenshot(demo.picture("1-register"));
  await site.register(accountName);
  const { prompt: registering, shown: asked } = await question(demo);
  demo.tell(`prompt: "${asked.request}" for ${asked.account} at ${asked.rpId ?? asked.site}; ${asked.tries}`);
  assert.equal(asked.account, accountName);
  await registering.setCertificate(true);
  await registering.type(pin);
  await registering.screenshot(demo.picture("2-prompt-register"));
  demo.resetClock();
  const registered = await submit(demo, registering);
  demo.tell("registered: PIN verified by the card, certificate disclosed, statement signed by the card");
  await site.screenshot(demo.picture("3-account"));
  assert.equal(registered.name, accountName);
  assert.equal(registered.credentials.length, 1);

  checkStatement(demo, await posted);
  assert.notEqual(registered.vouchedBy, "", "the account page must say who vouched");
  if (cardInUse.kind === "practice") {
    assert.match(registered.vouchedBy, /practice|練習/i);
    assert.match(registered.vouchedBy, new RegExp(`authentication-ca-${cardInUse.card.person.generation}`));
  }
  console.log("          the account page says what vouched:");
  for (const fact of registered.vouched) console.log(`            ${fact.replace(/\s+/g, " ")}`);

  await site.signOut();
  demo.tell("signed out");

  await site.signIn();
  const { prompt: signing, shown: askedAgain } = await question(demo);
  demo.tell(`prompt: "${askedAgain.request}" at ${askedAgain.rpId ?? askedAgain.site}; ${askedAgain.tries}`);
  await signing.type(pin);
  await signing.screenshot(demo.picture("4-prompt-sign-in"));
  demo.resetClock();
  const signedIn = await submit(demo, signing);
  demo.tell("signed in: the card unsealed the credential's key, and said whose it is");
  await site.screenshot(demo.picture("5-signed-in"));
  assert.equal(signedIn.name, accountName);
  assert.equal(signedIn.credentials.length, 1);
  assert.equal(signedIn.vouchedBy, registered.vouchedBy);

  if (cardInUse.kind === "practice") {
    const { card } = cardInUse;
    await card.unpowered();
    assert.deepEqual(card.pinTries(), ["9000", "9000"], "the card saw exactly the two PINs that were typed");
    assert.equal(await card.tries(), 3);
    const signatures = card.log().filter((entry) => entry.name === "SIGN").length;
    demo.tell(`card's log: 2 PINs, as typed; ${signatures} signatures; unpowered`);
  }
  await composeFirstWalk(demo, browser.browser);
  console.log(`          pictures: ${relative(paths.root, demo.picture("*"))}`);
}

/**
 * Sends the PIN off and waits for the account page. A PIN that was not right is never tried again.
 *
 * @param {Demo} demo
 * @param {import("../lib/prompt.mjs").Prompt} prompt
 */
async function submit(demo, prompt) {
  const { cardInUse, site } = demo.standing;
  /** @param {string} said */
  const refused = (said) =>
    cardInUse.kind === "real" ? new paths.Missing(said, "The demo tries nothing again.") : new Error(said);
  await prompt.submit();
  await until("the account page", async () => {
    if (new URL(site.page.url()).pathname === "/account") return true;
    const shown = await prompt.shown().catch(() => undefined); // it closes by itself when all went well
    const ended =
      shown?.message !== undefined && !/^(starting|card-working|done|backup-.*)$/.test(shown.code ?? "");
    if (ended) throw refused(`The prompt says: ${shown.message}`);
    const message = await site.message();
    if (message?.kind === "error") throw refused(`The page says: ${message.text}`);
    return false;
  });
  return site.account();
}

/**
 * Waits for the question. The last try of a real card is not the demo's to spend.
 *
 * @param {Demo} demo
 */
async function question(demo) {
  const prompt = await demo.standing.browser.prompt();
  const shown = await prompt.until(
    "a question",
    ({ asksPin, code }) => asksPin || (code ?? "starting") !== "starting",
  );
  if (!shown.asksPin)
    throw new paths.Missing(`The prompt says: ${shown.message}`, "Then start the demo again.");
  if (shown.asksLastTry) {
    throw new paths.Missing(
      "One try is left for this card's PIN, and the demo does not spend it.",
      "Run it with a display, where the prompt asks you, or have the PIN reset at your municipal office.",
    );
  }
  return { prompt, shown };
}

/**
 * What the page posts when the registration is done.
 *
 * @param {import("puppeteer-core").Page} page
 * @returns {Promise<any>}
 */
function postedRegistration(page) {
  return new Promise((done) => {
    page.on("request", (request) => {
      if (request.method() !== "POST") return;
      if (!new URL(request.url()).pathname.endsWith("/registration/finish")) return;
      const body = JSON.parse(request.postData() ?? "{}");
      done(body.credential ?? body);
    });
  });
}

/**
 * Checks with other means than the relying party's that the statement is the card's.
 *
 * @param {Demo} demo
 * @param {{response: {attestationObject: string}}} credential
 */
function checkStatement(demo, credential) {
  const { fmt, statement } = attestationObject(credential.response.attestationObject);
  assert.equal(fmt, "eid-x509");
  const chain = statement.get("x5c");
  assert.ok(Array.isArray(chain) && chain.length === 1 && Buffer.isBuffer(chain[0]));
  const leaf = new X509Certificate(chain[0]);
  const { cardInUse } = demo.standing;
  if (cardInUse.kind !== "practice") return;
  const { pki, card } = cardInUse;
  assert.ok(leaf.raw.equals(pki.certificate(card.person.id)), "the certificate is the card's");
  const ca = new X509Certificate(readFileSync(pki.authenticationCa(card.person.generation)));
  assert.ok(leaf.checkIssued(ca) && leaf.verify(ca.publicKey), "the practice CA signed the certificate");
  demo.tell(
    `certificate checked apart from the relying party (Node.js): signed by the practice JPKI CA, generation ${card.person.generation} ` +
      `(${relative(paths.root, pki.authenticationCa(card.person.generation))})`,
  );
}
