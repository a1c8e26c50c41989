/** Puts settings and status into the options page's document. */

import { troubleOf } from "../popup/screen.js";
import type { Action, Status } from "../status.js";
import { MODES } from "../taking.js";
import { LANGUAGES, textIn, type Key, type Language, type LanguageChoice, type Text } from "../text/text.js";
import { element, set, showCode } from "../document.js";
import { Lists } from "./lists.js";
import type { RecordsState } from "./records.js";
import { diagnostics, type System } from "./diagnostics.js";

export interface OptionsActions {
  act(action: Action): void;
  forget(rpId: string): void;
  /** Puts `text` on the clipboard. Rejects when the browser does not let it. */
  copy(text: string): Promise<void>;
}

const CHOICES: readonly LanguageChoice[] = ["auto", ...LANGUAGES];

export class OptionsPage {
  readonly #system: System;
  readonly #languageOf: (choice: LanguageChoice) => Language;
  readonly #actions: OptionsActions;
  #language: Language = "en";
  #text: Text = textIn("en");
  #path: string | undefined;
  readonly #lists: Lists;

  constructor(system: System, languageOf: (choice: LanguageChoice) => Language, actions: OptionsActions) {
    this.#system = system;
    this.#languageOf = languageOf;
    this.#actions = actions;
    this.#lists = new Lists((rpId) => {
      actions.forget(rpId);
    });
    onChoice("modes", MODES, (mode) => {
      actions.act({ action: "set", to: { mode } });
    });
    onChoice("languages", CHOICES, (language) => {
      actions.act({ action: "set", to: { language } });
    });
    element("retry").addEventListener("click", () => {
      actions.act({ action: "retry" });
    });
    element("copy").addEventListener("click", () => {
      void this.#copy();
    });
  }

  /** Writes every text that does not depend on the status. */
  speak(language: Language): void {
    this.#language = language;
    const text = (this.#text = textIn(language));
    document.documentElement.lang = language;
    document.title = `${text("optionsTitle")} – ${text("appName")}`;
    for (const node of document.querySelectorAll<HTMLElement>("[data-text]")) {
      node.textContent = text(node.dataset["text"] as Key);
    }
    set("copied", "");
    this.#lists.show(text, language, this.#path);
  }

  showRecords(state: RecordsState): void {
    this.#lists.take(state);
    this.#lists.show(this.#text, this.#language, this.#path);
  }

  show(status: Status): void {
    this.#path = status.program?.path;
    this.#lists.show(this.#text, this.#language, this.#path);
    const language = this.#languageOf(status.language);
    if (language !== this.#language) this.speak(language);
    check("modes", status.mode);
    check("languages", status.language);
    this.#showTrouble(status);
    const report = diagnostics(status, this.#system, language);
    if (element("diagnostics").textContent !== report) set("copied", "");
    set("diagnostics", report);
    // Until now there was nothing to see: the controls as they stand in the page belong to no status.
    element("view").hidden = false;
  }

  #showTrouble(status: Status): void {
    const trouble = troubleOf(status);
    const text = this.#text;
    element("trouble").hidden = trouble === undefined;
    element("trouble").dataset["code"] = trouble?.code ?? "";
    set("trouble-what", trouble === undefined ? "" : text(trouble.what));
    set("trouble-do", trouble === undefined ? "" : text(trouble.do.key, trouble.do.fill));
    showCode("trouble-code", trouble?.code);
    element("retry").hidden = trouble?.retry !== true;
  }

  async #copy(): Promise<void> {
    const report = element("diagnostics");
    try {
      await this.#actions.copy(report.textContent);
      set("copied", this.#text("copied"));
    } catch {
      document.getSelection()?.selectAllChildren(report);
      set("copied", this.#text("copyByHand"));
    }
  }
}

function onChoice<T extends string>(group: string, values: readonly T[], chosen: (value: T) => void): void {
  element(group).addEventListener("change", (event) => {
    const value = values.find((one) => one === (event.target as HTMLInputElement).value);
    if (value !== undefined) chosen(value);
  });
}

function check(group: string, value: string): void {
  const choice = document.querySelector<HTMLInputElement>(`#${group} input[value="${value}"]`);
  if (choice !== null) choice.checked = true;
}
