/** What the SDK knows about integrations and accounts, and what a user is asked. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { IntegrationNotFoundError, UserNotAuthenticatedError } from "../../pkg/dist/index.js";
import { AZURE, BETA, DISABLED, ENABLED, FIRST, FRESH, INVALID, JIRA, SECOND, credential, signedIn } from "./support/accounts.mjs";

let here;
afterEach(() => here.gateway.close());
const start = async (answers) => {
  here = await signedIn(answers);
  return here;
};
const NAMES = ["azuredevops", "jira", "custom.acme", "custom.beta", "slack"].map((name) => `- "${name}"`).join("\n");

test("integrations have an id, and pictures an address", async () => {
  const { sdk, gateway } = await start();
  assert.equal(sdk.getIntegrationId("azuredevops"), AZURE);
  assert.equal(sdk.getIntegrationId("custom.beta"), BETA);
  assert.throws(() => sdk.getIntegrationId("nope"), { message: 'Integration "nope" not found', code: "integration_not_found" });
  assert.equal(sdk.getAssetUrl("salesforce-install-app"), `${gateway.origin}/images/salesforce-install-app.png`);
});

test("validateAction says what is wrong with an integration", async () => {
  const { sdk } = await start();
  assert.equal(sdk.validateAction("azuredevops"), undefined);
  assert.throws(() => sdk.validateAction("nope"), {
    message: `"nope" is not a valid integration type. The integrations you have configured for this Paragon project are:\n\n${NAMES}\n`,
  });
  assert.throws(() => sdk.validateAction("slack"), { message: `integration "slack" has not been set up in your Paragon project yet.\n\n${NAMES}` });
});

test("workflows without permission are hidden if they have permissions", async () => {
  const { sdk } = await start();
  const { availableWorkflows, hiddenWorkflows } = sdk.getIntegrationConfig("azuredevops");
  assert.deepEqual(
    availableWorkflows.map((one) => one.id),
    [ENABLED, DISABLED, FRESH],
  );
  assert.deepEqual(
    hiddenWorkflows.map((one) => one.id),
    ["secret"],
  );
});

test("getIntegrationAccount asks for the account, with its token where wanted", async () => {
  const answer = { id: AZURE, accountAuth: { OAUTH_ACCESS_TOKEN: "t" } };
  const { sdk, calls } = await start({ "GET /projects/p1/sdk/credentials": answer });
  assert.deepEqual(await sdk.getIntegrationAccount("azuredevops", { includeAccountAuth: true, selectedCredentialId: "ext:main" }), answer);
  await sdk.getIntegrationAccount("azuredevops", { includeAccountAuth: false });
  await sdk.getIntegrationAccount("azuredevops");
  const address = "/projects/p1/sdk/credentials?integration=azuredevops&includeAccountAuth=";
  assert.deepEqual(
    calls().map((call) => [call.url, call.credential]),
    [
      [`${address}true`, "ext:main"],
      [`${address}false`, undefined],
      [`${address}undefined`, undefined],
    ],
  );
});

test("getIntegrationAccount without an account is refused", async () => {
  const { sdk, calls } = await start({ "GET /projects/p1/sdk/credentials": undefined });
  await assert.rejects(sdk.getIntegrationAccount("jira"), { message: "Connect credential not found" });
  await assert.rejects(sdk.getIntegrationAccount("slack"), /has not been set up/);
  assert.deepEqual(calls(), []);
  await assert.rejects(sdk.getIntegrationAccount("azuredevops"), { message: "Integration not connected", code: "empty_answer" });
  sdk.logout();
  await assert.rejects(sdk.getIntegrationAccount("azuredevops"), { code: "integration_unknown" });
});

test("getTriggers names a valid account", async () => {
  const answer = { triggers: { azuredevops: [] }, errors: [] };
  const { sdk, calls } = await start({ "GET /projects/p1/triggers": answer });
  assert.deepEqual(await sdk.getTriggers("azuredevops"), answer);
  await sdk.getTriggers("azuredevops", { selectedCredentialId: "ext:second" });
  assert.deepEqual(
    calls().map((call) => [call.url, call.credential]),
    [
      ["/projects/p1/triggers?integrations=azuredevops", FIRST],
      ["/projects/p1/triggers?integrations=azuredevops", SECOND],
    ],
  );
  await assert.rejects(sdk.getTriggers("azuredevops", { selectedCredentialId: INVALID }), { message: "Valid credential not found for provided options." });
  await assert.rejects(sdk.getTriggers("azuredevops", { selectedCredentialId: "nobody" }), { message: "Credential not found" });
  await assert.rejects(sdk.getTriggers("jira"), { message: "Credential not found" });
  await assert.rejects(sdk.getTriggers("nope"), /is not a valid integration type/);
  assert.equal(calls().length, 2);
});

test("connectAction connects to a resource and leaves the state alone", async () => {
  const answer = credential("x");
  const { sdk, calls, own } = await start({ "POST /projects/p1/sdk/resources/r1/connect": answer, "POST /projects/p1/sdk/resources/r2/connect": undefined });
  const before = own();
  assert.deepEqual(await sdk.connectAction("warehouse", { key: 1 }), answer);
  assert.deepEqual(calls()[0].body, { key: 1 });
  assert.deepEqual(own(), before);
  await assert.rejects(sdk.connectAction("lake", {}), { message: 'Unable to connect to "lake".' });
  await assert.rejects(sdk.connectAction("nowhere", {}), { message: 'No resource found with name "nowhere".' });
  for (const payload of ["text", null, undefined])
    await assert.rejects(sdk.connectAction("warehouse", payload), { message: "payload must be of type object." });
  assert.equal(calls().length, 2);
  sdk.logout();
  await assert.rejects(sdk.connectAction("warehouse", {}), UserNotAuthenticatedError);
});

test("a webhook's address names integration, trigger and account", async () => {
  const { sdk, gateway, calls } = await start();
  const address = `${gateway.origin}/triggers/connect/p1`;
  assert.equal(await sdk.getCustomWebhookUserManualUrl(ENABLED), `${address}/${AZURE}/custom-triggers/hook1?id=${FIRST}`);
  assert.equal(await sdk.getCustomWebhookUserManualUrl(ENABLED, "ext:second"), `${address}/${AZURE}/custom-triggers/hook1?id=${SECOND}`);
  assert.equal(await sdk.getCustomWebhookUserManualUrl(ENABLED, "elsewhere"), `${address}/${AZURE}/custom-triggers/hook1?id=elsewhere`);
  assert.equal(await sdk.getCustomWebhookUserManualUrl(DISABLED, "ignored"), `${address}/${JIRA}/custom-triggers/hook2?id=of-the-resource`);
  const cases = { zz: "get workflow", orphan: "find integrationId", unconnected: "find credentialId", [FRESH]: "find a custom webhook" };
  for (const [id, what] of Object.entries(cases)) await assert.rejects(sdk.getCustomWebhookUserManualUrl(id), { message: `Unable to ${what} for "${id}".` });
  assert.deepEqual(calls(), []);
  sdk.logout();
  await assert.rejects(sdk.getCustomWebhookUserManualUrl(ENABLED), UserNotAuthenticatedError);
});

test("what a user is asked before and after connecting", async () => {
  const { sdk } = await start();
  const ids = (inputs) => inputs.map((input) => input.id);
  assert.deepEqual(ids(sdk.getAccountTypeOptions("azuredevops")), ["default", "token"]);
  assert.deepEqual(ids(sdk.getPostOptions("azuredevops")), ["project"]);
  assert.deepEqual(ids(sdk.getPreOptions("azuredevops")), ["organization"]);
  assert.deepEqual(ids(sdk.getPreOptions("azuredevops", "token")), ["pat"]);
  assert.deepEqual(ids(sdk.getPreOptions("azuredevops", "unknown")), ["organization"]);
  assert.deepEqual(ids(sdk.getPreOptions("custom.beta")), ["key"]);
  assert.deepEqual(sdk.getPreOptions("custom.acme"), [
    { id: "clientId", title: "Client ID", type: "TEXT_NO_VARS", required: true },
    { id: "clientSecret", title: "Client Secret", type: "PASSWORD", required: true },
  ]);
  for (const method of ["getAccountTypeOptions", "getPreOptions", "getPostOptions"]) {
    assert.deepEqual(sdk[method]("jira"), []);
    assert.throws(
      () => sdk[method]("nope"),
      (error) => error instanceof IntegrationNotFoundError && error.name === "IntegrationNotFoundError" && error.code === "integration_not_found",
    );
  }
});

test("options are copies: changing one changes nothing in the SDK", async () => {
  const { sdk } = await start();
  sdk.getAccountTypeOptions("azuredevops")[0].id = "changed";
  (await sdk.getDataSourceOptions("azuredevops", "projects")).title = "changed";
  assert.equal(sdk.getAccountTypeOptions("azuredevops")[0].id, "default");
  assert.equal((await sdk.getDataSourceOptions("azuredevops", "projects")).title, "projects");
});
