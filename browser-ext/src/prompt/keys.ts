/** Keys on the screen for the PIN, beside the keyboard: for touch, and for whoever cannot or would rather not type. */

import type { Text } from "../text/text.js";
import { element, input, listen } from "../document.js";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0"];

export class PinKeys {
  readonly #text: Text;
  /** A finger has no other way. */
  #open = matchMedia("(pointer: coarse)").matches;

  /** `changed`: they take room now, or no more. */
  constructor(text: Text, changed: () => void) {
    this.#text = text;
    const keys = DIGITS.map((digit) => {
      const key = keyFor((pin) => pin + digit);
      key.textContent = digit;
      return key;
    });
    const last = keyFor((pin) => pin.slice(0, -1));
    last.setAttribute("aria-label", text("keyDelete"));
    last.append(sign());
    element("keys").replaceChildren(...keys, last);
    listen("keys-toggle", "click", () => {
      this.#open = !this.#open;
      this.show(true);
      changed();
    });
    // The field keeps the focus, so that Enter goes on sending the form.
    for (const id of ["keys", "keys-toggle"]) {
      listen(id, "pointerdown", (event) => {
        event.preventDefault();
      });
      listen(id, "mousedown", (event) => {
        event.preventDefault();
      });
    }
  }

  /** `offered`: the PIN is typed here, and not in a window of the system. */
  show(offered: boolean): void {
    const toggle = element("keys-toggle");
    toggle.hidden = !offered;
    element("keys").hidden = !offered || !this.#open;
    toggle.setAttribute("aria-expanded", String(this.#open));
    toggle.title = this.#text(this.#open ? "buttonKeysHide" : "buttonKeysShow");
    toggle.setAttribute("aria-label", this.#text("keysLabel"));
  }
}

function keyFor(press: (pin: string) => string): HTMLButtonElement {
  const key = document.createElement("button");
  key.type = "button";
  key.addEventListener("click", () => {
    const pin = input("pin");
    const next = press(pin.value);
    if (next.length > pin.maxLength) return;
    pin.value = next;
    pin.dispatchEvent(new Event("input"));
  });
  return key;
}

function sign(): HTMLElement {
  const node = document.createElement("span");
  node.className = "sign";
  node.setAttribute("aria-hidden", "true");
  return node;
}
