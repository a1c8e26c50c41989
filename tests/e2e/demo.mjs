// `make demo`: the whole way on real parts. A card in the real pcscd, the authenticator behind native
// messaging, the extension in real Chromium, a relying party over HTTP on localhost.
//
//   HEADLESS=1    performs both ceremonies itself (so does a machine without a display)
//   CARD=real     the first real card found instead of the practice card
//   PORT=8080     where the relying party listens

import { Demo } from "./demo/demo.mjs";
import { headless } from "./demo/headless.mjs";
import { interactive } from "./demo/interactive.mjs";
import { Missing } from "./lib/paths.mjs";
import { wasInterrupted } from "./lib/processes.mjs";

const hasDisplay = Boolean(process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"]);
const alone = !hasDisplay || !["", "0", undefined].includes(process.env["HEADLESS"]);

/** @type {Demo | undefined} */
let demo;
try {
  demo = await Demo.prepare({ alone });
  await (alone ? headless(demo) : interactive(demo));
  await demo.end();
  // An interrupt closes the browser too, as a person does who has finished.
  if (!wasInterrupted()) console.log("demo: ok");
} catch (error) {
  await demo?.explain(error);
  await demo?.end();
  if (!wasInterrupted()) {
    console.error(
      error instanceof Missing ? `\n${error.message}` : `\n${error instanceof Error ? error.stack : error}`,
    );
    console.error("demo: failed");
    process.exitCode = 1;
  }
}
