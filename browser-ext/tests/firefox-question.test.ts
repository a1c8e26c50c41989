import assert from "node:assert/strict";
import test from "node:test";
import { readQuestion, type Sender } from "../src/firefox/question.js";

const ID = "authenticator@jpki-webauthn";
const ORIGIN = "https://login.example.jp";
const sender = (members: Record<string, unknown> = {}): Sender =>
  ({ id: ID, origin: ORIGIN, url: `${ORIGIN}/page?of=it`, tab: { id: 1 }, ...members }) as Sender;
const question = (members: Record<string, unknown> = {}) => ({
  ask: "get",
  sameOriginWithAncestors: true,
  options: { challenge: "AAAA", rpId: "example.jp" },
  ...members,
});
const pass = { reading: "pass" };

test("a request carries the sender's origin, whatever the page says", () => {
  const options = { rp: { id: "example.jp", name: "Example" }, origin: "https://bank.example" };
  assert.deepEqual(readQuestion(question({ ask: "create", options }), sender(), ID), {
    reading: "request",
    request: {
      type: "create",
      origin: "https://login.example.jp",
      sameOriginWithAncestors: true,
      originSource: "sender",
      options,
    },
    site: { rpId: "example.jp", origin: "https://login.example.jp", relatedOrigin: false, name: "Example" },
  });
  assert.deepEqual(readQuestion(question({ origin: "https://bank.example" }), sender(), ID), pass);
});

test("a request of a private window says so", () => {
  for (const incognito of [true, false]) {
    const reading = readQuestion(question(), sender({ tab: { id: 1, incognito } }), ID);
    assert.ok(reading.reading === "request");
    assert.equal(reading.request.private, incognito ? true : undefined);
  }
});

test("without an RP ID in the options it is the sender's host", () => {
  const at = sender({ origin: "http://localhost:8080", url: "http://localhost:8080/" });
  const reading = readQuestion(question({ options: {} }), at, ID);
  assert.ok(reading.reading === "request");
  assert.equal(reading.site.rpId, "localhost");
});

test("a sender whose origin the browser does not say is not served", () => {
  const asked = { ask: "available", sameOriginWithAncestors: true };
  for (const origin of [undefined, "null", "", "login.example.jp", `${ORIGIN}/`, `${ORIGIN}/path`]) {
    assert.deepEqual(readQuestion(question(), sender({ origin }), ID), pass, origin);
    assert.deepEqual(readQuestion(asked, sender({ origin }), ID), pass, origin);
  }
});

test("a sender that is in another document than the one that asked is not served", () => {
  for (const url of [
    undefined,
    "",
    "about:blank",
    "data:text/html,",
    "https://evil.example/",
    "https://example.jp/",
    "http://login.example.jp/",
    "https://login.example.jp:8443/",
  ]) {
    assert.deepEqual(readQuestion(question(), sender({ url }), ID), pass, url);
  }
});

test("a frame of another origin is the browser's", () => {
  assert.deepEqual(readQuestion(question({ sameOriginWithAncestors: false }), sender(), ID), pass);
});

test("an RP ID of another site is the browser's: it refuses, or knows that the origin is a related one", () => {
  for (const rpId of ["example.com", "bank.example.jp", "ample.jp", "login.example.jp.", ""]) {
    assert.deepEqual(readQuestion(question({ options: { rpId } }), sender(), ID), pass, rpId);
  }
});

test("only a page that this extension is in is served", () => {
  assert.deepEqual(readQuestion(question(), sender({ id: "other@extension" }), ID), pass);
  assert.deepEqual(readQuestion(question(), sender({ tab: undefined }), ID), pass);
});

test("what is too long or of another shape is the browser's", () => {
  for (const message of [
    undefined,
    null,
    "get",
    [],
    {},
    { ask: "get" },
    question({ ask: "abort" }),
    question({ ask: "sign" }),
    question({ options: "{}" }),
    question({ options: undefined }),
    question({ sameOriginWithAncestors: 1 }),
    question({ originSource: "browser" }),
    question({ relatedOrigin: true }),
    question({ options: { challenge: "A".repeat(65_536) } }),
  ]) {
    assert.deepEqual(readQuestion(message, sender(), ID), pass);
  }
});

test("what is too long only with the origin around it is the browser's too", () => {
  const sized = (length: number) =>
    question({ options: { rpId: "example.jp", challenge: "A".repeat(length) } });
  const short = JSON.stringify(sized(0)).length;
  assert.deepEqual(readQuestion(sized(65_536 - short), sender(), ID), pass);
  assert.equal(readQuestion(sized(65_536 - short - 100), sender(), ID).reading, "request");
});

test("whether there is an authenticator may be asked where one may be used", () => {
  const asked = (sameOriginWithAncestors: boolean) => ({ ask: "available", sameOriginWithAncestors });
  assert.deepEqual(readQuestion(asked(true), sender(), ID), { reading: "available" });
  assert.deepEqual(readQuestion(asked(false), sender(), ID), pass);
});
