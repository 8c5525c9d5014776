/** The reference's connect flow, as Paragon's cloud and gateways with plain service URLs speak it. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK, { OAuthFailedError } from "../../pkg/dist/index.js";
import { CREDENTIAL_ID, INTEGRATION_ID, credential, startGateway, until, userToken } from "./support/gateway.mjs";
import { installPage } from "./support/page.mjs";

let gateway;
let page;
let sdk;
const token = userToken();

beforeEach(async () => {
  page = installPage();
  gateway = await startGateway({
    "GET /v2/projects/p1/sdk/actions/build-oauth": (_, response, json) => json(response, 200, { redirectUrl: "https://provider.example/authorize" }),
    "POST /projects/p1/sdk/credentials": (_, response, json) => json(response, 200, credential),
  });
  const names = ["ZEUS", "HERMES", "WORKER_PROXY", "CONNECT", "DASHBOARD", "CDN", "PASSPORT"];
  sdk = new ConnectSDK(Object.fromEntries(names.map((name) => [`${name}_PUBLIC_URL`, gateway.origin])));
  sdk.setHeadless(true);
  await sdk.authenticate("p1", token);
});
afterEach(() => {
  sdk.cancelOAuthFlow();
  gateway.close();
});

const build = () => until(() => gateway.calls.find((call) => call.path.endsWith("/build-oauth")));
const posts = () => gateway.calls.filter((call) => call.method === "POST" && call.path.endsWith("/sdk/credentials"));
const success = { type: "oauth_success_callback", credential: { integrationId: INTEGRATION_ID, payload: { code: "c" } } };

test("the nonce page opens first, then the provider; the message becomes a credential once", async () => {
  const promise = sdk.installIntegration("azuredevops", { externalId: "main" });
  const [popup] = page.popups;
  assert.equal(
    popup.url,
    `${gateway.origin}/projects/p1/sdk/actions/oauth-nonce?action=azuredevops&integrationId=${INTEGRATION_ID}&originForPostMessage=https://app.example.com&userToken=${token}`,
  );
  const { query, headers } = await build();
  assert.equal(headers.accept, "*/*");
  assert.equal(headers["x-paragon-sdk-version"], undefined);
  assert.deepEqual([query.get("action"), query.get("userToken"), query.get("isPreviewMode"), query.get("parameters")], ["azuredevops", token, "false", "{}"]);
  assert.equal(JSON.parse(query.get("installOptions")).externalId, "main");
  assert.match(query.get("oauthMetaKeyId"), /^[0-9a-z]{1,13}$/);
  assert.equal(popup.location, undefined);
  page.say(popup, gateway.origin, { type: "oauth-nonce-loaded" });
  await until(() => popup.location === "https://provider.example/authorize");
  page.say({}, "https://evil.example", success);
  page.say(null, "null", success);
  page.say(popup, gateway.origin, success);
  page.say(popup, gateway.origin, success);
  assert.equal((await promise).credentialId, CREDENTIAL_ID);
  assert.equal(posts().length, 1);
  assert.deepEqual(JSON.parse(posts()[0].body).payload, { code: "c" });
});

test("headless mode asks for the session key; it is removed afterwards", async () => {
  const promise = sdk.installIntegration("azuredevops");
  const key = (await build()).query.get("oauthMetaKeyId");
  const path = `/projects/p1/sdk/actions/session-id/${key}`;
  gateway.routes[`GET ${path}`] = (_, response, json) => json(response, 200, { connectCredentialId: CREDENTIAL_ID });
  gateway.routes[`DELETE ${path}`] = (_, response) => response.end();
  assert.equal((await promise).credentialId, CREDENTIAL_ID);
  await until(() => gateway.calls.some((call) => call.method === "DELETE" && call.path === path));
});

test("a failed build closes the popup and rejects", async () => {
  gateway.routes["GET /v2/projects/p1/sdk/actions/build-oauth"] = (_, response, json) => json(response, 500, { message: "no client id" });
  await assert.rejects(sdk.installIntegration("azuredevops"), (error) => error instanceof OAuthFailedError && error.message === "no client id");
  assert.equal(page.popups[0].closed, true);
});

test("an error message of the popup rejects", async () => {
  const promise = sdk.installIntegration("azuredevops");
  page.say(page.popups[0], gateway.origin, {
    type: "oauth_error_callback",
    error: "denied",
    errorResponse: { message: "access denied", code: "access_denied" },
    integrationId: INTEGRATION_ID,
  });
  await assert.rejects(promise, { code: "access_denied", message: "access denied" });
});

test("a 403 of the cloud signs out unless the integration is the cause", async () => {
  gateway.routes["POST /v2/projects/p1/sdk/events/trigger"] = (_, response, json) => json(response, 403, { code: "7210" });
  await assert.rejects(sdk.event("a", {}), { message: '{"code":"7210"}', status: 403 });
  assert.equal(sdk.getUser().authenticated, true);
  gateway.routes["POST /v2/projects/p1/sdk/events/trigger"] = (_, response, json) => json(response, 403, { code: "9999" });
  await assert.rejects(sdk.event("a", {}), { message: '{"code":"9999"}' });
  assert.equal(sdk.getUser().authenticated, false);
});
