// The demo with a person: a browser to try, and what to do in the terminal.

import { createInterface } from "node:readline";

/** @param {import("./demo.mjs").Demo} demo */
export async function interactive(demo) {
  const { cardInUse, browser, site, relyingParty } = demo.standing;
  // A practice card cannot be put on a reader by hand, so the two minutes after a card is presented never begin.
  await browser.setMode("always");
  if (cardInUse.kind === "practice") await cardInUse.card.insert();
  await site.open("/register");
  await site.page.focus("#account-name");

  const practice = cardInUse.kind === "practice";
  console.log(`
${practice ? `  Practice PIN / 練習用の暗証番号:  ${cardInUse.pin}` : cardInUse.description}

  In the browser window that has opened:
    1. type a name, press the button, and answer the prompt: switch the certificate on, and type the PIN where you are asked
       (in a window of the system, where there is a pinentry);
    2. the account page shows who vouched for you;
    3. sign out, and sign in again with the card.
  ${practice ? "Nothing here is real: wrong PINs lock only the practice card." : realWarning.en}
  Close the browser to end.

  開いたブラウザーで:
    1. 名前を入力してボタンを押し、確認画面で証明書の提示をオンにして、求められたところに暗証番号を入力します
       (pinentry があれば、システムのウィンドウです)。
    2. アカウントのページに、誰が本人を証明したかが表示されます。
    3. サインアウトして、カードでもう一度サインインしてみてください。
  ${practice ? "すべて練習用です。暗証番号を間違えても、ロックされるのは練習用カードだけです。" : realWarning.ja}
  ブラウザーを閉じると終わります。

  ${relyingParty.origin}
${practice ? "\n  Enter: take the card out, or put it in again / カードを抜く・挿す\n" : ""}`);

  const keys = practice ? cardByKeyboard(cardInUse.card) : undefined;
  await new Promise((closed) => browser.browser.once("disconnected", () => closed(undefined)));
  keys?.close();
}

const realWarning = {
  en: "This is your real card: three wrong PINs lock this PIN until you visit the town office. Revocation is not checked (accept-unchecked).",
  ja: "本物のカードです。暗証番号を3回間違えると、市区町村の窓口に行くまでその暗証番号がロックされます。失効は確認しません (accept-unchecked)。",
};

/**
 * Enter takes the card out and puts it in again.
 *
 * @param {import("../lib/lab.mjs").VirtualCard} card
 */
function cardByKeyboard(card) {
  let inserted = true;
  const keys = createInterface({ input: process.stdin });
  keys.on("line", () => {
    inserted = !inserted;
    const change = inserted ? card.insert() : card.remove();
    change.then(
      () => console.log(inserted ? "  card in / カードを挿しました" : "  card out / カードを抜きました"),
      (error) => console.error(`  ${error.message}`),
    );
  });
  keys.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  return keys;
}
