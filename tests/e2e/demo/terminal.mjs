// Asking the person at the terminal.

import { Missing } from "../lib/paths.mjs";

/**
 * Says what will be done with a real card, and asks for its PIN without showing it.
 *
 * @param {string} description of the card, tries left included
 * @returns {Promise<string>} four digits
 */
export async function askPin(description) {
  console.log(`
${description}

What happens next, if you type the PIN:
  1. a registration at the demo's own relying party on this machine: the card checks the PIN once,
     signs, and your certificate is disclosed to that relying party and to nobody else;
  2. a sign-in there: the card checks the PIN once more.
Revocation is not checked (accept-unchecked): no source for it is connected.
A wrong PIN costs one of the tries above; it is not tried again. Ctrl-C stops here, and nothing was spent.
`);
  if (!process.stdin.isTTY) {
    throw new Missing(
      "The card's PIN has to be typed, and there is no terminal to type it on.",
      "Run `make demo CARD=real` in a terminal, or with a display.",
    );
  }
  const pin = await readHidden("The authentication PIN (利用者証明用, four digits): ");
  if (!/^[0-9]{4}$/.test(pin)) {
    throw new Missing(
      "That is not four digits; the card was not asked.",
      "Start again when you have the PIN at hand.",
    );
  }
  return pin;
}

/**
 * @param {string} question
 * @returns {Promise<string>}
 */
async function readHidden(question) {
  const { stdin, stdout } = process;
  // First no echo, then the question: whoever types fast is not shown either.
  stdin.setRawMode(true);
  stdout.write(question);
  stdin.resume();
  stdin.setEncoding("utf8");
  try {
    return await new Promise((done) => {
      let typed = "";
      stdin.on("data", (/** @type {string} */ keys) => {
        for (const key of keys) {
          if (key === "\r" || key === "\n") done(typed);
          else if (key === "\u0003") process.kill(process.pid, "SIGINT");
          else if (key === "\u007f" || key === "\b") typed = typed.slice(0, -1);
          else typed += key;
        }
      });
    });
  } finally {
    stdin.removeAllListeners("data");
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write("\n");
  }
}
