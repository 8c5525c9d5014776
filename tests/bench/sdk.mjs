// Speed and memory of the SDK next to the reference, in one page, in turns. Ratios are what counts: absolute times
// belong to the machine.

import { once } from "node:events";
import { createServer } from "node:http";

import { launch } from "../lib/chromium.mjs";
import { bundle } from "../lib/host-app.mjs";
import { account, integrations, large, me } from "./support/data.mjs";

/** An isolated page has a clock of 5 µs in place of 100 µs. */
const fineClock = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

const scripts = { "/reference.js": await bundle("reference"), "/ours.js": await bundle("ours") };
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  request.body = Buffer.concat(chunks).toString();
  const json = (text) => response.writeHead(200, { "content-type": "application/json" }).end(text);
  const path = request.url.split("?")[0];
  if (scripts[path]) return response.writeHead(200, { "content-type": "text/javascript" }).end(scripts[path]);
  if (path === "/") return response.writeHead(200, { "content-type": "text/html", ...fineClock }).end("<!doctype html><title>bench</title><body></body>");
  // A project is named after how many integrations it has.
  const count = Number(/\/projects\/p(\d+)\//.exec(path)?.[1] ?? 1);
  if (path.endsWith("/sdk/me")) return json(JSON.stringify(me(count)));
  if (path.endsWith("/sdk/integrations")) return json(JSON.stringify(integrations(count)));
  if (path.endsWith("/sdk/credentials")) return json(JSON.stringify(account));
  if (path.endsWith("/build-oauth")) return json('{"redirectUrl":"about:blank"}');
  if (path.includes("/sdk/actions/session-id/")) return json("{}");
  if (/\/sdk\/flows(\/|$)/.test(path)) return flow(request, response, path, json);
  if (path.endsWith("/large")) return json(large);
  return json('{"output":{"ok":true}}');
});
/** A flow of a gateway that stays open until it is cancelled. */
function flow(request, response, path, json) {
  const id = request.method === "POST" ? JSON.parse(request.body).id : path.split("/").at(-1);
  const isCancelled = request.method === "DELETE";
  if (isCancelled || request.headers.accept !== "text/event-stream")
    return json(JSON.stringify({ id, version: isCancelled ? 2 : 1, status: isCancelled ? "cancelled" : "pending" }));
  response.writeHead(200, { "content-type": "text/event-stream" }).write(`: open\n\n`);
}
// A connection that the server closes while a request is on its way would be a failure that nobody wants to see here.
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1");
await once(server, "listening");
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await launch({ extra: ["--enable-precise-memory-info", "--js-flags=--expose-gc"] });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(600_000);
  await page.goto(origin);
  console.log(`${"".padEnd(48)}ours  reference   ratio`);
  /** `error`: standard error of the two; a ratio to what is not above it says nothing. */
  const show = (name, [ours, reference, error = 0], digits = 3) => {
    const ratio = reference > 2 * error ? (ours / reference).toFixed(2) : "noise";
    console.log(
      `  ${name.padEnd(40)} ${ours.toFixed(digits).padStart(9)} ${reference.toFixed(digits).padStart(10)} ${ratio.padStart(7)}${error ? `   ± ${error.toFixed(digits)}` : ""}`,
    );
  };
  show("import to first answer, ms", await page.evaluate(importToReady));
  await page.evaluate(prepare);
  show("authenticate, ms", await page.evaluate(timeAuthenticate));
  show("request above bare fetch, no network, µs", await page.evaluate(timeWithoutNetwork), 1);
  show("request above bare fetch, small, ms", await page.evaluate(timeRequests, { path: "small", rounds: 1500 }));
  show("  the same with a 1 MiB body, ms", await page.evaluate(timeRequests, { path: "small", rounds: 20, size: 1 << 20 }));
  show("  the same with a 5 MB answer, ms", await page.evaluate(timeRequests, { path: "large", rounds: 12 }));
  show("a request with a 5 MB answer, times a bare fetch", await page.evaluate(timeRequests, { path: "large", rounds: 12, isRelative: true }));
  show("getUser with one integration, ms", await page.evaluate(timeGetUser, { count: 1 }), 4);
  show("getUser with 100 integrations, ms", await page.evaluate(timeGetUser, { count: 100 }), 4);
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    // What is still under way, such as a flow that is being withdrawn, comes to its end.
    await page.waitForTimeout(500);
    await session.send("HeapProfiler.collectGarbage");
    return page.evaluate(() => ({
      js: performance.memory.usedJSHeapSize / 1e6,
      wasm: wasmMemories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0) / 1e6,
    }));
  };
  const all = ["ours", "reference"];
  for (const [title, work, rounds, names] of [
    ["10,000 requests", useRequests, 10_000, all],
    ["1,000 connect and disconnect", useConnections, 1_000, all],
    ["1,000 connect and cancel", cancelConnections, 1_000, ["ours", "gateway"]],
    // It has no way to cancel but a time limit, which it looks at twice in a second.
    ["1,000 connect and time limit", timeOutConnections, 1_000, ["reference"]],
  ]) {
    for (const name of names) {
      await page.evaluate(work, { name, rounds: 50 });
      const before = await heap();
      await page.evaluate(work, { name, rounds });
      const after = await heap();
      const who = name === "gateway" ? "ours at a gateway" : name;
      console.log(
        `  heap, ${title}, ${who}: ${before.js.toFixed(2)} → ${after.js.toFixed(2)} MB${name === "reference" ? "" : `, wasm memory ${before.wasm.toFixed(2)} → ${after.wasm.toFixed(2)} MB`}`,
      );
    }
  }
} finally {
  await browser.close();
  server.close();
}

