/** What happened and what to do, for each failure: always both, in both languages. */

import type { FailureCode } from "../failures.js";
import type { ConnectionFailure } from "../host/connection.js";
import type { InsertProblem } from "../host/protocol.js";
import type { Translated } from "./catalogue.js";

/** What the popup and the options page can say is wrong with the program or the readers. */
export type IdleProblem = ConnectionFailure | "no-reader" | "pcsc-not-running";

export interface Pair {
  what: Translated;
  do: Translated;
}

/** The end of a ceremony. */
export const FAILURES: Record<FailureCode, Pair> = {
  cancelled: {
    what: { en: "Cancelled.", ja: "キャンセルしました。" },
    do: {
      en: "To start again, press the site’s button.",
      ja: "やり直すには、サイトのボタンを押してください。",
    },
  },
  "other-authenticator": {
    what: { en: "Your browser takes over for one minute.", ja: "1分間、ブラウザーに切り替えます。" },
    do: {
      en: "Go back to the site and press its button again. Your browser then offers your other passkeys and security keys.",
      ja: "サイトに戻って、ボタンをもう一度押してください。ほかのパスキーやセキュリティキーを選べます。",
    },
  },
  "timed-out": {
    what: { en: "The site’s time ran out.", ja: "サイトの制限時間が過ぎました。" },
    do: { en: "Press the site’s button to start again.", ja: "サイトのボタンを押して、やり直してください。" },
  },
  "no-reader": {
    what: { en: "No card reader is connected.", ja: "カードリーダーが接続されていません。" },
    do: {
      en: "Connect a reader, present the card, and press the site’s button again.",
      ja: "カードリーダーを接続してカードを置き、サイトのボタンをもう一度押してください。",
    },
  },
  "no-card": {
    what: { en: "No card was presented.", ja: "カードが確認できませんでした。" },
    do: {
      en: "Take the card out of its case, put it on the reader, and press the site’s button again.",
      ja: "カードをケースから出してリーダーに置き、サイトのボタンをもう一度押してください。",
    },
  },
  "several-cards": {
    what: { en: "There is more than one card.", ja: "カードが2枚以上あります。" },
    do: {
      en: "None was chosen in time. Press the site’s button again and choose one, or leave only the one you want to use.",
      ja: "時間内に選ばれませんでした。サイトのボタンをもう一度押して選ぶか、使うカード1枚だけにしてください。",
    },
  },
  "card-removed": {
    what: { en: "The card was removed too early.", ja: "処理の途中でカードが離れました。" },
    do: {
      en: "Put it back, press the site’s button again, and leave the card until this window closes.",
      ja: "カードを置き直してサイトのボタンをもう一度押し、この画面が閉じるまで離さないでください。",
    },
  },
  "card-changed": {
    what: { en: "This is another card than the one you began with.", ja: "最初とは別のカードです。" },
    do: {
      en: "Put back the card that you want to use, and press the site’s button again.",
      ja: "使うカードを置き直して、サイトのボタンをもう一度押してください。",
    },
  },
  "card-busy": {
    what: { en: "Another program is using the card.", ja: "別のプログラムがカードを使用中です。" },
    do: {
      en: "Close it (tax filing and JPKI client software, for instance) and press the site’s button again.",
      ja: "そのプログラム(e-Tax、JPKI利用者ソフトなど)を閉じて、サイトのボタンをもう一度押してください。",
    },
  },
  "card-unsupported": {
    what: { en: "This card cannot do what is needed.", ja: "このカードでは必要な処理ができません。" },
    do: {
      en: "Use another card or authenticator. A report to the project helps: the card may be newer than this program.",
      ja: "別のカードか認証器を使ってください。新しい種類のカードかもしれません。プロジェクトにお知らせいただけると助かります。",
    },
  },
  "card-failed": {
    what: {
      en: "The card or reader gave an unexpected answer.",
      ja: "カードまたはリーダーの応答が正しくありません。",
    },
    do: {
      en: "Take the card off, wait a moment, put it back and try again. The PIN is never sent again by itself.",
      ja: "カードを一度離し、少し待って置き直してから、やり直してください。暗証番号を自動で再送することはありません。",
    },
  },
  "certificate-expired": {
    what: {
      en: "The certificate on this card has expired.",
      ja: "このカードの電子証明書は有効期限が切れています。",
    },
    do: {
      en: "Have it renewed at your municipal office. It expires at every fifth birthday, before the card itself does.",
      ja: "市区町村の窓口で更新してください。電子証明書の期限は、カード本体より早く、5回目の誕生日までです。",
    },
  },
  "pcsc-not-running": {
    what: {
      en: "The computer’s smart card service does not answer.",
      ja: "パソコンのスマートカードサービスが動いていません。",
    },
    do: {
      en: "Start it (sudo systemctl enable --now pcscd.socket), or install it first if it is missing (on Debian and Ubuntu: sudo apt install pcscd). Then press the site’s button again.",
      ja: "起動して(sudo systemctl enable --now pcscd.socket)、サイトのボタンをもう一度押してください。インストールされていない場合は、先にインストールしてください(Debian、Ubuntuの場合: sudo apt install pcscd)。",
    },
  },
  "pin-locked": {
    what: {
      en: "The user authentication PIN is locked.",
      ja: "利用者証明用電子証明書の暗証番号がロックされています。",
    },
    do: {
      en: "Your municipal office resets it. While the signing PIN still works, the official app together with a convenience store kiosk can do it too.",
      ja: "市区町村の窓口で再設定できます。署名用電子証明書の暗証番号が使えるときは、専用アプリとコンビニのキオスク端末でも再設定できます。",
    },
  },
  "no-credential": {
    what: {
      en: "There is nothing to sign in with here.",
      ja: "このサイトで使える認証情報がありません。",
    },
    do: {
      en: "If you registered on another computer, sign in there and add this one, or restore your backup here.",
      ja: "別のパソコンで登録したときは、そこでサインインしてこのパソコンを追加するか、バックアップをここで復元してください。",
    },
  },
  excluded: {
    what: { en: "This card is already registered here.", ja: "このカードは、このサイトに登録済みです。" },
    do: { en: "Sign in instead.", ja: "登録ではなく、サインインしてください。" },
  },
  "unsupported-algorithm": {
    what: {
      en: "The site accepts no kind of key that this card can offer.",
      ja: "サイトが求める方式の鍵に、このカードは対応していません。",
    },
    do: { en: "Use another authenticator for this site.", ja: "このサイトでは別の認証器を使ってください。" },
  },
  "rp-id": {
    what: {
      en: "The request names a site that it does not come from.",
      ja: "要求元と異なるサイトの名前が指定されています。",
    },
    do: {
      en: "Do not go on. Check the address of the page; if it is right, tell the site.",
      ja: "続けないでください。ページのアドレスを確かめ、正しければサイトに知らせてください。",
    },
  },
  origin: {
    what: {
      en: "The request does not come over a secure connection.",
      ja: "安全な接続からの要求ではありません。",
    },
    do: {
      en: "Open the site with https:// and try again.",
      ja: "https:// でサイトを開いて、やり直してください。",
    },
  },
  "cross-origin": {
    what: {
      en: "A part of the page that belongs to another site asked.",
      ja: "ページに埋め込まれた別のサイトからの要求です。",
    },
    do: {
      en: "It was refused, because it cannot be told who would receive the answer. Open that site itself.",
      ja: "応答を受け取る相手を確かめられないため、拒否しました。そのサイトを直接開いてください。",
    },
  },
  "bad-request": {
    what: { en: "The site’s request is malformed.", ja: "サイトの要求に誤りがあります。" },
    do: {
      en: "Tell the site; nothing was sent to the card.",
      ja: "サイトに知らせてください。カードには何も送っていません。",
    },
  },
  "prf-inputs": {
    what: {
      en: "The site asks for a key of a credential that it does not allow.",
      ja: "サイトの要求にある鍵の指定(prf)が、許可する認証情報と合っていません。",
    },
    do: {
      en: "Tell the site; nothing was sent to the card.",
      ja: "サイトに知らせてください。カードには何も送っていません。",
    },
  },
  "not-supported": {
    what: {
      en: "The site asks for something this authenticator cannot do.",
      ja: "サイトが求める機能に対応していません。",
    },
    do: { en: "Use another authenticator for this site.", ja: "このサイトでは別の認証器を使ってください。" },
  },
  storage: {
    what: { en: "Your registrations cannot be read or saved.", ja: "認証情報を読み書きできません。" },
    do: {
      en: "Check that the disk is not full, then run “{program} doctor” in a terminal.",
      ja: "ディスクの空きを確かめ、ターミナルで「{program} doctor」を実行してください。",
    },
  },
  internal: {
    what: { en: "The program made a mistake.", ja: "プログラムの内部で誤りが起きました。" },
    do: {
      en: "Try again. If it stays so, run “{program} doctor” in a terminal and report what it says.",
      ja: "やり直してください。続くときは、ターミナルで「{program} doctor」を実行し、その結果をお知らせください。",
    },
  },
  "host-missing": {
    what: {
      en: "The program that talks to the card is not installed, or not where it was.",
      ja: "カードと通信するプログラムがインストールされていないか、元の場所にありません。",
    },
    do: {
      en: "In a terminal, in the folder that holds the program, run “./jpki-authenticator install”. Then press the site’s button again.",
      ja: "プログラムのあるフォルダーで、ターミナルから「./jpki-authenticator install」を実行し、サイトのボタンをもう一度押してください。",
    },
  },
  "host-failed": {
    what: {
      en: "The program that talks to the card stopped.",
      ja: "カードと通信するプログラムが停止しました。",
    },
    do: {
      en: "Try again. If the program was moved, run “./jpki-authenticator install” in its folder; if it stays so, “{program} doctor” in a terminal.",
      ja: "やり直してください。プログラムを移動した場合は、そのフォルダーで「./jpki-authenticator install」を実行してください。続くときは、ターミナルで「{program} doctor」を実行してください。",
    },
  },
  "host-version": {
    what: {
      en: "Extension and program do not fit together.",
      ja: "拡張機能とプログラムの版が合っていません。",
    },
    do: {
      en: "Update both to their newest versions, then restart the browser.",
      ja: "両方を最新版に更新して、ブラウザーを再起動してください。",
    },
  },
  "origin-unknown": {
    what: {
      en: "The browser did not say which site asks.",
      ja: "どのサイトからの要求か、ブラウザーから知らされませんでした。",
    },
    do: {
      en: "So nothing was signed. Update this extension: the browser may be newer than it expects.",
      ja: "そのため署名していません。ブラウザーが新しくなった可能性があります。この拡張機能を更新してください。",
    },
  },
  "response-refused": {
    what: {
      en: "The browser did not accept the card’s answer.",
      ja: "ブラウザーがカードの応答を受け付けませんでした。",
    },
    do: {
      en: "Update browser, extension and program. If it stays so, please report it.",
      ja: "ブラウザー、拡張機能、プログラムを更新してください。続くときはお知らせください。",
    },
  },
};

