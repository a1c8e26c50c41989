/**
 * One ceremony from the page's request to its answer: the program decides, the prompt asks, this carries between them.
 * Knows no browser; `chromium/` and its like bring the ports and windows.
 */

import { Connection, MessageTooLong, type OpenPort } from "./host/connection.js";
import type {
  Answer,
  Backup,
  CeremonyRequest,
  FromProgram,
  Greeting,
  Prompt,
  Site,
} from "./host/protocol.js";
import type { FailureCode } from "./failures.js";
import { afterAnswer, type Asked, type Intent, type OpenPrompt, type PromptWindow } from "./prompt/views.js";
import { responseProblem } from "./response.js";

export type Outcome =
  { outcome: "response"; response: Record<string, unknown> } | { outcome: "failure"; code: FailureCode };

export interface CeremonyPorts {
  openProgram: OpenPort;
  openPrompt: OpenPrompt;
  greeting: Greeting;
  /**
   * Answers the page; called at most once with a response and, only when that is refused (rejects), once more with a
   * failure. Never called after the page has withdrawn its request.
   */
  answerPage(outcome: Outcome): Promise<void>;
  /** Hands requests back to the browser for a while: the person wants another authenticator. */
  handBack(): Promise<void>;
  /** Where the browser can still have this very request: it does, as the answer to "other-authenticator". */
  passesOn: boolean;
  /** How long a ceremony may take, in milliseconds, when the request says less or nothing. */
  leastTime: number;
  /** How much later than the request's time the program may say so itself, in milliseconds. */
  overtime: number;
  /** How long the program may take to let go of the card after an end that it did not decide, in milliseconds. */
  letGoWithin: number;
}

/** How long a ceremony may take at most (WebAuthn L3 §15.1). */
const LONGEST_TIME_MS = 600_000;

/** Failures that are no news to the person who has just pressed the button that leads to them. */
const ACKNOWLEDGED: readonly FailureCode[] = ["cancelled", "excluded", "no-credential"];

export class Ceremony {
  readonly #ports: CeremonyPorts;
  readonly #request: CeremonyRequest;
  readonly #end: () => void;
  readonly #asked: Asked;
  #program: Connection | undefined;
  #window: PromptWindow | undefined;
  /** The prompt that waits for an answer. */
  #prompt: Prompt | undefined;
  /** The person has closed a prompt that said how this will end. */
  #acknowledged = false;
  #time: ReturnType<typeof setTimeout> | undefined;
  #over = false;
  #ended = false;