// What follows runs in the page.

/** A fresh copy of each package, evaluated and asked its first question; median of several rounds in turns. */
async function importToReady() {
  const texts = await Promise.all(["/ours.js", "/reference.js"].map(async (url) => (await fetch(url)).text()));
  const times = [[], []];
  for (let round = 0; round < 15; round++) {
    for (const index of round % 2 ? [1, 0] : [0, 1]) {
      // A different text each time: the engine must not find it in its cache.
      const url = URL.createObjectURL(new Blob([`${texts[index]}\n//${round}`], { type: "text/javascript" }));
      const began = performance.now();
      await import(url);
      globalThis.paragon.getUser();
      times[index].push(performance.now() - began);
    }
  }
  return times.map((list) => list.sort((a, b) => a - b)[7]);
}

async function prepare() {
  // Every order: what comes after another is always slower or faster for it.
  globalThis.turns = [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
    [0, 2, 1],
    [2, 0, 1],
    [1, 0, 2],
  ];
  globalThis.wasmMemories = [];
  const { Instance, instantiate } = WebAssembly;
  const keep = (instance) => (wasmMemories.push(...Object.values(instance.exports).filter((value) => value instanceof WebAssembly.Memory)), instance);
  WebAssembly.Instance = function (...values) {
    return keep(new Instance(...values));
  };
  WebAssembly.instantiate = async (...values) => {
    const made = await instantiate(...values);
    keep(made.instance ?? made);
    return made;
  };
  // A window that nothing happens in.
  window.open = () => ({
    closed: false,
    location: {},
    opener: window,
    close() {
      this.closed = true;
    },
    postMessage() {},
    focus() {},
  });
  const token = `e30.${btoa(JSON.stringify({ sub: "u1", exp: 4102444800 })).replace(/=+$/, "")}.c2ln`;
  globalThis.sdks = {};
  for (const name of ["ours", "reference"]) {
    await import(`/${name}.js?loaded`);
    const sdk = globalThis.paragon;
    const urls = Object.fromEntries(
      ["ZEUS", "HERMES", "WORKER_PROXY", "CONNECT", "DASHBOARD", "CDN", "PASSPORT", "API_TRIGGER_KIT"].map((key) => [
        `${key}_PUBLIC_URL`,
        `${location.origin}/${name}/${key === "WORKER_PROXY" ? "proxy" : key.toLowerCase()}`,
      ]),
    );
    sdk.configureGlobal({ host: "example.com" }, urls);
    sdk.setHeadless(true);
    await sdk.authenticate("p1", token);
    sdks[name] = {
      sdk,
      token,
      instance: globalThis.sdk.connectSingleton,
      integrationId: sdk.getUser().integrations.azuredevops.allCredentials[0].integrationId,
    };
    if (name === "reference") continue;
    const gateway = new globalThis.sdk.default({ gateway: location.origin });
    await gateway.authenticate("p1", token);
    sdks.gateway = { sdk: gateway };
  }
}

/** Mean of `rounds` calls of each, in turns. */
async function timeAuthenticate() {
  const sums = [0, 0];
  for (let round = 0; round < 40; round++) {
    for (const index of round % 2 ? [1, 0] : [0, 1]) {
      const { sdk, token } = sdks[["ours", "reference"][index]];
      const began = performance.now();
      await sdk.authenticate("p1", token);
      sums[index] += performance.now() - began;
    }
  }
  return sums.map((sum) => sum / 40);
}

/**
 * Time of a request less that of a bare `fetch` and `JSON.parse` of the same, or divided by it, in turns: mean of the
 * middle half of what the rounds gave, and its standard error.
 */
