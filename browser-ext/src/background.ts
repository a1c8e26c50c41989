/**
 * What every browser's background does: keeps when requests are taken, watches for cards, runs ceremonies one after the
 * other, and shows its state in the toolbar. The browser's own way of getting requests is a {@link Gate}.
 */

import { Ceremony, type Outcome } from "./ceremony.js";
import type { FailureCode } from "./failures.js";
import { openNativePort } from "./host/connection.js";
import type { CeremonyRequest, Greeting, Site } from "./host/protocol.js";
import { CardWatch, isAvailable } from "./host/watch.js";
import { isOwnPage } from "./own-page.js";
import type { CeremonyKind } from "./prompt/views.js";
import { listenToPromptWindows, openPromptWindow } from "./prompt/window.js";
import { Queue } from "./queue.js";
import { loadSettings, readSettings, saveSettings } from "./settings.js";
import { STATUS_PORT, type Action, type GateState, type Status } from "./status.js";
import { after, INITIAL, nextChange, takes, type Taking, type TakingEvent } from "./taking.js";
import { showInToolbar } from "./toolbar.js";
import { languageOf, type LanguageChoice } from "./text/text.js";

/** The browser's way of sending requests to us, or not. */
export interface Gate {
  /** Whether a request that was sent to us can still go to the browser ("other-authenticator"). */
  readonly passesOn: boolean;
  open(): Promise<Exclude<GateState, "closed">>;
  close(): Promise<void>;
}

/** A request of a page. */
export interface PageRequest {
  request: CeremonyRequest;
  site: Site;
  /** Aborts when the page withdraws. */
  withdrawn: AbortSignal;
  /** Rejects when the browser refuses the outcome. */
  answer(outcome: Outcome): Promise<void>;
}

const ALARM_TAKING = "taking";
const ALARM_WATCH = "watch";
const LET_GO_WITHIN_MS = 2000;
/** The least of the standard's range where the person is verified (WebAuthn L3 §15.1), in the program too. */
const LEAST_TIME_MS = 300_000;
const OVERTIME_MS = 5000;
/** Shorter waits are ours; longer ones are alarms, which wake a background that sleeps. */
const LONGEST_TIMER_MS = 25_000;
const FIRST_REPORT_WITHIN_MS = 3000;
/** On waking, a request may be on its way to us: the gate is not closed before this time. */
const GRACE_ON_WAKING_MS = 1000;

