/** What each state is, in a sentence: the text beside its picture in docs/screenshots. */

import { FAILURE_CODES } from "../src/failures.js";
import { problemKeys } from "../src/text/problems.js";
import { catalogue } from "../src/text/catalogue.js";
import { INSERT_PROBLEMS, type OptionsName, type StatusName, type ViewName } from "./states.js";

const views: Record<ViewName, string> = {
  starting: "The program has been asked and has not answered yet.",
  register: "A registration by which the site learns nothing of who the person is.",
  "register-certificate": "The certificate can be shown too; off unless the person switches it on.",
  "register-asked": "The site asks for the certificate, and the person switched it on here before.",
  "register-asked-off": "The site asks for the certificate; still off.",
  "register-asked-wrong-pin": "A wrong PIN: what was explained before is one press away.",
  "register-asked-last-try-at-once": "The card has one try left when the registration begins.",
  "register-asked-last-try": "A wrong PIN that leaves the last try.",
  "register-private": "A private window asks: what stays all the same is said.",
  "register-private-certificate": "The same where the site asks for the certificate.",
  "register-card-key": "The site takes the card’s own key too; off unless the person switches it on.",
  "register-card-key-on": "The card’s own key, switched on.",
  "register-card-key-required": "The site takes no key but the card’s own.",
  "register-card-key-required-on": "The site takes no key but the card’s own, and it is switched on.",
  "register-both": "Certificate and card’s own key can be switched on.",
  "register-both-asked-off": "The site asks for the certificate, and takes the card’s own key too.",
  "register-both-required-off": "The site asks for the certificate, and takes no key but the card’s own.",
  "register-both-on": "The same, both switched on.",
  "register-both-wrong-pin": "A wrong PIN, with both switched on.",
  "register-both-last-try-at-once": "One try left at the beginning, with both offered.",
  "register-both-last-try": "A wrong PIN that leaves the last try, with both switched on.",
  "sign-in": "A sign-in.",
  "sign-in-keys": "The keys on the screen, shown by the button beside the PIN, or at once on a touch screen.",
  "register-both-keys": "The same at a registration with both offers.",
  "sign-in-card-key": "A sign-in with the card’s own key.",
  "sign-in-related": "A sign-in at an address that the site lists as one of its own.",
  "sign-in-long": "A site with a long address that gives itself a long name.",
  "sign-in-localhost": "A sign-in at this computer itself, as developers do.",
  "wrong-pin": "The PIN was wrong.",
  "impossible-pin": "What was typed cannot be a PIN; no try was used.",
  "last-try": "One try left: it is spent only after the box is ticked.",
  "last-try-after-wrong": "The PIN was wrong, and one try is left.",
  "card-expired": "The card’s certificate has expired.",
  "card-expires-soon": "The card’s certificate expires soon.",
  "register-in-window": "A registration where the system’s own window takes the PIN.",
  "register-both-in-window": "The same, with what the site may learn, after a wrong PIN.",
  "sign-in-in-window": "A sign-in where the system’s own window takes the PIN.",
  "last-try-in-window": "The last try, confirmed in the system’s own window.",
  "pin-window": "The system’s own window is open.",
  "card-working": "The card signs.",
  "choose-card": "Cards in several readers: the person chooses one.",
  "choose-card-all-kinds": "What the list says of cards that expire soon, have expired, or are locked.",
  "choose-card-unusable": "The same, of cards that do not answer as they should.",
  "choose-card-one-more": "One of several cards was taken away while another is still being read.",
  "register-chosen-card": "A registration after a card was chosen: it says which one is meant.",
  "sign-in-chosen-card": "A sign-in after a card was chosen.",
  "insert-chosen-card": "The card that was chosen has left: it waits for that one.",
  "no-credential-chosen-card": "The chosen card has nothing that could sign in.",
  "choose-account": "Several accounts at the site.",
  "choose-account-chosen-card": "Several accounts, after a card was chosen.",
  "choose-account-twins": "Two accounts with the same name.",
  "already-registered": "The site named a credential of this card as registered already.",
  "no-credential": "Nothing here that could sign in.",
  "done-create": "Registered.",
  "done-get": "Signed in.",
  "done-backup-first": "Registered for the first time: a backup is offered.",
  "done-backup-expiring": "Signed in with a certificate that expires soon: a backup is offered.",
  "failed-without-site": "A failure before it was known which site asks.",
};

const statuses: Record<StatusName, string> = {
  taking: "Requests go to the card for two minutes.",
  idle: "Requests go to the browser.",
  paused: "“Use another authenticator” was pressed.",
  always: "Requests always go to the card.",
  off: "Requests never go to the card.",
  connecting: "The program has been started and has not answered yet.",
  "host-missing": "The program is not installed.",
  "host-failed": "The program stopped.",
  "pcsc-not-running": "The system’s smart card service does not answer.",
  "no-reader": "No reader is connected.",
  "another-extension": "Another extension takes the requests.",
  "gate-failed": "The browser refuses to hand requests over.",
};

const options: Record<OptionsName, string> = {
  settings:
    "When the card answers, the language, remembered sites, what they have learned, and a report to copy.",
  first: "Nothing is remembered or was shown; Japanese is chosen, whatever the browser’s language is.",
  forgotten: "A remembered site has just been forgotten; what it learned stays in the list.",
  full: "More than fits at first.",
  asking: "The program has been asked for sites and history.",
  "host-missing": "The program is not installed: the report says so.",
  "pcsc-not-running": "The system’s smart card service does not answer: the report says so.",
  storage: "The program cannot read what it keeps.",
};

const entries = <Name extends string>(names: readonly Name[], entry: (name: Name) => [string, string]) =>
  Object.fromEntries(names.map(entry));

const english = (key: string) => catalogue[key]?.en ?? "";

/** By page and state. */
export const SENTENCES: Record<"prompt" | "popup" | "options", Record<string, string>> = {
  prompt: {
    ...views,
    ...entries(INSERT_PROBLEMS, (code) => [
      `insert-${code}`,
      `It waits: ${english(problemKeys("waiting", code).what)}`,
    ]),
    ...entries(FAILURE_CODES, (code) => [
      `failed-${code}`,
      `The end: ${english(problemKeys("ceremony", code).what)}`,
    ]),
  },
  popup: statuses,
  options,
};
