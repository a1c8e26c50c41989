/** The prompt as a small browser window of its own: a page cannot draw over it, frame it or read it. */

import { isOwnPage } from "../own-page.js";
import type { Intent, OpenPrompt, PromptEvents, PromptWindow, View } from "./views.js";

const PAGE = "prompt.html";
const PORT = "prompt:";
const WIDTH = 420;
const HEIGHT = 720;

/** Windows whose page has not gone yet, by the random name in their address. */
const open = new Map<string, Prompt>();

class Prompt implements PromptWindow {
  readonly #name = crypto.randomUUID();
  #events: PromptEvents | undefined;
  #view: View;
  #port: chrome.runtime.Port | undefined;
  #windowId: number | undefined;
  #closing = false;

  constructor(view: View, events: PromptEvents) {
    this.#view = view;
    this.#events = events;
    open.set(this.#name, this);
    void this.#create();
  }

  get windowId(): number | undefined {
    return this.#windowId;
  }

  show(view: View): void {
    this.#view = view;
    this.#port?.postMessage(view);
  }

  close(): void {
    this.#events = undefined;
    this.#closing = true;
    open.delete(this.#name);
    if (this.#windowId !== undefined) void removeWindow(this.#windowId);
  }

  /** The window's page is there and wants to know what to show. */
  connect(port: chrome.runtime.Port): void {
    this.#port = port;
    port.onMessage.addListener((intent: Intent) => {
      this.#events?.intent(intent);
    });
    port.onDisconnect.addListener(() => {
      this.gone();
    });
    port.postMessage(this.#view);
  }

  gone(): void {
    const events = this.#events;
    this.#events = undefined;
    open.delete(this.#name);
    events?.closed();
  }

  async #create(): Promise<void> {
    try {
      const created = await chrome.windows.create({
        type: "popup",
        url: `${PAGE}#${this.#name}`,
        width: WIDTH,
        height: HEIGHT,
        focused: true,
        ...(await position()),
      });
      this.#windowId = created?.id;
      if (this.#closing && this.#windowId !== undefined) await removeWindow(this.#windowId);
    } catch {
      this.gone();
    }
  }
}

export const openPromptWindow: OpenPrompt = (view, events) => new Prompt(view, events);

/** To be called as the background starts: pages connect to it, windows vanish. */
export function listenToPromptWindows(): void {
  chrome.runtime.onConnect.addListener((port) => {
    if (!port.name.startsWith(PORT)) return;
    const prompt = open.get(port.name.slice(PORT.length));
    // An unknown name: a window of an earlier life of this background. Disconnecting tells its page to close.
    if (prompt === undefined || !isOwnPage(port.sender, PAGE)) port.disconnect();
    else prompt.connect(port);
  });
  chrome.windows.onRemoved.addListener((windowId) => {
    for (const prompt of open.values()) if (prompt.windowId === windowId) prompt.gone();
  });
}

/** Over the upper middle of the window that asks, so that the tab beneath stays visible around it. */
async function position(): Promise<{ left?: number; top?: number }> {
  try {
    const { left, top, width } = await chrome.windows.getLastFocused({ windowTypes: ["normal"] });
    if (left === undefined || top === undefined || width === undefined) return {};
    return { left: Math.max(0, Math.round(left + (width - WIDTH) / 2)), top: Math.max(0, top + 72) };
  } catch {
    return {};
  }
}

async function removeWindow(windowId: number): Promise<void> {
  try {
    await chrome.windows.remove(windowId);
  } catch {
    // The person was quicker.
  }
}
