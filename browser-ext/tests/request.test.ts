import assert from "node:assert/strict";
import test from "node:test";
import { readRequest } from "../src/chromium/request.js";

const override = (origin: unknown, sameOriginWithAncestors: unknown = true) => ({
  remoteDesktopClientOverride: { origin, sameOriginWithAncestors },
});
const read = (type: "create" | "get", options: unknown) => readRequest(type, JSON.stringify(options));

test("a request carries the browser's origin, and the page's options without it", () => {
  const options = { challenge: "AAAA", rp: { id: "example.jp", name: "Example" } };
  const extensions = { credProps: true };
  const reading = read("create", {
    ...options,
    extensions: { ...extensions, ...override("https://login.example.jp") },
  });
  assert.deepEqual(reading, {
    reading: "request",
    request: {
      type: "create",
      origin: "https://login.example.jp",
      sameOriginWithAncestors: true,
      originSource: "browser",
      options: { ...options, extensions },
    },
    site: { rpId: "example.jp", origin: "https://login.example.jp", relatedOrigin: false, name: "Example" },
  });
});

test("a frame of another origin is named as such", () => {
  const reading = read("get", { rpId: "example.jp", extensions: override("https://example.jp", false) });
  assert.ok(reading.reading === "request");
  assert.equal(reading.request.sameOriginWithAncestors, false);
});

test("canary: a request without the browser's word about its origin is refused", () => {
  for (const extensions of [
    undefined,
    {},
    { remoteDesktopClientOverride: null },
    { remoteClientDataJSON: "{}" },
    override(undefined),
    override(7),
    override("https://example.jp", "true"),
    override("null"),
    override("example.jp"),
    override("https://example.jp/"),
    override("https://example.jp/path"),
  ]) {
    assert.deepEqual(read("get", { rpId: "example.jp", origin: "https://example.jp", extensions }), {
      reading: "refusal",
      code: "origin-unknown",
    });
  }
});

test("what is not an object of options is refused", () => {
  for (const text of ["", "{", "null", "[]", "1"]) {
    assert.deepEqual(readRequest("get", text), { reading: "refusal", code: "bad-request" });
  }
});

test("without an RP ID in the options it is the caller's host", () => {
  for (const [type, options] of [
    ["create", { rp: { name: "Example" } }],
    ["get", {}],
  ] as const) {
    const reading = read(type, { ...options, extensions: override("http://localhost:8080") });
    assert.ok(reading.reading === "request");
    assert.equal(reading.site.rpId, "localhost");
    assert.equal(reading.request.origin, "http://localhost:8080");
    assert.equal("relatedOrigin" in reading.request, false);
  }
});

test("an origin outside the RP ID is a related one, which only the browser can have allowed", () => {
  for (const [origin, related] of [
    ["https://example.jp", false],
    ["https://a.b.example.jp:8443", false],
    ["https://notexample.jp", true],
    ["https://example.com", true],
  ] as const) {
    const reading = read("get", { rpId: "example.jp", extensions: override(origin) });
    assert.ok(reading.reading === "request");
    assert.equal(reading.request.relatedOrigin === true, related, origin);
    assert.equal(reading.site.relatedOrigin, related, origin);
  }
});
