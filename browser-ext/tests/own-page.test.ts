import assert from "node:assert/strict";
import test from "node:test";
import { isOwnPage } from "../src/own-page.js";

const ID = "authenticator@jpki-webauthn";
const HOME = "moz-extension://6d3b8a52-2f0e-4c39-9d0b-5a7c1e94f8d6/";
Object.assign(globalThis, { chrome: { runtime: { id: ID, getURL: (path: string) => HOME + path } } });

test("a page of the extension's own is told from its script in somebody's page", () => {
  assert.ok(isOwnPage({ id: ID, url: `${HOME}popup.html` }));
  assert.ok(isOwnPage({ id: ID, url: `${HOME}prompt.html#name` }, "prompt.html"));
  for (const sender of [
    undefined,
    {},
    { id: ID },
    { id: ID, url: "https://example.jp/" },
    { id: ID, url: `https://example.jp/${HOME}popup.html` },
    { id: "other@extension", url: `${HOME}popup.html` },
  ]) {
    assert.equal(isOwnPage(sender), false);
  }
  assert.equal(isOwnPage({ id: ID, url: `${HOME}popup.html` }, "prompt.html"), false);
});
