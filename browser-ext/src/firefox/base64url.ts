/** Base64url without padding (RFC 4648 §5), with functions taken before the page could change them. */

const encode = btoa;
const decode = atob;
const { apply } = Reflect;
const { fromCharCode } = String;
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with apply()
const { charCodeAt } = String.prototype;
const Buffer = ArrayBuffer;
const Bytes = Uint8Array;

export function toBase64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += fromCharCode(byte);
  let text = "";
  for (const letter of encode(binary)) {
    if (letter === "=") break;
    text += letter === "+" ? "-" : letter === "/" ? "_" : letter;
  }
  return text;
}

export function fromBase64url(text: string): ArrayBuffer {
  let plain = "";
  // Not for … of, which asks an iterator that the page may have changed.
  for (let at = 0; at < text.length;) {
    const letter = text[at++] ?? "";
    plain += letter === "-" ? "+" : letter === "_" ? "/" : letter;
  }
  const binary = decode(plain);
  const buffer = new Buffer(binary.length);
  const bytes = new Bytes(buffer);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = apply(charCodeAt, binary, [at]);
  return buffer;
}
