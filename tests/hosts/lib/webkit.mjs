// WebKit (Safari's engine, in its GTK port), driven over WebDriver, on a display of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";

import { freePorts } from "../../lib/gateway.mjs";
import { find } from "./elements.mjs";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Starts driver and display; `open` gives a window on `url`. */
export async function launchWebKit(driver, browser) {
  const display = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], { stdio: ["ignore", "pipe", "ignore"] });
  const [number] = await once(display.stdout, "data");
  const port = await freePorts();
  const env = { ...process.env, DISPLAY: `:${String(number).trim()}`, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", LIBGL_ALWAYS_SOFTWARE: "1" };
  const child = spawn(driver, [`--port=${port}`], { env, stdio: "ignore" });
  const stop = async () => {
    for (const one of [child, display]) {
      one.kill();
      if (one.exitCode === null && one.signalCode === null) await once(one, "close");
    }
  };
  try {
    const session = await startSession(`http://127.0.0.1:${port}`, browser);
    return {
      open: async (url) => {
        await session("POST", "/url", { url });
        return driven(session, await session("GET", "/window"));
      },
      close: async () => {
        await session("DELETE", "").catch(() => undefined);
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A browser of the driver's: a function that sends it commands. */
async function startSession(base, browser) {
  await eventually("the driver listens", async () => (await fetch(`${base}/status`).catch(() => undefined))?.ok);
  const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] } } };
  const { sessionId } = await send(base, "POST", "/session", { capabilities });
  return (method, path, body) => send(`${base}/session/${sessionId}`, method, path, body);
}

async function send(base, method, path, body) {
  const answer = await fetch(base + path, { method, body: method === "POST" ? JSON.stringify(body ?? {}) : undefined });
  const { value } = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(`${method} ${path}: ${value.error} ${value.message}`), { code: value.error });
  return value;
}

/** What a person does in `window`, in the page itself or in the frame that `path` leads to. */
function driven(session, window, path = []) {
  const enter = async () => {
    await session("POST", "/window", { handle: window });
    await session("POST", "/frame", { id: null });
    for (const selector of path) await session("POST", "/frame", { id: await look(selector) });
  };
  const look = (selector, text) => session("POST", "/execute/sync", { script: `return (${find})(...arguments)`, args: [selector, text ?? ""] });
  const element = (selector, text) =>
    eventually(`${selector} ${text ?? ""} is shown`, async () => {
      await enter();
      return (await look(selector, text))?.[ELEMENT];
    });
  return {
    click: async (selector, text) => session("POST", `/element/${await element(selector, text)}/click`),
    text: async (selector, text) => session("GET", `/element/${await element(selector, text)}/property/textContent`),
    frame: async (selector) => (await element(selector)) && driven(session, window, [...path, selector]),
    popup: async (action) => {
      const before = await session("GET", "/window/handles");
      await action();
      const isNew = (handle) => !before.includes(handle);
      return driven(session, await eventually("a window opens", async () => (await session("GET", "/window/handles")).find(isNew)));
    },
  };
}

/** What `look` gives, once it gives something: pages come and go while one looks, so its errors count at the end only. */
async function eventually(what, look) {
  const limit = Date.now() + 30_000;
  for (;;) {
    const found = await look().catch((error) => (Date.now() > limit ? Promise.reject(error) : undefined));
    if (found) return found;
    if (Date.now() > limit) throw new Error(`it never came true that ${what}`);
    await setTimeout(20);
  }
}
