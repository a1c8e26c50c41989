/** What the person has set. It is kept in `chrome.storage.local`, and nothing else is: popup, options page and prompt read it there. */

import { MODES, type Mode } from "./taking.js";
import { LANGUAGES, type LanguageChoice } from "./text/text.js";

export interface Settings {
  mode: Mode;
  language: LanguageChoice;
}

/** What is not there, or not readable, is as it is at first. */
export function readSettings(stored: Record<string, unknown>): Settings {
  return {
    mode: MODES.find((mode) => mode === stored["mode"]) ?? "auto",
    language: LANGUAGES.find((language) => language === stored["language"]) ?? "auto",
  };
}

export async function loadSettings(): Promise<Settings> {
  return readSettings(await chrome.storage.local.get(["mode", "language"]));
}

export async function saveSettings(changed: Partial<Settings>): Promise<void> {
  await chrome.storage.local.set(changed);
}
