// What the web-platform-tests for WebAuthn say that sites may rely on (docs/web-platform-tests.md).

import assert from "node:assert/strict";
import { Firefox } from "../lib/firefox.mjs";
import { PlainSite } from "../lib/plain-site.mjs";
import { run } from "../lib/rows.mjs";
import { emptyUserId, refusedCreations } from "./web-platform/creation.mjs";

/** @typedef {import("../lib/world.mjs").World} World */

/**
 * Does something on a page of its own.
 *
 * @param {World} world
 * @param {(page: import("puppeteer-core").Page) => Promise<void>} act
 */
async function onPage(world, act) {
  const site = await PlainSite.start("<!doctype html><title>Practice</title>");
  try {
    const { page } = world.site;
    await page.goto(site.origin);
    await page.bringToFront();
    await act(page);
  } finally {
    await site.stop();
  }
}

/**
 * Every row ends as the standard has it, or as the browser has it by itself.
 *
 * @param {World} world
 * @param {"create" | "get"} type
 * @param {import("../lib/rows.mjs").Row[]} rows
 */
async function ends(world, type, rows) {
  await onPage(world, async (page) => {
    const { browser } = world;
    // Whatever the browser takes for good, it answers at once.
    if (browser instanceof Firefox) await browser.plugInKey();
    const name = browser instanceof Firefox ? "firefox" : "chromium";
    const seen = await run(page, type, rows);
    const told = rows.map(({ what, ends, but }, at) => [what, but?.[name] ?? ends, seen[at]]);
    assert.deepEqual(
      told.filter(([, expected, ended]) => ended !== expected),
      [],
    );
  });
}

/** @type {import("../lib/suite.mjs").Case[]} */
export const webPlatform = [
  {
    name: "bad arguments of a registration end with the standard's exceptions, and nobody is asked anything",
    async run(world) {
      await ends(world, "create", refusedCreations);
      assert.equal(await world.browser.promptIsOpen(), false);
    },
  },
  {
    name: "a user without an ID ends with the standard's exception, in Firefox as it ends in Firefox itself",
    async run(world) {
      await ends(world, "create", emptyUserId);
      const told = world.browser instanceof Firefox;
      assert.equal(await world.browser.promptIsOpen(), !told);
    },
  },
];
