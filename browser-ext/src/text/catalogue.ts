/**
 * Every text that a person reads, in both languages, side by side. Code names a text by its key; the build writes what
 * the browser itself must know to `_locales/`. `{name}` is filled in where the text is shown.
 */

import { problemTexts } from "./problems.js";

export interface Translated {
  en: string;
  ja: string;
}

const texts = {
  language: { en: "en", ja: "ja" },

  // ---- manifest
  appName: { en: "JPKI for WebAuthn", ja: "JPKI for WebAuthn" },
  appDescription: {
    en: "Registers and signs in at any site that supports passkeys, with the My Number Card in your reader.",
    ja: "パスキーに対応したサイトで、カードリーダーのマイナンバーカードを使って登録・サインインできます。",
  },

  // ---- toolbar button
  toolbarTaking: {
    en: "Your card answers sites’ requests now",
    ja: "いま、サイトの要求にカードで応答します",
  },
  toolbarIdle: {
    en: "Requests go to the browser. Press to use your card.",
    ja: "要求はブラウザーが処理します。カードを使うには押してください。",
  },
  toolbarAttention: { en: "Something needs your attention", ja: "確認が必要な点があります" },

  // ---- prompt: who asks for what
  promptTitle: { en: "My Number Card", ja: "マイナンバーカード" },
  requestCreate: { en: "Register with your My Number Card", ja: "マイナンバーカードで登録" },
  requestGet: { en: "Sign in with your My Number Card", ja: "マイナンバーカードでサインイン" },
  labelRpId: { en: "Site", ja: "サイト" },
  labelOrigin: { en: "Asked from", ja: "要求元" },
  labelName: { en: "Calls itself", ja: "名乗り" },
  labelAccount: { en: "Account", ja: "アカウント" },
  labelCard: { en: "Card", ja: "カード" },
  labelKey: { en: "Key", ja: "鍵" },
  cardKeyUsed: { en: "The card’s own, the same at every site", ja: "カード自体の鍵(どのサイトでも同じ)" },
  labelLearns: { en: "It learns", ja: "伝わること" },
  learnsKey: {
    en: "A key of its own, and that you use a My Number Card. Not who you are.",
    ja: "このサイト専用の鍵と、マイナンバーカードを使っていること。あなたが誰かは伝わりません。",
  },
  learnsAgain: { en: "Only that it is you again", ja: "登録した本人であることだけ" },
  relatedOrigin: {
    en: "Another address than the site’s own. {rpId} lists it as one of its own.",
    ja: "サイトとは別のアドレスからの要求です。{rpId} は、これを自分のアドレスの一つとして公表しています。",
  },
  privateCredential: {
    en: "This window is private, but the credential stays on this computer.",
    ja: "プライベートウィンドウですが、認証情報はこのパソコンに残ります。",
  },
  privateHistory: {
    en: "This window is private, but the credential and the history of what you disclose stay on this computer.",
    ja: "プライベートウィンドウですが、認証情報と、開示した内容の履歴は、このパソコンに残ります。",
  },

  // ---- prompt: what the site may recognise the person by
  disclosureLabel: { en: "What the site learns about you", ja: "サイトに伝わること" },
  certificateAsked: {
    en: "This site asks you to identify yourself.",
    ja: "このサイトは電子証明書の提示を求めています。",
  },
  certificateSwitch: { en: "Show my certificate", ja: "電子証明書を提示する" },
  certificateDiscloses: {
    en: "The site learns the certificate’s number, the same everywhere, the municipality that issued it, and its last day, which is a birthday of yours. Not your name, address or My Number.",
    ja: "証明書の番号(どのサイトでも同じ)、発行した市区町村、有効期限(誕生日に当たります)がサイトに伝わります。氏名・住所・マイナンバー(個人番号)は伝わりません。",
  },
  certificateMissing: {
    en: "Without it the site may refuse to register you.",
    ja: "オフのままだと、サイトが登録を断ることがあります。",
  },
  cardKeySwitch: { en: "Use the card’s own key", ja: "カード自体の鍵を使う" },
  cardKeyMeans: {
    en: "Works on any computer with this card. It is the same everywhere, so sites can recognise you by it. Off: a key only for this site, on this computer.",
    ja: "このカードがあれば、どのパソコンでも使えます。鍵はどのサイトでも同じで、サイトはあなたを見分けられます。オフでは、このサイト専用の鍵をこのパソコンに作ります。",
  },
  cardKeyMeansRequired: {
    en: "Works on any computer with this card. It is the same everywhere, so sites can recognise you by it.",
    ja: "このカードがあれば、どのパソコンでも使えます。鍵はどのサイトでも同じで、サイトはあなたを見分けられます。",
  },
  cardKeyRequired: {
    en: "This site accepts no other kind of key.",
    ja: "このサイトは、ほかの種類の鍵を受け付けません。",
  },
  cardKeyMissing: {
    en: "First switch on “Use the card’s own key”.",
    ja: "先に「カード自体の鍵を使う」をオンにしてください。",
  },
  rememberSite: { en: "Switch on for this site next time", ja: "次回もこのサイトではオンにする" },
  rememberCardKey: {
    en: "Switch on for this site next time, the certificate too if it asks",
    ja: "次回もこのサイトではオンにする(電子証明書を求められたときは、それも)",
  },
  rememberBoth: { en: "Switch both on for this site next time", ja: "次回もこのサイトでは両方をオンにする" },

  // ---- prompt: PIN
  pinLabel: { en: "User authentication PIN", ja: "利用者証明用電子証明書の暗証番号" },
  pinHint: { en: "(4 digits)", ja: "(数字4桁)" },
  pinElsewhere: {
    en: "A window of your system asks for the user authentication PIN (4 digits) next.",
    ja: "利用者証明用電子証明書の暗証番号(数字4桁)は、次に開くシステムのウィンドウで入力します。",
  },
  triesLeft: { en: "{tries} tries left", ja: "残り{tries}回" },
  triesLeftOne: { en: "1 try left", ja: "残り1回" },
  pinIncomplete: { en: "Enter all four digits.", ja: "数字4桁を入力してください。" },
  lastTryConfirm: {
    en: "I am sure of the PIN. Use the last try.",
    ja: "番号は確かです。最後の1回を使います。",
  },
  lastTryMissing: {
    en: "Tick the box above to use the last try.",
    ja: "最後の1回を使うには、上の欄にチェックを入れてください。",
  },

  // ---- what goes wrong, beside its pair
  labelCode: { en: "Code:", ja: "コード:" },

  // ---- prompt: other states
  startingWhat: { en: "Looking for your card…", ja: "カードを確認しています…" },
  pinWindowWhat: {
    en: "Enter your PIN as the window “JPKI for WebAuthn” says.",
    ja: "「JPKI for WebAuthn」のウィンドウに従って、暗証番号を入力してください。",
  },
  pinWindowDo: {
    en: "It is a window of your system: the PIN does not pass through the browser. If you do not see it, look behind the other windows.",
    ja: "システムのウィンドウなので、暗証番号はブラウザーを通りません。見えないときは、ほかのウィンドウの後ろに隠れていないか確かめてください。",
  },
  workingWhat: { en: "The card is working…", ja: "カードで処理しています…" },
  workingDo: { en: "Leave it on the reader.", ja: "カードをリーダーから離さないでください。" },
  chooseCardWhat: {
    en: "Which of the {cards} cards?",
    ja: "使うカードを選んでください({cards}枚あります)",
  },
  chooseCardOne: {
    en: "Use this card? Another is still being read.",
    ja: "このカードを使いますか。ほかのカードを読み取っています。",
  },
  chooseCardDo: {
    en: "Not sure which is which? Take one off its reader: the list follows.",
    ja: "見分けがつかないときは、1枚をリーダーから離すと、一覧から消えます。",
  },
  cardUntil: { en: "Certificate valid until {date}", ja: "電子証明書の有効期限: {date}" },
  cardUntilSoon: {
    en: "Certificate expires soon: {date}",
    ja: "電子証明書はまもなく期限切れ: {date}",
  },
  cardUntilPast: {
    en: "Certificate expired: {date}",
    ja: "電子証明書は期限切れ: {date}",
  },
  cardLocked: { en: "Its PIN is locked.", ja: "暗証番号がロックされています。" },
  cardBusy: {
    en: "Another program is using it. Close that to choose this card.",
    ja: "別のプログラムが使用中です。そのプログラムを閉じると選べます。",
  },
  cardMute: {
    en: "It does not respond. Turn it over, or lay it flat in the middle of its reader.",
    ja: "応答がありません。裏返すか、リーダーの中央に置き直してください。",
  },
  cardFailed: {
    en: "It does not answer properly. Take it off, wait a moment and put it back.",
    ja: "正しく応答しません。一度離し、少し待って置き直してください。",
  },
  cardUnsupported: { en: "This card cannot be used here.", ja: "このカードは使えません。" },
  chooseWhat: { en: "Which account?", ja: "アカウントを選んでください" },
  accountCreated: { en: "Registered on {date}", ja: "{date}に登録" },
  noneHereNew: { en: "New to the site? Register there first.", ja: "はじめてのサイトでは、先に登録します。" },
  noneHereElsewhere: {
    en: "Registered on another computer? Sign in there and look for “Add another computer”, or restore your backup here: type this in a terminal.",
    ja: "別のパソコンで登録したときは、そこでサインインして「別のパソコンを追加」を探すか、ターミナルで次を実行してバックアップを復元します。",
  },
  noneHereCardKey: {
    en: "Registered with the card’s own key? Give the site your account name, and try again.",
    ja: "「カード自体の鍵」で登録したときは、サイトにアカウント名を入力して、やり直します。",
  },
  doneCreateWhat: { en: "Your card has done its part.", ja: "カードでの手続きが済みました。" },
  doneCreateDo: {
    en: "Go back to the site: it completes the registration.",
    ja: "サイトに戻って、登録が完了したことを確かめてください。",
  },
  doneGetWhat: { en: "Done.", ja: "認証が済みました。" },
  doneDo: { en: "You can go back to the site.", ja: "サイトに戻ってください。" },

  backupFirst: {
    en: "Only this computer and card together can sign in. In case you replace either, make a backup: type this in a terminal.",
    ja: "サインインできるのは、このパソコンとカードの組み合わせだけです。買い替えや更新に備えて、バックアップを作ってください。ターミナルで次を実行します。",
  },
  backupExpiring: {
    en: "With the card’s next certificate its key changes, and what you registered is lost unless there is a backup. Before you renew it, type this in a terminal.",
    ja: "電子証明書を更新するとカードの鍵が変わり、バックアップがなければ、いままでの登録は使えなくなります。更新の前に、ターミナルで次を実行してください。",
  },

  // ---- prompt: buttons
  buttonRegister: { en: "Register", ja: "登録する" },
  buttonSignIn: { en: "Sign in", ja: "サインインする" },
  buttonContinue: { en: "Continue", ja: "続ける" },
  buttonTell: { en: "Tell the site", ja: "サイトに伝える" },
  buttonCancel: { en: "Cancel", ja: "キャンセル" },
  buttonClose: { en: "Close", ja: "閉じる" },
  buttonExplain: { en: "What does the site learn?", ja: "サイトに何が伝わりますか" },
  buttonAnotherCard: { en: "Choose another card", ja: "別のカードを選ぶ" },
  buttonOther: { en: "Use another authenticator", ja: "別の認証器を使う" },

  // ---- toolbar popup
  popupTaking: { en: "You can use your card now", ja: "いまカードを使えます" },
  popupTakingAuto: {
    en: "Press the site’s sign-in or registration button within {time}.",
    ja: "あと {time} の間に、サイトのサインイン・登録ボタンを押してください。",
  },
  popupTakingAlways: {
    en: "While this is on, no other passkey or security key can be used in this browser.",
    ja: "この間、このブラウザーではほかのパスキーやセキュリティキーは使えません。",
  },
  popupCannot: { en: "Your card cannot be used now", ja: "いまはカードを使えません" },
  popupPaused: { en: "Your card is not in use", ja: "いまはカードを使いません" },
  popupPausedDo: {
    en: "Other passkeys and security keys can be used for {time}. Press the site’s button again.",
    ja: "あと {time} の間、ほかのパスキーやセキュリティキーを使えます。サイトのボタンをもう一度押してください。",
  },
  popupOff: { en: "Your card is not in use", ja: "いまはカードを使いません" },
  popupOffDo: {
    en: "No site is offered it. Other passkeys and security keys can be used.",
    ja: "どのサイトにも使われません。ほかのパスキーやセキュリティキーを使えます。",
  },
  popupIdle: { en: "Your card is not in use", ja: "いまはカードを使いません" },
  popupIdleDo: {
    en: "Present the card or press the button below to use it.",
    ja: "カードを置くか、下のボタンを押すと使えます。",
  },
  popupOpen: { en: "Use my card now", ja: "今すぐカードを使う" },
  popupDismiss: { en: "Use other passkeys instead", ja: "ほかのパスキーを使う" },
  popupModes: { en: "When the card answers", ja: "カードで応答するとき" },
  modeAuto: { en: "When I present it", ja: "カードを置いたとき" },
  modeAutoDo: {
    en: "For two minutes after I present it or open this window.",
    ja: "カードを置くか、この画面を開いてから2分間。",
  },
  modeAlways: { en: "Always", ja: "常に" },
  modeAlwaysDo: {
    en: "Other passkeys and security keys cannot be used.",
    ja: "ほかのパスキーやセキュリティキーは使えません。",
  },
  modeOff: { en: "Never", ja: "使わない" },
  modeOffDo: { en: "The browser handles everything.", ja: "すべてブラウザーが処理します。" },
  cardNone: { en: "No card on the reader", ja: "リーダーにカードがありません" },
  cardOne: { en: "My Number Card present", ja: "マイナンバーカードがあります" },
  cardSeveral: {
    en: "{cards} My Number Cards present",
    ja: "マイナンバーカードが{cards}枚あります",
  },
  cardLooking: { en: "Looking…", ja: "確認しています…" },
  keysLabel: { en: "Keys on the screen", ja: "画面のキー" },
  buttonKeysShow: { en: "Show keys on the screen", ja: "画面のキーを表示する" },
  buttonKeysHide: { en: "Hide the keys", ja: "画面のキーを隠す" },
  keyDelete: { en: "Delete the last digit", ja: "最後の1桁を消す" },
  buttonRetry: { en: "Look again", ja: "もう一度確認" },
  popupOptions: { en: "Settings and history", ja: "設定と履歴" },

  // ---- options page
  optionsTitle: { en: "Settings and history", ja: "設定と履歴" },
  optionsModeAutoDo: {
    en: "For two minutes after I present the card or press the toolbar button.",
    ja: "カードを置くか、ツールバーのボタンを押してから2分間。",
  },
  optionsLanguage: { en: "Language", ja: "言語" },
  optionsLanguageDo: {
    en: "For everything that this extension shows, and for the window in which your system asks for the PIN.",
    ja: "この拡張機能の画面と、暗証番号を入力するシステムのウィンドウに使います。",
  },
  languageAuto: { en: "Same as the browser", ja: "ブラウザーに合わせる" },
  optionsSites: { en: "Remembered sites", ja: "次回もオンにするサイト" },
  optionsSitesDo: {
    en: "There the switches in the prompt start on, since you chose so when you registered. You are asked each time all the same.",
    ja: "登録のときに「次回もこのサイトではオンにする」を選んだサイトです。確認なしに提示されることはありません。",
  },
  sitesNone: {
    en: "None. Every switch starts off.",
    ja: "ありません。スイッチは、どのサイトでもオフから始まります。",
  },
  buttonForget: { en: "Forget", ja: "解除する" },
  forgetSite: { en: "Forget {site}", ja: "{site} を解除する" },
  siteForgotten: {
    en: "{site} is forgotten. The switches start off there.",
    ja: "{site} を解除しました。スイッチはオフから始まります。",
  },
  optionsHistory: { en: "What sites have learned", ja: "サイトに伝えたこと" },
  optionsHistoryDo: {
    en: "What this program showed sites of your card, for you and on this computer, with any browser or app. This list never leaves the computer.",
    ja: "このプログラムが、このパソコンであなたのカードについてサイトに伝えた情報です(ブラウザーやアプリは問いません)。この一覧がパソコンの外に出ることはありません。",
  },
  historyNone: { en: "Nothing so far.", ja: "まだ何も伝えていません。" },
  disclosedCertificate: { en: "Your certificate", ja: "電子証明書" },
  disclosedCardKey: { en: "The card’s own key", ja: "カード自体の鍵" },
  historyAll: { en: "Show all {count}", ja: "{count}件すべてを表示" },
  recordsOlder: {
    en: "{count} older ones are not shown here.",
    ja: "これより古い{count}件は、ここには表示していません。",
  },
  historyOlder: {
    en: "{count} older ones are not shown here. All of them, in a terminal: {program} history",
    ja: "これより古い{count}件は、ここには表示していません。ターミナルで「{program} history」を実行すると、すべて表示されます。",
  },
  recordsUnknown: { en: "This cannot be read now.", ja: "いまは読み取れません。" },
  optionsReport: { en: "For a report to the project", ja: "不具合を報告するとき" },
  optionsReportDo: {
    en: "Copy this into your report. It names no site, no person and no file, and holds nothing of your card.",
    ja: "報告に貼り付けてください。サイト名、氏名、ファイルの場所、カードの内容は含まれません。",
  },
  buttonCopy: { en: "Copy", ja: "コピーする" },
  copied: { en: "Copied.", ja: "コピーしました。" },
  copyByHand: {
    en: "The browser does not allow it. It is selected now: copy it with the keyboard (Ctrl+C).",
    ja: "ブラウザーが許可しませんでした。選択してあるので、キーボード(Ctrl+C)でコピーしてください。",
  },
} as const satisfies Record<string, Translated>;

export type TextKey = keyof typeof texts;

/** All texts by key, the problems' pairs included. */
export const catalogue: Record<string, Translated> = {
  ...texts,
  ...problemTexts,
};
