/** Asks the browser what it is and where it runs. */

import type { System } from "./diagnostics.js";

interface Brand {
  brand: string;
  version: string;
}

/** What only one of the browsers has. */
interface Own {
  runtime: { getBrowserInfo?: () => Promise<{ name: string; version: string }> };
  userAgentData?: { getHighEntropyValues(hints: string[]): Promise<{ fullVersionList?: Brand[] }> };
}

export async function askSystem(): Promise<System> {
  const { os, arch } = await chrome.runtime.getPlatformInfo();
  return {
    extension: chrome.runtime.getManifest().version,
    browser: await browserName(),
    os: `${os} ${arch}`,
  };
}

async function browserName(): Promise<string> {
  const { getBrowserInfo } = chrome.runtime as Own["runtime"];
  if (getBrowserInfo !== undefined) {
    const { name, version } = await getBrowserInfo();
    return `${name} ${version}`;
  }
  const { userAgentData } = navigator as Pick<Own, "userAgentData">;
  const said = await userAgentData?.getHighEntropyValues(["fullVersionList"]);
  return brandOf(said?.fullVersionList ?? []);
}

/** The browser among its brands: all name the engine, and one that is no browser's name ("Not/A)Brand"). */
export function brandOf(brands: Brand[]): string {
  const real = brands.filter(({ brand }) => !/not.?a.?brand/i.test(brand.replace(/[^A-Za-z]/g, " ")));
  const own = real.find(({ brand }) => brand !== "Chromium") ?? real[0];
  return own === undefined ? "unknown" : `${own.brand} ${own.version}`;
}
