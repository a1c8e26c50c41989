/** The options page's document: its elements by ID. */

export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found;
}

/** Only what changed, so that a screen reader does not hear it again. */
export function set(id: string, content: string): void {
  const node = element(id);
  if (node.textContent !== content) node.textContent = content;
}
