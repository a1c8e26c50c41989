// What the relying party's pages say of their own knowledge, and the code beside it.

import { LookAlike } from "../lib/look-alike.mjs";
import { tells } from "./steps.mjs";

const registrationStart = "/api/registration/start";

/** @type {import("../lib/suite.mjs").Case[]} */
export const service = [
  {
    name: "a page at an address that is not the service's is told that the browser refuses",
    async run(world) {
      const lookAlike = await LookAlike.start(world.relyingParty.origin, "127.0.0.1");
      try {
        const victim = await world.visit(lookAlike);
        await victim.register("taro");
        tells(await victim.says("refused-by-browser"), /address/, "JPKI-refused-by-browser");
      } finally {
        await lookAlike.stop();
      }
    },
  },
  {
    name: "a service that does not answer is said not to, in Japanese",
    world: { language: "ja" },
    async run(world) {
      await world.site.open("/register");
      await world.site.page.locator("#account-name").fill("taro");
      await world.relyingParty.stop();
      await world.site.page.locator("#register").click();
      tells(await world.site.says("offline"), "応答しませんでした", "エラーコード", "JPKI-offline");
    },
  },
  {
    name: "a browser without passkeys is told which ones have them",
    async run(world) {
      await world.site.page.evaluateOnNewDocument(() => {
        Reflect.deleteProperty(globalThis, "PublicKeyCredential");
      });
      await world.site.register("taro");
      tells(await world.site.says("browser-unsupported"), /Firefox/, "JPKI-browser-unsupported");
    },
  },
  {
    name: "where the browser finds nothing that can do it, the page says what to look at",
    async run(world) {
      // A kind of key that no browser knows.
      await world.site.alterOptions(registrationStart, "pubKeyCredParams", [{ type: "door-key", alg: -7 }]);
      await world.site.register("taro");
      tells(await world.site.says("no-authenticator"), /extension/, /reader/, "JPKI-no-authenticator");
    },
  },
];
