import assert from "node:assert/strict";
import test from "node:test";
import { STATUSES, VIEWS } from "../pictures/states.js";
import { FAILURE_CODES } from "../src/failures.js";
import { popupScreen } from "../src/popup/screen.js";
import { screenOf, type Screen } from "../src/prompt/screen.js";
import { catalogue } from "../src/text/catalogue.js";

const screen = (state: string): Screen => {
  const view = VIEWS[state];
  assert.ok(view, state);
  return screenOf(view);
};
const popup = (state: string) => {
  const status = STATUSES[state];
  assert.ok(status, state);
  return popupScreen(status(), Date.now());
};

test("every view offers a way out by keyboard, or closes itself", () => {
  for (const state of Object.keys(VIEWS)) {
    const { cancel, submit } = screen(state);
    if (!/^done-(create|get)$/.test(state)) assert.ok(cancel ?? submit, state);
  }
});

test("only registration and sign-in ask for the PIN", () => {
  for (const [state, view] of Object.entries(VIEWS)) {
    const asks = view.view === "prompt" && ["register", "sign-in"].includes(view.prompt.kind);
    assert.equal(screen(state).pin !== undefined, asks, state);
  }
});

test("the last try is confirmed, and named before it is spent", () => {
  assert.equal(screen("sign-in").pin?.lastTry, false);
  assert.equal(screen("last-try").pin?.lastTry, true);
  assert.equal(screen("last-try").message?.code, "last-try");
  const after = screen("last-try-after-wrong");
  assert.equal(after.message?.code, "wrong-pin");
  assert.deepEqual(after.message.what, ["asking_wrong_pin_what", "asking_last_try_what"]);
});

test("where a window of the system asks for the PIN, nothing about it is answered here", () => {
  for (const state of ["register-in-window", "sign-in-in-window", "last-try-in-window"]) {
    const { pin, submit, focus } = screen(state);
    assert.deepEqual([pin?.inWindow, pin?.lastTry, submit, focus], [true, false, "buttonContinue", "submit"]);
  }
  assert.equal(screen("last-try-in-window").message?.code, "last-try");
  assert.equal(screen("pin-window").pin, undefined);
  assert.equal(screen("pin-window").cancel, "buttonCancel");
});

test("the certificate is offered only where the program offers it", () => {
  assert.equal(screen("register").offers.certificate, undefined);
  assert.equal(screen("register-certificate").offers.certificate?.switch, false);
  assert.equal(screen("register-asked").offers.certificate?.asked, true);
});

test("a private window is told what stays of a registration, and nothing is said where nothing new stays", () => {
  assert.equal(screen("register-private").stays, "privateCredential");
  assert.equal(screen("register-private-certificate").stays, "privateHistory");
  assert.equal(screen("register").stays, undefined);
  const signIn = VIEWS["sign-in"];
  assert.ok(signIn);
  assert.equal(screenOf({ ...signIn, private: true }).stays, undefined);
});

test("the card's own key is offered only where the program offers it, and named where it signs", () => {
  assert.equal(screen("register").offers.cardCredential, undefined);
  assert.equal(screen("register-card-key").offers.cardCredential?.required, false);
  assert.equal(screen("register-both").offers.certificate?.switch, false);
  assert.equal(screen("register-both").offers.cardCredential?.switch, false);
  assert.equal(screen("sign-in-card-key").usesCardKey, true);
  assert.equal(screen("sign-in").usesCardKey, false);
});

test("the switches' explanations make room for what is said about the PIN", () => {
  assert.equal(screen("register-both").offers.compact, false);
  assert.equal(screen("register-both-wrong-pin").offers.compact, true);
  assert.equal(screen("register-both-last-try-at-once").offers.compact, true);
});

test("another authenticator is offered in every prompt but the choice of an account", () => {
  for (const [state, view] of Object.entries(VIEWS)) {
    if (view.view === "prompt")
      assert.equal(screen(state).other, view.prompt.kind !== "choose-account", state);
  }
});

test("a page that is not what it says gets no way on", () => {
  assert.equal(screen("failed-rp-id").other, false);
  assert.equal(screen("failed-cross-origin").other, false);
  assert.equal(screen("failed-host-missing").other, true);
});

test("an offer of a backup says why and what to type, and stays until it is closed", () => {
  for (const why of ["first", "expiring"]) {
    const { message, cancel } = screen(`done-backup-${why}`);
    assert.equal(message?.code, `backup-${why}`);
    assert.match(message.command ?? "", /^backup /);
    assert.ok(message.do);
    assert.equal(cancel, "buttonClose");
  }
  assert.equal(screen("done-create").message?.command, undefined);
  assert.equal(screen("done-create").cancel, undefined);
});

test("every failure is shown under its own code", () => {
  for (const code of FAILURE_CODES) assert.equal(screen(`failed-${code}`).message?.code, code);
});