/** The same conditions while there is still time: what is put right now goes on by itself. */
export const INSERT: Record<InsertProblem, Pair> = {
  "no-card": {
    what: {
      en: "Put your My Number Card on the reader.",
      ja: "マイナンバーカードをリーダーに置いてください。",
    },
    do: {
      en: "Take it out of its case first. This window goes on by itself.",
      ja: "ケースから出して置いてください。自動的に次へ進みます。",
    },
  },
  "no-reader": {
    what: { en: "Connect a card reader.", ja: "カードリーダーを接続してください。" },
    do: {
      en: "None was found. This window goes on by itself.",
      ja: "見つかりません。接続すると、自動的に次へ進みます。",
    },
  },
  "card-busy": {
    what: { en: "Another program is using the card.", ja: "別のプログラムがカードを使用中です。" },
    do: {
      en: "Close it (tax filing and JPKI client software, for instance). This window goes on by itself.",
      ja: "そのプログラム(e-Tax、JPKI利用者ソフトなど)を閉じてください。自動的に次へ進みます。",
    },
  },
  "pcsc-not-running": {
    what: {
      en: "The computer’s smart card service does not answer.",
      ja: "パソコンのスマートカードサービスが動いていません。",
    },
    do: {
      en: "Start it (sudo systemctl enable --now pcscd.socket), or install it first if it is missing (on Debian and Ubuntu: sudo apt install pcscd). This window goes on by itself.",
      ja: "起動してください(sudo systemctl enable --now pcscd.socket)。インストールされていない場合は、先にインストールしてください(Debian、Ubuntuの場合: sudo apt install pcscd)。自動的に次へ進みます。",
    },
  },
};

