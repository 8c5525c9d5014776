// The recording server: the app's page, all services, the portal's frame and the provider's pages on one port.
//
// Each run of a scenario has a prefix of its own, `/r{n}/{service}`, so that runs at the same time do not mix.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

import { bundle } from "../lib/host-app.mjs";
import { defaultAnswer } from "./answers.mjs";

const here = new URL("./", import.meta.url).pathname;
const allowed =
  "authorization, content-type, accept, x-paragon-sdk-version, x-paragon-credential, x-paragon-configuration-id, x-test, x-other, cache-control, if-match";
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": allowed,
  "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
  "access-control-max-age": "600",
  "access-control-expose-headers": "*",
};

const html = (body) => `<!doctype html><html lang="en"><head><title>Test</title>${body}</head><body></body></html>`;
/** Keeps what a window is told; an `Error`, which the test process would get without its message, by name and message. */
const inbox = `<script>
  const plain = (value) => {
    if (value instanceof Error) return { name: value.name, message: value.message };
    if (typeof value !== "object" || value === null) return value;
    return Array.isArray(value) ? value.map(plain) : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  };
  window.inbox = [];
  addEventListener("message", (event) => inbox.push({ origin: event.origin, data: plain(event.data) }));
</script>`;
const pages = {
  app: (sdk) => html(`<script src="/page.js"></script>`).replace("</body>", `<script src="/${sdk}.js"></script></body>`),
  stranger: () => html(""),
  portal: () => html(inbox),
  nonce: () => html(`${inbox}<script>opener?.postMessage({ type: "oauth-nonce-loaded" }, "*");</script>`),
  provider: () => html(inbox),
};

const readBody = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

/** Starts the server. `open` gives a run: its service URLs, what it recorded, and `close`. */
export async function startServer() {
  const scripts = { "page.js": await readFile(`${here}page.js`, "utf8"), "reference.js": await bundle("reference"), "ours.js": await bundle("ours") };
  const runs = new Map();
  let opened = 0;

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, `http://${request.headers.host}`);
    const send = (type, text, headers = {}) => response.writeHead(200, { "content-type": `${type}; charset=utf-8`, ...headers }).end(text);
    if (request.method === "OPTIONS") return response.writeHead(204, cors).end();
    const name = url.pathname.slice(1);
    if (scripts[name]) return send("text/javascript", scripts[name], { "cache-control": "max-age=600" });
    if (name === "app") return send("text/html", pages.app(url.searchParams.get("sdk")));
    if (name === "stranger") return send("text/html", pages.stranger());
    const [, number, service, path] = /^\/r(\d+)\/([^/]+)(.*)$/.exec(url.pathname) ?? [];
    const run = runs.get(number);
    if (!run) return response.writeHead(404).end();
    await serve(run, { service, path, url, request, response, send });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  const origins = { app: `http://host.shop.localhost:${port}`, api: `http://api.shop.localhost:${port}`, stranger: `http://stranger.localhost:${port}` };

  return {
    origins,
    open(answers = {}) {
      const number = String(++opened);
      const base = `${origins.api}/r${number}`;
      const services = Object.fromEntries(
        ["zeus", "hermes", "proxy", "kit", "connect", "dashboard", "cdn", "passport", "provider"].map((service) => [service, `${base}/${service}`]),
      );
      const run = { number, base, services, answers, calls: [], pages: [], used: new Map(), close: () => runs.delete(number) };
      runs.set(number, run);
      return run;
    },
    stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  };
}

/** Answers one request of a run and records it. */
async function serve(run, { service, path, url, request, response, send }) {
  if (request.headers["sec-fetch-mode"] === "navigate" || request.headers["sec-fetch-dest"] === "script") {
    run.pages.push(url.href);
    if (service === "connect") return send("text/html", pages.portal());
    if (path.endsWith("/oauth-nonce")) return send("text/html", pages.nonce());
    return send("text/html", pages.provider());
  }
  const body = await readBody(request);
  const call = { method: request.method, service, path, query: url.search, headers: ownHeaders(request.headers), body, href: url.href };
  run.calls.push(call);
  const answer = scripted(run, call) ?? defaultAnswer(call, run);
  await answer.wait?.();
  // Without leave for other origins the browser tells the page that the network failed, and does not try again.
  if (answer.drop) return response.writeHead(500).end();
  const text = answer.text ?? (answer.json === undefined ? "" : JSON.stringify(answer.json));
  const type = answer.type ?? (answer.json === undefined ? (answer.text === undefined ? undefined : "text/plain") : "application/json; charset=utf-8");
  response.writeHead(answer.status ?? 200, { ...cors, ...(type ? { "content-type": type } : {}), ...answer.headers }).end(text);
}

/**
 * The scenario's own answer: `{"GET zeus /sdk/me": answer | [answer, …] | (call, run) => answer}`. A list is used up one
 * by one, its last stays. The path is without the project's prefix.
 */
function scripted(run, call) {
  const path = call.path.replace(/^(\/v2)?\/projects\/[^/]+(?=\/|$)/, "");
  // Session keys are random.
  const key = `${call.method} ${call.service} ${path.replace(/(?<=\/session-id\/)[0-9a-z]{4,13}$/, "*")}`;
  let answer = run.answers[key];
  if (Array.isArray(answer)) {
    const used = run.used.get(key) ?? 0;
    run.used.set(key, used + 1);
    answer = answer[Math.min(used, answer.length - 1)];
  }
  return typeof answer === "function" ? answer(call, run) : answer;
}

const BROWSERS_OWN = /^(host|connection|user-agent|accept-(encoding|language)|origin|referer|sec-.*|content-length|pragma|priority|transfer-encoding)$/;

/** The headers that the SDK or the app set. */
function ownHeaders(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !BROWSERS_OWN.test(name)));
}
