/** The toolbar button: filled while requests are taken, "!" when something needs the person. */

import type { Status } from "./status.js";
import { languageOf, textIn } from "./text/text.js";

const SIZES = [16, 32, 48] as const;

export function showInToolbar(status: Status): void {
  const icon = status.taking ? "taking" : "idle";
  const trouble = needsAttention(status);
  const path = Object.fromEntries(SIZES.map((size) => [size, `icons/${icon}-${size}.png`]));
  void chrome.action.setIcon({ path });
  void chrome.action.setBadgeText({ text: trouble ? "!" : "" });
  void chrome.action.setBadgeBackgroundColor({ color: "#8a4b00" });
  void chrome.action.setBadgeTextColor({ color: "#ffffff" });
  void chrome.action.setTitle({ title: title(status, trouble) });
}

export function needsAttention({ mode, gate, watch }: Status): boolean {
  if (mode === "off") return false;
  return gate === "held-by-another" || gate === "failed" || watch.status === "failed";
}

function title(status: Status, trouble: boolean): string {
  const state = trouble ? "toolbarAttention" : status.taking ? "toolbarTaking" : "toolbarIdle";
  const text = textIn(languageOf(status.language));
  return `${text("appName")}\n${text(state)}`;
}
