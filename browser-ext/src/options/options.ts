/** Entry of the options page. */

import { openNativePort } from "../host/connection.js";
import { loadSettings } from "../settings.js";
import { STATUS_PORT, type Action, type Status } from "../status.js";
import { languageOf } from "../text/text.js";
import { OptionsPage } from "./page.js";
import { RecordsDesk } from "./records.js";
import { askSystem } from "./system.js";

async function main(): Promise<void> {
  const [settings, system] = await Promise.all([loadSettings(), askSystem()]);
  let { language } = settings;
  let port: chrome.runtime.Port | undefined;
  /** Chromium stops a background that has nothing to do, and its port ends: the next one wakes it. */
  const connected = (): chrome.runtime.Port => {
    if (port !== undefined) return port;
    const made = (port = chrome.runtime.connect({ name: STATUS_PORT }));
    made.onMessage.addListener((status: Status) => {
      language = status.language;
      page.show(status);
    });
    made.onDisconnect.addListener(() => {
      port = undefined;
    });
    return made;
  };
  const act = (action: Action) => {
    connected().postMessage(action);
  };
  const desk = new RecordsDesk(
    openNativePort,
    () => ({ extension: system.extension, language: languageOf(language) }),
    (state) => {
      page.showRecords(state);
    },
  );
  const page = new OptionsPage(system, languageOf, {
    act: (action) => {
      act(action);
      if (action.action === "retry") desk.ask();
    },
    forget: (rpId) => {
      desk.forget(rpId);
    },
    copy: (text) => navigator.clipboard.writeText(text),
  });
  page.speak(languageOf(language));
  // Somebody looks: what failed is tried again.
  act({ action: "retry" });
  desk.ask();
  // Meanwhile something may have been shown to a site.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    connected();
    desk.ask();
  });
}

void main();
