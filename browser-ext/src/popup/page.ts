/** Puts the status into the popup's document. */

import { element, set, showCode } from "../document.js";
import type { Action, Status } from "../status.js";
import { MODES } from "../taking.js";
import type { Key, Text } from "../text/text.js";
import { popupScreen } from "./screen.js";

export interface PopupActions {
  act(action: Action): void;
  openOptions(): void;
}

export class PopupPage {
  readonly #text: Text;
  #status: Status | undefined;

  constructor(text: Text, actions: PopupActions) {
    this.#text = text;
    document.documentElement.lang = text("language");
    document.title = text("appName");
    for (const node of document.querySelectorAll<HTMLElement>("[data-text]")) {
      node.textContent = text(node.dataset["text"] as Key);
    }
    element("open").addEventListener("click", () => {
      actions.act({ action: "pressed" });
    });
    element("dismiss").addEventListener("click", () => {
      actions.act({ action: "dismissed" });
    });
    element("retry").addEventListener("click", () => {
      actions.act({ action: "retry" });
    });
    element("modes").addEventListener("change", (event) => {
      const chosen = MODES.find((mode) => mode === (event.target as HTMLInputElement).value);
      if (chosen !== undefined) actions.act({ action: "set", to: { mode: chosen } });
    });
    element("options").addEventListener("click", () => {
      actions.openOptions();
    });
  }

  show(status: Status): void {
    this.#status = status;
    // Until now there was nothing to see: the controls as they stand in the page belong to no status.
    element("view").hidden = false;
    const mode = document.querySelector<HTMLInputElement>(`input[value="${status.mode}"]`);
    if (mode !== null) mode.checked = true;
    this.tick(Date.now());
  }

  /** The remaining time runs. */
  tick(now: number): void {
    if (this.#status === undefined) return;
    const screen = popupScreen(this.#status, now);
    const text = this.#text;
    element("state").classList.toggle("taking", screen.taking);
    set("state-what", text(screen.what));
    set("state-do", screen.do === undefined ? "" : text(screen.do.key, screen.do.fill));
    element("state-do").hidden = screen.do === undefined;
    element("open").hidden = screen.button !== "open";
    element("dismiss").hidden = screen.button !== "dismiss";

    const { trouble, card } = screen;
    element("trouble").hidden = trouble === undefined;
    element("trouble").dataset["code"] = trouble?.code ?? "";
    set("trouble-what", trouble === undefined ? "" : text(trouble.what));
    set("trouble-do", trouble === undefined ? "" : text(trouble.do.key, trouble.do.fill));
    showCode("trouble-code", trouble?.code);
    element("retry").hidden = trouble?.retry !== true;

    element("card").hidden = card === undefined;
    element("card").classList.toggle("present", card?.present === true);
    set("card-text", card === undefined ? "" : text(card.text.key, card.text.fill));
  }
}
