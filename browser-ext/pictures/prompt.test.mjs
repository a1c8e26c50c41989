// What the prompt does with what the person does, in a real browser: `npm run pages`.

import assert from "node:assert/strict";
import process from "node:process";
import { after, before, test } from "node:test";
import { fileURLToPath, URL } from "node:url";
import { launch } from "../scripts/chromium.mjs";
import { servePages } from "../scripts/pages.mjs";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

let browser;
let pages;
before(async () => {
  pages = await servePages("dist/pages");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  pages?.close();
});

/** The prompt in a state of pictures/states.ts. */
async function prompt(state, language = "en") {
  const tab = await browser.newPage();
  await tab.setViewport({ width: 420, height: 668 });
  await tab.goto(pages.addressOf("prompt"));
  const show = (next) => tab.evaluate((...what) => globalThis.showPrompt(...what), language, next);
  await show(state);
  return {
    show,
    keys: tab.keyboard,
    press: (selector) => tab.click(selector),
    type: (pin) => tab.type("#pin", pin),
    intents: () => tab.evaluate(() => globalThis.intents),
    focused: () => tab.evaluate(() => globalThis.document.activeElement.id),
    focusedReader: () => tab.evaluate(() => globalThis.document.activeElement.dataset.reader),
    count: (selector) => tab.$$eval(selector, (nodes) => nodes.length),
    tab,
    /** Its text, where it can be seen. */
    text: (selector) =>
      tab.$eval(selector, (node) => (node.checkVisibility() ? node.innerText.trim() : undefined)),
    attribute: (selector, name) => tab.$eval(selector, (node, which) => node.getAttribute(which), name),
    isOn: (selector) => tab.$eval(selector, (node) => node.checked),
    /** What a screen reader says of it: its name and its description. */
    said: async (selector) => {
      const session = await tab.createCDPSession();
      const { root } = await session.send("DOM.getDocument");
      const { nodeId } = await session.send("DOM.querySelector", { nodeId: root.nodeId, selector });
      const { nodes } = await session.send("Accessibility.queryAXTree", { nodeId });
      await session.detach();
      return { name: nodes[0].name.value, description: nodes[0].description?.value };
    },
  };
}

const CERTIFICATE = "#certificate-switch";
const CARD_KEY = "#card-credential-switch";

test("a card is chosen by a button that says all there is to know of it", async () => {
  const { press, intents, focused, said, text } = await prompt("choose-card");
  const { name } = await said('#cards [data-index="1"]');
  assert.match(name, /Virtual PCD 00 01.*valid until.*2028/);
  assert.equal(await text("#pin"), undefined);
  assert.equal(await focused(), "", "a button without an id has the focus");
  await press('#cards [data-index="1"]');
  assert.deepEqual(await intents(), [{ intent: "choose", prompt: 1, index: 1 }]);
});

test("a card that cannot be used is no button, and says why", async () => {
  const { count, text, tab } = await prompt("choose-card-all-kinds");
  assert.equal(await count("#cards li"), 7);
  assert.equal(await count("#cards button"), 3);
  assert.match(await text("#cards li:nth-child(4)"), /Another program/);
  assert.match(await text("#cards li:nth-child(5)"), /does not respond/);
  assert.match(await text("#cards li:nth-child(3)"), /expired[^]*PIN is locked/);
  assert.equal(await tab.$eval("#cards li:nth-child(4)", (line) => line.querySelector("[tabindex]")), null);
});

/** Shows another list, and presses at once: the person saw the one before. `detail` is 0 where a key presses. */
function pressAfterChange(selector, detail) {
  globalThis.showPrompt("en", "choose-card-all-kinds");
  const { document, MouseEvent } = globalThis;
  const pressed = selector === undefined ? document.activeElement : document.querySelector(selector);
  pressed.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail }));
}

test("a press that was meant for the list before a change chooses nothing, and the focus stays with its card", async () => {
  const { press, keys, show, intents, focusedReader, tab } = await prompt("choose-card");
  assert.equal(await focusedReader(), "Virtual PCD 00 00");
  await tab.evaluate(pressAfterChange, "#cards button", 1);
  assert.deepEqual(await intents(), []);
  assert.equal(await focusedReader(), "Virtual PCD 00 00");
  await keys.press("Enter");
  assert.deepEqual(await intents(), [{ intent: "choose", prompt: 1, index: 0 }]);
  await show("choose-card");
  await press('#cards [data-index="0"]');
  assert.equal((await intents()).length, 2, "nothing had been shown in between but that the card works");
});

