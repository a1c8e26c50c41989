// Prompt, popup and options page as pages of their own, without browser or program behind them (pictures/show.ts).

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import { build } from "esbuild";
import { files, pages } from "./packages.mjs";

const types = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

/** Builds the pages into the folder `out` and serves them, over HTTP: from files, a page may not use pictures as masks. */
export async function servePages(out) {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  for (const [to, from] of Object.entries(files)) await cp(from, `${out}/${to}`, { recursive: true });
  await build({
    entryPoints: ["pictures/show.ts"],
    bundle: true,
    outdir: out,
    format: "iife",
    charset: "utf8",
  });
  for (const page of pages) {
    const html = await readFile(`${out}/${page}.html`, "utf8");
    await writeFile(`${out}/${page}.html`, html.replace(`${page}.js`, "show.js"));
  }
  const server = createServer((request, response) => {
    readFile(`${out}${new URL(request.url, "http://localhost").pathname}`).then(
      (body) => response.writeHead(200, { "content-type": types[extname(request.url)] }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    addressOf: (page) => `http://127.0.0.1:${server.address().port}/${page}.html`,
    close: () => server.close(),
  };
}
