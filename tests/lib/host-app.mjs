// A customer's web app: a page on an origin of its own that uses an SDK.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

import { build } from "esbuild";

const root = new URL("../../", import.meta.url).pathname;

/** Bundles a module that exports `paragon` on `window`, from our package or the reference's. */
export async function bundle(sdk) {
  const entry = {
    ours: { path: `${root}pkg/dist/index.js`, source: `import * as sdk from "SDK"; window.sdk = sdk; window.paragon = sdk.paragon;` },
    reference: { path: "@useparagon/connect", source: `import * as sdk from "SDK"; window.sdk = sdk; window.paragon = sdk.paragon;` },
  }[sdk];
  const result = await build({
    stdin: { contents: entry.source.replace("SDK", entry.path), resolveDir: `${root}tests`, loader: "js" },
    bundle: true,
    write: false,
    format: "iife",
    logLevel: "silent",
    define: { global: "window" },
  });
  return result.outputFiles[0].text;
}

/** Serves the app; `headers` are sent with the page (its own opener policy, its CSP). */
export async function startHostApp(sdk, headers = {}) {
  const script = sdk === "script-tag" ? await readFile(`${root}pkg/dist/paragon.js`, "utf8") : await bundle(sdk);
  const page = `<!doctype html><html lang="en"><title>Host app</title><body><h1>Host app</h1>
    <button id="connect">Connect</button><button id="again">Again</button><p id="state"></p><script src="/app.js"></script></body></html>`;
  const server = createServer((request, response) => {
    if (request.url === "/app.js") {
      response.writeHead(200, { "content-type": "text/javascript; charset=utf-8" }).end(script);
    } else {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...headers }).end(page);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => new Promise((done) => server.close(done)) };
}
