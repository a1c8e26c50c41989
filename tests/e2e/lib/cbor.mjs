// Reads the CBOR of an attestation object. Byte strings are views into the input, so that a test
// which changes one changes the encoding it came from.

/** @typedef {any} Value a number, string, boolean, null, Buffer, array or {@link CborMap} */
/** @typedef {Map<Value, Value>} CborMap */

/**
 * @param {Buffer} input one CBOR item and nothing after it
 * @returns {Value}
 */
export function decode(input) {
  const [value, end] = item(input, 0);
  if (end !== input.length) throw new Error(`${input.length - end} bytes after the CBOR item`);
  return value;
}

/**
 * @param {Buffer} input
 * @param {number} start
 * @returns {[Value, number]}
 */
function item(input, start) {
  const initial = input.readUInt8(start);
  const major = initial >> 5;
  let [argument, at] = head(input, start);
  switch (major) {
    case 0:
      return [argument, at];
    case 1:
      return [-1 - argument, at];
    case 2:
      return [input.subarray(at, at + argument), at + argument];
    case 3:
      return [input.toString("utf8", at, at + argument), at + argument];
    case 4: {
      /** @type {Value[]} */
      const list = [];
      for (let i = 0; i < argument; i += 1) {
        const [value, next] = item(input, at);
        list.push(value);
        at = next;
      }
      return [list, at];
    }
    case 5: {
      /** @type {CborMap} */
      const map = new Map();
      for (let i = 0; i < argument; i += 1) {
        const [key, middle] = item(input, at);
        const [value, next] = item(input, middle);
        map.set(key, value);
        at = next;
      }
      return [map, at];
    }
    case 7:
      if (initial === 0xf4) return [false, at];
      if (initial === 0xf5) return [true, at];
      if (initial === 0xf6) return [null, at];
  }
  throw new Error(`unexpected CBOR byte 0x${initial.toString(16)} at ${start}`);
}

/**
 * @param {Buffer} input
 * @param {number} start
 * @returns {[number, number]} the argument and where the content begins
 */
function head(input, start) {
  const low = input.readUInt8(start) & 0x1f;
  if (low < 24) return [low, start + 1];
  if (low === 24) return [input.readUInt8(start + 1), start + 2];
  if (low === 25) return [input.readUInt16BE(start + 1), start + 3];
  if (low === 26) return [input.readUInt32BE(start + 1), start + 5];
  throw new Error(`unexpected CBOR length at ${start}`);
}

/**
 * An attestation object taken apart.
 *
 * @param {string} base64url
 * @returns {{bytes: Buffer, fmt: string, statement: CborMap, authData: Buffer}}
 */
export function attestationObject(base64url) {
  const bytes = Buffer.from(base64url, "base64url");
  const map = decode(bytes);
  if (!(map instanceof Map)) throw new Error("an attestation object is a map");
  const fmt = map.get("fmt");
  const statement = map.get("attStmt");
  const authData = map.get("authData");
  if (typeof fmt !== "string" || !(statement instanceof Map) || !Buffer.isBuffer(authData)) {
    throw new Error("an attestation object has fmt, attStmt and authData");
  }
  return { bytes, fmt, statement, authData };
}
