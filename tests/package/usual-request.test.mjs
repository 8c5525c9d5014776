/** Requests that go out without the core: they are those that the core would send, to the same address as the same user. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK from "../../pkg/dist/index.js";
import { usualRequest } from "../../pkg/lib/usual_request.js";
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
const wire = { request: (...call) => call };
/** What the usual way makes of a request; undefined where it is left to the core. */
const usual = (path, { integration = "azuredevops", options, prefixes = { azuredevops: "" } } = {}) =>
  usualRequest({ auth: { prefixes, token: "t" }, wire }, integration, path, options);

/** Numbers below `limit`, the same in each run. */
const numbers = (seed) => (limit) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  const mixed = Math.imul(seed ^ (seed >>> 15), 0x2c1b3c6d);
  return ((mixed ^ (mixed >>> 12)) >>> 0) % limit;
};
const PLAIN = ["a", "Z9", "_apis", "/a", "/b1", "/", ".", "..", "~", "-", "?", "=", "&", "+", ",", ":", "$", "%20"];
const OTHER = [
  "#", "@", "%", "%20", "%2e", "%252e", "%2f",
  "%5c", "\\", "//", "://", "https:", " ", "\t", "\n", "\r", "\0", "\u007f", "\u0085", "é", "\u2028", "\ud800", "．", "'", "\"", "<", ";", "|",
];

test("a path that needs no core is one that the core takes as it is, and that no URL parser changes", async () => {
  const next = numbers(7);
  const seen = new Set();
  for (let round = 0; round < 40_000; round++) {
    const path = Array.from({ length: 1 + next(7) }, () => (next(8) ? PLAIN[next(PLAIN.length)] : OTHER[next(OTHER.length)])).join("");
    const call = usual(path);
    if (!call || seen.has(path)) continue;
    seen.add(path);
    sent = [];
    // With a kind of answer, the same request goes through the core.
    await sdk.request("azuredevops", path, { responseType: "json" });
    assert.deepEqual(sent.map(([url]) => url), [proxy() + call[0]], JSON.stringify(path));
    assert.equal(new URL(sent[0][0]).href, sent[0][0], JSON.stringify(path));
  }
  assert.ok(seen.size > 500, `${seen.size} paths`);
  for (const path of ["/_apis/projects?api-version=7.1&$top=5", "_apis/wit/workitems/1", "/a.b/c~d/?x=%20", "a"]) assert.ok(usual(path), path);
});

test("whatever is not usual is left to the core", () => {
  for (const path of ["/../x", "/a/..", "/a/./b", "..", "/.x", "//a", "/a//b", "/a\\b", "/a%2e", "https://e.com", "/a:b", "/a#b", "/a b", "/a\n", "a?\n", "?a", "/", "", 1, ["a"], undefined, null, {}]) assert.equal(usual(path), undefined, String(path));
  for (const options of [{ timeout: 1 }, { retry: 0 }, { responseType: null }, { responseType: "json" }, { responseType: "xml" }, { get timeout() { throw new Error("no"); } }]) assert.equal(usual("/a", { options }), undefined);
  for (const integration of ["other", "", "constructor", "__proto__", ["azuredevops"], null]) assert.equal(usual("/a", { integration }), undefined);
  assert.equal(usual("/a", { prefixes: null }), undefined);
  assert.equal(usualRequest({ wire }, "azuredevops", "/a", undefined), undefined);
  assert.equal(usualRequest(undefined, "azuredevops", "/a", undefined), undefined);
  for (const options of [undefined, null, {}, { timeout: null }, { method: "POST", body: {}, selectedCredentialId: "c" }]) assert.deepEqual(usual("a", { options }), ["/a", "t", options]);
});

test("both ways send the same", async () => {
  const options = { method: "post", body: { a: 1 }, headers: { "x-a": "1" }, selectedCredentialId: "c1" };
  await sdk.request("azuredevops", "/x", options);
  await sdk.request("azuredevops", "/x", options);
  await sdk.request("azuredevops", "/x", { ...options, responseType: "json" });
  const shown = sent.map(([url, { headers, ...init }]) => [url, [...headers], init]);
  assert.equal(sent[0][1].headers.get("x-paragon-credential"), "c1");
  assert.deepEqual(shown[1], shown[0]);
  assert.deepEqual(shown[2], shown[0]);
});

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
  assert.deepEqual(sent.map(([url, { headers }]) => [url, token(headers)]), Array(4).fill([`${proxy()}/x`, `Bearer ${other}`]));

  for (const [method, path] of [["GET", "me"], ["GET", "integrations"]]) gateway.routes[`${method} /projects/p2/sdk/${path}`] = (_, response, json) => json(response, 200, path === "me" ? { authenticated: true, integrations: {} } : []);
  await signIn("p2", other);
  sent = [];
  for (let time = 0; time < 2; time++) await sdk.request("azuredevops", "/x");
  assert.deepEqual(sent.map(([url]) => url), Array(2).fill(`${proxy("p2")}/x`));

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
