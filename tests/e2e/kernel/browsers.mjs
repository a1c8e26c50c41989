// Browsers as Debian ships them, in the ordinary user's hands, without our extension: they know the card as a security key alone.

import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { chromium } from "../lib/paths.mjs";
import { patience, sleep } from "../lib/until.mjs";
import { owner } from "./machine.mjs";

/**
 * @typedef {(machine: import("./machine.mjs").Machine) => Promise<import("puppeteer-core").Page>} Opens a browser, and gives its page
 */

/** @type {Opens} */
export async function openChromium(machine) {
  const browser = await puppeteer.launch({
    executablePath: "/usr/sbin/runuser",
    pipe: true,
    defaultViewport: null,
    ignoreDefaultArgs: true,
    timeout: patience,
    protocolTimeout: patience,
    env: machine.env,
    args: [
      ...["-u", owner, "--", chromium()],
      `--user-data-dir=${join(machine.home, "chromium")}`,
      ...["--headless=new", "--disable-gpu", "--mute-audio", "--remote-debugging-pipe"],
      ...["--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync"],
      ...["--disable-background-networking", "--disable-component-update", "--password-store=basic"],
      "about:blank",
    ],
  });
  machine.started.push({ name: "chromium", stop: () => close(browser) });
  return firstPage(browser);
}

/** @param {import("puppeteer-core").Browser} browser */
async function firstPage(browser) {
  const [first] = await browser.pages();
  const page = first ?? (await browser.newPage());
  page.setDefaultTimeout(patience);
  return page;
}

/** @param {import("puppeteer-core").Browser} browser */
async function close(browser) {
  await Promise.race([browser.close().catch(() => {}), sleep(15_000)]);
  browser.process()?.kill("SIGKILL");
}
