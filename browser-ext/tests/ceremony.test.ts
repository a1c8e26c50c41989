import assert from "node:assert/strict";
import test from "node:test";
import { Ceremony, type Outcome } from "../src/ceremony.js";
import type { CeremonyRequest } from "../src/host/protocol.js";
import type { Intent, OpenPrompt, PromptEvents, View } from "../src/prompt/views.js";
import { EXITED, NOT_FOUND, Program, settled } from "./program.js";

const site = { rpId: "example.jp", origin: "https://example.jp" };
const request: CeremonyRequest = {
  type: "get",
  origin: site.origin,
  sameOriginWithAncestors: true,
  originSource: "browser",
  options: { challenge: "AAAA" },
};
const response = {
  type: "public-key",
  id: "AA",
  rawId: "AA",
  authenticatorAttachment: "platform",
  clientExtensionResults: {},
  response: { clientDataJSON: "AA", authenticatorData: "AA", signature: "AA" },
};
const PIN = "4321";

class Window {
  readonly views: View[] = [];
  closed = false;
  #events: PromptEvents | undefined;

  readonly open: OpenPrompt = (view, events) => {
    this.views.push(view);
    this.#events = events;
    return {
      show: (next) => this.views.push(next),
      close: () => {
        this.closed = true;
      },
    };
  };

  act(intent: Intent): void {
    this.#events?.intent(intent);
  }

  closeByPerson(): void {
    this.#events?.closed();
  }

  get shown(): string | undefined {
    return this.views.at(-1)?.view;
  }

  /** The code that the window shows as the end. */
  get failure(): string | undefined {
    const last = this.views.at(-1);
    return last?.view === "failed" ? last.code : undefined;
  }
}

function ceremony(
  of: Partial<{
    request: CeremonyRequest;
    refuseResponse: boolean;
    passesOn: boolean;
    leastTime: number;
  }> = {},
) {
  const program = new Program();
  const window = new Window();
  const page: Outcome[] = [];
  const withdrawal = new AbortController();
  let handedBack = 0;
  let over = false;
  const running = Ceremony.run(
    {
      openProgram: program.open,
      openPrompt: window.open,
      greeting: { extension: "0.1.0", language: "en" },
      answerPage: (outcome) => {
        if (of.refuseResponse === true && outcome.outcome === "response") {
          return Promise.reject(new Error("Invalid responseJson"));
        }
        page.push(outcome);
        return Promise.resolve();
      },
      handBack: () => {
        handedBack += 1;
        return Promise.resolve();
      },
      passesOn: of.passesOn ?? false,
      leastTime: of.leastTime ?? 300_000,
      overtime: 0,
      letGoWithin: 20,
    },
    of.request ?? request,
    site,
    withdrawal.signal,
  ).then(() => (over = true));
  const prompt = (members: Record<string, unknown> = {}) => {
    program.say({
      type: "prompt",
      prompt: 1,
      kind: "sign-in",
      site,
      pin: { triesLeft: 3, entry: "browser" },
      ...members,
    });
  };
  return {
    program,
    window,
    page,
    withdrawal,
    running,
    prompt,
    handedBack: () => handedBack,
    over: () => over,
  };
}

const approve = {
  intent: "approve",
  prompt: 1,
  pin: PIN,
  disclose: false,
  remember: false,
  lastTry: false,
} as const;
const failed = (code: string) => [{ outcome: "failure", code }];

test("a sign-in: request, prompt, PIN, card, page", async () => {
  const { program, window, page, running, prompt } = ceremony();
  assert.equal(window.shown, "starting");
  assert.deepEqual(program.said, [], "the request waits for the greeting");
  program.greet();
  assert.deepEqual(program.said, [request]);
  prompt();
  assert.equal(window.shown, "prompt");
  window.act(approve);
  const { prompt: number, pin, disclose, remember, lastTry } = approve;
  const answer = { type: "answer", prompt: number, answer: "approve", pin, disclose, remember, lastTry };
  assert.deepEqual(program.said[1], answer);
  assert.equal(window.shown, "card-working");
  program.say({ type: "progress", step: "card-working" });
  program.say({ type: "result", response });
  await running;
  assert.deepEqual(page, [{ outcome: "response", response }]);
  assert.equal(window.shown, "done");
  assert.ok(program.closed);
});

