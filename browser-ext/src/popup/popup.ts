/** Entry of the toolbar popup. To open it is to press the toolbar button. */

import { POPUP_PORT, type PopupAction, type Status } from "../status.js";
import { text } from "../text/text.js";
import { PopupPage } from "./page.js";

const port = chrome.runtime.connect({ name: POPUP_PORT });
const act = (action: PopupAction) => {
  port.postMessage(action);
};
const page = new PopupPage(text, act);

port.onMessage.addListener((status: Status) => {
  page.show(status);
});
act({ action: "pressed" });
setInterval(() => {
  page.tick(Date.now());
}, 500);
