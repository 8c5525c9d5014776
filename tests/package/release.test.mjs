/** Letting go: nothing of the SDK outlives `logout`, a change of services, or the page. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK, { OAuthCancelledError } from "../../pkg/dist/index.js";
import { CREDENTIAL_ID, credential, startGateway, until, userToken } from "./support/gateway.mjs";
import { installPage } from "./support/page.mjs";

let gateway;
let page;
let sdk;
let channels;
const { BroadcastChannel } = globalThis;

beforeEach(async () => {
  channels = 0;
  globalThis.BroadcastChannel = class extends BroadcastChannel {
    constructor(name) {
      super(name);
      channels += 1;
    }
    close() {
      super.close();
      channels -= 1;
    }
  };
  page = installPage();
  gateway = await startGateway();
  sdk = new ConnectSDK({ gateway: gateway.origin });
  await sdk.authenticate("p1", userToken());
});
afterEach(() => {
  sdk.logout();
  gateway.close();
  globalThis.BroadcastChannel = BroadcastChannel;
});

const hide = () => page.dispatchEvent(new Event("pagehide"));
const streaming = async () => {
  let isOpen;
  const flow = await until(() => [...gateway.flows.values()].at(-1));
  const path = `GET /projects/p1/sdk/flows/${flow.id}`;
  gateway.routes[path] = (_, response) => {
    isOpen = true;
    response.on("close", () => {
      isOpen = false;
    });
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(": hello\n\n");
  };
  gateway.update(flow.id, { status: "opened" });
  gateway.dropStreams();
  await until(() => isOpen, "the flow is followed");
  return { flow, ended: () => until(() => !isOpen, "the event stream ends") };
};
const withdrawn = () => gateway.calls.filter(({ method }) => method === "DELETE").length;

test("logout ends a sign-in: promise, listeners, event stream, channel, popup and the server's record", async () => {
  const errors = [];
  const promise = sdk.installIntegration("azuredevops", { onError: (error) => errors.push(error) });
  const { flow, ended } = await streaming();
  assert.equal(channels, 1);
  sdk.logout();
  assert.deepEqual([page.counts.listeners, channels, page.popups[0].closed], [0, 0, true]);
  const error = await promise.catch((thrown) => thrown);
  assert.ok(error instanceof OAuthCancelledError);
  assert.deepEqual(errors, [error]);
  await ended();
  await until(() => gateway.flows.get(flow.id).status === "cancelled", "the server hears of it though the user is gone");
  assert.equal(sdk.getUser().authenticated, false);
});

test("logout removes the portal, and the app hears that it is closed", async () => {
  const heard = [];
  const waiting = sdk.connect("azuredevops", { onClose: () => heard.push("onClose") });
  sdk.subscribe("onPortalClose", (event, user) => heard.push(`${event.integrationType} ${user.userId}`));
  page.frame().dispatchEvent(new Event("load"));
  sdk.onOpen();
  assert.equal(page.document.body.style.overflow, "hidden");
  sdk.logout();
  assert.equal(page.frame(), undefined);
  assert.deepEqual([page.counts.listeners, page.document.body.style.overflow], [0, ""]);
  assert.deepEqual(heard, ["onClose", "azuredevops u1"]);
  await assert.rejects(waiting, OAuthCancelledError);
});

test("what logout ended does not reach the next user", async () => {
  const heard = [];
  sdk.connect("azuredevops", { onUninstall: () => heard.push("uninstall") }).catch(() => {});
  sdk.logout();
  const me = {
    authenticated: true,
    meta: {},
    resources: [],
    project: { accessibleFeatures: ["headless-cp"] },
    integrations: { azuredevops: { enabled: true, credentialId: CREDENTIAL_ID, credentialStatus: "VALID", allCredentials: [credential] } },
  };
  gateway.routes["GET /projects/p1/sdk/me"] = (_, response, json) => json(response, 200, me);
  gateway.routes[`DELETE /projects/p1/sdk/integrations/${credential.integrationId}`] = (_, response) => response.end();
  await sdk.authenticate("p1", userToken({ sub: "u2" }));
  await sdk.uninstallIntegration("azuredevops");
  assert.deepEqual(heard, []);
});

test("a page that goes away frees everything, but leaves the sign-in to finish", async () => {
  const promise = sdk.installIntegration("azuredevops");
  const { flow, ended } = await streaming();
  hide();
  await assert.rejects(promise, OAuthCancelledError);
  await ended();
  assert.deepEqual([page.counts.listeners, channels], [0, 0]);
  assert.deepEqual([page.popups[0].closed, withdrawn(), gateway.flows.get(flow.id).status], [false, 0, "opened"]);
  assert.equal(sdk.getUser().authenticated, true, "a page that is shown again has its user");
});

test("a page that goes away loses its portal, and can open it again", async () => {
  const waiting = sdk.connect("azuredevops", {});
  hide();
  await assert.rejects(waiting, OAuthCancelledError);
  assert.deepEqual([page.frame(), page.counts.listeners], [undefined, 0]);
  sdk.connect("azuredevops", {}).catch(() => {});
  assert.ok(page.frame());
});

test("other services end what the old ones had begun, and the old ones hear of it", async () => {
  const promise = sdk.installIntegration("azuredevops");
  const { flow } = await streaming();
  sdk.configureGlobal({ gateway: "https://elsewhere.example" });
  await assert.rejects(promise, OAuthCancelledError);
  await until(() => gateway.flows.get(flow.id).status === "cancelled");
  assert.deepEqual([page.counts.listeners, channels], [0, 0]);
});
