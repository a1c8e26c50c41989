// Pictures of the windows in which the system's pinentry asks for the PIN, on a screen that nobody sees. What each shows is in
// docs/screenshots/windows.json, which a test of the program writes and compares (prompt/native/tests/pictures.rs).

import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import sharp from "sharp";

/** The pinentry of desktops that a test machine has (tools/set-up). */
const PINENTRY = "pinentry-gtk-2";
const PATIENCE = 20_000;
const run = promisify(execFile);

/** @typedef {[name: string, text: string][]} Lines what is sent for a window */
/** @typedef {{ state: string, says: string, en: Lines, ja: Lines }} PinWindow */

/**
 * What the program sends for each window.
 * @returns {Promise<PinWindow[]>}
 */
export const windowsIn = async (folder) => JSON.parse(await readFile(`${folder}/windows.json`, "utf8"));

/** Draws each window in each language. */
export async function drawWindows(windows, pathOf) {
  const screen = await openScreen();
  try {
    for (const window of windows)
      for (const language of ["en", "ja"])
        await drawWindow(screen, window[language], pathOf(window.state, language));
  } finally {
    await screen.close();
  }
}

async function openScreen() {
  const folder = await mkdtemp(join(tmpdir(), "screen-"));
  const size = ["-screen", "0", "1024x768x24", "-fbdir", folder];
  const server = spawn("Xvfb", ["-displayfd", "1", "-nolisten", "tcp", "-noreset", ...size], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const number = await new Promise((found, failed) => {
    server.once("error", failed);
    server.once("exit", () => failed(new Error("Xvfb ended")));
    server.stdout.once("data", (line) => found(String(line).trim()));
  });
  return {
    display: `:${number}`,
    pixels: () => readFile(join(folder, "Xvfb_screen0")),
    async close() {
      const ended = new Promise((done) => server.once("exit", done));
      server.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function drawWindow(screen, lines, path) {
  // Noto has no UI language to go by: without a locale GTK cuts Japanese text short.
  const env = { ...process.env, DISPLAY: screen.display, LC_ALL: "C.UTF-8" };
  const pinentry = spawn(PINENTRY, ["--display", screen.display], {
    env,
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = new Promise((done) => pinentry.once("exit", done));
  const commands = [["OPTION", "no-grab"], ["OPTION", "lc-ctype=C.UTF-8"], ...lines];
  for (const [name, text] of commands) pinentry.stdin.write(`${name} ${encoded(text)}`.trim() + "\n");
  const title = lines.find(([name]) => name === "SETTITLE")[1];
  const xdotool = async (...words) => (await run("xdotool", words, { env })).stdout;
  const since = Date.now();
  let geometry;
  while (geometry === undefined) {
    if (Date.now() - since > PATIENCE) throw new Error(`no window was opened for ${path}`);
    await pause(50);
    const found = await xdotool("search", "--onlyvisible", "--name", `^${title}$`).catch(() => "");
    const [id] = found.trim().split("\n").filter(Boolean);
    if (id !== undefined) geometry = await xdotool("getwindowgeometry", "--shell", id).catch(() => undefined);
  }
  const number = (name) => Number(new RegExp(`^${name}=(\\d+)$`, "m").exec(geometry)[1]);
  const area = { left: number("X"), top: number("Y"), width: number("WIDTH"), height: number("HEIGHT") };
  // Until it stands still.
  let before;
  let now = await cut(await screen.pixels(), area);
  do {
    await pause(200);
    before = now;
    now = await cut(await screen.pixels(), area);
  } while (!before.equals(now) && Date.now() - since < PATIENCE);
  await sharp(now, { raw: { width: area.width, height: area.height, channels: 3 } })
    .png()
    .toFile(path);
  pinentry.kill();
  await ended;
}

/** A text as Assuan has it. */
const encoded = (text) => text.replaceAll("%", "%25").replaceAll("\n", "%0A");

/** A part of a screen in the form of xwd(1): a header of big-endian numbers, then pixels of four bytes, blue first. */
async function cut(xwd, { left, top, width, height }) {
  const field = (index) => xwd.readUInt32BE(4 * index);
  const [header, bytesPerLine, colours] = [field(0), field(12), field(19)];
  const pixels = header + colours * 12;
  const rgb = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const from = pixels + (top + y) * bytesPerLine + (left + x) * 4;
      const to = (y * width + x) * 3;
      rgb[to] = xwd[from + 2];
      rgb[to + 1] = xwd[from + 1];
      rgb[to + 2] = xwd[from];
    }
  return rgb;
}
