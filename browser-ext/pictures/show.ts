/** Stands in for the background: shows one state of a page, in either language. */

import { PopupPage } from "../src/popup/page.js";
import { Page } from "../src/prompt/page.js";
import { catalogue } from "../src/text/catalogue.js";
import { textFrom } from "../src/text/text.js";
import { STATUSES, VIEWS } from "./states.js";

type Language = "en" | "ja";

declare global {
  interface Window {
    states: { prompt: string[]; popup: string[] };
    showPrompt(language: Language, state: string): void;
    showPopup(language: Language, state: string): void;
  }
}

const textOf = (language: Language) => textFrom((key) => catalogue[key]?.[language] ?? `<<${key}>>`);

window.states = { prompt: Object.keys(VIEWS), popup: Object.keys(STATUSES) };
window.showPrompt = (language, state) => {
  const view = VIEWS[state];
  if (view !== undefined) new Page(textOf(language), () => undefined).show(view);
};
window.showPopup = (language, state) => {
  const status = STATUSES[state];
  if (status !== undefined) new PopupPage(textOf(language), () => undefined).show(status());
};