/** What to do about what is wrong while no site asks: popup and options page go on to nothing. */
const IDLE: Record<IdleProblem, Translated> = {
  "no-reader": {
    en: "Connect a reader and present the card.",
    ja: "カードリーダーを接続して、カードを置いてください。",
  },
  "pcsc-not-running": {
    en: "Start it (sudo systemctl enable --now pcscd.socket), or install it first if it is missing (on Debian and Ubuntu: sudo apt install pcscd).",
    ja: "起動してください(sudo systemctl enable --now pcscd.socket)。インストールされていない場合は、先にインストールしてください(Debian、Ubuntuの場合: sudo apt install pcscd)。",
  },
  "host-missing": {
    en: "In a terminal, in the folder that holds the program, run “./jpki-authenticator install”. Then press “Look again”.",
    ja: "プログラムのあるフォルダーで、ターミナルから「./jpki-authenticator install」を実行し、「もう一度確認」を押してください。",
  },
  "host-failed": {
    en: "Press “Look again”. If the program was moved, run “./jpki-authenticator install” in its folder; if it stays so, “{program} doctor” in a terminal.",
    ja: "「もう一度確認」を押してください。プログラムを移動した場合は、そのフォルダーで「./jpki-authenticator install」を実行してください。続くときは、ターミナルで「{program} doctor」を実行してください。",
  },
  "host-version": FAILURES["host-version"].do,
};

type IdleKey = `idle_${string}_do`;

/** The catalogue's key of what to do about `code` while no site asks. */
export function idleKey(code: IdleProblem): IdleKey {
  return `idle_${code.replaceAll("-", "_")}_do`;
}

type PairKey = `${string}_what` | `${string}_do`;

/** The catalogue's keys of the pair of `code`. */
export function pairKeys(of: "failure" | "insert", code: string): { what: PairKey; do: PairKey } {
  const stem = `${of}_${code.replaceAll("-", "_")}`;
  return { what: `${stem}_what`, do: `${stem}_do` };
}

function flat(of: "failure" | "insert", pairs: Record<string, Pair>): Record<PairKey, Translated> {
  return Object.fromEntries(
    Object.entries(pairs).flatMap(([code, pair]) => {
      const keys = pairKeys(of, code);
      return [
        [keys.what, pair.what],
        [keys.do, pair.do],
      ];
    }),
  );
}

export const failureTexts = flat("failure", FAILURES);
export const idleTexts: Record<IdleKey, Translated> = Object.fromEntries(
  (Object.keys(IDLE) as IdleProblem[]).map((code) => [idleKey(code), IDLE[code]]),
);
export const insertTexts = flat("insert", INSERT);
