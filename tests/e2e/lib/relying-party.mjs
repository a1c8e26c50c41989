// The relying party: a fresh database, a free port, the practice CAs as trust anchors.

import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { program } from "./paths.mjs";
import { Process } from "./processes.mjs";

/**
 * @typedef {object} RelyingPartyOptions
 * @property {boolean} [require] refuse registrations without an eID attestation (default true)
 * @property {'enterprise' | 'direct' | 'none'} [conveyance] what the page asks for (default enterprise)
 * @property {'pairwise' | 'choice' | 'card' | 'card-only'} [credentials] which key it asks for (default pairwise)
 * @property {string[]} [profiles] issuer profiles in force (default lab)
 * @property {string[]} [anchors] certificates added to the lab profile
 * @property {boolean} [acceptUnchecked] enrol although no revocation source is there (default false)
 * @property {number} [port]
 */

/** What the relying party calls itself, on its pages and in the prompt. */
export const serviceName = "Practice Office";

/** A port that nobody listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((done, failed) => {
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => done(undefined));
  });
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no TCP address");
  return address.port;
}

/** A running relying party. */
export class RelyingParty {
  /**
   * @param {Process} process
   * @param {string} origin
   */
  constructor(process, origin) {
    this.process = process;
    this.origin = origin;
  }

  /**
   * @param {string} folder for its configuration, database, keys and log
   * @param {RelyingPartyOptions} [options]
   */
  static async start(folder, options = {}) {
    const { require = true, conveyance = "enterprise", profiles = ["lab"], anchors = [] } = options;
    const { acceptUnchecked = false, credentials = "pairwise" } = options;
    const port = options.port ?? (await freePort());
    const origin = `http://localhost:${port}`;
    const config = join(folder, "relying-party.toml");
    await writeFile(
      config,
      `listen = "127.0.0.1:${port}"
origin = "${origin}"
rp-id = "localhost"
rp-name = "${serviceName}"
database = ${JSON.stringify(join(folder, "relying-party.sqlite3"))}
key-file = ${JSON.stringify(join(folder, "relying-party.key"))}

[credentials]
order = "${credentials}"

[attestation]
require = ${require}
conveyance = "${conveyance}"
profiles = ${JSON.stringify(profiles)}
accept-unchecked = ${acceptUnchecked}
${anchors.map((file) => `\n[[attestation.anchors]]\nprofile = "lab"\nfile = ${JSON.stringify(file)}\n`).join("")}`,
    );
    const child = new Process(
      "jpki-relying-party",
      join(folder, "relying-party.log"),
      program("jpki-relying-party"),
      ["serve", "--config", config],
    );
    await child.ready(`answering on ${origin}`, () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        (response) => response.ok,
        () => false,
      ),
    );
    return new RelyingParty(child, origin);
  }

  async stop() {
    await this.process.stop();
  }
}
