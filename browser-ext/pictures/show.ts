/** Stands in for the background: shows states of a page, in either language, and notes what the person does. */

import { PopupPage } from "../src/popup/page.js";
import { Page } from "../src/prompt/page.js";
import type { Intent } from "../src/prompt/views.js";
import { catalogue } from "../src/text/catalogue.js";
import { textFrom } from "../src/text/text.js";
import { STATUSES, VIEWS } from "./states.js";

type Language = "en" | "ja";

declare global {
  interface Window {
    states: { prompt: string[]; popup: string[] };
    intents: Intent[];
    showPrompt(language: Language, state: string): void;
    showPopup(language: Language, state: string): void;
  }
}

const textOf = (language: Language) => textFrom((key) => catalogue[key]?.[language] ?? `<<${key}>>`);

window.states = { prompt: Object.keys(VIEWS), popup: Object.keys(STATUSES) };
window.intents = [];

let prompt: Page | undefined;
window.showPrompt = (language, state) => {
  const view = VIEWS[state];
  if (view === undefined) throw new Error(`no state ${state}`);
  prompt ??= new Page(textOf(language), (intent) => window.intents.push(intent));
  prompt.show(view);
};
window.showPopup = (language, state) => {
  const status = STATUSES[state];
  if (status !== undefined) new PopupPage(textOf(language), () => undefined).show(status());
};
