/** Entry of the prompt window's page. */

import { loadSettings } from "../settings.js";
import { languageOf, textIn } from "../text/text.js";
import { Page } from "./page.js";
import type { Intent, View } from "./views.js";

const DONE_FOR_MS = 1400;

/** `window.close()` is not allowed to every window that an extension opens (Firefox). */
function close(): void {
  void chrome.windows.getCurrent().then(async ({ id, type }) => {
    // A person may have made it a tab beside their own, which are not ours to close (Chromium's "Show as tab").
    if (type !== "popup") window.close();
    else if (id !== undefined) await chrome.windows.remove(id);
  });
}

async function main(): Promise<void> {
  const { language } = await loadSettings();
  const text = textIn(languageOf(language));

  const port = chrome.runtime.connect({ name: `prompt:${location.hash.slice(1)}` });
  const others = new BroadcastChannel("prompt");
  let view: View | undefined;

  const page = new Page(text, (intent: Intent) => {
    const over = view?.view === "failed" || view?.view === "done";
    if (over && intent.intent === "cancel") close();
    else port.postMessage(intent);
  });

  port.onMessage.addListener((next: View) => {
    view = next;
    page.show(next);
    if (next.view === "done" && next.backup === undefined)
      setTimeout(() => {
        close();
      }, DONE_FOR_MS);
  });

  // The background has gone, and with it the ceremony; what is said at its end stays until it has been read.
  port.onDisconnect.addListener(() => {
    if (view?.view !== "failed" && view?.view !== "done") close();
  });

  // A new ceremony has its own window: the message about the last one makes room.
  others.postMessage("opened");
  others.addEventListener("message", () => {
    if (view?.view === "failed" || view?.view === "done") close();
  });
}

void main();