test("the PIN that a window of the system asks for is not sent, and cancelling ends that window", async () => {
  const { program, window, page, running, prompt } = ceremony();
  program.greet();
  prompt({ pin: { triesLeft: 3, entry: "native" } });
  window.act({ intent: "approve", prompt: 1 });
  assert.deepEqual(program.said[1], { type: "answer", prompt: 1, answer: "approve" });
  assert.equal(window.shown, "pin-window", "at once");
  program.say({ type: "progress", step: "pin-window" });
  program.say({ type: "progress", step: "card-working" });
  assert.equal(window.shown, "card-working");
  program.say({ type: "progress", step: "pin-window" });
  assert.equal(window.shown, "pin-window", "the PIN was wrong");
  window.act({ intent: "cancel" });
  assert.deepEqual(program.said[2], { type: "cancel" });
  program.say({ type: "error", code: "cancelled", name: "NotAllowedError" });
  await running;
  assert.deepEqual(page, failed("cancelled"));
});

test("a window of the system that was closed leads back to the prompt", () => {
  const { program, window, prompt, withdrawal } = ceremony();
  program.greet();
  prompt({ pin: { triesLeft: 3, entry: "native" } });
  window.act({ intent: "approve", prompt: 1 });
  program.say({ type: "progress", step: "pin-window" });
  prompt({ prompt: 2, pin: { triesLeft: 3, entry: "native" } });
  assert.equal(window.shown, "prompt");
  window.act({ intent: "approve", prompt: 2 });
  assert.deepEqual(program.said[2], { type: "answer", prompt: 2, answer: "approve" });
  withdrawal.abort();
});

test("what the person agreed to at registration is answered as it was agreed", () => {
  const { program, window, prompt, withdrawal } = ceremony({ request: { ...request, type: "create" } });
  program.greet();
  prompt({
    kind: "register",
    account: { name: "taro" },
    cardCredential: { switch: false, required: true, canRemember: true },
  });
  window.act({ ...approve, disclose: false, cardCredential: true, remember: true });
  assert.deepEqual(program.said[1], {
    type: "answer",
    prompt: 1,
    answer: "approve",
    pin: PIN,
    disclose: false,
    cardCredential: true,
    remember: true,
    lastTry: false,
  });
  withdrawal.abort();
});

test("a backup is offered in the window, with the program's own path, and the page hears nothing of it", async () => {
  const { program, window, page, running, prompt } = ceremony();
  program.say({ type: "hello", protocol: 1, program: "0.1.0", path: "/opt/jpki/jpki-authenticator" });
  prompt();
  window.act(approve);
  program.say({ type: "result", response, backup: "expiring" });
  await running;
  assert.deepEqual(page, [{ outcome: "response", response }]);
  assert.deepEqual(window.views.at(-1), {
    view: "done",
    backup: "expiring",
    ceremony: "get",
    site,
    path: "/opt/jpki/jpki-authenticator",
  });
});

test("the PIN is in nothing that outlives its answer", async () => {
  const { program, window, page, running, prompt } = ceremony();
  program.greet();
  prompt();
  window.act(approve);
  prompt({ prompt: 2, pin: { triesLeft: 2, entry: "browser", previous: "wrong" } });
  program.say({ type: "error", code: "cancelled", name: "NotAllowedError" });
  await running;
  assert.equal(JSON.stringify([window.views, page]).includes(PIN), false);
  assert.equal(program.said.filter((message) => message["pin"] === PIN).length, 1);
});

test("an answer counts once, and only for the prompt it was given to", () => {
  const { program, window, prompt, withdrawal } = ceremony();
  program.greet();
  window.act(approve);
  prompt({ prompt: 2 });
  window.act(approve);
  assert.equal(program.said.length, 1, "prompt 1 is not open");
  window.act({ ...approve, prompt: 2 });
  window.act({ ...approve, prompt: 2 });
  assert.equal(program.said.length, 2);
  withdrawal.abort();
});

test("an account is chosen by its index", () => {
  const { program, window, withdrawal } = ceremony();
  program.greet();
  program.say({
    type: "prompt",
    prompt: 1,
    kind: "choose-account",
    site,
    accounts: [{ name: "a" }, { name: "b" }],
  });
  window.act({ intent: "choose", prompt: 1, index: 1 });
  assert.deepEqual(program.said[1], { type: "answer", prompt: 1, answer: "choose", index: 1 });
  withdrawal.abort();
});

test("a card is chosen by its index, of the list that is shown", () => {
  const { program, window, withdrawal } = ceremony();
  const listed = (reader: string) => ({
    reader,
    notAfter: "2031-04-01",
    expired: false,
    expiresSoon: false,
  });
  const list = (prompt: number, ...readers: string[]) => {
    program.say({ type: "prompt", prompt, kind: "choose-card", site, cards: readers.map(listed) });
  };
  program.greet();
  list(1, "a", "b");
  list(2, "b", "c");
  window.act({ intent: "choose", prompt: 1, index: 1 });
  assert.equal(program.said.length, 1, "the list has changed meanwhile");
  window.act({ intent: "choose", prompt: 2, index: 1 });
  assert.deepEqual(program.said[1], { type: "answer", prompt: 2, answer: "choose", index: 1 });
  withdrawal.abort();
});

