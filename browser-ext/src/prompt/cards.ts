/** The list of cards from which one is chosen. It follows what is in the readers while it is shown. */

import { element } from "../document.js";
import type { CardProblem, ListedCard } from "../host/protocol.js";
import { shownDate, shownText } from "../text/shown.js";
import type { Key, Text } from "../text/text.js";
import { validity } from "./screen.js";

/** For so long after a change a press was meant for what stood there before. */
const SETTLING_MS = 400;

const PROBLEMS: Record<CardProblem, Key> = {
  "pin-locked": "cardLocked",
  "card-busy": "cardBusy",
  "card-mute": "cardMute",
  "card-failed": "cardFailed",
  "card-unsupported": "cardUnsupported",
};

export class Cards {
  readonly #text: Text;
  readonly #choose: (index: number) => void;
  #settled = 0;
  /** The card that has the focus is the one that had it before the change. */
  #kept = false;

  constructor(text: Text, choose: (index: number) => void) {
    this.#text = text;
    this.#choose = choose;
  }

  show(cards: readonly ListedCard[]): void {
    const list = element("cards");
    const changes = cards.length > 0 && list.childElementCount > 0;
    this.#settled = changes ? performance.now() + SETTLING_MS : 0;
    const focused = cardOf(list.querySelector<HTMLElement>(":focus"));
    list.hidden = cards.length === 0;
    list.replaceChildren(...cards.map((card, index) => this.#item(card, index)));
    this.#kept = false;
    for (const button of list.querySelectorAll("button")) {
      if (cardOf(button) !== focused) continue;
      button.focus();
      this.#kept = true;
    }
  }

  #item(card: ListedCard, index: number): HTMLElement {
    const line = card.notAfter === undefined ? unusable() : this.#button(card, index);
    const reader = document.createElement("bdi");
    reader.textContent = shownText(card.reader);
    line.append(reader);
    const { notAfter, problem } = card;
    if (notAfter !== undefined) {
      const date = shownDate(notAfter, this.#text("language"));
      line.append(note(this.#text(validity(card), { date }), card.expired || card.expiresSoon));
    }
    if (problem !== undefined) line.append(note(this.#text(PROBLEMS[problem]), true));
    const item = document.createElement("li");
    item.append(line);
    return item;
  }

  #button(card: ListedCard, index: number): HTMLElement {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset["index"] = String(index);
    button.dataset["reader"] = card.reader;
    button.dataset["notAfter"] = card.notAfter;
    button.addEventListener("click", ({ detail }) => {
      // By a key the card with the focus is meant, if it is still the same one.
      const byKey = detail === 0;
      if ((byKey && this.#kept) || performance.now() >= this.#settled) this.#choose(index);
    });
    return button;
  }
}

/** By what a person tells one card from another. */
function cardOf(line: HTMLElement | null): string | undefined {
  return line === null ? undefined : `${line.dataset["reader"]} ${line.dataset["notAfter"]}`;
}

function unusable(): HTMLElement {
  const line = document.createElement("div");
  line.className = "unusable";
  return line;
}

function note(content: string, attention: boolean): HTMLElement {
  const span = document.createElement("span");
  if (attention) span.className = "attention";
  span.textContent = content;
  return span;
}
