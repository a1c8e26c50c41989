// Waiting for something to become true.

/** How long a wait lasts before the test gives up; nothing is asserted about being quicker. */
export const patience = Number(process.env["E2E_PATIENCE_MS"] ?? 30_000);

/** @param {number} ms */
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Polls until `probe` gives something truthy.
 *
 * @template T
 * @param {string} what named in the error when it never happens
 * @param {() => T | Promise<T>} probe
 * @param {number} [limit] milliseconds
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, probe, limit = patience) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`gave up waiting for ${what} after ${limit} ms`);
    await sleep(25);
  }
}
