/** Looks up texts, in the language that the person chose or the browser has. */

import { catalogue, type TextKey } from "./catalogue.js";

export const LANGUAGES = ["en", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];

/** `auto`: the browser's, as far as it is one of ours. */
export type LanguageChoice = "auto" | Language;

export type Key = TextKey | `${string}_what` | `${string}_do`;
export type Text = (key: Key, fill?: Record<string, string | number>) => string;

/** Makes a {@link Text} from a source of translated messages. */
export function textFrom(source: (key: string) => string): Text {
  return (key, fill = {}) =>
    source(key).replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
}

/** The language of the texts. */
export function languageOf(choice: LanguageChoice): Language {
  if (choice !== "auto") return choice;
  // The browser has chosen one of `_locales/` for the manifest's texts.
  return chrome.i18n.getMessage("language") === "ja" ? "ja" : "en";
}

export function textIn(language: Language): Text {
  return textFrom((key) => catalogue[key]?.[language] ?? "");
}
