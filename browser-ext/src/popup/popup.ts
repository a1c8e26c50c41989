/** Entry of the toolbar popup. To open it is to press the toolbar button. */

import { loadSettings } from "../settings.js";
import { STATUS_PORT, type Action, type Status } from "../status.js";
import { languageOf, textIn } from "../text/text.js";
import { PopupPage } from "./page.js";

async function main(): Promise<void> {
  const { language } = await loadSettings();
  const port = chrome.runtime.connect({ name: STATUS_PORT });
  const act = (action: Action) => {
    port.postMessage(action);
  };
  const page = new PopupPage(textIn(languageOf(language)), {
    act,
    openOptions: () => {
      void chrome.runtime.openOptionsPage().then(() => {
        window.close();
      });
    },
  });

  port.onMessage.addListener((status: Status) => {
    page.show(status);
  });
  act({ action: "pressed" });
  setInterval(() => {
    page.tick(Date.now());
  }, 500);
}

void main();
