/** `retry`: what is sent again, how often, and what never is. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK from "../../pkg/dist/index.js";
import { startGateway, userToken } from "./support/gateway.mjs";

const PROXY = "/projects/p1/sdk/proxy/azuredevops";
let gateway;
let sdk;

beforeEach(async () => {
  gateway = await startGateway();
  sdk = new ConnectSDK({ gateway: gateway.origin });
  await sdk.authenticate("p1", userToken());
});
afterEach(() => gateway.close());

/** Answers the proxy's path with these statuses, one after another, the last one for ever; gives the number of calls. */
const statuses = (method, list, headers = { "retry-after": "0" }) => {
  let calls = 0;
  gateway.routes[`${method} ${PROXY}/x`] = (_, response) => {
    const status = list[Math.min(calls++, list.length - 1)];
    if (status === 0) return response.destroy();
    response.writeHead(status, { "content-type": "application/json", ...(status === 200 ? {} : headers) }).end('{"output":"done"}');
  };
  return () => calls;
};

test("nothing is repeated unless the app asks for it", async () => {
  const calls = statuses("GET", [503, 200]);
  await assert.rejects(sdk.request("azuredevops", "/x"), { status: 503, retryAfter: 0 });
  assert.equal(calls(), 1);
});

test("a read is repeated after 429 and 503, as often as the app says", async () => {
  let calls = statuses("GET", [503, 429, 200]);
  assert.equal(await sdk.request("azuredevops", "/x", { retry: 2 }), "done");
  assert.equal(calls(), 3);
  calls = statuses("GET", [503]);
  await assert.rejects(sdk.request("azuredevops", "/x", { retry: { attempts: 1 } }), { status: 503 });
  assert.equal(calls(), 2);
});

test("a read is repeated when the connection broke, also one whose body the SDK does not read", async () => {
  const calls = statuses("GET", [0, 200]);
  const blob = await sdk.request("azuredevops", "/x", { retry: { attempts: 1, maxDelay: 1 }, responseType: "blob" });
  assert.equal(await blob.text(), '{"output":"done"}');
  assert.equal(calls(), 2);
});

test("a write is repeated only when the server says that it did nothing", async () => {
  let calls = statuses("POST", [429, 200]);
  assert.equal(await sdk.request("azuredevops", "/x", { method: "POST", body: { a: 1 }, retry: true }), "done");
  assert.equal(calls(), 2);
  calls = statuses("POST", [503, 200]);
  await assert.rejects(sdk.request("azuredevops", "/x", { method: "POST", body: {}, retry: true }), { status: 503 });
  assert.equal(calls(), 1);
  calls = statuses("POST", [0, 200]);
  await assert.rejects(sdk.request("azuredevops", "/x", { method: "POST", body: {}, retry: true }), { name: "Error", code: "network_error" });
  assert.equal(calls(), 1);
});

test("a stream is not sent twice", async () => {
  const calls = statuses("POST", [429, 200]);
  const body = new Blob(["abc"]).stream();
  await assert.rejects(sdk.request("azuredevops", "/x", { method: "POST", body, retry: 3 }), { status: 429 });
  assert.equal(calls(), 1);
});

test("a server that wants more time than the app has is not asked again", async () => {
  const calls = statuses("GET", [503, 200], { "retry-after": "60" });
  await assert.rejects(sdk.request("azuredevops", "/x", { retry: { maxDelay: 1000 } }), { status: 503, retryAfter: 60 });
  assert.equal(calls(), 1);
});

test("abort and timeout end the waiting too", async () => {
  const calls = statuses("GET", [503], { "retry-after": "20" });
  await assert.rejects(sdk.request("azuredevops", "/x", { retry: 5, timeout: 50 }), { name: "TimeoutError" });
  const controller = new AbortController();
  const waiting = sdk.request("azuredevops", "/x", { retry: 5, signal: controller.signal });
  controller.abort();
  await assert.rejects(waiting, { name: "AbortError" });
  assert.ok(calls() <= 2);
});

test("wrong options are refused before anything is sent", async () => {
  const calls = statuses("GET", [200]);
  for (const retry of [-1, { attempts: "many" }, { maxDelay: -5 }]) {
    await assert.rejects(sdk.request("azuredevops", "/x", { retry }), { code: "invalid_option" });
  }
  assert.equal(calls(), 0);
});
