/** Whether a port leads to a page of this extension's own (under `path`), and not to a script of it in somebody's page. */
export function isOwnPage(sender: chrome.runtime.MessageSender | undefined, path = ""): boolean {
  return sender?.id === chrome.runtime.id && sender.url?.startsWith(chrome.runtime.getURL(path)) === true;
}
