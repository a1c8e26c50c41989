/** A page's own document: its elements by ID. */

import { shownCode, type ProblemCode } from "./text/problems.js";

export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found;
}

export function input(id: string): HTMLInputElement {
  return element(id) as HTMLInputElement;
}

export function listen(id: string, type: string, listener: (event: Event) => void): void {
  element(id).addEventListener(type, listener);
}

/** Only what changed, so that a screen reader does not hear it again. */
export function set(id: string, content: string): void {
  const node = element(id);
  if (node.textContent !== content) node.textContent = content;
}

/** Shows the code of what went wrong; nothing where nothing did. */
export function showCode(id: string, code: ProblemCode | undefined): void {
  set(id, code === undefined ? "" : shownCode(code));
  element(id)
    .closest(".code")
    ?.toggleAttribute("hidden", code === undefined);
}
