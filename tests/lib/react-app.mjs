// The React app of a customer, on an origin of its own, with the server that signs its user in.

import { once } from "node:events";
import { createServer } from "node:http";

import { build } from "esbuild";

const root = new URL("../../", import.meta.url).pathname;

async function bundle() {
  const result = await build({
    entryPoints: [`${root}tests/browser/react/main.jsx`],
    bundle: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    // As if it were installed.
    alias: { "paragon-connect-wasm": `${root}pkg/dist/index.js` },
    define: { "process.env.NODE_ENV": '"development"' },
    logLevel: "warning",
  });
  return result.outputFiles[0].text;
}

/** Serves the app; `session` of the answer is what its server says about the user. */
export async function startReactApp() {
  const script = await bundle();
  const page = `<!doctype html><html lang="en"><title>Acme</title><body><h1>Acme</h1><main id="root"></main><script src="/app.js"></script></body></html>`;
  const app = { session: undefined };
  const server = createServer((request, response) => {
    const [type, body] = {
      "/app.js": ["text/javascript; charset=utf-8", script],
      "/session": ["application/json", JSON.stringify(app.session)],
      "/": ["text/html; charset=utf-8", page],
    }[new URL(request.url, "http://x").pathname] ?? ["text/plain", ""];
    response.writeHead(body ? 200 : 404, { "content-type": type }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  app.url = `http://127.0.0.1:${server.address().port}`;
  app.stop = () => new Promise((done) => server.close(done));
  return app;
}
