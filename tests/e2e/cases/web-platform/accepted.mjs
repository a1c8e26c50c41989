// Calls with arguments that the standard takes: each is brought before the person. Values that do not touch each other share a row.

/** @typedef {import("../../lib/rows.mjs").Row} Row */

/** @type {(what: string, change: Row["change"]) => Row} */
const row = (what, change) => ({ what, change, ends: "AbortError" });

export const acceptedCreations = [
  row("as it is", () => {}),
  row("rp.id is the host; no time limit", ({ publicKey }) => {
    publicKey.rp.id = location.hostname;
    publicKey.timeout = undefined;
  }),
  row("user.id is a buffer of one byte, challenge Int16", ({ publicKey }) => {
    publicKey.user.id = new ArrayBuffer(1);
    publicKey.challenge = new Int16Array(33);
  }),
  row("user.id is a buffer of 64 bytes, challenge Int32", ({ publicKey }) => {
    publicKey.user.id = new ArrayBuffer(64);
    publicKey.challenge = new Int32Array(17);
  }),
  row("user.id has 64 Uint8, challenge Float32", ({ publicKey }) => {
    publicKey.user.id = new Uint8Array(64);
    publicKey.challenge = new Float32Array(17);
  }),
  row("user.id has 64 Int8, challenge Float64", ({ publicKey }) => {
    publicKey.user.id = new Int8Array(64);
    publicKey.challenge = new Float64Array(9);
  }),
  row("user.id has 32 Int16, challenge a DataView", ({ publicKey }) => {
    publicKey.user.id = new Int16Array(32);
    publicKey.challenge = new DataView(new ArrayBuffer(65));
  }),
  row("user.id has 16 Int32, challenge 8192 bytes", ({ publicKey }) => {
    publicKey.user.id = new Int32Array(16);
    publicKey.challenge = new ArrayBuffer(8192);
  }),
  row("user.id has 16 Float32", ({ publicKey }) => void (publicKey.user.id = new Float32Array(16))),
  row("user.id is a DataView", ({ publicKey }) => {
    publicKey.user.id = new DataView(new ArrayBuffer(16));
  }),
  row("without parameters ES256 is meant", ({ publicKey }) => void (publicKey.pubKeyCredParams = [])),
  row("ES256 is among others", ({ publicKey }) => {
    publicKey.pubKeyCredParams = [-36, -7].map((alg) => ({ type: "public-key", alg }));
  }),
  row("a type of parameters that nobody knows", ({ publicKey }) => {
    publicKey.pubKeyCredParams.unshift({ type: "unknown", alg: -7 });
  }),
  row("the selection, attestation and extensions are undefined", ({ publicKey }) => {
    publicKey.authenticatorSelection = undefined;
    publicKey.attestation = undefined;
    publicKey.extensions = undefined;
  }),
  row("the selection and extensions are empty, attestation none", ({ publicKey }) => {
    publicKey.authenticatorSelection = {};
    publicKey.attestation = "none";
    publicKey.extensions = {};
  }),
  row("preferred by name, attestation indirect", ({ publicKey }) => {
    publicKey.authenticatorSelection = {
      authenticatorAttachment: undefined,
      requireResidentKey: false,
      userVerification: "preferred",
    };
    publicKey.attestation = "indirect";
  }),
  row("members are undefined, attestation direct", ({ publicKey }) => {
    publicKey.authenticatorSelection = {
      authenticatorAttachment: undefined,
      requireResidentKey: undefined,
      userVerification: undefined,
    };
    publicKey.attestation = "direct";
  }),
  row("discouraged, attestation an object; extensions that nobody knows", ({ publicKey }) => {
    publicKey.authenticatorSelection = { userVerification: "discouraged" };
    publicKey.attestation = {};
    publicKey.extensions = { foo: "", bar: "", bat: "" };
  }),
  row("members are empty text, attestation a list", ({ publicKey }) => {
    publicKey.authenticatorSelection = { authenticatorAttachment: "", userVerification: "" };
    publicKey.attestation = [];
  }),
  row("members are objects, attestation null", ({ publicKey }) => {
    publicKey.authenticatorSelection = { authenticatorAttachment: {}, userVerification: {} };
    publicKey.attestation = null;
  }),
  row("members are null, attestation a value that nobody knows", ({ publicKey }) => {
    publicKey.authenticatorSelection = { authenticatorAttachment: null, userVerification: null };
    publicKey.attestation = "whatever";
  }),
  row("members have values that nobody knows, attestation empty", ({ publicKey }) => {
    publicKey.authenticatorSelection = { authenticatorAttachment: "unknown", userVerification: "unknown" };
    publicKey.attestation = "";
  }),
];

export const acceptedRequests = [
  row("as it is", () => {}),
  row("members are undefined", ({ publicKey }) => {
    publicKey.timeout = undefined;
    publicKey.rpId = undefined;
    publicKey.userVerification = undefined;
    publicKey.extensions = undefined;
  }),
  row("the host, preferred, extensions are empty", ({ publicKey }) => {
    publicKey.rpId = location.hostname;
    publicKey.userVerification = "preferred";
    publicKey.extensions = {};
  }),
  row("discouraged, extensions that nobody knows", ({ publicKey }) => {
    publicKey.userVerification = "discouraged";
    publicKey.extensions = { foo: "", bar: "", bat: "" };
  }),
  row("userVerification is empty text", ({ publicKey }) => void (publicKey.userVerification = "")),
  row("userVerification is an object", ({ publicKey }) => void (publicKey.userVerification = {})),
  row("userVerification is null", ({ publicKey }) => void (publicKey.userVerification = null)),
  row("userVerification has a value that nobody knows", ({ publicKey }) => {
    publicKey.userVerification = "requiredby";
  }),
];
