// Tables of calls to navigator.credentials, run inside one page: what is passed, and how the call has to end.

import { until } from "./until.mjs";

/**
 * @typedef {object} Call
 * @property {any} publicKey what is asked for; good until a row changes it
 * @property {any} argument of the function, with `publicKey` in it
 * @property {(argument: any) => unknown} call the function
 */

/**
 * One call. Rows are carried into the page as text: they see nothing but their argument and the page.
 *
 * @typedef {object} Row
 * @property {string} what
 * @property {(call: Call) => unknown} change makes the call what it is to be; what it gives back, if anything, is called instead
 * @property {string} ends how it has to end: the exception's name, or the attachment of the authenticator that answers
 * @property {Partial<Record<import("./paths.mjs").BrowserName, string>>} [but] where the browser itself ends it otherwise
 * @property {string} [why] of `but`
 */

/** How long a call may take that should end without a person, in milliseconds. */
const WITHIN = 10_000;

/** How long one may take that is brought before a person. */
const WITH_A_PERSON = 120_000;

/**
 * Runs the rows one after the other in the page.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {"create" | "get"} type
 * @param {Row[]} rows
 * @returns {Promise<string[]>} how each ended
 */
export async function run(page, type, rows) {
  await begin(page, type, rows, WITHIN);
  let before = -1;
  for (;;) {
    /** @type {{ended: string[], all: boolean}} */
    const seen = await until("the next row to end", async () => {
      const seen = await page.evaluate(() => /** @type {any} */ (globalThis).rows);
      return seen.all || seen.ended.length > before ? seen : undefined;
    });
    before = seen.ended.length;
    if (seen.all) return seen.ended;
  }
}

/**
 * Makes one call that is brought before a person, and takes it back once they were asked.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {"create" | "get"} type
 * @param {Row} row
 * @param {() => Promise<unknown>} asked waits until they are asked
 * @returns {Promise<string>} how it ended: the exception's name, by which it was taken back or refused
 */
export async function takeBack(page, type, row, asked) {
  await begin(page, type, [row], WITH_A_PERSON);
  const ended = () =>
    page.evaluate(() => /** @type {string | undefined} */ (/** @type {any} */ (globalThis).rows.ended[0]));
  await Promise.race([
    asked(),
    until("the call to end", ended).then((name) => {
      throw new Error(`${row.what}: ${name}, and nobody was asked`);
    }),
  ]);
  await page.evaluate(() => /** @type {any} */ (globalThis).rows.takeBack());
  return until("the call that was taken back to end", ended);
}

/**
 * Starts the rows in the page.
 *
 * @param {import("puppeteer-core").Page} page
 * @param {"create" | "get"} type
 * @param {Row[]} rows
 * @param {number} within milliseconds
 */
async function begin(page, type, rows, within) {
  // The source of a method is its member of an object; that of any other function is a value.
  const members = rows.map(({ change }) =>
    /^change\(/.test(`${change}`) ? `${change}` : `change: ${change}`,
  );
  const table = members.map((member) => `{ ${member} }`).join(",");
  await page.evaluate(`(${start})([${table}], ${JSON.stringify(type)}, ${within})`);
}

/**
 * In the page.
 *
 * @param {{change: Row["change"]}[]} rows
 * @param {"create" | "get"} type
 * @param {number} within
 */
function start(rows, type, within) {
  const page = /** @type {any} */ (globalThis);
  const good = () =>
    type === "create"
      ? {
          rp: { name: "Practice" },
          user: { id: new Uint8Array([1, 2, 3, 4]), name: "taro", displayName: "Taro" },
          challenge: new Uint8Array(16),
          pubKeyCredParams: [{ type: "public-key", alg: -7 }],
        }
      : { challenge: new Uint8Array(16) };

  /** @param {any} argument */
  const call = (argument) => page.navigator.credentials[type](argument);

  /** @param {any} error */
  const name = (error) => {
    // Of this page's own classes, as a page compares them.
    if (error instanceof DOMException) return error.name;
    if (error instanceof TypeError) return "TypeError";
    return `${error}`;
  };

  /** @param {Row["change"]} change */
  const end = async (change) => {
    const controller = new AbortController();
    const argument = { publicKey: good(), signal: controller.signal };
    const tooLong = setTimeout(() => controller.abort("it waits"), within);
    seen.takeBack = () => controller.abort();
    try {
      const called = change({ publicKey: argument.publicKey, argument, call });
      const result = called === undefined ? call(argument) : called;
      if (!(result instanceof Promise)) return "no promise";
      return `${(await result)?.authenticatorAttachment}`;
    } catch (error) {
      return name(error);
    } finally {
      clearTimeout(tooLong);
    }
  };

  const seen = (page.rows = { ended: /** @type {string[]} */ ([]), all: false, takeBack() {} });
  void (async () => {
    for (const { change } of rows) seen.ended.push(await end(change));
    seen.all = true;
  })();
}
