/** Base64url without padding (RFC 4648 §5), with functions taken before the page could change them. */

const encode = btoa;
const decode = atob;
const { fromCharCode } = String;

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
  for (const letter of text) plain += letter === "-" ? "+" : letter === "_" ? "/" : letter;
  const binary = decode(plain);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes.buffer;
}
