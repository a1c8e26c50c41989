/** Entry of the options page. */

import { loadSettings } from "../settings.js";
import { STATUS_PORT, type Action, type Status } from "../status.js";
import { languageOf } from "../text/text.js";
import { OptionsPage } from "./page.js";
import { askSystem } from "./system.js";

async function main(): Promise<void> {
  const [{ language }, system] = await Promise.all([loadSettings(), askSystem()]);
  const port = chrome.runtime.connect({ name: STATUS_PORT });
  const act = (action: Action) => {
    port.postMessage(action);
  };
  const page = new OptionsPage(system, languageOf, {
    act,
    copy: (text) => navigator.clipboard.writeText(text),
  });
  page.speak(languageOf(language));
  port.onMessage.addListener((status: Status) => {
    page.show(status);
  });
  // Somebody looks: what failed is tried again.
  act({ action: "retry" });
}

void main();