async function timeRequests({ path, rounds, size, isRelative }) {
  const body = size ? { text: "x".repeat(size) } : undefined;
  const method = size ? "POST" : "GET";
  const bare = async (round) => {
    const response = await fetch(`/bare/proxy/${path}?${round}`, {
      method,
      body: body && JSON.stringify(body),
      headers: { authorization: "Bearer x", "content-type": "application/json" },
    });
    return JSON.parse(await response.text()).output;
  };
  const ways = [bare, ...["ours", "reference"].map((name) => (round) => sdks[name].sdk.request("azuredevops", `/${path}?${round}`, { method, body }))];
  const above = [[], []];
  for (let round = 0; round < rounds + 6; round++) {
    const times = [];
    for (const index of turns[round % 6]) {
      const began = performance.now();
      await ways[index](round);
      times[index] = performance.now() - began;
    }
    if (round >= 6) above.forEach((list, index) => list.push(isRelative ? times[index + 1] / times[0] : times[index + 1] - times[0]));
  }
  const middles = above.map((list) => list.sort((a, b) => a - b).slice(list.length >> 2, -(list.length >> 2)));
  const means = middles.map((list) => list.reduce((sum, value) => sum + value) / list.length);
  const errors = middles.map((list) => (list.at(-1) - list[0]) / 1.35 / Math.sqrt(list.length));
  return [...means, Math.max(...errors)];
}

/** The same with a `fetch` that answers at once: what is left is the SDK's own work. Median of blocks, in turns. */
async function timeWithoutNetwork() {
  const { fetch } = globalThis;
  globalThis.fetch = async () => new Response('{"output":{"ok":true}}', { headers: { "content-type": "application/json" } });
  const bare = async (round) => {
    const response = await globalThis.fetch(`/bare/proxy/small?${round}`, {
      method: "GET",
      headers: { authorization: "Bearer x", "content-type": "application/json" },
    });
    return JSON.parse(await response.text()).output;
  };
  const ways = [bare, ...["ours", "reference"].map((name) => (round) => sdks[name].sdk.request("azuredevops", `/small?${round}`, { method: "GET" }))];
  const times = ways.map(() => []);
  for (let block = 0; block < 90; block++) {
    for (const index of turns[block % 6]) {
      const began = performance.now();
      for (let round = 0; round < 50; round++) await ways[index](block * 50 + round);
      if (block >= 10) times[index].push((performance.now() - began) * 20);
    }
  }
  globalThis.fetch = fetch;
  const [base, ours, reference] = times.map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
  return [ours - base, reference - base];
}

async function timeGetUser({ count }) {
  const sums = [0, 0];
  for (const { sdk, token } of [sdks.ours, sdks.reference]) await sdk.authenticate(`p${count}`, token);
  for (let round = 0; round < 40; round++) {
    for (const index of [0, 1]) {
      const { sdk } = sdks[["ours", "reference"][index]];
      const began = performance.now();
      for (let call = 0; call < 50; call++) sdk.getUser();
      sums[index] += performance.now() - began;
    }
  }
  for (const { sdk, token } of [sdks.ours, sdks.reference]) await sdk.authenticate("p1", token);
  return sums.map((sum) => sum / 2000);
}

async function useRequests({ name, rounds }) {
  for (let round = 0; round < rounds; round += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, index) => sdks[name].sdk.request("azuredevops", `/small?${round + index}`)));
  }
}

/** An account connected as the portal does it, and disconnected again. */
async function useConnections({ name, rounds }) {
  const { sdk, instance, integrationId } = sdks[name];
  for (let round = 0; round < rounds; round++) {
    const off = sdk.subscribe("onIntegrationInstall", () => undefined);
    await instance._oauthCallback({ integrationId, payload: { code: `${performance.now()}` } }, undefined, { installOptions: {} });
    await sdk.uninstallIntegration("azuredevops");
    off();
  }
}

/** A popup that opens, and an app that changes its mind once the flow is under way. */
async function cancelConnections({ name, rounds }) {
  const { sdk } = sdks[name];
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  for (let round = 0; round < rounds; round++) {
    const controller = new AbortController();
    const promise = sdk.installIntegration("azuredevops", { allowMultipleCredentials: true, signal: controller.signal });
    await turn();
    controller.abort();
    const { name: ended, message } = await promise.catch((error) => error);
    if (ended !== "OAuthCancelledError") throw new Error(`it ended with ${ended}: ${message}`);
  }
}

/** The same where a popup ends only by the app's time limit, many of them at once. */
async function timeOutConnections({ name, rounds }) {
  const { sdk } = sdks[name];
  for (let round = 0; round < rounds; round += 50) {
    const open = Array.from({ length: 50 }, () => sdk.installIntegration("azuredevops", { allowMultipleCredentials: true, oauthTimeout: 1 }));
    await Promise.allSettled(open);
  }
}