test("a key that was meant for a card whose reader holds another one by now chooses nothing", async () => {
  const { keys, intents, focusedReader, tab } = await prompt("choose-card");
  await keys.press("Tab");
  assert.equal(await focusedReader(), "Virtual PCD 00 01");
  await tab.evaluate(pressAfterChange, undefined, 0);
  assert.deepEqual(await intents(), []);
  await tab.evaluate(() => new Promise((settled) => globalThis.setTimeout(settled, 500)));
  await keys.press("Enter");
  assert.equal((await intents()).length, 1);
});

test("the choice of a card can be taken back, with the keyboard too", async () => {
  const { keys, intents, text, said } = await prompt("sign-in-chosen-card");
  assert.match((await said("#another-card")).name, /another card/);
  await keys.down("Shift");
  await keys.press("Tab");
  await keys.up("Shift");
  await keys.press("Enter");
  assert.deepEqual(await intents(), [{ intent: "another-card", prompt: 1 }]);
  assert.equal(await text("#pin"), undefined);
  const alone = await prompt("sign-in");
  assert.equal(await alone.text("#another-card"), undefined);
});

test("what was not offered is not agreed to", async () => {
  const { type, keys, intents } = await prompt("register");
  await type("1234");
  await keys.press("Enter");
  assert.deepEqual(await intents(), [
    { intent: "approve", prompt: 1, pin: "1234", remember: false, lastTry: false },
  ]);
});

test("the PIN can be entered with the keys on the screen, and Enter still sends it", async () => {
  const { press, keys, text, attribute, focused, intents, show, said } = await prompt("sign-in");
  assert.equal(await text("#keys"), undefined);
  assert.equal(await attribute("#keys-toggle", "aria-expanded"), "false");
  await press("#keys-toggle");
  assert.equal(await attribute("#keys-toggle", "aria-expanded"), "true");
  const key = (digit) => `#keys button:nth-child(${digit === 0 ? 10 : digit})`;
  for (const digit of [9, 0, 4]) await press(key(digit));
  await press("#keys button:last-child");
  assert.match((await said("#keys button:last-child")).name, /Delete/);
  // A fifth digit is none.
  for (const digit of [3, 8, 1]) await press(key(digit));
  assert.equal(await focused(), "pin", "the field keeps the focus");
  await keys.press("Enter");
  const [{ pin }] = await intents();
  assert.equal(pin, "9038");
  // After a wrong PIN they are still there; in the system's own window there are none.
  await show("wrong-pin");
  assert.notEqual(await text("#keys"), undefined);
  await show("sign-in-in-window");
  assert.equal(await text("#keys"), undefined);
  assert.equal(await text("#keys-toggle"), undefined);
});

test("certificate and card key are agreed to one by one", async () => {
  for (const [switches, agreed] of [
    [[], { disclose: false, cardCredential: false }],
    [[CERTIFICATE], { disclose: true, cardCredential: false }],
    [[CARD_KEY], { disclose: false, cardCredential: true }],
    [[CERTIFICATE, CARD_KEY], { disclose: true, cardCredential: true }],
  ]) {
    const { press, type, keys, intents } = await prompt("register-both");
    for (const each of switches) await press(each);
    await type("1234");
    await keys.press("Enter");
    const [intent] = await intents();
    assert.deepEqual(intent, {
      ...{ intent: "approve", prompt: 1, pin: "1234", lastTry: false, remember: false },
      ...agreed,
    });
  }
});

test("remembering covers both, and is offered only while one of them is on", async () => {
  const { press, type, keys, text, intents } = await prompt("register-both-asked-off");
  assert.equal(await text("#remember"), undefined);
  await press(CARD_KEY);
  assert.match(await text("#remember"), /both/);
  await press("#remember-site");
  await press(CARD_KEY);
  assert.equal(await text("#remember"), undefined);
  await press(CERTIFICATE);
  await type("1234");
  await keys.press("Enter");
  const [{ disclose, cardCredential, remember }] = await intents();
  assert.deepEqual([disclose, cardCredential, remember], [true, false, true]);
});

test("remembering the card's own key alone says that it covers the certificate too", async () => {
  for (const [language, word] of [
    ["en", /certificate too/],
    ["ja", /電子証明書/],
  ]) {
    const { text } = await prompt("register-card-key-on", language);
    assert.match(await text("#remember"), word);
  }
});

