/** Switching workflows on and off, and the account that a workflow runs with. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { UserNotAuthenticatedError } from "../../pkg/dist/index.js";
import { DISABLED, ENABLED, FIRST, FIRST_DEFAULT, FIRST_OTHER, FRESH, INVALID, SECOND, SECOND_DEFAULT, signedIn } from "./support/accounts.mjs";

let here;
afterEach(() => here.gateway.close());
const start = async (answers) => {
  here = await signedIn(answers);
  return here;
};
const route = (method, id) => `${method} /projects/p1/sdk/workflows/${id}`;
const trigger = { [`POST /projects/p1/sdk/triggers/${ENABLED}`]: { ok: true } };

test("enableWorkflow asks the server, then notes it in the selected configuration and in the state", async () => {
  const { sdk, calls, own } = await start({ [route("POST", DISABLED)]: undefined });
  assert.equal(await sdk.enableWorkflow(DISABLED), undefined);
  assert.deepEqual(calls(), [
    { method: "POST", url: `/projects/p1/sdk/workflows/${DISABLED}`, body: undefined, credential: FIRST, configuration: FIRST_DEFAULT },
  ]);
  assert.deepEqual(own().workflowSettings[DISABLED], { settings: {}, enabled: true });
  assert.deepEqual(own().configuredWorkflows[DISABLED], { settings: {}, enabled: true });
  const { configurations } = own().allCredentials[0];
  assert.equal(configurations.find((one) => one.id === FIRST_DEFAULT).workflowSettings[DISABLED].enabled, true);
  assert.equal(configurations.find((one) => one.id === FIRST_OTHER).workflowSettings[DISABLED].enabled, false);
  assert.deepEqual(
    own().allConfigurations.map((one) => one.connectCredentialId),
    [SECOND, INVALID, FIRST, FIRST],
  );
});

test("a workflow without settings gets empty ones", async () => {
  const { sdk, own } = await start({ [route("POST", FRESH)]: {} });
  await sdk.enableWorkflow(FRESH);
  assert.deepEqual(own().workflowSettings[FRESH], { settings: {}, enabled: true });
});

test("another account or configuration leaves the selected one as it is", async () => {
  const { sdk, calls, own } = await start({ [route("POST", DISABLED)]: {}, [route("DELETE", ENABLED)]: {} });
  await sdk.enableWorkflow(DISABLED, { selectedCredentialId: "ext:second" });
  await sdk.disableWorkflow(ENABLED, { selectedConfigurationId: FIRST_OTHER });
  assert.deepEqual(
    calls().map((call) => [call.credential, call.configuration]),
    [
      [SECOND, SECOND_DEFAULT],
      [FIRST, FIRST_OTHER],
    ],
  );
  assert.equal(own().workflowSettings[DISABLED].enabled, false);
  assert.equal(own().workflowSettings[ENABLED].enabled, true);
  assert.equal(own().allCredentials[1].configurations[0].workflowSettings[DISABLED].enabled, true);
});

test("disableWorkflow keeps the settings", async () => {
  const { sdk, own } = await start({ [route("DELETE", ENABLED)]: undefined });
  await sdk.disableWorkflow(ENABLED);
  assert.deepEqual(own().workflowSettings[ENABLED], { settings: { depth: 1 }, enabled: false });
});

test("what cannot be switched is refused before a request", async () => {
  const { sdk, calls } = await start();
  const unknown = "Workflow not found in the configured integrations in your Paragon project.";
  const cases = [
    [() => sdk.enableWorkflow(ENABLED), `Workflow ${ENABLED} is already enabled for this user.`, "workflow_enabled"],
    [() => sdk.disableWorkflow(DISABLED), `Workflow ${DISABLED} cannot be disabled for this user.`, "workflow_not_enabled"],
    [() => sdk.enableWorkflow("zz"), unknown, "workflow_not_found"],
    [() => sdk.enableWorkflow(), unknown, "workflow_not_found"],
    [() => sdk.enableWorkflow("toString"), unknown, "workflow_not_found"],
    [() => sdk.enableWorkflow("unconnected"), 'Integration "jira" not enabled for workflow."', "integration_not_enabled"],
    [() => sdk.enableWorkflow(DISABLED, { selectedCredentialId: INVALID }), "Valid credential not found for provided options.", "credential_not_found"],
    [() => sdk.enableWorkflow(DISABLED, { selectedCredentialId: "ext:nobody" }), 'Credential with externalId "nobody" not found.', "credential_not_found"],
    [
      () => sdk.enableWorkflow(DISABLED, { selectedCredentialId: FIRST.replace("a1", "ff") }),
      "Unable to find credential for provided options.",
      "credential_not_found",
    ],
  ];
  for (const [run, message, code] of cases) await assert.rejects(run(), { message, code });
  sdk.logout();
  await assert.rejects(sdk.enableWorkflow(DISABLED), UserNotAuthenticatedError);
  assert.deepEqual(calls(), []);
});

test("a refusal of the server changes nothing", async () => {
  const { sdk, own } = await start({ [route("POST", DISABLED)]: (_, response, json) => json(response, 500, { message: "no", code: "internal" }) });
  const before = own();
  await assert.rejects(sdk.enableWorkflow(DISABLED), (error) => error.status === 500 && error.code === "internal");
  assert.deepEqual(own(), before);
});

test("updateWorkflowState switches one after another and reports what failed", async () => {
  const { sdk, calls } = await start({ [route("DELETE", ENABLED)]: {}, [route("POST", FRESH)]: {} });
  const { user, errors } = await sdk.updateWorkflowState({ [ENABLED]: false, [DISABLED]: false, [FRESH]: true });
  assert.deepEqual(errors, [{ workflowId: DISABLED, message: `Workflow ${DISABLED} cannot be disabled for this user.` }]);
  assert.deepEqual(
    calls().map((call) => call.method),
    ["DELETE", "POST"],
  );
  assert.equal(user.integrations.azuredevops.workflowSettings[ENABLED].enabled, false);
  assert.equal(user.token, undefined);
  sdk.logout();
  const out = await sdk.updateWorkflowState({ [ENABLED]: true });
  assert.equal(out.errors[0].workflowId, ENABLED);
  assert.deepEqual(out.user, { authenticated: false });
});

test("a configuration's name that several accounts use needs the account", async () => {
  const { sdk, calls } = await start(trigger);
  const message = "Multiple credential configurations found for provided id: shared-name.";
  assert.throws(() => sdk.workflow(ENABLED, { selectedConfigurationId: "shared-name" }), { message });
  await sdk.workflow(ENABLED, { selectedConfigurationId: "ext:shared-name", selectedCredentialId: "second" });
  await sdk.workflow(ENABLED, { selectedConfigurationId: "shared-name", selectedCredentialId: "ext: main " });
  assert.deepEqual(
    calls().map((call) => [call.credential, call.configuration]),
    [
      [SECOND, SECOND_DEFAULT],
      [FIRST, FIRST_OTHER],
    ],
  );
});

test("a configuration of another account is not found", async () => {
  const { sdk } = await start();
  for (const id of [SECOND_DEFAULT, "nobody"]) {
    const message = `Credential configuration not found for provided id: ${id}.`;
    assert.throws(() => sdk.workflow(ENABLED, { selectedCredentialId: FIRST, selectedConfigurationId: id }), { message });
  }
});

test("without a selection a workflow runs whatever the state says, and names no account", async () => {
  const { sdk, calls } = await start(trigger);
  assert.deepEqual(await sdk.workflow(ENABLED), { ok: true });
  assert.equal(calls()[0].credential, undefined);
  assert.throws(() => sdk.workflow(DISABLED, { selectedCredentialId: FIRST }), { message: `Workflow ${DISABLED} is not enabled for this user.` });
});
