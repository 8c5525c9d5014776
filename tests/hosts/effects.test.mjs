// Loading an entry does nothing to the page: no node, request, storage key, cookie, listener, timer, and no global but the script tag's own.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { launch } from "../lib/chromium.mjs";
import { serveFolder } from "./lib/serve.mjs";
import { addPackage } from "./lib/tools.mjs";

let folder, server, browser;

/** Counts, before anything else runs. */
const watch = `
  const calls = [];
  const note = (object, name) => { const original = object[name]; object[name] = function (...values) { calls.push(name); return original.apply(this, values); }; };
  note(EventTarget.prototype, "addEventListener");
  for (const name of ["setTimeout", "setInterval", "requestAnimationFrame", "fetch", "open", "postMessage", "queueMicrotask"]) note(window, name);
  for (const name of ["Module", "Instance", "instantiate", "compile"]) note(WebAssembly, name);
  for (const name of ["getItem", "setItem", "key"]) note(Storage.prototype, name);
  note(document, "createElement");
  const look = () => ({ nodes: document.querySelectorAll("*").length, globals: Object.getOwnPropertyNames(window), storage: localStorage.length + sessionStorage.length, cookie: document.cookie, listeners: ["onmessage", "onstorage"].filter((name) => window[name]) });
  let before;
  window.finish = () => { window.result = { calls: [...calls], before, after: look() }; };
  before = look();
`;

const page = (load) => `<!doctype html><html lang="en"><title>Effects</title><body><script src="/watch.js"></script>${load}</html>`;
const entries = {
  "index.js": page('<script type="module" src="/module.js"></script>'),
  "lazy.js": page('<script type="module" src="/lazy.js"></script>'),
  "slim.js": page('<script type="module" src="/slim.js"></script>'),
  "paragon.js": page('<script src="/node_modules/paragon-connect-wasm/dist/paragon.js"></script><script src="/finish.js"></script>'),
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "paragon-effects-"));
  await addPackage(folder);
  await writeFile(join(folder, "watch.js"), watch);
  await writeFile(join(folder, "finish.js"), "finish();");
  for (const [name, entry] of [
    ["module", "index"],
    ["lazy", "lazy"],
    ["slim", "slim"],
  ]) {
    await writeFile(join(folder, `${name}.js`), `import "/node_modules/paragon-connect-wasm/dist/${entry}.js";\nfinish();\n`);
  }
  for (const [name, text] of Object.entries(entries)) await writeFile(join(folder, `${name}.html`), text);
  [server, browser] = await Promise.all([serveFolder(folder), launch()]);
});
after(async () => {
  await browser?.close();
  server?.stop();
  await rm(folder, { recursive: true, force: true });
});

for (const entry of Object.keys(entries)) {
  test(`loading ${entry} has no effect on the page`, async () => {
    const tab = await browser.newPage();
    const requests = [];
    tab.on("request", (request) => requests.push(new URL(request.url()).pathname));
    await tab.goto(`${server.url}/${entry}.html`);
    await tab.waitForFunction(() => window.result);
    const { calls, before, after: now } = await tab.evaluate(() => window.result);
    const scripts = await tab.evaluate(() => document.scripts.length);
    const added = now.globals.filter((name) => !before.globals.includes(name));
    assert.deepEqual(calls, []);
    assert.deepEqual(added.sort(), entry === "paragon.js" ? ["ParagonConnect", "paragon"] : []);
    // The page's own script tags are the only nodes that come.
    assert.equal(now.nodes - before.nodes, scripts - 1);
    assert.deepEqual({ ...now, nodes: 0, globals: 0 }, { ...before, nodes: 0, globals: 0 });
    const files = [entry, "shared.js"].map((name) => `/node_modules/paragon-connect-wasm/dist/${name}`);
    const own = [`/${entry}.html`, "/watch.js", "/module.js", "/lazy.js", "/slim.js", "/finish.js", ...files, "/favicon.ico"];
    assert.deepEqual(
      requests.filter((path) => !own.includes(path)),
      [],
    );
    await tab.close();
  });
}
