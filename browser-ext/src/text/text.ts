/** Looks up texts in the browser's language. */

import type { TextKey } from "./catalogue.js";

export type Key = TextKey | `${string}_what` | `${string}_do`;
export type Text = (key: Key, fill?: Record<string, string | number>) => string;

/** Makes a {@link Text} from a source of translated messages. */
export function textFrom(source: (key: string) => string): Text {
  return (key, fill = {}) =>
    source(key).replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
}

/** The browser's language, as `_locales/` has it. */
export const text: Text = textFrom((key) => chrome.i18n.getMessage(key));
