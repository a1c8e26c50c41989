/**
 * Notices that the page behind a request has gone. Chromium tells a proxy when a page aborts its request, but not when
 * the page navigates, reloads or closes (measured on 156: its request object is dropped without a word), nor does it say
 * which tab asks. `webNavigation` tells both; beside the proxy's own, that permission adds no warning at installation
 * (measured). Of what it tells, nothing is kept longer than the ceremony.
 */

/** A frame whose document may have asked. */
interface Frame {
  tab: number;
  frame: number;
  private: boolean;
}

/** A frame whose document asked. */
interface Asker extends Frame {
  gone: () => void;
}

/** A request's document, as far as it was found. */
export interface Watched {
  /** It is in a private window, or may be. */
  private: boolean;
  end(): void;
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
  async watch(origin: string, gone: () => void): Promise<Watched> {
    const frames = await findFrames(origin);
    const isPrivate = frames.length > 0 ? frames.some((frame) => frame.private) : await isAnyPrivate();
    const [found] = frames;
    if (found === undefined) return { private: isPrivate, end: () => undefined };
    const asker = { ...found, gone };
    this.#askers.add(asker);
    return { private: isPrivate, end: () => this.#askers.delete(asker) };
  }

  #depart(concerned: (asker: Asker) => boolean): void {
    for (const asker of [...this.#askers].filter(concerned)) {
      this.#askers.delete(asker);
      asker.gone();
    }
  }
}

/** The frames one of which most likely asked: of that origin, in front if there is one, else in sight. */
async function findFrames(origin: string): Promise<Frame[]> {
  for (const tabs of [{ active: true, lastFocusedWindow: true }, { active: true }, {}]) {
    const found = await framesOf(origin, tabs).catch(() => []);
    if (found.length > 0) return found;
  }
  return [];
}

/** Whether there is a private window that this extension may know of, or no telling. */
async function isAnyPrivate(): Promise<boolean> {
  const windows = await chrome.windows.getAll().catch(() => undefined);
  return windows?.some(({ incognito }) => incognito) ?? true;
}

async function framesOf(origin: string, query: chrome.tabs.QueryInfo): Promise<Frame[]> {
  const found: Frame[] = [];
  for (const { id, incognito } of await chrome.tabs.query(query)) {
    if (id === undefined) continue;
    const frames = (await chrome.webNavigation.getAllFrames({ tabId: id })) ?? [];
    const frame = frames.find(({ url }) => url === origin || url.startsWith(`${origin}/`));
    if (frame !== undefined) found.push({ tab: id, frame: frame.frameId, private: incognito });
  }
  return found;
}
