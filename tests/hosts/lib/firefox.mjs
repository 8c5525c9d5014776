// Firefox, driven over WebDriver BiDi, with its popup blocker on.

import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { find } from "./elements.mjs";
import { toolsOf } from "./tools.mjs";

/** Starts it; `open` gives a window on `url`. */
export async function launchFirefox(executablePath) {
  const require = createRequire(join(await toolsOf("browsers"), "index.js"));
  const { default: puppeteer } = await import(pathToFileURL(require.resolve("puppeteer-core")));
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true, extraPrefsFirefox: { "dom.disable_open_during_load": true } });
  const popups = [];
  return {
    open: async (url) => {
      // Firefox puts a new page into the window in front: into a popup that is about to close, and it would go with it.
      await Promise.all(popups);
      const page = await browser.newPage();
      page.on("popup", (popup) => popups.push(new Promise((resolve) => popup.once("close", resolve))));
      await page.goto(url);
      return driven(page, page);
    },
    close: () => browser.close(),
  };
}

/** What a person does in `place`, the page itself or a frame of it. */
function driven(page, place) {
  const element = async (selector, text) => (await place.waitForFunction(find, { polling: 50, timeout: 30_000 }, selector, text)).asElement();
  return {
    click: async (selector, text) => (await element(selector, text)).click(),
    text: async (selector, text) => (await element(selector, text)).evaluate((found) => found.textContent),
    frame: async (selector) => driven(page, await (await element(selector)).contentFrame()),
    /** Does `action` and gives the window that it opens. */
    popup: async (action) => {
      const [popup] = await Promise.all([new Promise((resolve) => page.once("popup", resolve)), action()]);
      return driven(popup, popup);
    },
  };
}
