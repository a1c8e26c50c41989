// Every PIN that a script typed, against every PIN that reached a card. Compared after every case:
// three wrong ones send a citizen to the town office, so none may be spent that nobody typed.

/** @typedef {import('./lab.mjs').VirtualCard} VirtualCard */

/** What a person typed during one case. */
export class PinLedger {
  constructor() {
    /** @type {{card: VirtualCard, right: boolean}[]} */
    this.typed = [];
  }

  /**
   * A PIN was typed and sent off, and must reach this card exactly once.
   *
   * @param {VirtualCard} card
   * @param {string} pin
   */
  spend(card, pin) {
    this.typed.push({ card, right: pin === card.person.pin });
  }

  /**
   * Fails unless exactly the typed PINs reached the cards, in the order in which they were typed.
   *
   * @param {VirtualCard[]} cards
   */
  settle(cards) {
    for (const card of cards) {
      const expected = this.typed
        .filter((entry) => entry.card === card)
        .map((entry) => (entry.right ? "right" : "wrong"));
      const seen = card.pinTries().map((sw) => (sw === "9000" ? "right" : "wrong"));
      if (seen.join(" ") !== expected.join(" ")) {
        throw new Error(
          `PINs typed for ${card.process.name}: [${expected.join(", ")}]; ` +
            `PINs that reached it: [${seen.join(", ")}]`,
        );
      }
    }
  }
}
