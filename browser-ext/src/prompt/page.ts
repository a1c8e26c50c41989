/** Puts a {@link Screen} into the prompt's document and turns what the person does into {@link Intent}s. */

import type { Account, ListedAccount, Prompt, Site } from "../host/protocol.js";
import type { Key, Text } from "../text/text.js";
import { shownDate, shownProgram, shownText } from "../text/shown.js";
import { element, input, listen, showCode } from "../document.js";
import { Cards } from "./cards.js";
import { PinKeys } from "./keys.js";
import { screenOf, type Message, type Screen } from "./screen.js";
import { Switches } from "./switches.js";
import { afterAnswer, type Intent, type View } from "./views.js";

const LONG_RP_ID = 26;
type PinPrompt = Extract<Prompt, { kind: "register" | "sign-in" }>;

const PIN = /^[0-9]{4}$/;

export class Page {
  readonly #text: Text;
  readonly #act: (intent: Intent) => void;
  #view: View | undefined;
  #screen: Screen | undefined;
  readonly #cards: Cards;
  readonly #switches: Switches;
  readonly #keys: PinKeys;

  constructor(text: Text, act: (intent: Intent) => void) {
    this.#text = text;
    this.#act = act;
    document.documentElement.lang = text("language");
    // Without the site: Chromium keeps the titles of windows in its history, those of an extension's too.
    document.title = text("promptTitle");
    for (const node of document.querySelectorAll<HTMLElement>("[data-text]")) {
      node.textContent = text(node.dataset["text"] as Key);
    }
    for (const node of document.querySelectorAll<HTMLElement>("[data-label]")) {
      node.setAttribute("aria-label", text(node.dataset["label"] as Key));
    }
    listen("form", "submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    listen("cancel", "click", () => {
      this.#act({ intent: "cancel" });
    });
    listen("other", "click", () => {
      this.#act({ intent: "other" });
    });
    listen("another-card", "click", () => {
      this.#chooseAnew();
    });
    listen("pin", "input", () => {
      const pin = input("pin");
      pin.value = pin.value.normalize("NFKC").replace(/[^0-9]/g, "");
      this.#problem(undefined);
    });
    this.#cards = new Cards(text, (index) => {
      this.#choose(index);
    });
    this.#switches = new Switches(text, () => {
      this.#showBlocked();
    });
    this.#keys = new PinKeys(text, () => {
      this.#reveal();
    });
    listen("last-try-confirm", "change", () => {
      this.#problem(undefined);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing && this.#screen?.cancel !== undefined) {
        event.preventDefault();
        this.#act({ intent: "cancel" });
      }
    });
  }

  show(view: View): void {
    const screen = screenOf(view);
    this.#view = view;
    this.#screen = screen;
    element("request").textContent = this.#text(screen.request);
    this.#showSite(screen.site);
    this.#showAccount(screen.account);
    this.#showKey(screen.usesCardKey === true);
    this.#showCard(screen.card);
    this.#showLearns(screen.learns);
    this.#showStays(screen.stays);
    this.#showMessage(screen.message);
    this.#showAccounts(screen.accounts ?? []);
    this.#cards.show(screen.cards ?? []);
    this.#switches.show(screen.offers);
    this.#showPin(screen);
    this.#showButton("submit", screen.submit);
    this.#showButton("cancel", screen.cancel);
    element("other").hidden = !screen.other;
    // Until now there was nothing to see: the form as it stands in the page belongs to no view.
    element("view").hidden = false;
    this.#focus(screen);
  }

  // ---- what is shown

  #showSite(site: Site | undefined): void {
    element("who").hidden = site === undefined;
    element("asked").hidden = site === undefined;
    if (site === undefined) return;
    element("rp-id").textContent = shownText(site.rpId);
    element("rp-id").classList.toggle("long", site.rpId.length > LONG_RP_ID);
    element("site").textContent = shownText(site.origin);
    element("name-row").hidden = site.name === undefined || site.name === "" || site.name === site.rpId;
    element("site-name").textContent = shownText(site.name ?? "");
    element("related-origin").hidden = site.relatedOrigin !== true;
    element("related-origin").textContent = this.#text("relatedOrigin", { rpId: shownText(site.rpId) });
  }

  #showAccount(account: Account | undefined): void {
    element("account-row").hidden = account === undefined;
    element("account-name").textContent = shownText(account?.name ?? "");
    element("account-display-name").textContent = otherName(account);
  }

  #showKey(usesCardKey: boolean): void {
    element("key-row").hidden = !usesCardKey;
  }

  #showCard(card: Screen["card"]): void {
    element("card-row").hidden = card === undefined;
    element("another-card").hidden = card?.another !== true;
    element("card-reader").textContent = shownText(card?.reader ?? "");
    element("card-until").textContent =
      card === undefined ? "" : this.#text(card.until.key, { date: this.#date(card.until.date) });
  }

  #showLearns(learns: Key | undefined): void {
    element("learns-row").hidden = learns === undefined;
    element("learns").textContent = learns === undefined ? "" : this.#text(learns);
  }

  #showStays(stays: Key | undefined): void {
    element("stays").hidden = stays === undefined;
    element("stays").textContent = stays === undefined ? "" : this.#text(stays);
  }

  #showMessage(message: Message | undefined): void {
    const box = element("message");
    const tone = message === undefined ? "empty" : `tone-${message.tone}`;
    box.className = [tone, message?.alone && "alone", message?.busy && "busy"].filter(Boolean).join(" ");
    box.dataset["code"] = message?.code ?? "";
    // A person who cannot see the window is interrupted only for what went wrong.
    box.setAttribute("role", message?.tone === "bad" || message?.tone === "warn" ? "alert" : "status");
    element("message-what").textContent = (message?.what ?? [])
      .map((key) => this.#text(key, message?.fill))
      .join(this.#space());
    const program = shownProgram(this.#view?.path);
    element("message-do").textContent = message?.do === undefined ? "" : this.#text(message.do, { program });
    element("message-do").hidden = message?.do === undefined;
    showCode("message-code", message?.problem);
    element("message-ways").hidden = message?.ways === undefined;
    element("message-ways").replaceChildren(
      ...(message?.ways ?? []).map((key) => {
        const item = document.createElement("li");
        item.textContent = this.#text(key, { program });
        return item;
      }),
    );
    element("message-command").hidden = message?.command === undefined;
    element("message-command").textContent = `${program} ${message?.command ?? ""}`;
  }

  #showAccounts(accounts: readonly ListedAccount[]): void {
    const list = element("accounts");
    list.hidden = accounts.length === 0;
    list.replaceChildren(
      ...accounts.map((account, index) => {
        const button = document.createElement("button");
        button.type = "button";
        button.dataset["index"] = String(index);
        button.append(isolated("bdi", shownText(account.name)));
        const other = otherName(account);
        if (other !== "") button.append(isolated("span", other));
        if (account.created !== undefined) {
          const created = document.createElement("span");
          created.className = "created";
          created.textContent = this.#text("accountCreated", { date: this.#date(account.created) });
          button.append(created);
        }
        button.addEventListener("click", () => {
          this.#choose(index);
        });
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
  }

  /** Not `disabled`: whoever presses it nevertheless is led to the switch that is missing. */
  #showBlocked(): void {
    element("submit").setAttribute("aria-disabled", String(this.#switches.blocked));
    element("submit-blocked").textContent = this.#switches.blocked ? this.#text("cardKeyMissing") : "";
  }

  #showPin({ pin, note }: Screen): void {
    element("pin-section").hidden = pin === undefined;
    element("pin-field").hidden = pin?.inWindow === true;
    element("pin-elsewhere").hidden = pin?.inWindow !== true;
    input("pin").hidden = pin?.inWindow === true;
    this.#keys.show(pin?.inWindow !== true);
    // Where there is no field that says it.
    const described = pin?.inWindow === true ? "pin-elsewhere tries-left submit-blocked" : "submit-blocked";
    element("submit").setAttribute("aria-describedby", described);
    input("pin").value = "";
    input("last-try-confirm").checked = false;
    this.#problem(undefined);
    input("pin").setAttribute("aria-invalid", String(pin?.invalid === true));
    element("last-try").hidden = pin?.lastTry !== true;
    element("card-note").hidden = note === undefined;
    element("card-note-text").textContent =
      note === undefined
        ? ""
        : [note.what, note.do]
            .map((key) => this.#text(key, { day: this.#date(note.day) }))
            .join(this.#space());
    showCode("card-note-code", note?.problem);
    if (pin === undefined) return;
    const { triesLeft } = pin;
    element("tries-left").textContent =
      triesLeft === 1 ? this.#text("triesLeftOne") : this.#text("triesLeft", { tries: triesLeft });
    element("tries-left").dataset["tries"] = String(triesLeft);
    element("tries-left")
      .closest(".tries")
      ?.classList.toggle("few", triesLeft < 2);
    element("pips").replaceChildren(
      ...Array.from({ length: Math.max(3, triesLeft) }, (_, index) => {
        const pip = document.createElement("i");
        if (index < triesLeft) pip.className = "left";
        return pip;
      }),
    );
  }

  #showButton(id: "submit" | "cancel", label: Key | undefined): void {
    const button = element(id);
    button.hidden = label === undefined;
    button.textContent = label === undefined ? "" : this.#text(label);
  }

  #focus({ focus, pin }: Screen): void {
    const targets = {
      heading: "request",
      message: "message",
      pin: "pin",
      accounts: "accounts",
      cards: "cards",
      submit: "submit",
    } as const;
    const target = element(targets[focus]);
    // A list that changed under the person's eyes has kept its focus.
    if (focus === "cards" && target.contains(document.activeElement)) return;
    const focusable = focus === "accounts" || focus === "cards" ? target.querySelector("button") : target;
    if (focus === "heading" || focus === "message") target.tabIndex = -1;
    focusable?.focus();
    if (pin !== undefined) this.#reveal();
  }

  /** Under a long form the buttons must not cover what the person types and decides by. */
  #reveal(): void {
    const section = element("pin-section");
    section.style.scrollMarginBottom = `${element("footer").offsetHeight + 8}px`;
    section.scrollIntoView({ block: "nearest" });
  }

  #problem(key: Key | undefined): void {
    element("pin-problem").textContent = key === undefined ? "" : this.#text(key);
  }

  #date(day: string): string {
    return shownDate(day, this.#text("language"));
  }

  #space(): string {
    return this.#text("language") === "ja" ? "" : " ";
  }

  // ---- what the person does

  #submit(): void {
    const prompt = this.#prompt();
    if (prompt === undefined || this.#screen?.submit === undefined) return;
    if (prompt.kind !== "register" && prompt.kind !== "sign-in") {
      this.#act({ intent: "approve", prompt: prompt.prompt });
      return;
    }
    const pin = input("pin").value;
    const lastTry = prompt.pin.lastTry === true;
    if (this.#switches.blocked) {
      input("card-credential-switch").focus();
    } else if (prompt.pin.entry === "native") {
      this.#act(this.#approval(prompt));
      this.#work(prompt);
    } else if (!PIN.test(pin)) {
      this.#problem("pinIncomplete");
      input("pin").focus();
    } else if (lastTry && !input("last-try-confirm").checked) {
      this.#problem("lastTryMissing");
      input("last-try-confirm").focus();
    } else {
      input("pin").value = "";
      this.#act({ ...this.#approval(prompt), pin, lastTry });
      this.#work(prompt);
    }
  }

  /** Yes, and what the switches say. */
  #approval(prompt: PinPrompt): Extract<Intent, { intent: "approve" }> {
    return {
      intent: "approve",
      prompt: prompt.prompt,
      ...(prompt.kind === "register" && this.#switches.agreed),
    };
  }

  #choose(index: number): void {
    const prompt = this.#prompt();
    if (prompt?.kind !== "choose-account" && prompt?.kind !== "choose-card") return;
    this.#act({ intent: "choose", prompt: prompt.prompt, index });
    this.#work(prompt);
  }

  #chooseAnew(): void {
    const prompt = this.#prompt();
    if (prompt === undefined || this.#screen?.card?.another !== true) return;
    this.#act({ intent: "another-card", prompt: prompt.prompt });
    this.#turnTo("starting");
  }

  /** Shown at once, before the background says so: a second press would come too late. */
  #work(prompt: Prompt): void {
    this.#turnTo(afterAnswer(prompt));
  }

  #turnTo(view: "starting" | "card-working" | "pin-window"): void {
    if (this.#view !== undefined) {
      const { ceremony, site, path } = this.#view;
      this.show({ view, ceremony, ...(site && { site }), path });
    }
  }

  #prompt(): Prompt | undefined {
    return this.#view?.view === "prompt" ? this.#view.prompt : undefined;
  }
}

function isolated(tag: "bdi" | "span", content: string): HTMLElement {
  const node = document.createElement(tag);
  node.dir = "auto";
  node.textContent = content;
  return node;
}

function otherName(account: Account | undefined): string {
  const name = shownText(account?.displayName ?? "");
  return name === shownText(account?.name ?? "") ? "" : name;
}
