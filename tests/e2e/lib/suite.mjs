// Runs the one list of cases in one browser, under node's test runner.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { cp, rm } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { cases } from "../cases/index.mjs";
import { Pki } from "./lab.mjs";
import { builtExtension, leftovers } from "./paths.mjs";
import { World } from "./world.mjs";

/**
 * One case of the list.
 *
 * @typedef {object} Case
 * @property {string} name a sentence: what the person sees
 * @property {import('./world.mjs').WorldOptions | ((practice: Practice) => import('./world.mjs').WorldOptions)} [world]
 * @property {import("./paths.mjs").BrowserName[]} [only] browsers, when it cannot be shown in every one
 * @property {(world: World, practice: Practice) => Promise<void>} run
 */

/**
 * The hierarchies every case shares: made once, read only.
 *
 * @typedef {object} Practice
 * @property {Pki} pki
 * @property {Pki} impostors another hierarchy whose CAs bear the same names
 * @property {string} extension a copy of the built extension, which may be built anew meanwhile
 */

/** @param {import("./world.mjs").BrowserKind} browserKind */
export function suite(browserKind) {
  // A folder per run: another run may be under way in the same checkout.
  const runs = join(leftovers, "e2e", browserKind.browserName);
  const folder = join(runs, `run-${process.pid}`);
  const only = new RegExp(process.env["E2E_ONLY"] ?? "", "i");
  const selected = [...cases.entries()].filter(
    ([, one]) => (one.only?.includes(browserKind.browserName) ?? true) && only.test(one.name),
  );
  assert.notEqual(selected.length, 0, "a run of no case must not look like success");

  describe(`the cases in ${browserKind.browserName}`, { concurrency: Math.min(4, cpus().length) }, () => {
    /** @type {Practice} */
    let practice;
    before(async () => {
      await removeEndedRuns(runs);
      practice = {
        pki: await Pki.practice({ oddPeople: true }),
        impostors: await Pki.practice({ seed: 2 }),
        extension: join(folder, "extension"),
      };
      await cp(builtExtension(browserKind.browserName), practice.extension, { recursive: true });
    });

    let kept = false;
    after(async () => {
      if (!kept) await rm(folder, { recursive: true, force: true });
    });

    for (const [number, one] of selected) {
      it(one.name, { timeout: 180_000 }, async () => {
        const own = join(folder, `${String(number + 1).padStart(2, "0")}-${slug(one.name)}`);
        const options = typeof one.world === "function" ? one.world(practice) : one.world;
        const world = await World.build(own, practice, browserKind, options).catch((error) => {
          kept = true;
          throw error;
        });
        try {
          await one.run(world, practice);
          await world.settle();
        } catch (error) {
          kept = true;
          await world.report(error);
          throw error;
        } finally {
          await world.stop();
        }
        await rm(own, { recursive: true, force: true });
      });
    }
  });
}

/**
 * What earlier runs left behind; runs under way are left alone.
 *
 * @param {string} runs
 */
async function removeEndedRuns(runs) {
  for (const name of existsSync(runs) ? readdirSync(runs) : []) {
    const id = Number(/^run-(\d+)$/.exec(name)?.[1]);
    if (!isRunning(id)) await rm(join(runs, name), { recursive: true, force: true });
  }
}

/** @param {number} id */
function isRunning(id) {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

/** @param {string} name */
function slug(name) {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 48);
}