test("the popup says who answers, and for how long", () => {
  assert.deepEqual(popup("taking").do, { key: "popupTakingAuto", fill: { time: "1:42" } });
  assert.equal(popup("taking").button, "dismiss");
  assert.equal(popup("idle").button, "open");
  assert.equal(popup("off").button, undefined);
  assert.equal(popup("paused").taking, false);
});

test("a command is shown with the path that the program told, in the prompt and in the popup", () => {
  const failed = popupScreen(
    {
      ...{ mode: "auto", language: "auto", gate: "closed", taking: false },
      watch: { status: "failed", failure: "host-failed" },
      program: { version: "0.1.0", path: "/opt/jpki/jpki-authenticator" },
    },
    Date.now(),
  );
  assert.deepEqual(failed.trouble?.do.fill, { program: "/opt/jpki/jpki-authenticator" });
  assert.deepEqual(popup("host-failed").trouble?.do.fill, { program: "jpki-authenticator" });
});

test("before the PIN the prompt says what the site learns, in every case", () => {
  assert.equal(screen("register").learns, "learnsKey");
  assert.equal(screen("sign-in").learns, "learnsAgain");
  for (const state of ["register-certificate", "register-card-key"]) {
    assert.equal(screen(state).learns, undefined, "what is offered says it");
  }
  assert.equal(screen("sign-in-card-key").learns, undefined);
  assert.equal(screen("sign-in-card-key").usesCardKey, true);
});

test("the popup does not send people to a site’s button that nobody pressed, nor to the card while it cannot be used", () => {
  for (const state of ["host-missing", "host-failed", "pcsc-not-running", "no-reader"]) {
    const { trouble, do: said } = popup(state);
    assert.ok(trouble, state);
    assert.doesNotMatch(catalogue[trouble.do.key]?.en ?? "site", /site/, state);
    assert.equal(said, undefined, state);
  }
});

test("without a credential the prompt names every way out", () => {
  assert.deepEqual(screen("no-credential").message?.ways, [
    "noneHereNew",
    "noneHereCardKey",
    "noneHereElsewhere",
  ]);
  assert.match(screen("no-credential").message?.command ?? "", /^restore /);
});

test("the popup names what is wrong and does not claim that the card answers", () => {
  assert.equal(popup("host-missing").trouble?.code, "host-missing");
  assert.equal(popup("host-missing").taking, false);
  assert.equal(popup("another-extension").trouble?.code, "another-extension");
  assert.equal(popup("gate-failed").trouble?.code, "browser-refuses");
  assert.equal(popup("pcsc-not-running").trouble?.code, "pcsc-not-running");
  assert.equal(popup("pcsc-not-running").what, "popupCannot");
  assert.equal(popup("pcsc-not-running").trouble?.do.key, "idle_pcsc_not_running_do");
  assert.equal(popup("pcsc-not-running").taking, false);
  assert.equal(popup("taking").trouble, undefined);
});

test("the list of cards asks for nothing but which one", () => {
  for (const state of [
    "choose-card",
    "choose-card-all-kinds",
    "choose-card-unusable",
    "choose-card-one-more",
  ]) {
    const { pin, account, submit, cancel, other, focus } = screen(state);
    assert.deepEqual([pin, account, submit], [undefined, undefined, undefined], state);
    assert.deepEqual([cancel, other, focus], ["buttonCancel", true, "cards"], state);
  }
  assert.deepEqual(screen("choose-card").message?.fill, { cards: 2 });
  assert.deepEqual(screen("choose-card-one-more").message?.what, ["chooseCardOne"]);
});

test("where there were several cards the prompt says which one is meant, and otherwise does not", () => {
  assert.equal(screen("sign-in").card, undefined);
  for (const state of ["register-chosen-card", "sign-in-chosen-card", "no-credential-chosen-card"]) {
    assert.ok(screen(state).card?.reader, state);
    assert.equal(screen(state).card?.another, true, state);
  }
  assert.equal(screen("register-chosen-card").card?.until.key, "cardUntil");
  const afterPin = screen("choose-account-chosen-card");
  assert.deepEqual([afterPin.card?.another, afterPin.other], [false, false]);
});

test("once the PIN was right no prompt offers another card", () => {
  const card = {
    reader: "Reader",
    notAfter: "2031-04-01",
    expired: false,
    expiresSoon: false,
    several: true,
  } as const;
  const site = { rpId: "example.jp", origin: "https://example.jp" };
  const another = (settled: Partial<{ settled: true }>) => {
    const prompt = {
      type: "prompt",
      prompt: 2,
      kind: "already-registered",
      site,
      card: { ...card, ...settled },
    } as const;
    return screenOf({ view: "prompt", ceremony: "create", site, prompt }).card?.another;
  };
  assert.equal(another({}), true);
  assert.equal(another({ settled: true }), false);
});

test("several cards are as good as one to the popup", () => {
  assert.deepEqual(popup("off").card, { text: { key: "cardSeveral", fill: { cards: 2 } }, present: true });
});
