/** The connect flow of the built package against a stand-in gateway and page. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK, { ExternalFilePicker, OAuthBlockedError, OAuthCancelledError, OAuthFailedError, OAuthTimeoutError } from "../../pkg/dist/index.js";
import { CREDENTIAL_ID, INTEGRATION_ID, credential, integration, startGateway, until, userToken } from "./support/gateway.mjs";
import { installPage } from "./support/page.mjs";

let gateway;
let page;
let sdk;

beforeEach(async () => {
  page = installPage();
  gateway = await startGateway();
  sdk = new ConnectSDK({ gateway: gateway.origin });
  await sdk.authenticate("p1", userToken());
});
afterEach(() => {
  sdk.cancelOAuthFlow();
  gateway.close();
});

const registered = () => until(() => [...gateway.flows.values()].at(-1));

test("the popup opens before the call returns, and the gateway's record resolves the promise", async () => {
  const events = [];
  sdk.subscribe("onIntegrationInstall", (event, user) => events.push({ event, user }));
  const promise = sdk.installIntegration("azuredevops");
  assert.equal(page.popups.length, 1);
  const flow = await registered();
  assert.equal(page.popups[0].url, `${gateway.origin}/connect/start#${flow.ticket}`);
  assert.match(flow.id, /^[\w-]{43}$/);
  assert.match(flow.ticket, /^[\w-]{43}$/);
  gateway.update(flow.id, { status: "connected", credentialId: CREDENTIAL_ID });
  const result = await promise;
  assert.equal(result.credentialId, CREDENTIAL_ID);
  assert.equal(result.integrationId, INTEGRATION_ID);
  assert.equal(result.integrationType, "azuredevops");
  assert.equal(result.credential.status, "VALID");
  assert.equal(events.length, 1);
  assert.equal(events[0].user.token, undefined);
  assert.equal(sdk.getUser().integrations.azuredevops.credentialId, CREDENTIAL_ID);
  assert.equal(page.popups[0].closed, true);
  assert.equal(page.counts.listeners, 0, "no listener outlives the flow");
});

test("no user token is in any URL", async () => {
  sdk.installIntegration("azuredevops").catch(() => {});
  await registered();
  const urls = [...gateway.calls.map((call) => call.url), ...page.popups.map((popup) => popup.url)];
  for (const url of urls) assert.ok(!url.includes("e30."), url);
});

test("a window that looks closed decides nothing", async () => {
  const statuses = [];
  const promise = sdk.installIntegration("azuredevops", { onStatus: (status) => statuses.push(status) });
  const flow = await registered();
  page.popups[0].closed = true;
  await until(() => statuses.some((status) => status.popupClosed), "popupClosed is reported");
  gateway.update(flow.id, { status: "connected", credentialId: CREDENTIAL_ID });
  assert.equal((await promise).credentialId, CREDENTIAL_ID);
});

test("the popup goes on only for the right source, origin and flow", async () => {
  sdk.installIntegration("azuredevops").catch(() => {});
  const flow = await registered();
  const [popup] = page.popups;
  const hello = { type: "paragon-flow-hello", flow: flow.id };
  page.say({}, gateway.origin, hello);
  page.say(popup, "https://evil.example", hello);
  page.say(popup, "null", hello);
  page.say(popup, gateway.origin, { ...hello, flow: "x".repeat(43) });
  page.say(popup, gateway.origin, null);
  page.say(null, gateway.origin, hello);
  assert.deepEqual(popup.sent, []);
  page.say(popup, gateway.origin, hello);
  assert.deepEqual(popup.sent, [{ message: { type: "paragon-flow-go", flow: flow.id }, origin: gateway.origin }]);
});

test("a done message makes the SDK ask, and carries no result", async () => {
  const promise = sdk.installIntegration("azuredevops");
  const flow = await registered();
  let isSettled = false;
  promise.then(() => {
    isSettled = true;
  });
  const asked = () =>
    gateway.calls.filter((call) => call.method === "GET" && call.path.endsWith(flow.id) && !call.headers.accept.includes("event-stream")).length;
  page.say(page.popups[0], gateway.origin, { type: "paragon-flow-done", flow: flow.id, credentialId: "forged", status: "connected" });
  await until(() => asked() === 1);
  assert.equal(isSettled, false);
  gateway.update(flow.id, { status: "connected", credentialId: CREDENTIAL_ID });
  await promise;
});

test("a blocked popup rejects with a retry for the next click, and sends nothing", async () => {
  page.blocked = true;
  const before = gateway.calls.length;
  const error = await sdk.installIntegration("azuredevops").catch((reason) => reason);
  assert.ok(error instanceof OAuthBlockedError);
  assert.equal(error.message, "Popup was blocked by the browser.");
  assert.equal(error.code, "popup_blocked");
  assert.equal(gateway.calls.length, before);
  page.blocked = false;
  const promise = error.retry();
  assert.equal(page.popups.length, 1, "retry opens the popup at once");
  const flow = await registered();
  gateway.update(flow.id, { status: "connected", credentialId: CREDENTIAL_ID });
  assert.equal((await promise).credentialId, CREDENTIAL_ID);
});

test("a blocked popup changes nothing: no frame, no other account, no credential in what is sent later", async () => {
  const other = {
    ...credential,
    id: CREDENTIAL_ID.replace("a1", "a2"),
    externalId: "other",
    configurations: [{ ...credential.configurations[0], id: "d0000000-0000-4000-8000-0000000000a2", connectCredentialId: CREDENTIAL_ID.replace("a1", "a2") }],
  };
  const me = {
    authenticated: true,
    meta: {},
    resources: [],
    project: { accessibleFeatures: ["headless-cp"] },
    integrations: { azuredevops: { enabled: true, credentialId: CREDENTIAL_ID, credentialStatus: "VALID", allCredentials: [credential, other] } },
  };
  gateway.routes["GET /projects/p1/sdk/me"] = (_, response, json) => json(response, 200, me);
  gateway.routes["POST /projects/p1/sdk/actions"] = (_, response, json) => json(response, 200, { output: [] });
  const services = Object.fromEntries(
    ["ZEUS", "HERMES", "WORKER_PROXY", "CONNECT", "DASHBOARD", "CDN", "PASSPORT"].map((name) => [`${name}_PUBLIC_URL`, gateway.origin]),
  );
  for (const environment of [{ gateway: gateway.origin }, services]) {
    const own = new ConnectSDK(environment);
    await own.authenticate("p1", userToken({ sub: "u2" }));
    const [closed, errors, before] = [[], [], own.getUser()];
    own.subscribe("onPortalClose", (event) => closed.push(event));
    page.blocked = true;
    const options = { selectedCredentialId: other.id, allowMultipleCredentials: true, onError: (error) => errors.push(error.name) };
    await assert.rejects(own.installIntegration("azuredevops", options), OAuthBlockedError);
    await assert.rejects(own.connect("azuredevops", { ...options, isApiInstallation: true }), OAuthBlockedError);
    assert.deepEqual(errors, ["OAuthBlockedError", "OAuthBlockedError"]);
    assert.deepEqual([page.counts.elements, page.counts.listeners], [0, 0]);
    assert.deepEqual(own.getUser(), before);
    await own.getFieldOptions({ integration: "azuredevops", action: "projects" });
    assert.equal(gateway.calls.at(-1).headers["x-paragon-credential"], undefined);
    own.closePortal();
    assert.deepEqual(closed, []);
    page.blocked = false;
  }
});

test("a blocked popup leaves a portal that is open as it was", async () => {
  gateway.routes["GET /projects/p1/sdk/integrations"] = (_, response, json) =>
    json(response, 200, [integration, { ...integration, id: "10000000-0000-4000-8000-000000000002", type: "jira" }]);
  gateway.routes["GET /projects/p1/sdk/me"] = (_, response, json) =>
    json(response, 200, {
      authenticated: true,
      meta: {},
      resources: [],
      project: {},
      integrations: { azuredevops: { enabled: false, allCredentials: [] }, jira: { enabled: false, allCredentials: [] } },
    });
  await sdk.authenticate("p1", userToken({ sub: "u2" }));
  const closed = [];
  sdk.subscribe("onPortalClose", (event) => closed.push(event.integrationType));
  sdk.connect("azuredevops", {}).catch(() => {});
  page.frame().dispatchEvent(new Event("load"));
  page.blocked = true;
  await assert.rejects(sdk.connect("jira", { isApiInstallation: true }), OAuthBlockedError);
  const shown = page.frame().contentWindow.sent.map(({ message }) => message.nextModalState?.integration?.type);
  assert.deepEqual([...new Set(shown)], ["azuredevops"]);
  sdk.closePortal();
  assert.deepEqual(closed, ["azuredevops"]);
});

test("the label of a new account is judged, and sent to the gateway, without its mark and blanks", async () => {
  sdk.installIntegration("azuredevops", { externalId: "ext: acct-1 " }).catch(() => {});
  await registered();
  const { body } = gateway.calls.find((call) => call.method === "POST" && call.path.endsWith("/sdk/flows"));
  assert.equal(JSON.parse(body).externalId, "acct-1");
  for (const externalId of ["", " ", "ext:", "ext: "])
    assert.throws(
      () => sdk.installIntegration("azuredevops", { externalId }),
      { message: "`externalId` must not be an empty or whitespace-only string." },
      externalId,
    );
});

test("cancelling settles at once and tells the gateway", async () => {
  let cancel;
  const promise = sdk.installIntegration("azuredevops", {
    onStatus: (status) => {
      cancel = status.cancel;
    },
  });
  const flow = await registered();
  cancel();
  await assert.rejects(promise, (error) => error instanceof OAuthCancelledError && error.code === "oauth_cancelled");
  await until(() => gateway.flows.get(flow.id).status === "cancelled");
});

test("an abort signal cancels with its reason", async () => {
  const controller = new AbortController();
  const promise = sdk.installIntegration("azuredevops", { signal: controller.signal });
  await registered();
  const reason = new Error("left the page");
  controller.abort(reason);
  await assert.rejects(promise, (error) => error instanceof OAuthCancelledError && error.cause === reason);
});

test("an aborted signal opens no popup", async () => {
  await assert.rejects(sdk.installIntegration("azuredevops", { signal: AbortSignal.abort() }), OAuthCancelledError);
  assert.equal(page.popups.length, 0);
});

test("an abort signal ends a connect that has no popup, and the portal stays", async () => {
  const errors = [];
  const controller = new AbortController();
  const promise = sdk.connect("azuredevops", { signal: controller.signal, onError: (error) => errors.push(error) });
  const reason = new Error("left the page");
  controller.abort(reason);
  const error = await promise.catch((thrown) => thrown);
  assert.ok(error instanceof OAuthCancelledError && error.cause === reason);
  assert.deepEqual(errors, [error]);
  assert.ok(page.frame());
  await assert.rejects(sdk.connect("azuredevops", { signal: controller.signal }), { cause: reason });
});

test("an abort signal ends a connect and the popup that its portal opened", async () => {
  const controller = new AbortController();
  const promise = sdk.connect("azuredevops", { signal: controller.signal });
  sdk.startOAuthFlow("azuredevops", {});
  const flow = await registered();
  controller.abort();
  await assert.rejects(promise, OAuthCancelledError);
  await until(() => gateway.flows.get(flow.id).status === "cancelled");
  assert.equal(page.popups[0].closed, true);
});

test("an account whose set-up is not finished is connected again by the popup", async () => {
  const me = {
    authenticated: true,
    meta: {},
    resources: [],
    project: {},
    integrations: {
      azuredevops: { enabled: false, credentialId: CREDENTIAL_ID, credentialStatus: "PENDING", allCredentials: [{ ...credential, status: "PENDING" }] },
    },
  };
  gateway.routes["GET /projects/p1/sdk/me"] = (_, response, json) => json(response, 200, me);
  await sdk.authenticate("p1", userToken({ sub: "u2" }));
  const promise = sdk.installIntegration("azuredevops");
  assert.equal(page.popups.length, 1);
  const flow = await registered();
  gateway.update(flow.id, { status: "connected", credentialId: CREDENTIAL_ID });
  assert.equal((await promise).credential.status, "VALID");
});

test("the app's time limit rejects with a timeout", async () => {
  const promise = sdk.installIntegration("azuredevops", { oauthTimeout: 30 });
  await assert.rejects(promise, (error) => error instanceof OAuthTimeoutError && error.message === "OAuth timeout");
});

test("a failure has the gateway's code", async () => {
  const errors = [];
  const promise = sdk.installIntegration("azuredevops", { onError: (error) => errors.push(error) });
  const flow = await registered();
  gateway.update(flow.id, { status: "failed", error: { code: "access_denied", message: "you pressed cancel" } });
  await assert.rejects(promise, (error) => error instanceof OAuthFailedError && error.code === "access_denied" && error.message === "you pressed cancel");
  assert.equal(errors.length, 1);
});

test("a refused registration fails with its code", async () => {
  gateway.routes["POST /projects/p1/sdk/flows"] = (_, response, json) =>
    json(response, 403, { message: "origin not allowed", code: "origin_not_allowed", status: 403, requestId: "r1" });
  const promise = sdk.installIntegration("azuredevops");
  await assert.rejects(promise, (error) => error instanceof OAuthFailedError && error.code === "origin_not_allowed");
  assert.equal(sdk.getUser().authenticated, true, "the user stays signed in");
});

test("without event streams the long poll brings the result", async () => {
  gateway.allowStreams = false;
  const promise = sdk.installIntegration("azuredevops");
  const flow = await registered();
  gateway.update(flow.id, { status: "connected", credentialId: CREDENTIAL_ID });
  assert.equal((await promise).credentialId, CREDENTIAL_ID);
});

test("a broken stream is resumed from the last version", async () => {
  let drops = 0;
  const promise = sdk.installIntegration("azuredevops");
  const flow = await registered();
  const path = `GET /projects/p1/sdk/flows/${flow.id}`;
  const seen = [];
  await until(() => gateway.streams === 1);
  gateway.routes[path] = (call, response) => {
    seen.push(call.headers["last-event-id"]);
    drops += 1;
    response.writeHead(200, { "content-type": "text/event-stream" });
    if (drops === 1) {
      response.end(`id: 2\nevent: flow\ndata: ${JSON.stringify({ id: flow.id, version: 2, status: "opened" })}\n\n`);
    } else {
      response.end(`id: 3\nevent: flow\ndata: ${JSON.stringify({ id: flow.id, version: 3, status: "connected", credentialId: CREDENTIAL_ID })}\n\n`);
    }
  };
  gateway.update(flow.id, { status: "pending" });
  gateway.dropStreams();
  await promise;
  assert.ok(seen.includes("2"), seen.join());
});

test("reopening makes a new flow; the old one is withdrawn and no longer heard", async () => {
  const statuses = [];
  const promise = sdk.installIntegration("azuredevops", { onStatus: (status) => statuses.push(status) });
  const first = await registered();
  statuses.at(-1).reopen();
  assert.equal(page.popups.length, 2);
  const second = await until(() => [...gateway.flows.values()].find((flow) => flow.id !== first.id));
  await until(() => gateway.flows.get(first.id).status === "cancelled");
  page.say(page.popups[0], gateway.origin, { type: "paragon-flow-hello", flow: first.id });
  assert.deepEqual(page.popups[0].sent, []);
  gateway.update(second.id, { status: "connected", credentialId: CREDENTIAL_ID });
  assert.equal((await promise).credentialId, CREDENTIAL_ID);
});

test("wrong use is thrown at once, in the reference's words", () => {
  assert.throws(
    () => sdk.installIntegration("nope"),
    /^Error: "nope" is not a valid integration type\. The integrations you have configured for this Paragon project are:\n\n- "azuredevops"\n$/,
  );
  assert.throws(() => sdk.installIntegration("azuredevops", { externalId: " " }), /must not be an empty or whitespace-only string/);
  assert.throws(() => new ConnectSDK({ gateway: gateway.origin }).installIntegration("azuredevops"), { name: "UserNotAuthenticatedError" });
});

test("startOAuthFlow gives nothing back, calls back, and throws when the popup is blocked", async () => {
  sdk.setHeadless(true);
  const heard = [];
  const callbacks = { onSuccess: (result) => heard.push(result.credentialId), onError: (error) => heard.push(error.name) };
  assert.equal(sdk.startOAuthFlow("azuredevops", {}, callbacks), undefined);
  assert.equal(page.popups.length, 1);
  const flow = await registered();
  gateway.update(flow.id, { status: "connected", credentialId: CREDENTIAL_ID });
  await until(() => heard.length);
  sdk.startOAuthFlow("azuredevops", {}, { ...callbacks, oauthTimeout: 20 });
  await until(() => heard.length === 2);
  page.blocked = true;
  const blocked = (() => {
    try {
      sdk.startOAuthFlow("azuredevops", {}, callbacks);
    } catch (error) {
      return error;
    }
  })();
  assert.ok(blocked instanceof OAuthBlockedError);
  assert.throws(() => sdk.startOAuthFlow("nope", {}), { message: 'Integration "nope" not found.' });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(heard, [CREDENTIAL_ID, "OAuthTimeoutError"]);
  await assert.rejects(blocked.retry(), OAuthBlockedError);
  page.blocked = false;
  const again = blocked.retry();
  assert.equal(page.popups.length, 3, "retry opens the popup at once");
  await until(() => gateway.flows.size === 3);
  const { id } = await registered();
  gateway.update(id, { status: "connected", credentialId: CREDENTIAL_ID });
  assert.equal((await again).credentialId, CREDENTIAL_ID);
  await until(() => heard.length === 3);
  assert.equal(heard.at(-1), CREDENTIAL_ID, "and the callbacks run");
});

test("completeInstall stores a code without an install event", async () => {
  const events = [];
  sdk.subscribe("onIntegrationInstall", (event) => events.push(event));
  gateway.routes["POST /projects/p1/sdk/credentials"] = (_, response, json) => json(response, 200, credential);
  await assert.rejects(new ConnectSDK({ gateway: gateway.origin }).completeInstall("azuredevops", {}), { message: "Authentication is required" });
  await assert.rejects(sdk.completeInstall("azuredevops"), { message: "authorizationCode is required" });
  await assert.rejects(sdk.completeInstall("azuredevops", { authorizationCode: "c", redirectUrl: "https://" }), { message: "https:// is not valid url" });
  await assert.rejects(sdk.completeInstall("nope", { authorizationCode: "c" }), /is not a valid integration type/);
  await sdk.completeInstall("azuredevops", { authorizationCode: "c", redirectUrl: "a.test/x", showPortalAfterInstall: false });
  const { body } = gateway.calls.findLast((call) => call.method === "POST" && call.path.endsWith("/credentials"));
  assert.deepEqual(JSON.parse(body), { code: "c", integrationId: INTEGRATION_ID, redirectUrl: "https://a.test/x", integrationOptions: {} });
  assert.equal(sdk.getUser().integrations.azuredevops.credentialId, CREDENTIAL_ID);
  assert.deepEqual([events, page.counts.elements], [[], 0]);
  await sdk.completeInstall("azuredevops", { authorizationCode: "d" });
  assert.equal(page.counts.elements, 1, "the portal is opened unless the app says no");
  gateway.routes["POST /projects/p1/sdk/credentials"] = (_, response) => response.end();
  await assert.rejects(sdk.completeInstall("azuredevops", { authorizationCode: "e" }), { message: "Unable to create credential" });
});

test("connect's dropdowns replace the choices that the portal shows", async () => {
  const inputs = [
    { id: "1", key: "color", type: "CUSTOM_DROPDOWN", customDropdownOptions: [{ label: "old", value: "o" }] },
    { id: "2", key: "later", type: "CUSTOM_DROPDOWN" },
    { id: "3", key: "color", type: "TEXT_INPUT" },
    { id: "4", key: "always", type: "CUSTOM_DROPDOWN" },
  ];
  const values = { ...integration.configs[0].values, sharedMeta: { inputs } };
  gateway.routes["GET /projects/p1/sdk/integrations"] = (_, response, json) => json(response, 200, [{ ...integration, configs: [{ id: "k1", values }] }]);
  await sdk.authenticate("p1", userToken({ sub: "u2" }));
  const red = { label: "red", value: "r" };
  const loadOptions = async () => ({ options: [red], nextPageCursor: null });
  sdk
    .connect("azuredevops", {
      accountType: ["a", "b"],
      dropdowns: { color: [red, { label: "again", value: "r" }], later: { loadOptions }, always: { loadOptions, refreshOnOpen: true } },
    })
    .catch(() => {});
  page.frame().dispatchEvent(new Event("load"));
  const { config, apiInstallationOptions } = page.frame().contentWindow.sent.at(-1).message.nextModalState;
  assert.deepEqual(config.sharedMeta.inputs, [
    { ...inputs[0], customDropdownOptions: [red] },
    { ...inputs[1], customDropdownOptions: [], refreshOnOpen: false },
    inputs[2],
    { ...inputs[3], customDropdownOptions: [], refreshOnOpen: true },
  ]);
  assert.deepEqual(apiInstallationOptions.selectedMultipleAccountTypes, ["a", "b"]);
  assert.deepEqual((await sdk._loadCustomDropdownOptions("later", undefined, "")).options, [red]);
  assert.deepEqual(sdk.getIntegrationConfig("azuredevops").availableUserSettings, inputs);
});

test("configuring the same gateway again leaves a sign-in under way alone", async () => {
  const other = new ConnectSDK();
  const token = userToken();
  const signIn = () => {
    other.configureGlobal({ gateway: gateway.origin });
    return other.authenticate("p1", token);
  };
  await Promise.all([signIn(), signIn()]);
  assert.equal(other.getUser().authenticated, true);
});

test("a file picker checks what it is given, and says that it cannot be opened", async () => {
  assert.throws(() => new ExternalFilePicker("azuredevops", {}, new ConnectSDK({ gateway: gateway.origin })), { message: "Authentication is required" });
  assert.throws(() => new ExternalFilePicker("", {}, sdk), { message: "Missing argument: Integration type is required" });
  assert.throws(() => new ExternalFilePicker("nope", {}, sdk), /is not a valid integration type/);
  assert.throws(() => new ExternalFilePicker("azuredevops", {}, sdk), { message: "azuredevops's file picker is not supported" });
  const me = { authenticated: true, meta: {}, resources: [], project: {}, integrations: { box: { enabled: false, allCredentials: [] } } };
  gateway.routes["GET /projects/p1/sdk/me"] = (_, response, json) => json(response, 200, me);
  gateway.routes["GET /projects/p1/sdk/integrations"] = (_, response, json) => json(response, 200, [{ ...integration, type: "box" }]);
  await sdk.authenticate("p1", userToken({ sub: "u2" }));
  const picker = new ExternalFilePicker("box", {}, sdk);
  await assert.rejects(picker.init({}), { message: "Please provide a valid Folder ID" });
  await assert.rejects(picker.init({ folderId: "0" }), /does not load vendors' scripts/);
  assert.equal(picker.open(), false);
});
