/** Functions of ours where the page's own were, the browser's or those of another extension that was here first. */

const { defineProperty, getOwnPropertyDescriptor } = Reflect;

export type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** What `make` gives is a method of an object, as the browser's functions are: it cannot be called with `new`. */
type Make = (original: Callable) => { call: Callable };

/**
 * Puts a function in the place of a method or a getter; it bears the same name and tells of as many parameters. Where
 * there is none, or it cannot be replaced, all stays as it was.
 */
export function standIn(holder: object, name: string, make: Make): void {
  const descriptor = getOwnPropertyDescriptor(holder, name);
  const kind = descriptor?.get === undefined ? "value" : "get";
  const original: unknown = descriptor?.[kind];
  if (typeof original !== "function") return;
  const { call } = make(original as Callable);
  for (const property of ["name", "length"]) {
    const asOriginal = getOwnPropertyDescriptor(original, property);
    if (asOriginal !== undefined) defineProperty(call, property, asOriginal);
  }
  defineProperty(holder, name, { ...descriptor, [kind]: call });
}
