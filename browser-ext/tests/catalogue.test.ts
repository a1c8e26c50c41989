import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { STATUSES, VIEWS } from "../pictures/states.js";
import { FAILURE_CODES } from "../src/failures.js";
import { popupScreen } from "../src/popup/screen.js";
import { screenOf } from "../src/prompt/screen.js";
import { catalogue } from "../src/text/catalogue.js";
import { problemKeys } from "../src/text/problems.js";
import { shownDate, shownDuration, shownProgram, shownText } from "../src/text/shown.js";
import { textFrom } from "../src/text/text.js";

const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u;
/** The same in every language. */
const NAMES = ["appName", "language"];

test("every text is there in both languages, in its own language, with the same blanks", () => {
  for (const [key, { en, ja }] of Object.entries(catalogue)) {
    assert.notEqual(en.trim(), "", key);
    assert.notEqual(ja.trim(), "", key);
    assert.deepEqual(placeholders(ja), placeholders(en), key);
    assert.doesNotMatch(en, JAPANESE, key);
    if (!NAMES.includes(key)) assert.match(ja, JAPANESE, key);
  }
});

test("Japanese has one word for one thing, here, in the program and in the relying party", () => {
  const others = [
    "../messages/problems.json",
    "../authenticator/app/src/messages/ja.rs",
    "../authenticator/app/src/messages/terminal/ja.rs",
    "../relying-party/server/src/web/texts/ja.rs",
  ];
  const japanese = [
    ...Object.values(catalogue).map(({ ja }) => ja),
    ...others.flatMap((file) => readFileSync(file, "utf8").split("\n")),
  ];
  // Another word, and the one to use. To log in is what one does at a computer ("直接ログイン").
  const words: [RegExp, string][] = [
    [/資格情報|クレデンシャル|登録情報/, "認証情報"],
    [/ブラウザ(?!ー)/, "ブラウザー"],
    [/(?<!直接)ログイン|ログオン/, "サインイン"],
    [/ログアウト|ログオフ/, "サインアウト"],
    [/コンピュータ/, "パソコン"],
    [/あと[{}a-z0-9]*回/, "残り3回"],
  ];
  for (const text of japanese) {
    for (const [other, word] of words) assert.doesNotMatch(text, other, `「${word}」: ${text}`);
  }
});

test("keys and texts are ones that browsers accept", () => {
  for (const [key, { en, ja }] of Object.entries(catalogue)) {
    assert.match(key, /^[A-Za-z0-9_]+$/);
    assert.doesNotMatch(en + ja, /\$/, `${key}: "$" means something to the browser`);
  }
});

test("every failure says what happened and what to do", () => {
  for (const code of FAILURE_CODES) {
    const { what, do: action } = problemKeys("ceremony", code);
    assert.ok(catalogue[what], what);
    assert.ok(catalogue[action], action);
  }
});

test("every text that a page or a state names exists", () => {
  const used = ["prompt", "popup", "options"].flatMap((page) =>
    [...readFileSync(`src/${page}/${page}.html`, "utf8").matchAll(/data-text="(\w+)"/g)].map(
      ([, key]) => key ?? "",
    ),
  );
  for (const view of Object.values(VIEWS)) {
    const { request, message, learns, note, submit, cancel } = screenOf(view);
    used.push(
      request,
      ...(message?.what ?? []),
      ...(message?.ways ?? []),
      ...[message?.do, learns, note?.what, note?.do, submit, cancel].filter((key) => !!key),
    );
  }
  for (const status of Object.values(STATUSES)) {
    const { what, do: said, trouble, card } = popupScreen(status(), Date.now());
    used.push(
      what,
      ...[said?.key, trouble?.what, trouble?.do.key, card?.text.key].filter((key) => key !== undefined),
    );
  }
  for (const key of used) assert.ok(catalogue[key], `no text for ${key}`);
});

test("no text is left over", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|html|json)$/.test(name) && !name.startsWith("text/"))
    .map((name) => readFileSync(`src/${name}`, "utf8"));
  const source = files.join("\n");
  const pairs = Object.keys(catalogue).filter((key) => /^(ceremony|waiting|idle|asking)_/.test(key));
  for (const key of Object.keys(catalogue)) {
    if (!pairs.includes(key))
      assert.match(source, new RegExp(`\\b(__MSG_)?${key}(__)?\\b`), `${key} is not used`);
  }
});

test("blanks are filled, and what is filled in is never read as a blank", () => {
  const text = textFrom(() => "{rpId} asks {name}");
  assert.equal(text("relatedOrigin", { rpId: "{name}", name: "$&" }), "{name} asks $&");
});

test("names cannot rearrange the text around them", () => {
  assert.equal(shownText("pay\u202Egnp.exe\u0000\n"), "paygnp.exe");
  assert.equal(shownText("\u2067山田\u2069 太郎"), "山田 太郎");
  assert.equal(shownText("𠮷".repeat(300)), `${"𠮷".repeat(200)}…`);
});

test("a command can be typed as it is shown", () => {
  assert.equal(shownProgram(undefined), "jpki-authenticator");
  assert.equal(shownProgram("/opt/jpki/jpki-authenticator"), "/opt/jpki/jpki-authenticator");
  assert.equal(shownProgram("/home/山田 太郎/jpki"), "'/home/山田 太郎/jpki'");
  assert.equal(shownProgram("/a'b\n/jpki"), "'/a'\\''b/jpki'");
});

test("dates and times are written as people write them", () => {
  assert.equal(shownDate("2031-04-01", "en"), "April 1, 2031");
  assert.equal(shownDate("2031-04-01", "ja"), "2031年4月1日");
  assert.equal(shownDate("", "en"), "");
  assert.equal(shownDuration(61_500), "1:02");
  assert.equal(shownDuration(-5), "0:00");
});
