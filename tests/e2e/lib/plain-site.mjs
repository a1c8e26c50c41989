// A site with one page that a case writes, at localhost.

import { createServer } from "node:http";

export class PlainSite {
  /**
   * @param {import("node:http").Server} server
   * @param {string} origin
   */
  constructor(server, origin) {
    this.server = server;
    this.origin = origin;
  }

  /**
   * @param {string} html
   * @param {Record<string, string>} [headers]
   */
  static async start(html, headers = {}) {
    const server = createServer((request, answer) => {
      answer.setHeader("content-type", "text/html; charset=utf-8");
      for (const [name, value] of Object.entries(headers)) answer.setHeader(name, value);
      answer.end(request.url === "/" ? html : "<!doctype html><title>Another page</title>");
    });
    await new Promise((done, failed) => {
      server.once("error", failed);
      server.listen(0, "127.0.0.1", () => done(undefined));
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no TCP address");
    return new PlainSite(server, `http://localhost:${address.port}`);
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
