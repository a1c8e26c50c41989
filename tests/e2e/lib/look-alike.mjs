// A site at another origin that passes everything on to the relying party and back: the way in which
// one-time codes are phished.

import { createServer, request } from "node:http";

/** The look-alike, listening. */
export class LookAlike {
  /**
   * @param {import("node:http").Server} server
   * @param {string} origin
   */
  constructor(server, origin) {
    this.server = server;
    this.origin = origin;
  }

  /**
   * @param {string} victim the relying party's origin
   * @param {string} [host] the relying party's own unless said otherwise: the same RP ID, at another port
   */
  static async start(victim, host) {
    const { hostname, port } = new URL(victim);
    const server = createServer((incoming, answer) => {
      const headers = { ...incoming.headers, host: new URL(victim).host };
      if ("origin" in headers) headers.origin = victim;
      if ("referer" in headers) headers.referer = `${victim}/`;
      const { method, url } = incoming;
      const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      });
      onward.on("error", () => answer.destroy());
      incoming.pipe(onward);
    });
    await new Promise((done, failed) => {
      server.once("error", failed);
      server.listen(0, "127.0.0.1", () => done(undefined));
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no TCP address");
    return new LookAlike(server, `http://${host ?? hostname}:${address.port}`);
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
