// A site that frames another one and delegates passkeys to it.

import { createServer } from "node:http";

/** Both sites, listening on one port under two names. */
export class FramingSite {
  /**
   * @param {import("node:http").Server} server
   * @param {number} port
   */
  constructor(server, port) {
    this.server = server;
    this.origin = `http://localhost:${port}`;
    this.framedHost = "framed.localhost";
    this.framedOrigin = `http://${this.framedHost}:${port}`;
  }

  static async start() {
    const server = createServer((request, answer) => {
      const { host } = request.headers;
      answer.setHeader("content-type", "text/html; charset=utf-8");
      answer.end(
        host?.startsWith("framed.")
          ? "<!doctype html><title>Framed</title><button>Press</button>"
          : `<!doctype html><title>Framing</title>
             <iframe src="http://framed.${host}/" allow="publickey-credentials-create *; publickey-credentials-get *"></iframe>`,
      );
    });
    await new Promise((done, failed) => {
      server.once("error", failed);
      server.listen(0, "127.0.0.1", () => done(undefined));
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no TCP address");
    return new FramingSite(server, address.port);
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
