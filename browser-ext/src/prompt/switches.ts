/** The two things that a site can recognise a person by everywhere, each with its switch, in the prompt of a registration. */

import type { CardCredentialOffer, CertificateOffer } from "../host/protocol.js";
import type { Key, Text } from "../text/text.js";
import { element, input, listen } from "../document.js";

/** What is offered, and whether the PIN needs the room. */
export interface Offers {
  certificate?: CertificateOffer;
  cardCredential?: CardCredentialOffer;
  /** The explanations wait behind a button: the PIN's own message has come. */
  compact: boolean;
}

/** What the person agrees to: an answer for each offer, and for nothing else. */
export interface Agreed {
  disclose?: boolean;
  cardCredential?: boolean;
  remember: boolean;
}

export class Switches {
  readonly #text: Text;
  /** Told after each change. */
  readonly #changed: () => void;
  #offers: Offers = { compact: false };
  /** The person's own choices outlive a wrong PIN. */
  #certificate: boolean | undefined;
  #cardCredential: boolean | undefined;
  #remember = false;

  constructor(text: Text, changed: () => void) {
    this.#text = text;
    this.#changed = changed;
    listen("certificate-switch", "change", () => {
      this.#certificate = input("certificate-switch").checked;
      this.#update();
    });
    listen("card-credential-switch", "change", () => {
      this.#cardCredential = input("card-credential-switch").checked;
      this.#update();
    });
    listen("remember-site", "change", () => {
      this.#remember = input("remember-site").checked;
    });
    listen("explain", "click", () => {
      this.#explain(true);
      element("explain").hidden = true;
    });
  }

  show(offers: Offers): void {
    const { certificate, cardCredential, compact } = offers;
    this.#offers = offers;
    element("disclosure").hidden = certificate === undefined && cardCredential === undefined;
    element("disclosure").classList.toggle("asked-for", certificate?.asked === true);
    element("certificate").hidden = certificate === undefined;
    element("certificate-asked").hidden = certificate?.asked !== true;
    element("card-credential").hidden = cardCredential === undefined;
    element("card-credential-required").hidden = cardCredential?.required !== true;
    element("card-credential-means").textContent = this.#text(
      cardCredential?.required === true ? "cardKeyMeansRequired" : "cardKeyMeans",
    );
    element("remember-text").textContent = this.#text(rememberText(offers));
    input("certificate-switch").checked = this.#certificate ?? certificate?.switch ?? false;
    input("card-credential-switch").checked = this.#cardCredential ?? cardCredential?.switch ?? false;
    input("remember-site").checked = this.#remember;
    element("explain").hidden = !compact;
    this.#explain(!compact);
    this.#update();
  }

  get agreed(): Agreed {
    const { certificate, cardCredential } = this.#offers;
    return {
      ...(certificate && { disclose: this.#isOn("certificate") }),
      ...(cardCredential && { cardCredential: this.#isOn("cardCredential") }),
      remember: this.#canRemember() && this.#remember,
    };
  }

  /** Without the card's own key the site takes nothing: there is nothing to type the PIN for. */
  get blocked(): boolean {
    return this.#offers.cardCredential?.required === true && !this.#isOn("cardCredential");
  }

  #isOn(which: "certificate" | "cardCredential"): boolean {
    const id = which === "certificate" ? "certificate-switch" : "card-credential-switch";
    return this.#offers[which] !== undefined && input(id).checked;
  }

  /** To remember that nothing is shown would mean nothing. */
  #canRemember(): boolean {
    const { certificate, cardCredential } = this.#offers;
    return (
      (certificate?.canRemember === true && this.#isOn("certificate")) ||
      (cardCredential?.canRemember === true && this.#isOn("cardCredential"))
    );
  }

  #update(): void {
    element("remember").hidden = !this.#canRemember();
    // Said before the PIN is typed: afterwards it would be too late.
    element("certificate-missing").hidden =
      this.#offers.certificate?.asked !== true || this.#isOn("certificate");
    element("card-credential-required").classList.toggle("missing", this.blocked);
    this.#changed();
  }

  #explain(shown: boolean): void {
    element("certificate-discloses").hidden = !shown;
    element("card-credential-means").hidden = !shown;
  }
}

/** The program remembers a site for both, whichever is offered now. */
function rememberText({ certificate, cardCredential }: Offers): Key {
  if (cardCredential === undefined) return "rememberSite";
  return certificate === undefined ? "rememberCardKey" : "rememberBoth";
}