  /**
   * Runs the whole ceremony and resolves when the card is free again. `withdrawn` aborts it: the page has gone, and
   * is not answered.
   */
  static run(
    ports: CeremonyPorts,
    request: CeremonyRequest,
    site: Site,
    withdrawn: AbortSignal,
  ): Promise<void> {
    if (withdrawn.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const ceremony = new Ceremony(ports, request, site, resolve);
      withdrawn.addEventListener(
        "abort",
        () => {
          ceremony.#withdraw();
        },
        { once: true },
      );
      ceremony.#start();
    });
  }

  private constructor(ports: CeremonyPorts, request: CeremonyRequest, site: Site, end: () => void) {
    this.#ports = ports;
    this.#request = request;
    this.#end = end;
    this.#asked = { ceremony: request.type, site, ...(request.private && { private: true }) };
  }

  #start(): void {
    const program = new Connection(this.#ports.openProgram, this.#ports.greeting, {
      ready: ({ path }) => {
        this.#asked.path = path;
        try {
          program.send(this.#request);
        } catch (error) {
          void this.#fail(error instanceof MessageTooLong ? "bad-request" : "host-failed");
        }
      },
      message: (message) => {
        this.#receive(message);
      },
      failed: (failure) => {
        this.#programEnded();
        void this.#fail(failure);
      },
    });
    this.#program = program;
    // Chromium tells a proxy the request's time and then leaves it at that (measured): a program that hangs must not
    // make the page hang.
    this.#time = setTimeout(
      () => {
        if (this.#over) return;
        this.#letGo("cancel");
        void this.#fail("timed-out");
      },
      timeOf(this.#request, this.#ports.leastTime) + this.#ports.overtime,
    );
    this.#window = this.#ports.openPrompt(
      { view: "starting", ...this.#asked },
      {
        intent: (intent) => {
          this.#act(intent);
        },
        closed: () => {
          this.#window = undefined;
          this.#cancel();
        },
      },
    );
  }

  // ---- the program speaks

  #receive(message: Exclude<FromProgram, { type: "hello" | "fatal" }>): void {
    if (this.#over) {
      // Only waiting for the program to let go of the card.
      if (message.type === "error" || message.type === "result") this.#programEnded();
      return;
    }
    switch (message.type) {
      case "prompt":
        this.#prompt = message;
        this.#asked.site = message.site;
        this.#window?.show({ view: "prompt", prompt: message, ...this.#asked });
        return;
      case "progress":
        this.#prompt = undefined;
        this.#window?.show({ view: message.step, ...this.#asked });
        return;
      case "result":
        this.#programEnded();
        void this.#succeed(message.response, message.backup);
        return;
      case "error":
        this.#programEnded();
        void this.#fail(message.code);
        return;
      case "cards":
      case "records":
        // Belongs to a watch, not to a ceremony.
        this.#programEnded();
        void this.#fail("host-failed");
        return;
    }
  }

  // ---- the person acts

  #act(intent: Intent): void {
    if (this.#over) {
      // The message about the end is still there, and with it the way to another authenticator.
      if (intent.intent === "other") void this.#handBack();
      return;
    }
    switch (intent.intent) {
      case "approve":
      case "choose": {
        const prompt = this.#prompt;
        if (prompt?.prompt !== intent.prompt) return;
        this.#prompt = undefined;
        this.#acknowledged = prompt.kind === "already-registered" || prompt.kind === "no-credential";
        this.#program?.send(answerTo(intent));
        this.#window?.show({ view: afterAnswer(prompt), ...this.#asked });
        return;
      }
      case "another-card":
        if (this.#prompt?.prompt !== intent.prompt) return;
        this.#prompt = undefined;
        this.#program?.send({ type: "answer", prompt: intent.prompt, answer: "another-card" });
        this.#window?.show({ view: "starting", ...this.#asked });
        return;
      case "cancel":
        this.#cancel();
        return;
      case "other":
        this.#letGo("other");
        void this.#fail("other-authenticator");
        return;
    }
  }

  async #handBack(): Promise<void> {
    await this.#ports.handBack();
    this.#window?.show({ view: "failed", code: "other-authenticator", ...this.#asked });
  }

  #cancel(): void {
    if (this.#over) return;
    this.#acknowledged = true;
    this.#letGo("cancel");
    void this.#fail("cancelled");
  }

  /** Tells the program that this is over, as an answer where it waits for one. */
  #letGo(answer: "cancel" | "other"): void {
    const prompt = this.#prompt;
    this.#prompt = undefined;
    const answerable = prompt !== undefined && !(answer === "other" && prompt.kind === "choose-account");
    this.#program?.send(answerable ? { type: "answer", prompt: prompt.prompt, answer } : { type: "cancel" });
  }

  // ---- the page goes

  #withdraw(): void {
    if (this.#over) return;
    this.#over = true;
    this.#letGo("cancel");
    this.#window?.close();
    this.#finish();
  }

  // ---- ends

  async #succeed(response: Record<string, unknown>, backup: Backup | undefined): Promise<void> {
    this.#over = true;
    const problem = responseProblem(this.#request.type, response);
    try {
      if (problem !== undefined) throw new Error(problem);
      await this.#ports.answerPage({ outcome: "response", response });
    } catch {
      // The browser refuses what it cannot read, and would leave the page waiting for ever.
      await this.#fail("response-refused");
      return;
    }
    this.#window?.show({ view: "done", ...(backup && { backup }), ...this.#asked });
    this.#finish();
  }

  async #fail(code: FailureCode): Promise<void> {
    this.#over = true;
    const passesOn = this.#ports.passesOn && code === "other-authenticator";
    // First, so that the page has the focus again: without it the browser serves nobody.
    if (passesOn) this.#window?.close();
    try {
      await this.#ports.answerPage({ outcome: "failure", code });
    } catch {
      // The page has gone in the meantime: nobody waits.
    }
    if (code === "other-authenticator" && !passesOn) {
      await this.#handBack();
    } else if (passesOn || (this.#acknowledged && ACKNOWLEDGED.includes(code))) {
      this.#window?.close();
    } else {
      this.#window?.show({ view: "failed", code, ...this.#asked });
    }
    this.#finish();
  }

  /** Resolves at once when the program has ended, else when it has let go of the card or its time is up. */
  #finish(): void {
    clearTimeout(this.#time);
    const finish = () => {
      if (this.#ended) return;
      this.#ended = true;
      this.#program?.close();
      this.#program = undefined;
      this.#end();
    };
    this.#onProgramEnd = finish;
    if (this.#program === undefined) finish();
    else setTimeout(finish, this.#ports.letGoWithin);
  }

  #onProgramEnd: (() => void) | undefined;

  #programEnded(): void {
    this.#program?.close();
    this.#program = undefined;
    this.#onProgramEnd?.();
  }
}

/** As the program has it, which is to say so first. */
function timeOf({ options }: CeremonyRequest, least: number): number {
  const time = options["timeout"];
  return typeof time === "number" ? Math.min(Math.max(time, least), LONGEST_TIME_MS) : least;
}

/** The protocol's answer for what the person did. Absent members stay absent. */
export function answerTo(intent: Extract<Intent, { intent: "approve" | "choose" }>): Answer {
  if (intent.intent === "choose") {
    return { type: "answer", prompt: intent.prompt, answer: "choose", index: intent.index };
  }
  const { intent: answer, ...members } = intent;
  return { type: "answer", answer, ...members };
}