test("the choice of a card is taken back once for each prompt", () => {
  const { program, window, prompt, withdrawal } = ceremony();
  program.greet();
  prompt();
  window.act({ intent: "another-card", prompt: 7 });
  window.act({ intent: "another-card", prompt: 1 });
  window.act({ intent: "another-card", prompt: 1 });
  assert.deepEqual(program.said.slice(1), [{ type: "answer", prompt: 1, answer: "another-card" }]);
  withdrawal.abort();
});

test("another authenticator can be had instead of choosing a card", () => {
  const { program, window } = ceremony();
  program.greet();
  program.say({ type: "prompt", prompt: 1, kind: "choose-card", site, cards: [] });
  window.act({ intent: "other" });
  assert.deepEqual(program.said[1], { type: "answer", prompt: 1, answer: "other" });
});

test("cancelling answers the page at once, closes the window, and waits for the card to be let go", async () => {
  const { program, window, page, running, prompt, over } = ceremony();
  program.greet();
  prompt();
  window.act({ intent: "cancel" });
  await settled();
  assert.deepEqual(program.said[1], { type: "answer", prompt: 1, answer: "cancel" });
  assert.deepEqual(page, failed("cancelled"));
  assert.ok(window.closed);
  assert.equal(over(), false, "the next ceremony must not meet a busy card");
  program.say({ type: "error", code: "cancelled", name: "NotAllowedError" });
  await running;
  assert.deepEqual(page, failed("cancelled"), "the page is answered once");
});

test("cancelling in the prompt needs no words; cancelling at the reader's PIN pad is said in it", async () => {
  for (const atPad of [false, true]) {
    const { program, window, page, running, prompt } = ceremony();
    program.greet();
    prompt({ pin: { triesLeft: 3, entry: "native" } });
    if (atPad) {
      window.act({ intent: "approve", prompt: 1 });
      program.say({ type: "progress", step: "pin-window" });
    } else {
      window.act({ intent: "cancel" });
    }
    program.say({ type: "error", code: "cancelled", name: "NotAllowedError" });
    await running;
    assert.deepEqual(page, failed("cancelled"));
    assert.equal(window.failure, atPad ? "cancelled" : undefined);
    assert.equal(window.closed, !atPad);
  }
});

test("closing the window is cancelling, also while the card works", async () => {
  const { program, window, page, running, prompt } = ceremony();
  program.greet();
  prompt();
  window.act(approve);
  window.closeByPerson();
  await running;
  assert.deepEqual(program.said.at(-1), { type: "cancel" });
  assert.deepEqual(page, failed("cancelled"));
});

test("a page that goes away closes the window and is not answered", async () => {
  const { program, window, page, running, prompt, withdrawal } = ceremony();
  program.greet();
  prompt();
  withdrawal.abort();
  await running;
  assert.deepEqual(program.said[1], { type: "answer", prompt: 1, answer: "cancel" });
  assert.ok(window.closed);
  assert.deepEqual(page, []);
});

test("a page that has gone before its turn starts nothing", async () => {
  const program = new Program();
  const gone = new AbortController();
  gone.abort();
  await Ceremony.run(
    {
      openProgram: program.open,
      openPrompt: () => assert.fail("no window"),
      greeting: { extension: "0.1.0", language: "en" },
      answerPage: () => assert.fail("no answer"),
      handBack: () => Promise.resolve(),
      passesOn: false,
      leastTime: 300_000,
      overtime: 0,
      letGoWithin: 20,
    },
    request,
    site,
    gone.signal,
  );
  assert.deepEqual(program.sent, []);
});

test("another authenticator: the page is answered, then the browser takes over, and the person is told", async () => {
  const { program, window, page, running, prompt, handedBack } = ceremony();
  program.greet();
  prompt();
  window.act({ intent: "other" });
  program.say({ type: "error", code: "other-authenticator", name: "NotAllowedError" });
  await running;
  assert.deepEqual(program.said[1], { type: "answer", prompt: 1, answer: "other" });
  assert.deepEqual(page, failed("other-authenticator"));
  assert.equal(handedBack(), 1);
  assert.equal(window.failure, "other-authenticator");
});

test("another authenticator, where the browser can have this very request: the window makes room, and nothing is left to it besides", async () => {
  const { program, window, page, running, prompt, handedBack } = ceremony({ passesOn: true });
  program.greet();
  prompt();
  window.act({ intent: "other" });
  assert.ok(window.closed);
  program.say({ type: "error", code: "other-authenticator", name: "NotAllowedError" });
  await running;
  assert.deepEqual(program.said[1], { type: "answer", prompt: 1, answer: "other" });
  assert.deepEqual(page, failed("other-authenticator"));
  assert.equal(handedBack(), 0);
});

