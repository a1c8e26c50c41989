// What people stumble over (docs/faults.md, "In a browser"), as far as the other files do not show it already.

import assert from "node:assert/strict";
import { onReader } from "../lib/other-program.mjs";
import { finishRegistration, register, tells } from "./steps.mjs";

const certificateOff = { require: false, conveyance: /** @type {const} */ ("none") };

/** @type {import("../lib/suite.mjs").Case[]} */
export const stumbles = [
  {
    name: "in Japanese, one prompt leads from a stopped service over reader and card to the PIN, and says which PIN",
    world: { language: "ja", readers: 0, cards: [] },
    async run(world) {
      await world.pcscd.interrupt();
      await world.site.register("taro");
      const prompt = await world.prompt();
      tells(
        (await prompt.says("pcsc-not-running")).message,
        "スマートカードサービス",
        "sudo apt install pcscd",
      );
      await world.pcscd.resume(0);
      tells((await prompt.says("no-reader")).message, "カードリーダー");
      await world.pcscd.interrupt();
      await world.pcscd.resume(2);
      tells((await prompt.says("no-card")).message, "マイナンバーカード", "ケースから出して");
      const card = await world.addCard({ person: "p01" });
      await prompt.asksPin();
      const another = await world.addCard({ person: "p02" });
      await prompt.cancel();
      await world.browser.promptClosed();

      await world.site.register("taro");
      const which = await world.prompt();
      await which.asksWhichCard(2);
      tells((await which.shown()).message, "使うカードを選んでください", "2枚");
      await another.remove();
      await which.asksPin();
      await world.enterPin(which, "9999");
      const again = await which.until("two tries left", (shown) => /2/.test(shown.tries ?? ""));
      tells(again.message, "利用者証明用電子証明書", "数字4桁");
      await card.remove();
      tells((await which.says("card-removed")).message, "カードが離れました", "離さないで");
    },
  },
  {
    name: "in Japanese, a card that another program uses, and a PIN that the last try locks, are said to be",
    world: { language: "ja" },
    async run(world) {
      await world.card.setTries(1);
      const other = await onReader(world.env, world.folder);
      try {
        await world.site.register("taro");
        const prompt = await world.prompt();
        assert.ok((await prompt.asksPin()).asksLastTry);
        await prompt.confirmLastTry(true);
        await prompt.type("9999");
        await prompt.submit();
        tells((await prompt.says("card-busy")).message, "別のプログラムがカードを使用中", "閉じて");
        assert.equal(await world.card.tries(), 1);
      } finally {
        await other.stop();
      }
      await world.site.register("taro");
      const prompt = await world.prompt();
      await prompt.asksPin();
      await prompt.confirmLastTry(true);
      await world.enterPin(prompt, "9999");
      tells((await prompt.says("pin-locked")).message, "利用者証明用", "ロック", "市区町村の窓口");
    },
  },
  {
    name: "a card of another kind and an empty reader are passed over",
    world: {
      readers: 4,
      cards: [
        { person: "p02", inserted: false },
        { person: "p01", inserted: false },
      ],
    },
    async run(world) {
      const [another, card] = world.cards;
      assert.ok(another && card);
      await another.tell("person foreign");
      await another.insert();
      await world.site.register("taro");
      const prompt = await world.prompt();
      tells((await prompt.says("no-card")).message, /My Number Card/);
      await card.insert();
      await prompt.asksPin();
      await finishRegistration(world, prompt, "taro", card);
    },
  },
  {
    name: "a card that does not answer is told from one that is not there, and goes on when it is laid down well",
    world: { cards: [{ person: "p01", inserted: false }] },
    async run(world) {
      await world.card.tell("lie badly");
      await world.card.insert();
      await world.site.register("taro");
      const prompt = await world.prompt();
      tells((await prompt.says("card-mute")).message, "does not respond", /flat in the middle/);
      await world.card.remove();
      await prompt.says("no-card");
      await world.card.tell("lie well");
      await world.card.insert();
      await prompt.asksPin();
      await finishRegistration(world, prompt, "taro");
    },
  },
  {
    name: "in Japanese, a card that does not answer is said to be there",
    world: { language: "ja", cards: [{ person: "p01", inserted: false }] },
    async run(world) {
      await world.card.tell("lie badly");
      await world.card.insert();
      await world.site.register("taro");
      const prompt = await world.prompt();
      tells((await prompt.says("card-mute")).message, "応答がありません", "リーダーの中央");
      await prompt.cancel();
      await world.browser.promptClosed();
    },
  },
  {
    name: "a card that another program uses is sent no PIN; with that program closed it works",
    async run(world) {
      const other = await onReader(world.env, world.folder);
      try {
        await world.site.register("taro");
        const prompt = await world.prompt();
        await prompt.asksPin();
        // The other program may see what the card does: the PIN stays here.
        await prompt.type(world.card.person.pin);
        await prompt.submit();
        tells((await prompt.says("card-busy")).message, /another program/i, /close it/i);
        await world.site.says("not-completed");
        assert.equal(await world.card.tries(), 3);
      } finally {
        await other.stop();
      }
      assert.equal((await register(world)).name, "taro");
    },
  },
  {
    name: "a certificate that expired before the card is said to have, in Japanese",
    world: { language: "ja", cards: [{ person: "p04" }] },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      tells(
        (await prompt.says("certificate-expired")).message,
        "有効期限",
        "市区町村の窓口",
        "5回目の誕生日",
      );
    },
  },
  {
    name: "with an expired certificate sites that ask for none are served, with a note",
    world: { cards: [{ person: "p04" }], relyingParty: certificateOff },
    async run(world) {
      await world.site.register("taro");
      const prompt = await world.prompt();
      tells((await prompt.asksPin()).note, /expired/i);
      await world.enterPin(prompt);
      await world.browser.promptClosed();
      assert.equal((await world.site.account()).name, "taro");
    },
  },
];
