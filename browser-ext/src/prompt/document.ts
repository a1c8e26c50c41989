/** The prompt's document: its elements by ID. */

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
