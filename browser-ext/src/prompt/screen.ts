/** What each view looks like, as data: which texts, fields and buttons. `page.ts` puts it into the document. */

import type { FailureCode } from "../failures.js";
import type { Account, Backup, ListedAccount, ListedCard, Prompt, Site } from "../host/protocol.js";
import { problemKeys, type ProblemCode } from "../text/problems.js";
import type { Key } from "../text/text.js";
import type { Offers } from "./switches.js";
import type { View } from "./views.js";

export type Tone = "plain" | "good" | "warn" | "bad";

export interface Message {
  code: string;
  /** The code that the person is shown, where something went wrong. */
  problem?: ProblemCode;
  tone: Tone;
  what: readonly Key[];
  /** What is filled into `what`. */
  fill?: Record<string, number>;
  do?: Key;
  /** What may help, each in a sentence. */
  ways?: readonly Key[];
  /** Something to type into a terminal, after the program's path. */
  command?: string;
  /** The message is all there is: it takes the middle of the window. */
  alone: boolean;
  /** Something is going on. */
  busy?: true;
}

export interface Screen {
  request: Key;
  site?: Site;
  account?: Account;
  message?: Message;
  accounts?: readonly ListedAccount[];
  cards?: readonly ListedCard[];
  /** Which card is meant, where several were there. */
  card?: { reader: string; until: { key: Key; date: string }; another: boolean };
  /** What the person may let the site recognise them by. */
  offers: Offers;
  /** The card's own key signs. */
  usesCardKey?: boolean;
  /** What the site learns when nothing else is offered to it. */
  learns?: Key;
  /** What stays on the computer after a private window. */
  stays?: Key;
  pin?: {
    triesLeft: number;
    /** The last try is confirmed here. */
    lastTry: boolean;
    invalid: boolean;
    /** It is typed in a window of the system, and the last try confirmed there. */
    inWindow: boolean;
  };
  /** About the card's certificate, where it matters. */
  note?: { problem: ProblemCode; what: Key; do: Key; day: string };
  submit?: Key;
  cancel?: Key;
  other: boolean;
  focus: "heading" | "message" | "pin" | "accounts" | "cards" | "submit";
}

/** Failures after which no other authenticator should be tried either: something is wrong with the page. */
const SUSPICIOUS: readonly FailureCode[] = ["rp-id", "origin", "cross-origin", "bad-request", "prf-inputs"];

const FAILURE_TONES: Partial<Record<FailureCode, Tone>> = {
  cancelled: "plain",
  "other-authenticator": "plain",
  excluded: "plain",
  "no-credential": "plain",
  "pin-locked": "bad",
  "rp-id": "bad",
  origin: "bad",
  "cross-origin": "bad",
};

export function screenOf(view: View): Screen {
  const base = {
    request: view.ceremony === "create" ? "requestCreate" : "requestGet",
    ...(view.site && { site: view.site }),
    offers: { compact: false },
    other: true,
    focus: "heading",
  } as const;
  switch (view.view) {
    case "starting":
      return {
        ...base,
        message: { code: "starting", tone: "plain", what: ["startingWhat"], alone: true, busy: true },
        cancel: "buttonCancel",
      };
    case "card-working":
      return {
        ...base,
        message: {
          code: "card-working",
          tone: "plain",
          what: ["workingWhat"],
          do: "workingDo",
          alone: true,
          busy: true,
        },
        cancel: "buttonCancel",
        other: false,
      };
    case "pin-window":
      return {
        ...base,
        message: {
          code: "pin-window",
          tone: "plain",
          what: ["pinWindowWhat"],
          do: "pinWindowDo",
          alone: true,
          busy: true,
        },
        cancel: "buttonCancel",
      };
    case "done": {
      const what = [view.ceremony === "create" ? "doneCreateWhat" : "doneGetWhat"] as const;
      return {
        ...base,
        message:
          view.backup === undefined
            ? {
                code: "done",
                tone: "good",
                what,
                do: view.ceremony === "create" ? "doneCreateDo" : "doneDo",
                alone: true,
              }
            : { ...offerOfBackup(view.backup), tone: "good", what, alone: true },
        ...(view.backup && { cancel: "buttonClose" }),
        other: false,
        focus: "message",
      };
    }
    case "failed": {
      const keys = problemKeys("ceremony", view.code);
      return {
        ...base,
        message: {
          code: view.code,
          problem: view.code,
          tone: FAILURE_TONES[view.code] ?? "warn",
          what: [keys.what],
          do: keys.do,
          alone: true,
        },
        cancel: "buttonClose",
        other: view.code !== "other-authenticator" && !SUSPICIOUS.includes(view.code),
        focus: "message",
      };
    }
    case "prompt": {
      const stays = view.private === true ? staysOf(view.prompt) : undefined;
      return { ...base, ...screenOfPrompt(view.prompt), ...(stays && { stays }) };
    }
  }
}

type Asking = Pick<Screen, "other" | "focus"> & Partial<Screen>;