test("where the site takes nothing but the card's own key, nothing is sent without it, and the reason is told", async () => {
  const { press, type, keys, text, attribute, focused, intents, said } = await prompt(
    "register-card-key-required",
  );
  assert.equal(await attribute("#submit", "aria-disabled"), "true");
  const reason = await text("#submit-blocked");
  assert.match(reason, /card’s own key/);
  assert.equal((await said("#submit")).description, reason);
  await type("1234");
  await keys.press("Enter");
  await press("#submit");
  assert.deepEqual(await intents(), []);
  assert.equal(await focused(), "card-credential-switch", "who presses nevertheless is led to it");
  await keys.press("Space");
  assert.equal(await attribute("#submit", "aria-disabled"), "false");
  assert.equal(await text("#submit-blocked"), "");
  await press("#submit");
  const [{ cardCredential, pin }] = await intents();
  assert.deepEqual([cardCredential, pin], [true, "1234"], "what was typed is still there");
});

test("that the site may refuse without the certificate is said before the PIN, as long as it is off", async () => {
  const { press, text, said } = await prompt("register-asked-off");
  assert.match(await text("#certificate-missing"), /refuse/);
  assert.match((await said(CERTIFICATE)).description, /refuse/);
  await press(CERTIFICATE);
  assert.equal(await text("#certificate-missing"), undefined);
  const notAsked = await prompt("register-certificate");
  assert.equal(await notAsked.text("#certificate-missing"), undefined);
});

test("what the person chose stays chosen after a wrong PIN, and the explanations are one press away", async () => {
  const { show, press, text, isOn, focused } = await prompt("register-both");
  assert.match(await text("#card-credential-means"), /any computer/);
  await press(CARD_KEY);
  await show("register-both-wrong-pin");
  assert.deepEqual([await isOn(CERTIFICATE), await isOn(CARD_KEY)], [true, true], "the program remembers");
  assert.equal(await text("#card-credential-means"), undefined);
  assert.equal(await focused(), "pin");
  await press("#explain");
  assert.match(await text("#card-credential-means"), /any computer/);
  assert.match(await text("#certificate-discloses"), /number/);

  const off = await prompt("register-asked");
  await off.press(CERTIFICATE);
  await off.show("register-asked-wrong-pin");
  assert.equal(await off.isOn(CERTIFICATE), false, "the person's choice counts, not where the switch began");
});

test("Tab goes through the questions in the order in which they are read", async () => {
  const { keys, focused } = await prompt("register-both-last-try-at-once");
  assert.equal(await focused(), "pin");
  const order = [];
  for (let presses = 0; presses < 10; presses += 1) {
    await keys.press("Tab");
    const id = await focused();
    if (id !== "") order.push(id);
  }
  const all = [
    ...["keys-toggle", "last-try-confirm", "cancel", "submit", "other"],
    ...["certificate-switch", "card-credential-switch", "explain", "pin"],
  ];
  assert.deepEqual(order.slice(0, all.length), all);
});

test("a screen reader hears what each switch means", async () => {
  for (const language of ["en", "ja"]) {
    const { said, text } = await prompt("register-both-required-off", language);
    const key = await said(CARD_KEY);
    assert.equal(key.name, await text("#card-credential .switch"));
    for (const part of ["#card-credential-required", "#card-credential-means"]) {
      assert.ok(key.description.includes(await text(part)), part);
    }
    const certificate = await said(CERTIFICATE);
    assert.ok(certificate.description.includes(await text("#certificate-discloses")));
    assert.ok((await said("#pin")).description.includes("3"), "the tries left");
  }
});

test("where a window of the system asks for the PIN, Continue sends the switches and no PIN", async () => {
  const { press, keys, focused, intents, text, said } = await prompt("register-both-in-window");
  assert.equal(await focused(), "submit");
  assert.equal(await text("#pin"), undefined);
  assert.match(await text("#pin-elsewhere"), /window of your system/);
  assert.match((await said("#submit")).description, /window of your system.* 2 tries left/);
  await keys.press("Enter");
  assert.deepEqual(await intents(), [], "what the site needs is off");
  assert.equal(await focused(), "card-credential-switch");
  await press(CARD_KEY);
  await press("#submit");
  assert.deepEqual(await intents(), [
    { intent: "approve", prompt: 1, disclose: false, cardCredential: true, remember: false },
  ]);
  assert.match(await text("#message"), /JPKI for WebAuthn/);
  assert.equal(await focused(), "request", "no key pressed here answers anything but Escape");
});
