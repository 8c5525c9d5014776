/** What `request` sends: as whom, where to, and what never leaves. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK from "../../pkg/dist/index.js";
import { startGateway, userToken } from "./support/gateway.mjs";

const { fetch } = globalThis;
let gateway;
let sdk;
/** What went out after the sign-in: `[url, init]`. */
let sent;

const signIn = async (...user) => {
  globalThis.fetch = fetch;
  await sdk.authenticate(...user);
  globalThis.fetch = async (url, init) => {
    sent.push([url, init]);
    return new Response("{}", { headers: { "content-type": "application/json" } });
  };
};

beforeEach(async () => {
  gateway = await startGateway();
  sdk = new ConnectSDK({ gateway: gateway.origin });
  sent = [];
  await signIn("p1", userToken());
});
afterEach(() => {
  globalThis.fetch = fetch;
  gateway.close();
});

const proxy = (project = "p1") => `${gateway.origin}/projects/${project}/sdk/proxy/azuredevops`;

test("no address and no token outlives its user", async () => {
  for (let time = 0; time < 2; time++) await sdk.request("azuredevops", "/x", { selectedCredentialId: "c1" });
  const other = userToken({ sub: "u2" });
  await signIn("p1", other);
  sent = [];
  for (let time = 0; time < 2; time++) {
    await sdk.request("azuredevops", "/x");
    await sdk.request("azuredevops", "/x", { selectedCredentialId: "c1" });
  }
  const token = (headers) => (headers instanceof Headers ? headers.get("Authorization") : headers.Authorization);
  assert.deepEqual(
    sent.map(([url, { headers }]) => [url, token(headers)]),
    Array(4).fill([`${proxy()}/x`, `Bearer ${other}`]),
  );

  for (const [method, path] of [
    ["GET", "me"],
    ["GET", "integrations"],
  ])
    gateway.routes[`${method} /projects/p2/sdk/${path}`] = (_, response, json) =>
      json(response, 200, path === "me" ? { authenticated: true, integrations: {} } : []);
  await signIn("p2", other);
  sent = [];
  for (let time = 0; time < 2; time++) await sdk.request("azuredevops", "/x");
  assert.deepEqual(
    sent.map(([url]) => url),
    Array(2).fill(`${proxy("p2")}/x`),
  );

  sent = [];
  sdk.logout();
  await assert.rejects(sdk.request("azuredevops", "/x"), /no user was authenticated/);
  await assert.rejects(sdk.request("azuredevops", "/x", { selectedCredentialId: "c1" }), /no user was authenticated/);
  await signIn("p1", other);
  await sdk.request("azuredevops", "/x");
  sent = [];
  sdk.configureGlobal({ gateway: "https://elsewhere.example" });
  await assert.rejects(sdk.request("azuredevops", "/x"), /no user was authenticated/);
  assert.deepEqual(sent, []);
});

test("what cannot be sent rejects, and never throws", async () => {
  await sdk.request("azuredevops", "/x");
  sent = [];
  const circular = {};
  circular.circular = circular;
  await assert.rejects(sdk.request("azuredevops", "/x", { method: "POST", body: circular }), TypeError);
  await assert.rejects(sdk.request("azuredevops", "/x", { selectedCredentialId: "a\nb" }), TypeError);
  await assert.rejects(sdk.request("azuredevops", "/x", { signal: AbortSignal.abort(new Error("left")) }), { message: "left" });
  assert.deepEqual(sent, []);
});

test("a body that the app changes after the call goes out as it was", async () => {
  globalThis.fetch = fetch;
  gateway.routes["POST /projects/p1/sdk/proxy/azuredevops/x"] = (call, response, json) => json(response, 200, call.body);
  await sdk.request("azuredevops", "/x", { method: "POST", body: "first" });
  const bytes = new TextEncoder().encode("bytes");
  const answer = sdk.request("azuredevops", "/x", { method: "POST", body: bytes });
  bytes.fill(0);
  assert.equal(await answer, "bytes");
});
