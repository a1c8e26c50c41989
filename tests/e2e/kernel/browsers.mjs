// Browsers as Debian ships them, in the ordinary user's hands, without our extension: they know the card as a security key alone.

import { chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { chromium } from "../lib/paths.mjs";
import { Process } from "../lib/processes.mjs";
import { freePort } from "../lib/relying-party.mjs";
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
    // What it says of its own troubles.
    env: { ...machine.env, CHROME_LOG_FILE: join(machine.home, "chromium.log") },
    args: [
      ...["-u", owner, "--", chromium()],
      `--user-data-dir=${join(machine.home, "chromium")}`,
      ...["--headless=new", "--disable-gpu", "--mute-audio", "--remote-debugging-pipe"],
      ...[
        "--enable-logging",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-extensions",
        "--disable-sync",
      ],
      ...["--disable-background-networking", "--disable-component-update", "--password-store=basic"],
      "about:blank",
    ],
  });
  machine.started.push({ name: "chromium", stop: () => close(browser) });
  return firstPage(browser);
}

/** What Firefox does at its first start and over the network is left out: it takes minutes in here. */
const preferences = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.contentblocking.category": "custom",
  "browser.newtabpage.enabled": false,
  "browser.safebrowsing.downloads.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.search.update": false,
  "browser.sessionstore.resume_from_crash": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage": "about:blank",
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.startup.page": 0,
  "browser.translations.enable": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.ipc.processPrelaunch.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.systemAddon.update.enabled": false,
  "extensions.update.enabled": false,
  "fission.autostart": false,
  "media.gmp-manager.updateEnabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "remote.active-protocols": 1,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "toolkit.cosmeticAnimations.enabled": false,
};

/** @type {Opens} */
export async function openFirefox(machine) {
  const profile = join(machine.home, "firefox");
  await mkdir(profile);
  const number = Number(await machine.root("id", ["-u", owner]));
  await chown(profile, number, number);
  await writeFile(
    join(profile, "user.js"),
    Object.entries(preferences)
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(""),
  );
  const port = await freePort();
  const firefox = new Process(
    "firefox",
    join(machine.folder, "firefox.log"),
    "runuser",
    [
      ...["-u", owner, "--", "firefox-esr", "--headless", "--no-remote", "--profile", profile],
      ...["--remote-debugging-port", String(port), "about:blank"],
    ],
    { env: { ...machine.env, MOZ_CRASHREPORTER_DISABLE: "1" } },
  );
  machine.started.push({ name: "firefox", stop: () => firefox.stop() });
  await firefox.ready("listening", () => firefox.tail().includes("WebDriver BiDi listening"));
  const browser = await puppeteer.connect({
    browserWSEndpoint: `ws://127.0.0.1:${port}/session`,
    protocol: "webDriverBiDi",
    protocolTimeout: patience,
    defaultViewport: null,
  });
  machine.started.push({ name: "firefox", stop: () => close(browser) });
  // The window that Firefox opens by itself never has the focus without a screen, and a page without it may not ask for a credential.
  const page = await browser.newPage();
  page.setDefaultTimeout(patience);
  return page;
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
