/**
 * Notices that the page behind a request has gone. Chromium tells a proxy when a page aborts its request, but not when
 * the page navigates, reloads or closes (measured on 156: its request object is dropped without a word), nor does it say
 * which tab asks. `webNavigation` tells both; beside the proxy's own, that permission adds no warning at installation
 * (measured). Of what it tells, nothing is kept longer than the ceremony.
 */

/** A frame whose document asked. */
interface Asker {
  tab: number;
  frame: number;
  gone: () => void;
}

export class Departures {
  readonly #askers = new Set<Asker>();

  /** Registers its listeners; to be made as the background starts. */
  constructor() {
    chrome.tabs.onRemoved.addListener((tab) => {
      this.#depart((asker) => asker.tab === tab);
    });
    // Told for a new document only, not for a page that changes its own address (history.pushState).
    chrome.webNavigation.onCommitted.addListener(({ tabId, frameId }) => {
      this.#depart(({ tab, frame }) => tab === tabId && (frameId === 0 || frameId === frame));
    });
  }

  /** Calls `gone`, at most once, when the document of `origin` that asked has gone. The result ends the watch. */
  async watch(origin: string, gone: () => void): Promise<() => void> {
    const found = await findFrame(origin);
    if (found === undefined) return () => undefined;
    const asker = { ...found, gone };
    this.#askers.add(asker);
    return () => this.#askers.delete(asker);
  }

  #depart(concerned: (asker: Asker) => boolean): void {
    for (const asker of [...this.#askers].filter(concerned)) {
      this.#askers.delete(asker);
      asker.gone();
    }
  }
}

/** The frame that most likely asked: of that origin, in front if there is one. */
async function findFrame(origin: string): Promise<{ tab: number; frame: number } | undefined> {
  try {
    const inFront = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
    const visible = await chrome.tabs.query({ active: true });
    return (
      (await frameOf(origin, [...inFront, ...visible])) ??
      (await frameOf(origin, await chrome.tabs.query({})))
    );
  } catch {
    return undefined;
  }
}

async function frameOf(
  origin: string,
  tabs: chrome.tabs.Tab[],
): Promise<{ tab: number; frame: number } | undefined> {
  for (const { id } of tabs) {
    if (id === undefined) continue;
    const frames = (await chrome.webNavigation.getAllFrames({ tabId: id })) ?? [];
    const frame = frames.find(({ url }) => url === origin || url.startsWith(`${origin}/`));
    if (frame !== undefined) return { tab: id, frame: frame.frameId };
  }
  return undefined;
}
