/** The Connect Portal's frame: when it is there, what it is told, and what it may do. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK from "../../pkg/dist/index.js";
import { CREDENTIAL_ID, INTEGRATION_ID, credential, startGateway, until, userToken } from "./support/gateway.mjs";
import { installPage } from "./support/page.mjs";

let gateway;
let page;
let sdk;
let frame;

beforeEach(async () => {
  page = installPage();
  gateway = await startGateway();
  sdk = new ConnectSDK({ gateway: gateway.origin });
  await sdk.authenticate("p1", userToken());
  assert.equal(page.counts.elements, 0, "no frame before connect");
  sdk.connect("azuredevops", {}).catch(() => {});
  frame = page.frame();
  frame.dispatchEvent(new Event("load"));
});
afterEach(() => {
  sdk.closePortal();
  gateway.close();
});

const sent = () => frame.contentWindow.sent;
const invoke = async (type, parameters = [], id = Math.random()) => {
  page.say(frame.contentWindow, gateway.origin, { messageType: "SDK_FUNCTION_INVOCATION", type, parameters, id });
  const { message, origin } = await until(() => sent().find((one) => one.message.id === id), `answer to ${type}`);
  assert.equal(origin, gateway.origin);
  return message;
};

test("the frame is made by connect and told the state without the token, for its own origin", () => {
  assert.equal(frame.id, "paragon-connect-frame");
  assert.equal(frame.src, `${gateway.origin}/ui?projectId=p1`);
  const { message, origin } = sent().at(-1);
  assert.equal(origin, gateway.origin);
  assert.equal(message.messageType, "UI_UPDATE");
  assert.equal(message.nextContext.user.userId, "u1");
  assert.equal(message.nextContext.user.token, undefined);
  assert.ok(!JSON.stringify(sent()).includes(userToken().split(".")[1]), "no token in any message");
  assert.equal(message.nextModalState.integration.type, "azuredevops");
  assert.equal(message.nextModalState.flow, null);
});

test("messages from elsewhere do nothing", async () => {
  const call = { messageType: "SDK_FUNCTION_INVOCATION", type: "updateContainerStyle", parameters: [{ isModalShown: true }], id: 1 };
  page.say({}, gateway.origin, call);
  page.say(frame.contentWindow, "https://evil.example", call);
  page.say(frame.contentWindow, "null", call);
  page.say(null, gateway.origin, call);
  page.say(frame.contentWindow, gateway.origin, null);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(!frame.style.display);
  assert.equal(sent().filter((one) => one.message.id === 1).length, 0);
});

test("only the listed methods may be called", async () => {
  for (const name of [
    "logout",
    "authenticate",
    "configureGlobal",
    "request",
    "getUser",
    "constructor",
    "__proto__",
    "toString",
    "free",
    "setUserMetadata",
    "",
  ]) {
    const answer = await invoke(name);
    assert.equal(answer.messageType, "SDK_FUNCTION_ERROR", name);
    assert.equal(answer.code, "method_refused", name);
  }
  assert.equal(sdk.getUser().authenticated, true);
});

test("an API call goes to configured services only, and cannot leave its prefix", async () => {
  const good = await invoke("sendConnectRequest", ["/sdk/integrations"]);
  assert.equal(good.result[0].type, "azuredevops");
  const before = gateway.calls.length;
  for (const parameters of [
    ["/sdk/me", { baseURLOverride: "https://evil.example" }],
    ["/sdk/me", { baseURLOverride: `${gateway.origin}.evil.example` }],
    ["/../../x", {}],
    ["//evil.example/x", {}, false],
    ["https://evil.example/x", {}, false],
    [".evil.example/x\\", {}, false],
  ]) {
    const answer = await invoke("sendConnectRequest", parameters);
    assert.equal(answer.messageType, "SDK_FUNCTION_ERROR", JSON.stringify(parameters));
  }
  assert.equal(gateway.calls.length, before);
});

test("the portal cannot change who is signed in or reach prototypes", async () => {
  await invoke("updateAuthenticatedUser", [{ token: "x", authenticated: false, userId: "evil", meta: { a: 1 } }]);
  assert.equal(sdk.getUser().userId, "u1");
  assert.deepEqual(sdk.getUser().meta, { a: 1 });
  await invoke("setModalState", [JSON.parse('{"__proto__":{"polluted":true}}')]);
  assert.equal({}.polluted, undefined);
});

test("opening and closing tells the app and the page", async () => {
  const heard = [];
  sdk.subscribe("onPortalOpen", (event) => heard.push(["open", event.integrationType]));
  sdk.subscribe("onPortalClose", (event) => heard.push(["close", event.integrationType]));
  await invoke("updateContainerStyle", [{ isModalShown: true }]);
  assert.equal(frame.style.display, "block");
  await invoke("onOpen");
  assert.equal(page.document.body.style.overflow, "hidden");
  await invoke("onClose");
  assert.equal(page.document.body.style.overflow, "");
  assert.equal(frame.style.display, "none");
  assert.deepEqual(heard, [
    ["open", "azuredevops"],
    ["close", "azuredevops"],
  ]);
  assert.equal(sent().at(-2).message.nextModalState?.integration ?? null, null);
});

test("closing is told whenever an integration is shown, once", async () => {
  const heard = [];
  const onClose = (event) => heard.push(["onClose", event.integrationType]);
  sdk.subscribe("onPortalClose", (event) => heard.push(["event", event.integrationType]));
  sdk.connect("azuredevops", { onClose }).catch(() => {});
  sdk.closePortal();
  assert.deepEqual(
    heard,
    [
      ["onClose", "azuredevops"],
      ["event", "azuredevops"],
    ],
    "the portal never said that it is open",
  );
  sdk.closePortal();
  await invoke("onClose");
  assert.equal(heard.length, 2);
  sdk.connect("azuredevops", { onClose }).catch(() => {});
  await invoke("onClose");
  assert.equal(heard.length, 4);
});

test("closing a portal that has not loaded is told", () => {
  const other = new ConnectSDK({ gateway: gateway.origin });
  const heard = [];
  return other.authenticate("p1", userToken()).then(() => {
    other.subscribe("onPortalClose", (event) => heard.push(event.integrationType));
    other.connect("azuredevops", {}).catch(() => {});
    other.closePortal();
    assert.deepEqual(heard, ["azuredevops"]);
  });
});

test("the portal's click opens the popup; the flow is shown to it and can be cancelled", async () => {
  await invoke("startOAuthFlow", ["azuredevops", {}]);
  assert.equal(page.popups.length, 1);
  const flow = await until(() => [...gateway.flows.values()][0]);
  await until(() => sent().some((one) => one.message.nextModalState?.flow?.status === "pending"));
  await invoke("cancelOAuthFlow");
  await until(() => gateway.flows.get(flow.id).status === "cancelled");
  assert.equal(sent().findLast((one) => one.message.nextModalState).message.nextModalState.flow, null);
});

test("a personal access token is connected without popup and resolves connect", async () => {
  let body;
  gateway.routes["POST /projects/p1/sdk/credentials"] = (call, response, json) => {
    body = JSON.parse(call.body);
    json(response, 200, credential);
  };
  const installed = new Promise((resolve) => sdk.subscribe("onIntegrationInstall", resolve));
  const payload = { accountType: "personal_access_token", ORGANIZATION: "fabrikam", PERSONAL_ACCESS_TOKEN: "secret" };
  const answer = await invoke("_oauthCallback", [{ integrationId: INTEGRATION_ID, payload }]);
  assert.equal(answer.result.credentialId, CREDENTIAL_ID);
  assert.deepEqual(body.payload, payload);
  assert.equal((await installed).credentialId, CREDENTIAL_ID);
});
