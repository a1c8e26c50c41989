/** Stands in for the background: shows states of a page, in either language, and notes what the person does. */

import { PopupPage } from "../src/popup/page.js";
import { OptionsPage } from "../src/options/page.js";
import { Page } from "../src/prompt/page.js";
import type { Intent } from "../src/prompt/views.js";
import { catalogue } from "../src/text/catalogue.js";
import { textFrom } from "../src/text/text.js";
import { SENTENCES } from "./sentences.js";
import { OPTIONS, STATUSES, SYSTEM, VIEWS } from "./states.js";

type Language = "en" | "ja";

declare global {
  interface Window {
    /** What each state is, by page and state. */
    states: typeof SENTENCES;
    intents: Intent[];
    forgotten: string[];
    showPrompt(language: Language, state: string): void;
    showPopup(language: Language, state: string): void;
    showOptions(language: Language, state: string): void;
  }
}

const textOf = (language: Language) => textFrom((key) => catalogue[key]?.[language] ?? `<<${key}>>`);

/** What only the person's press brings about. */
const KEYS_SHOWN = "-keys";

window.states = SENTENCES;
window.intents = [];
window.forgotten = [];

let prompt: Page | undefined;
window.showPrompt = (language, state) => {
  const view = VIEWS[state];
  if (view === undefined) throw new Error(`no state ${state}`);
  prompt ??= new Page(textOf(language), (intent) => window.intents.push(intent));
  prompt.show(view);
  if (state.endsWith(KEYS_SHOWN)) document.getElementById("keys-toggle")?.click();
};
window.showPopup = (language, state) => {
  const status = STATUSES[state];
  if (status === undefined) throw new Error(`no state ${state}`);
  // The remaining time is the same in every picture.
  const now = Date.now();
  Date.now = () => now;
  new PopupPage(textOf(language), { act: () => undefined, openOptions: () => undefined }).show(status());
};
window.showOptions = (language, state) => {
  const shown = OPTIONS[state];
  if (shown === undefined) throw new Error(`no state ${state}`);
  const page = new OptionsPage(SYSTEM, () => language, {
    act: () => undefined,
    forget: (rpId) => window.forgotten.push(rpId),
    copy: (text) => navigator.clipboard.writeText(text),
  });
  page.speak(language);
  page.show(shown.status());
  page.showRecords(shown.records);
};
