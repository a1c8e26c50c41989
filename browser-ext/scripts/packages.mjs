// What goes into each browser's package. Another browser is another entry here, not another source tree.

export const packages = {
  chromium: {
    manifest: "src/chromium/manifest.json",
    target: "chrome120",
    scripts: {
      background: "src/chromium/background.ts",
      prompt: "src/prompt/prompt.ts",
      popup: "src/popup/popup.ts",
      options: "src/options/options.ts",
    },
  },
  firefox: {
    manifest: "src/firefox/manifest.json",
    target: "firefox142",
    scripts: {
      background: "src/firefox/background.ts",
      bridge: "src/firefox/bridge.ts",
      page: "src/firefox/page.ts",
      prompt: "src/prompt/prompt.ts",
      popup: "src/popup/popup.ts",
      options: "src/options/options.ts",
    },
  },
};

/** Copied as they are, into every package. */
export const files = {
  "common.css": "src/common.css",
  "prompt.html": "src/prompt/prompt.html",
  "prompt.css": "src/prompt/prompt.css",
  "popup.html": "src/popup/popup.html",
  "popup.css": "src/popup/popup.css",
  "options.html": "src/options/options.html",
  "options.css": "src/options/options.css",
  signs: "static/signs",
  icons: "static/icons",
};

export const languages = ["en", "ja"];

/** The documents that a person sees, each with a script and a style sheet of its name. */
export const pages = ["prompt", "popup", "options"];
