/** How connecting ends: by the app's signal, with an account that is not complete, not at all; and what callbacks see. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK, { OAuthCancelledError } from "../../pkg/dist/index.js";
import { CREDENTIAL_ID, INTEGRATION_ID, credential, startGateway, until, userToken } from "./support/gateway.mjs";
import { installPage } from "./support/page.mjs";

let gateway, page, sdk;

beforeEach(async () => {
  page = installPage();
  gateway = await startGateway();
  sdk = new ConnectSDK({ gateway: gateway.origin });
  await sdk.authenticate("p1", userToken());
});
afterEach(() => {
  sdk.logout();
  gateway.close();
});

/** A promise that may reject later than the test looks at it. */
const watched = (promise) => (promise.catch(() => {}), promise);
/** Opens the portal. */
function connect(params = {}) {
  const promise = watched(sdk.connect("azuredevops", params));
  page.frame().dispatchEvent(new Event("load"));
  return promise;
}
/** The portal calls a method. */
const say = (type, parameters = []) =>
  page.say(page.frame().contentWindow, gateway.origin, { messageType: "SDK_FUNCTION_INVOCATION", type, parameters, id: type });
const turns = () => new Promise((done) => setTimeout(done, 20));
const answers = (credential) => (_request, response, json) => json(response, 200, credential);

test("the app's signal ends a connect though only the portal is open, and one that is aborted begins none", async () => {
  const aborter = new AbortController();
  const errors = [];
  const promise = connect({ signal: aborter.signal, onError: (...values) => errors.push(values) });
  const reason = new Error("enough");
  aborter.abort(reason);
  await assert.rejects(promise, (error) => error instanceof OAuthCancelledError && error.cause === reason);
  assert.deepEqual(
    errors.map(([error]) => error.code),
    ["oauth_cancelled"],
  );
  await assert.rejects(connect({ signal: aborter.signal }), OAuthCancelledError);
});

test("callbacks run once, with the event and the user, and see nothing of the SDK", async () => {
  const calls = [];
  const note = function (...values) {
    calls.push([this, values.length, values[1].userId]);
  };
  gateway.routes["POST /projects/p1/sdk/credentials"] = answers(credential);
  sdk.subscribe("onIntegrationInstall", note);
  const promise = connect({ onInstall: note });
  say("_oauthCallback", [{ integrationId: INTEGRATION_ID, payload: { a: 1 } }]);
  say("_oauthCallback", [{ integrationId: INTEGRATION_ID, payload: { a: 1 } }]);
  assert.equal((await promise).credentialId, CREDENTIAL_ID);
  assert.deepEqual(calls, [
    [undefined, 2, "u1"],
    [undefined, 2, "u1"],
  ]);
});

test("a credential that is still pending leaves connect waiting until it is complete", async () => {
  gateway.routes["POST /projects/p1/sdk/credentials"] = answers({ ...credential, status: "PENDING" });
  gateway.routes[`POST /projects/p1/sdk/credentials/${CREDENTIAL_ID}/complete-setup`] = answers(credential);
  let isSettled = false;
  const promise = connect().finally(() => (isSettled = true));
  say("_oauthCallback", [{ integrationId: INTEGRATION_ID, payload: { a: 1 } }]);
  await until(() => sdk.getUser().integrations.azuredevops.allCredentials.some(({ status }) => status === "PENDING"));
  await turns();
  assert.equal(isSettled, false);
  say("_oauthCallback", [{ integrationId: INTEGRATION_ID, payload: { a: 2 } }, CREDENTIAL_ID]);
  await promise;
});

test("what JSON cannot hold among the options does not break the page", () => {
  const circular = {};
  circular.self = circular;
  assert.doesNotThrow(() => connect({ mapObjectFields: circular }));
});

test("outside a page nothing can be connected, and that is said", async () => {
  globalThis.window = undefined;
  await assert.rejects(sdk.connect("azuredevops", {}), { code: "no_window" });
  await assert.rejects(sdk.installIntegration("azuredevops"), { code: "no_window" });
});
