/** Signing in, `request()`, errors, events and workflows, in plain Node against a stand-in gateway. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK, { RequestError, isRequestError } from "../../pkg/dist/index.js";
import { credential, integration, startGateway, until, userToken } from "./support/gateway.mjs";

let gateway;
let sdk;
const PROXY = "/projects/p1/sdk/proxy/azuredevops";

beforeEach(async () => {
  gateway = await startGateway();
  sdk = new ConnectSDK({ gateway: gateway.origin });
  await sdk.authenticate("p1", userToken());
});
afterEach(() => gateway.close());

const route = (name, handler) => {
  gateway.routes[name] = handler;
};
const callsTo = (path) => gateway.calls.filter((call) => call.path === path);

test("signing in loads user and integrations; unknown fields survive; no token is given back", async () => {
  const user = sdk.getUser();
  assert.deepEqual([user.authenticated, user.userId, user.meta.Name, user.token], [true, "u1", "Ada", undefined]);
  assert.deepEqual(user.integrations.azuredevops.allConfigurations, []);
  assert.notEqual(sdk.getUser(), user);
  const { headers } = callsTo("/projects/p1/sdk/me")[0];
  assert.equal(headers.authorization, `Bearer ${userToken({})}`.slice(0, 10) + headers.authorization.slice(10));
  assert.equal(headers["x-paragon-sdk-version"], "2.4.0");
  assert.equal(headers["content-type"], "application/json");
  assert.deepEqual(sdk.getIntegrationMetadata("azuredevops"), {
    type: "azuredevops",
    name: "Azure DevOps",
    brandColor: "#0078d7",
    icon: `${gateway.origin}/integrations/azuredevops.svg`,
  });
  assert.equal(sdk.getIntegrationConfig("azuredevops").availableWorkflows[0].description, "Sync");
  assert.throws(() => sdk.getIntegrationMetadata("x"), { message: "x is not a valid integration name" });
});

test("metadata is stored under the usual names, however it comes in", async () => {
  const bodies = [];
  gateway.routes["PATCH /projects/p1/sdk/me"] = (call, response, json) => {
    bodies.push(JSON.parse(call.body));
    json(response, 200, {});
  };
  const meta = { name: "N", " EMAIL": "n@example.test", " plan ": "pro" };
  await sdk.setUserMetadata(meta);
  await sdk.authenticate("p1", userToken({ sub: "u2" }), { metadata: meta });
  const usual = { meta: { Name: "N", Email: "n@example.test", plan: "pro" } };
  assert.deepEqual(bodies, [usual, usual]);
});

test("signing in fails in the reference's words", async () => {
  const fresh = new ConnectSDK({ gateway: gateway.origin });
  await assert.rejects(fresh.authenticate("", "x"), { message: "projectId or token not specified to paragon.authenticate()" });
  await assert.rejects(fresh.authenticate("p1", "x"), { message: "A well-formed JWT was not provided to paragon.authenticate()" });
  await assert.rejects(fresh.authenticate("p1", userToken({ exp: 1 })), {
    message: "Failed to authenticate user with Paragon: JWT token provided has expired.",
  });
  route("GET /projects/p1/sdk/me", (_, response, json) => json(response, 401, { message: "bad", code: "token_invalid", status: 401, requestId: "r9" }));
  await assert.rejects(
    fresh.authenticate("p1", userToken()),
    (error) =>
      error.message.startsWith('Failed to authenticate user with Paragon: {"message":"bad"') && error.code === "token_invalid" && error.requestId === "r9",
  );
  assert.deepEqual(fresh.getUser(), { authenticated: false });
});

test("the same sign-in twice at once is one; a later one for another user wins", async () => {
  const fresh = new ConnectSDK({ gateway: gateway.origin });
  const before = callsTo("/projects/p1/sdk/me").length;
  const token = userToken();
  await Promise.all([fresh.authenticate("p1", token), fresh.authenticate("p1", token)]);
  assert.equal(callsTo("/projects/p1/sdk/me").length, before + 1);
  const first = fresh.authenticate("p1", userToken({ sub: "a" })).catch((error) => error);
  await fresh.authenticate("p1", userToken({ sub: "b" }));
  assert.match((await first).message, /another call changed the session/);
  assert.equal(fresh.getUser().userId, "b");
});

test("metadata is normalized and stored only when it changes something", async () => {
  let body;
  route("PATCH /projects/p1/sdk/me", (call, response, json) => {
    body = JSON.parse(call.body);
    json(response, 200, {});
  });
  await sdk.authenticate("p1", userToken({ sub: "a" }), { metadata: { " name ": "Ada" } });
  assert.equal(body, undefined);
  await sdk.authenticate("p1", userToken({ sub: "a" }), { metadata: { EMAIL: "ada@example.test", plan: "x" } });
  assert.deepEqual(body, { meta: { Email: "ada@example.test", plan: "x" } });
  assert.deepEqual(sdk.getUser().meta, { Name: "Ada", Email: "ada@example.test", plan: "x" });
});

test("request goes to the proxy with the reference's headers and unwraps the envelope once", async () => {
  route(`GET ${PROXY}/_apis/projects`, (_, response, json) => json(response, 200, { output: { output: 1, count: 2 } }));
  assert.deepEqual(await sdk.request("azuredevops", "_apis/projects?a=b&c", { selectedCredentialId: "ext:main" }), { output: 1, count: 2 });
  const [call] = callsTo(`${PROXY}/_apis/projects`);
  assert.equal(call.url, `${PROXY}/_apis/projects?a=b&c`);
  assert.equal(call.headers["content-type"], "auto");
  assert.equal(call.headers["x-paragon-credential"], "ext:main");
});

test("two identical GETs at once are one request, and each caller has a value of its own", async () => {
  let answer;
  route(`GET ${PROXY}/x`, (_, response, json) => {
    answer = () => json(response, 200, { output: { list: [] } });
  });
  const controller = new AbortController();
  const calls = [
    sdk.request("azuredevops", "/x", { method: "GET" }),
    sdk.request("azuredevops", "/x"),
    sdk.request("azuredevops", "/x", { signal: controller.signal }),
  ];
  await until(() => answer);
  controller.abort();
  await assert.rejects(calls[2], { name: "AbortError" });
  answer();
  const [one, two] = await Promise.all(calls.slice(0, 2));
  assert.deepEqual(one, two);
  assert.notEqual(one, two);
  assert.equal(callsTo(`${PROXY}/x`).length, 1);
});

test("different users, headers or credentials never share a request", async () => {
  route(`GET ${PROXY}/x`, (_, response, json) => json(response, 200, 1));
  await Promise.all([
    sdk.request("azuredevops", "/x"),
    sdk.request("azuredevops", "/x", { headers: { a: "1" } }),
    sdk.request("azuredevops", "/x", { selectedCredentialId: "b" }),
  ]);
  assert.equal(callsTo(`${PROXY}/x`).length, 3);
});

test("the last caller to leave ends the request on the wire", async () => {
  let closed = false;
  let isOpen = false;
  route(`GET ${PROXY}/slow`, (_, response) => {
    isOpen = true;
    response.on("close", () => {
      closed = true;
    });
  });
  const controller = new AbortController();
  const promise = sdk.request("azuredevops", "/slow", { signal: controller.signal });
  await until(() => isOpen);
  controller.abort(new Error("bye"));
  await assert.rejects(promise, { message: "bye" });
  await until(() => closed);
});

test("a timeout rejects with its own error", async () => {
  route(`GET ${PROXY}/slow`, () => {});
  await assert.rejects(sdk.request("azuredevops", "/slow", { timeout: 20 }), { name: "TimeoutError", code: "timeout" });
});

for (const responseType of ["stream", "response"]) {
  test(`a body that the app reads itself (${responseType}) is ended by its signal, not by the timeout`, async () => {
    let closed = false;
    route(`GET ${PROXY}/endless`, (_, response) => {
      response.on("close", () => {
        closed = true;
      });
      response.writeHead(200, { "content-type": "text/plain" });
      response.write("first");
    });
    const controller = new AbortController();
    const value = await sdk.request("azuredevops", "/endless", { responseType, signal: controller.signal, timeout: 50 });
    const reader = (value.body ?? value).getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 80));
    assert.equal(closed, false, "the time limit is for the answer");
    const next = reader.read();
    controller.abort(new Error("left"));
    await assert.rejects(next, { message: "left" });
    await until(() => closed);
  });
}

test("bodies go out as they are", async () => {
  const seen = [];
  route(`POST ${PROXY}/x`, (call, response, json) => {
    seen.push([call.headers["content-type"].split(";")[0], call.body]);
    json(response, 200, {});
  });
  const form = new FormData();
  form.set("a", "b");
  const bodies = [
    { a: 1 },
    [1],
    null,
    "text",
    new URLSearchParams({ a: "b" }),
    new Blob(["blob"], { type: "text/csv" }),
    new TextEncoder().encode("bytes"),
    new Blob(["stream"]).stream(),
    form,
  ];
  for (const body of bodies) await sdk.request("azuredevops", "/x", { method: "post", body });
  assert.deepEqual(seen.slice(0, 8), [
    ["auto", '{"a":1}'],
    ["auto", "[1]"],
    ["auto", "null"],
    ["auto", "text"],
    ["application/x-www-form-urlencoded", "a=b"],
    ["text/csv", "blob"],
    ["application/octet-stream", "bytes"],
    ["application/octet-stream", "stream"],
  ]);
  assert.equal(seen[8][0], "multipart/form-data");
});

test("headers come in every form, and cannot replace the token", async () => {
  route(`GET ${PROXY}/x`, (_, response, json) => json(response, 200, {}));
  for (const headers of [
    new Headers({ "Content-Type": "text/x", Authorization: "evil" }),
    { "content-type": "text/x", authorization: "evil" },
    [
      ["content-type", "text/x"],
      ["authorization", "evil"],
    ],
  ]) {
    await sdk.request("azuredevops", "/x", { headers });
    const { headers: sent } = callsTo(`${PROXY}/x`).at(-1);
    assert.equal(sent["content-type"], "text/x");
    assert.match(sent.authorization, /^Bearer e30\./);
  }
  await assert.rejects(sdk.request("azuredevops", "/x", { selectedCredentialId: "a\nb: c" }), TypeError);
  assert.deepEqual(await sdk.request("azuredevops", "/x"), {}, "a refused header leaves the SDK working");
});

test("answers: nothing, text, raw kinds", async () => {
  route(`GET ${PROXY}/none`, (_, response) => {
    response.writeHead(204);
    response.end();
  });
  route(`GET ${PROXY}/text`, (call, response) => {
    response.writeHead(200, { "content-type": "text/plain", "x-raw": call.headers["x-paragon-use-raw-response"] ?? "" });
    response.end('{"a":1}');
  });
  assert.equal(await sdk.request("azuredevops", "/none"), undefined);
  assert.equal(await sdk.request("azuredevops", "/text"), '{"a":1}');
  assert.equal(await sdk.request("azuredevops", "/text", { responseType: "text" }), '{"a":1}');
  assert.equal(await (await sdk.request("azuredevops", "/text", { responseType: "blob" })).text(), '{"a":1}');
  assert.equal((await sdk.request("azuredevops", "/text", { responseType: "arrayBuffer" })).byteLength, 7);
  const response = await sdk.request("azuredevops", "/text", { responseType: "response" });
  assert.equal(response.headers.get("x-raw"), "true");
  const chunks = [];
  for await (const chunk of await sdk.request("azuredevops", "/text", { responseType: "stream" })) chunks.push(...chunk);
  assert.equal(chunks.length, 7);
  await assert.rejects(sdk.request("azuredevops", "/text", { responseType: "xml" }), { code: "invalid_option" });
});

test("errors have the reference's message and response, and say more", async () => {
  const fail = (name, status, body, headers = {}) =>
    route(`GET ${PROXY}/${name}`, (_, response) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    });
  const error = async (name, options) => sdk.request("azuredevops", `/${name}`, options).catch((reason) => reason);
  fail("plain", 429, { message: "slow down", code: "rate_limited", requestId: "r1", headers: { a: 1 } }, { "retry-after": "7" });
  const plain = await error("plain");
  assert.ok(plain instanceof RequestError && isRequestError(plain) && plain.name === "Error");
  assert.deepEqual([plain.message, plain.status, plain.code, plain.requestId, plain.retryAfter], ["slow down", 429, "rate_limited", "r1", 7]);
  assert.deepEqual(plain.response, { message: "slow down", code: "rate_limited", requestId: "r1" });
  assert.deepEqual(plain.body.headers, { a: 1 });
  fail("meta", 403, { message: "x", meta: { isIntegrationError: true, code: "provider_forbidden" } });
  assert.equal((await error("meta")).message, '{"isIntegrationError":true,"code":"provider_forbidden"}');
  fail("list", 400, { message: ["a", { constraints: { x: "b" }, children: [{ constraints: { y: "c" } }] }] });
  assert.equal((await error("list")).message, "a, b, c");
  fail("other", 422, { message: ["a"] });
  assert.equal((await error("other")).message, '{"message":["a"]}');
  fail("html", 500, "<h1>no</h1>", { "content-type": "text/html", "x-request-id": "r2" });
  const html = await error("html", { responseType: "blob" });
  assert.deepEqual([html.message, html.status, html.requestId, html.response.status], ["<h1>no</h1>", 500, "r2", 500]);
});

test("only an answer about the user token signs out", async () => {
  for (const [status, code] of [
    [403, "provider_forbidden"],
    [401, "credential_needs_reconnect"],
    [403, "origin_not_allowed"],
    [401, "something_new"],
  ]) {
    route(`GET ${PROXY}/${code}`, (_, response, json) => json(response, status, { message: "no", code, status, requestId: "r" }));
    await assert.rejects(sdk.request("azuredevops", `/${code}`), { code });
    assert.equal(sdk.getUser().authenticated, true, code);
  }
  route(`GET ${PROXY}/expired`, (_, response, json) => json(response, 401, { message: "old", code: "token_expired", status: 401, requestId: "r" }));
  route("GET /projects/p1/sdk/me", (_, response, json) => json(response, 401, { message: "old", code: "token_expired", status: 401, requestId: "r" }));
  await assert.rejects(sdk.request("azuredevops", "/expired"), { code: "token_expired" });
  assert.equal(sdk.getUser().authenticated, false);
});

test("a path that could leave the proxy is refused before anything is sent", async () => {
  const before = gateway.calls.length;
  for (const path of ["/../../x", "/a/%2e%2e/b", "https://evil.example/", "//evil.example", "/a\\b", "/a\nb", "/a#b"]) {
    await assert.rejects(sdk.request("azuredevops", path), { code: "path_refused" }, path);
  }
  assert.equal(gateway.calls.length, before);
});

test("without a user nothing is sent", async () => {
  const fresh = new ConnectSDK({ gateway: gateway.origin });
  const before = gateway.calls.length;
  await assert.rejects(
    fresh.request("azuredevops", "/x"),
    /^Error: Connect SDK attempted to make an API request, but no user was authenticated\.\nCall paragon\.authenticate/,
  );
  await assert.rejects(fresh.event("a", {}), /no user was authenticated/);
  assert.throws(() => fresh.workflow("w1"), { name: "UserNotAuthenticatedError" });
  assert.equal(gateway.calls.length, before);
});

test("connecting needs a browser page, and says so", async () => {
  const heard = [];
  const onError = (error) => heard.push(error.code);
  await assert.rejects(sdk.connect("azuredevops", { onError }), { code: "no_window" });
  await assert.rejects(sdk.installIntegration("azuredevops", { onError }), { code: "no_window" });
  assert.deepEqual(heard, ["no_window", "no_window"]);
});

test("events and workflows go to their service", async () => {
  route("POST /v2/projects/p1/sdk/events/trigger", (_, response, json) => json(response, 200, { ignored: 1 }));
  assert.equal(await sdk.event("Contact Created", { a: 1 }), undefined);
  assert.deepEqual(JSON.parse(callsTo("/v2/projects/p1/sdk/events/trigger")[0].body), { name: "Contact Created", payload: { a: 1 } });
  await assert.rejects(sdk.event("a", {}, { selectedConfigurationId: "x" }), /Configuration ID cannot be used without/);
  assert.throws(() => sdk.workflow(""), { message: "workflowId is required." });
  assert.throws(() => sdk.workflow("w2"), { message: "Workflow not found in the configured integrations in your Paragon project." });
  assert.throws(() => sdk.workflow("w1"), { message: 'Integration "azuredevops" not enabled for workflow."' });
  route("GET /projects/p1/sdk/me", (_, response, json) =>
    json(response, 200, { integrations: { azuredevops: { enabled: true, credentialId: credential.id, allCredentials: [credential] } } }),
  );
  await sdk.authenticate("p1", userToken({ sub: "c" }));
  route("POST /projects/p1/sdk/triggers/w1", (_, response, json) => json(response, 200, { ran: true }));
  assert.deepEqual(await sdk.workflow("w1", { query: { a: "b c" }, body: "text", headers: { "x-own": "1" } }), { ran: true });
  const [call] = callsTo("/projects/p1/sdk/triggers/w1");
  assert.deepEqual([call.url, call.body, call.headers["x-own"]], ["/projects/p1/sdk/triggers/w1?a=b+c", '"text"', "1"]);
  route(`DELETE /projects/p1/sdk/integrations/${integration.id}`, (_, response) => response.end());
  await sdk.uninstallIntegration("azuredevops");
  assert.equal(callsTo(`/projects/p1/sdk/integrations/${integration.id}`)[0].headers["x-paragon-credential"], credential.id);
  assert.deepEqual(sdk.getUser().integrations.azuredevops.allCredentials, []);
  await assert.rejects(sdk.uninstallIntegration("azuredevops"), {
    name: "IntegrationNotInstalledError",
    message: 'Integration "azuredevops" is not installed.',
    integrationName: "azuredevops",
  });
});

test("the session is in memory unless the app asks, and an entry of another API is ignored", async () => {
  const entries = new Map();
  const storage = { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => entries.set(key, value), removeItem: (key) => entries.delete(key) };
  globalThis.localStorage = storage;
  await sdk.authenticate("p1", userToken({ sub: "m" }));
  assert.equal(entries.size, 0);
  const kept = new ConnectSDK({ gateway: gateway.origin, persistence: "local" });
  await kept.authenticate("p1", userToken({ sub: "k" }));
  assert.equal(entries.size, 1);
  const restored = new ConnectSDK({ gateway: gateway.origin, persistence: "local" });
  await until(() => restored.getUser().authenticated);
  assert.equal(restored.getUser().userId, "k");
  const elsewhere = new ConnectSDK({ gateway: "http://127.0.0.1:1", persistence: "local" });
  assert.equal(elsewhere.getUser().authenticated, false);
  kept.logout();
  assert.equal(entries.size, 0);
  assert.throws(() => new ConnectSDK({ gateway: gateway.origin, persistence: "cookie" }), { code: "invalid_configuration" });
  delete globalThis.localStorage;
});

test("what is no text is refused by name where a text is meant, and nothing is sent in its place", async () => {
  const before = gateway.calls.length;
  const refused = async (call) => {
    const error = await Promise.resolve()
      .then(call)
      .catch((reason) => reason);
    assert.ok(error instanceof Error, `${call}`);
    assert.equal(typeof error.code, "string", `${call}`);
    assert.ok(!/startsWith|trim is not/.test(error.message), `${call}`);
  };
  for (const value of [undefined, null, 7, {}, true]) await refused(() => sdk.request("azuredevops", value));
  for (const value of [7, {}, true]) {
    await refused(() => sdk.request("azuredevops", "/x", { selectedCredentialId: value }));
    await refused(() => sdk.uninstallIntegration("azuredevops", { selectedCredentialId: value }));
    await refused(() => sdk.createConfiguration({ credentialId: credential.id, externalId: value }));
    await refused(() => sdk.getTriggers("azuredevops", { selectedCredentialId: value }));
  }
  assert.equal(gateway.calls.length, before);
});