function screenOfPrompt(prompt: Prompt): Asking {
  const cancel = "buttonCancel" as const;
  const about = {
    site: prompt.site,
    ...(prompt.card?.several && {
      card: {
        reader: prompt.card.reader,
        until: { key: validity(prompt.card), date: prompt.card.notAfter ?? "" },
        another: prompt.card.settled !== true,
      },
    }),
  };
  switch (prompt.kind) {
    case "register":
    case "sign-in": {
      const { triesLeft, entry, previous, lastTry = false } = prompt.pin;
      const inWindow = entry === "native";
      const message = pinMessage(previous, lastTry);
      const note = cardNote(prompt);
      const learns = learnsOf(prompt);
      return {
        ...about,
        ...(message && { message }),
        ...(prompt.kind === "register"
          ? { account: prompt.account, offers: offersOf(prompt) }
          : { usesCardKey: prompt.cardCredential === true }),
        pin: { triesLeft, lastTry: lastTry && !inWindow, invalid: previous !== undefined, inWindow },
        ...(learns && { learns }),
        ...(note && { note }),
        submit: inWindow ? "buttonContinue" : prompt.kind === "register" ? "buttonRegister" : "buttonSignIn",
        cancel,
        other: true,
        focus: inWindow ? "submit" : "pin",
      };
    }
    case "choose-card": {
      const { cards } = prompt;
      return {
        ...about,
        message: {
          code: "choose-card",
          tone: "plain",
          what: [cards.length === 1 ? "chooseCardOne" : "chooseCardWhat"],
          fill: { cards: cards.length },
          do: "chooseCardDo",
          alone: false,
        },
        cards,
        cancel,
        other: true,
        focus: "cards",
      };
    }
    case "choose-account":
      return {
        ...about,
        message: { code: "choose-account", tone: "plain", what: ["chooseWhat"], alone: false },
        accounts: prompt.accounts,
        cancel,
        other: false,
        focus: "accounts",
      };
    case "already-registered":
      return {
        ...about,
        message: {
          ...problem("excluded"),
          code: "already-registered",
          tone: "plain",
          alone: true,
        },
        submit: "buttonTell",
        cancel,
        other: true,
        focus: "message",
      };
    case "no-credential":
      return {
        ...about,
        message: {
          ...problem("no-credential"),
          tone: "plain",
          ways: ["noneHereNew", "noneHereCardKey", "noneHereElsewhere"],
          command: `restore ${BACKUP}`,
          alone: true,
        },
        submit: "buttonClose",
        other: true,
        focus: "submit",
      };
    case "insert-card": {
      const keys = problemKeys("waiting", prompt.problem);
      const calm = prompt.problem === "no-card";
      return {
        ...about,
        message: {
          code: prompt.problem,
          problem: prompt.problem,
          tone: calm ? "plain" : "warn",
          what: [keys.what],
          do: keys.do,
          alone: true,
          busy: true,
        },
        cancel,
        other: true,
        focus: "heading",
      };
    }
  }
}

/** The file that people are told to make, and to restore. */
const BACKUP = "~/mynumber-backup.age";

/** A new computer or a new key in the card would otherwise end what was registered. */
function offerOfBackup(why: Backup): Pick<Message, "code" | "do" | "command"> {
  return {
    code: `backup-${why}`,
    do: why === "first" ? "backupFirst" : "backupExpiring",
    command: `backup ${BACKUP}`,
  };
}

/** The explanations have been read before a second attempt, and the last try's confirmation needs their room at once. */
function offersOf({ certificate, cardCredential, pin }: Extract<Prompt, { kind: "register" }>): Offers {
  return {
    ...(certificate && { certificate }),
    ...(cardCredential && { cardCredential }),
    compact: pin.previous !== undefined || pin.lastTry === true,
  };
}

function learnsOf(prompt: Extract<Prompt, { kind: "register" | "sign-in" }>): Key | undefined {
  if (prompt.kind === "sign-in") return prompt.cardCredential === true ? undefined : "learnsAgain";
  return prompt.certificate || prompt.cardCredential ? undefined : "learnsKey";
}

/** A sign-in leaves no more than the time at which its credential was last used. */
function staysOf(prompt: Prompt): Key | undefined {
  if (prompt.kind !== "register") return undefined;
  return prompt.certificate || prompt.cardCredential ? "privateHistory" : "privateCredential";
}

function pinMessage(previous: "wrong" | "impossible" | undefined, lastTry: boolean): Message | undefined {
  const last = { ...problem("last-try"), tone: "bad", alone: false } as const;
  if (previous === "impossible") return { ...problem("impossible-pin"), tone: "warn", alone: false };
  if (previous === "wrong") {
    const wrong = problem("wrong-pin");
    return lastTry
      ? { ...last, code: wrong.code, what: [...wrong.what, ...last.what] }
      : { ...wrong, tone: "warn", alone: false };
  }
  return lastTry ? last : undefined;
}

function cardNote({ card }: Prompt): Screen["note"] {
  if (card?.expired !== true && card?.expiresSoon !== true) return undefined;
  const problem = card.expired === true ? "certificate-expired" : "certificate-expires-soon";
  return { problem, ...problemKeys("asking", problem), day: card.notAfter ?? "" };
}

/** What is said about a problem with a question. */
function problem(code: Parameters<typeof problemKeys<"asking">>[1]) {
  const keys = problemKeys("asking", code);
  return { code, problem: code, what: [keys.what], do: keys.do } as const;
}

/** What is said of the day on which a card's certificate ends. */
export function validity({ expired, expiresSoon }: { expired?: boolean; expiresSoon?: boolean }): Key {
  if (expired === true) return "cardUntilPast";
  return expiresSoon === true ? "cardUntilSoon" : "cardUntil";
}
