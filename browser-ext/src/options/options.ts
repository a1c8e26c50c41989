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
  const port = chrome.runtime.connect({ name: STATUS_PORT });
  const act = (action: Action) => {
    port.postMessage(action);
  };
  let { language } = settings;
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
  port.onMessage.addListener((status: Status) => {
    language = status.language;
    page.show(status);
  });
  // Somebody looks: what failed is tried again.
  act({ action: "retry" });
  desk.ask();
  // Meanwhile something may have been shown to a site.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") desk.ask();
  });
}

void main();