test("another authenticator is to be had before the program has asked, and after the end", async () => {
  const early = ceremony();
  early.window.act({ intent: "other" });
  await early.running;
  assert.deepEqual(early.program.said, [{ type: "cancel" }]);
  assert.equal(early.handedBack(), 1);

  const late = ceremony();
  late.program.disconnect(NOT_FOUND);
  await late.running;
  late.window.act({ intent: "other" });
  await settled();
  assert.equal(late.handedBack(), 1);
  assert.equal(late.window.failure, "other-authenticator");
  assert.deepEqual(late.page, failed("host-missing"), "the page is answered once");
});

test("a program that is missing, fails or lies ends the ceremony with its message", async () => {
  const hello = { type: "hello", protocol: 1, program: "0.1.0" };
  const ends: [string, unknown[], string?][] = [
    ["host-missing", [], NOT_FOUND],
    ["host-failed", [], EXITED],
    ["host-version", [{ type: "fatal", code: "protocol-version" }]],
    ["host-missing", [{ type: "fatal", code: "not-our-extension" }]],
    ["host-failed", [hello], EXITED],
    ["host-failed", [hello, { type: "prompt", prompt: 1 }]],
    ["host-failed", [hello, hello]],
    ["host-failed", [hello, { type: "cards", readers: 1, cards: 1, presented: false }]],
  ];
  for (const [code, messages, reason] of ends) {
    const { program, window, page, running } = ceremony();
    for (const message of messages) program.say(message);
    if (reason !== undefined) program.disconnect(reason);
    await running;
    assert.deepEqual(page, failed(code));
    assert.equal(window.failure, code);
    assert.ok(program.closed);
  }
});

test("an error of the program reaches the page at once and stays in the window", async () => {
  const { program, window, page, running, prompt } = ceremony();
  program.greet();
  prompt();
  window.act(approve);
  program.say({ type: "error", code: "card-removed", name: "NotAllowedError" });
  await running;
  assert.deepEqual(page, failed("card-removed"));
  assert.equal(window.failure, "card-removed");
  assert.equal(window.closed, false);
});

test("what the person has just been told is not told again", async () => {
  for (const [kind, code, type] of [
    ["no-credential", "no-credential", "get"],
    ["already-registered", "excluded", "create"],
  ] as const) {
    const { program, window, page, running } = ceremony({ request: { ...request, type } });
    program.greet();
    program.say({ type: "prompt", prompt: 1, kind, site });
    window.act({ intent: "approve", prompt: 1 });
    program.say({ type: "error", code, name: "NotAllowedError" });
    await running;
    assert.deepEqual(program.said[1], { type: "answer", prompt: 1, answer: "approve" });
    assert.deepEqual(page, failed(code));
    assert.ok(window.closed);
  }
});

test("a response that the browser refuses ends in an error, never in a page that waits for ever", async () => {
  const refused = ceremony({ refuseResponse: true });
  refused.program.greet();
  refused.program.say({ type: "result", response });
  await refused.running;
  assert.deepEqual(refused.page, failed("response-refused"));
  assert.equal(refused.window.failure, "response-refused");

  const malformed = ceremony();
  malformed.program.greet();
  malformed.program.say({ type: "result", response: { ...response, rawId: null } });
  await malformed.running;
  assert.deepEqual(malformed.page, failed("response-refused"));
});

test("a program that never answers does not make the page wait for ever", async () => {
  const { program, window, page, running, prompt } = ceremony({
    leastTime: 5,
    request: { ...request, options: { challenge: "AAAA", timeout: 5 } },
  });
  program.greet();
  prompt();
  await running;
  assert.deepEqual(page, failed("timed-out"));
  assert.equal(window.failure, "timed-out");
  assert.deepEqual(program.said[1], { type: "answer", prompt: 1, answer: "cancel" });
});

test("a site that gives little time gives as much as the standard wants people to have", async () => {
  const { program, page, running, prompt } = ceremony({
    leastTime: 300,
    request: { ...request, options: { challenge: "AAAA", timeout: 1 } },
  });
  program.greet();
  prompt();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(page, []);
  await running;
  assert.deepEqual(page, failed("timed-out"));
});

test("a request that does not fit into a message is refused, not cut", async () => {
  const { program, page, running } = ceremony({
    request: { ...request, options: { challenge: "A".repeat(70_000) } },
  });
  program.greet();
  await running;
  assert.deepEqual(page, failed("bad-request"));
  assert.deepEqual(program.said, []);
});