export class Background {
  readonly #gate: Gate;
  readonly #watch: CardWatch;
  readonly #queue = new Queue();
  /** Popups and options pages that are open. */
  readonly #viewers = new Set<chrome.runtime.Port>();
  readonly #waiting = new Set<PageRequest>();
  readonly #loaded: Promise<void>;
  #taking: Taking = INITIAL;
  #language: LanguageChoice = "auto";
  /** Undefined after waking, until the browser has been asked. */
  #gateState: GateState | undefined;
  #awake = false;
  #gateWork: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Registers every listener before it returns: the browser wakes the background for those only. */
  constructor(gate: Gate) {
    this.#gate = gate;
    this.#watch = new CardWatch(openNativePort, () => this.#greeting(), {
      changed: () => {
        this.#show();
      },
      presented: () => {
        this.#change({ event: "summoned" });
      },
      retryIn: (ms) => {
        if (ms > LONGEST_TIMER_MS) void chrome.alarms.create(ALARM_WATCH, { delayInMinutes: ms / 60_000 });
        else {
          setTimeout(() => {
            this.#watch.retry();
          }, ms);
        }
      },
    });
    listenToPromptWindows();
    chrome.runtime.onConnect.addListener((port) => {
      if (port.name === STATUS_PORT && isOwnPage(port.sender)) this.#serveViewer(port);
    });
    chrome.alarms.onAlarm.addListener(({ name }) => {
      if (name === ALARM_WATCH) this.#watch.retry();
      else {
        void this.#loaded.then(() => {
          this.#settle();
        });
      }
    });
    chrome.storage.onChanged.addListener((changes, area) => {
      if (area !== "local") return;
      const { mode, language } = readSettings({
        mode: changes["mode"]?.newValue,
        language: changes["language"]?.newValue,
      });
      if ("language" in changes) this.#language = language;
      if ("mode" in changes) this.#change({ event: "mode", mode });
      else this.#show();
    });
    // Nothing to do then but to wake up, which has happened.
    chrome.runtime.onStartup.addListener(() => undefined);
    chrome.runtime.onInstalled.addListener(() => undefined);
    this.#loaded = this.#load();
    setTimeout(() => {
      this.#awake = true;
      void this.#loaded.then(() => {
        this.#settle();
      });
    }, GRACE_ON_WAKING_MS);
  }

  /** Whether requests are taken now, for a browser that has no gate: there each request asks. */
  async takes(): Promise<boolean> {
    await this.#loaded;
    return takes(this.#taking, Date.now());
  }

  /** Whether a request could be served: the truth, for pages that decide by it what to offer. */
  async isAvailable(): Promise<boolean> {
    await this.#loaded;
    this.#watch.start();
    this.#watch.retry();
    const deadline = Date.now() + FIRST_REPORT_WITHIN_MS;
    while (this.#watch.state.status === "connecting" && Date.now() < deadline) await sleep(50);
    return isAvailable(this.#watch.state);
  }

  /** Runs the ceremony that a page asks for, after those that are already going on. */
  async serve(page: PageRequest): Promise<void> {
    this.#waiting.add(page);
    await this.#loaded;
    this.#change({ event: "ceremony-began" });
    await this.#queue.run(async () => {
      if (!this.#waiting.delete(page)) return;
      await Ceremony.run(
        {
          openProgram: openNativePort,
          openPrompt: openPromptWindow,
          greeting: this.#greeting(),
          answerPage: (outcome) => page.answer(outcome),
          handBack: () => this.#handBack(),
          passesOn: this.#gate.passesOn,
          leastTime: LEAST_TIME_MS,
          overtime: OVERTIME_MS,
          letGoWithin: LET_GO_WITHIN_MS,
        },
        page.request,
        page.site,
        page.withdrawn,
      );
    });
    this.#change({ event: "ceremony-ended" });
  }

  /** Shows a failure that happened before there was a ceremony. */
  explain(code: FailureCode, ceremony: CeremonyKind): void {
    const window = openPromptWindow(
      { view: "failed", code, ceremony },
      {
        intent: ({ intent }) => {
          if (intent !== "other") return;
          void this.#handBack().then(() => {
            window.show({ view: "failed", code: "other-authenticator", ceremony });
          });
        },
        closed: () => undefined,
      },
    );
  }

  #greeting(): Greeting {
    return { extension: chrome.runtime.getManifest().version, language: languageOf(this.#language) };
  }

  /** After "use another authenticator": closing the gate would cancel what waits, so that is answered first. */
  async #handBack(): Promise<void> {
    const others = [...this.#waiting];
    this.#waiting.clear();
    await Promise.allSettled(
      others.map((page) => page.answer({ outcome: "failure", code: "other-authenticator" })),
    );
    this.#change({ event: "other-authenticator" });
    await this.#gateWork;
  }

  // ---- when requests are taken

  async #load(): Promise<void> {
    const [{ mode, language }, session] = await Promise.all([
      loadSettings(),
      chrome.storage.session.get(["until", "pausedUntil"]),
    ]);
    this.#language = language;
    this.#taking = {
      ...this.#taking,
      mode,
      until: readTime(session["until"]),
      pausedUntil: readTime(session["pausedUntil"]),
    };
    this.#settle();
  }

  #change(event: TakingEvent): void {
    this.#taking = after(this.#taking, event, Date.now());
    const { until, pausedUntil } = this.#taking;
    void chrome.storage.session.set({ until, pausedUntil });
    this.#settle();
  }

  /** Makes gate, watch, timers and toolbar agree with the state. */
  #settle(): void {
    const now = Date.now();
    clearTimeout(this.#timer);
    const next = nextChange(this.#taking, now);
    if (next === undefined) {
      void chrome.alarms.clear(ALARM_TAKING);
    } else {
      this.#timer = setTimeout(() => {
        this.#settle();
      }, next - now);
      void chrome.alarms.create(ALARM_TAKING, { when: next });
    }
    if (this.#taking.mode !== "off" || this.#viewers.size > 0) this.#watch.start();
    else this.#watch.stop();
    this.#gateWork = this.#gateWork.then(() => this.#moveGate());
    this.#show();
  }

  async #moveGate(): Promise<void> {
    const open = takes(this.#taking, Date.now());
    if (!open && !this.#awake) return;
    if (open && this.#gateState !== "open") this.#gateState = await this.#gate.open();
    if (!open && this.#gateState !== "closed") {
      await this.#gate.close();
      this.#gateState = "closed";
    }
    this.#show();
  }

  // ---- what the person sees and does in the toolbar

  #status(): Status {
    const now = Date.now();
    const { mode, until, pausedUntil } = this.#taking;
    const gate = this.#gateState ?? "closed";
    return {
      mode,
      language: this.#language,
      gate,
      taking: takes(this.#taking, now) && gate === "open",
      ...(mode === "auto" && until > now && { until }),
      ...(pausedUntil > now && { pausedUntil }),
      watch: this.#watch.state,
      ...(this.#watch.program !== undefined && { program: this.#watch.program }),
    };
  }

  #show(): void {
    const status = this.#status();
    for (const viewer of this.#viewers) viewer.postMessage(status);
    showInToolbar(status);
  }

  #serveViewer(port: chrome.runtime.Port): void {
    this.#viewers.add(port);
    port.onDisconnect.addListener(() => {
      this.#viewers.delete(port);
      this.#settle();
    });
    port.onMessage.addListener((action: Action) => {
      void this.#loaded.then(() => {
        this.#act(action);
      });
    });
    void this.#loaded.then(() => {
      this.#settle();
    });
  }

  #act(action: Action): void {
    switch (action.action) {
      case "pressed":
        this.#watch.retry();
        this.#change({ event: "summoned" });
        return;
      case "dismissed":
        this.#change({ event: "dismissed" });
        return;
      case "set":
        void saveSettings(action.to);
        return;
      case "retry":
        this.#watch.retry();
        return;
    }
  }
}

function readTime(stored: unknown): number {
  return typeof stored === "number" ? stored : 0;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
