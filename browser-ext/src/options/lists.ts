/** The remembered sites and the history of disclosures, in the options page's document. */

import type { Disclosure } from "../host/protocol.js";
import { problemKeys, shownCode } from "../text/problems.js";
import { shownMoment, shownProgram, shownText } from "../text/shown.js";
import type { Language, Text } from "../text/text.js";
import { element, set } from "../document.js";
import type { RecordsState } from "./records.js";

/** More of the history are shown when they are asked for. */
const FIRST = 10;

export class Lists {
  readonly #forget: (rpId: string) => void;
  #state: RecordsState = { status: "asking" };
  #all = false;
  #again: () => void = () => undefined;
  /** What stands there. Written anew, it would lose the keyboard's focus. */
  #shown = "";

  constructor(forget: (rpId: string) => void) {
    this.#forget = forget;
    element("history-all").addEventListener("click", () => {
      this.#all = true;
      this.#again();
      element("history").focus();
    });
  }

  /** While the program is asked again, what it said before stays. */
  take(state: RecordsState): void {
    if (state.status !== "asking" || this.#state.status === "failed") this.#state = state;
  }

  show(text: Text, language: Language, path: string | undefined): void {
    this.#again = () => {
      this.show(text, language, path);
    };
    const state = this.#state;
    const next = JSON.stringify([state, language, path, this.#all]);
    if (next === this.#shown) return;
    this.#shown = next;
    if (state.status !== "there") {
      const why = whyNot(state, text, path);
      for (const list of ["sites", "history"]) {
        element(list).replaceChildren();
        set(`${list}-none`, why);
        set(`${list}-older`, "");
      }
      set("forgotten", "");
      element("history-all").hidden = true;
      return;
    }
    const { sites, olderSites, disclosures, olderDisclosures } = state.records;
    set("sites-none", sites.length === 0 ? text("sitesNone") : "");
    element("sites").replaceChildren(...sites.map((rpId) => this.#site(rpId, text)));
    set("sites-older", olderSites === 0 ? "" : text("recordsOlder", { count: olderSites }));
    const forgotten = state.forgotten === undefined ? "" : shownText(state.forgotten);
    set("forgotten", forgotten === "" ? "" : text("siteForgotten", { site: forgotten }));

    const shown = this.#all ? disclosures : disclosures.slice(0, FIRST);
    set("history-none", disclosures.length === 0 ? text("historyNone") : "");
    element("history").replaceChildren(...shown.map((entry) => disclosed(entry, text, language)));
    element("history-all").hidden = shown.length === disclosures.length;
    set("history-all", text("historyAll", { count: disclosures.length }));
    const program = shownProgram(path);
    const older = olderDisclosures > 0 && shown.length === disclosures.length;
    set("history-older", older ? text("historyOlder", { count: olderDisclosures, program }) : "");
  }

  #site(rpId: string, text: Text): HTMLElement {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text("buttonForget");
    button.setAttribute("aria-label", text("forgetSite", { site: shownText(rpId) }));
    button.addEventListener("click", () => {
      button.disabled = true;
      // The button goes with its site.
      element("sites-title").focus();
      this.#forget(rpId);
    });
    return item(named(rpId), button);
  }
}

/** What stands where the lists would be. That the program is not there is said at the top of the page. */
function whyNot(state: RecordsState, text: Text, path: string | undefined): string {
  if (state.status !== "failed") return text("cardLooking");
  if (state.failure === "host-missing") return text("recordsUnknown");
  // One that is older than the extension greets back all the same, and does not know the question.
  const { failure } = state;
  const keys =
    failure === "host-failed" || failure === "host-version"
      ? problemKeys("idle", failure)
      : problemKeys("ceremony", failure);
  const code = `${text("labelCode")} ${shownCode(failure)}`;
  return [text(keys.what), text(keys.do, { program: shownProgram(path) }), code].join("\n");
}

function disclosed({ at, what, rpId }: Disclosure, text: Text, language: Language): HTMLElement {
  const about = document.createElement("div");
  about.className = "about";
  const shown = document.createElement("span");
  shown.textContent = text(what === "certificate" ? "disclosedCertificate" : "disclosedCardKey");
  about.append(named(rpId), shown);
  const time = document.createElement("time");
  time.className = "small";
  time.dateTime = new Date(at * 1000).toISOString();
  time.textContent = shownMoment(at, language);
  return item(about, time);
}

function named(rpId: string): HTMLElement {
  const node = document.createElement("bdi");
  node.className = "site";
  node.textContent = shownText(rpId);
  return node;
}

function item(...parts: HTMLElement[]): HTMLElement {
  const node = document.createElement("li");
  node.append(...parts);
  return node;
}
