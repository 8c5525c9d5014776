/** User settings and configurations of an account. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { IntegrationNotFoundError, UserNotAuthenticatedError } from "../../pkg/dist/index.js";
import {
  DISABLED,
  ENABLED,
  FIRST,
  FIRST_DEFAULT,
  FIRST_OTHER,
  INVALID,
  SECOND,
  SECOND_DEFAULT,
  accounts,
  configuration,
  signedIn,
} from "./support/accounts.mjs";
import { installPage } from "./support/page.mjs";

let here;
afterEach(() => here.gateway.close());
const start = async (answers) => {
  here = await signedIn(answers);
  return here;
};
const credentialRoute = (method, id, rest = "") => `${method} /projects/p1/sdk/credentials/${id}${rest}`;
const changed = (more) => {
  const [first] = accounts();
  first.configurations[0] = { ...first.configurations[0], ...more };
  return first;
};

test("integration settings are merged, sent and taken over; the answer carries no token", async () => {
  const sharedSettings = { color: "red", size: 2 };
  const { sdk, calls, own } = await start({ [credentialRoute("PATCH", FIRST)]: { ...changed({ sharedSettings }), errors: ["size is large"] } });
  const { userState, errors } = await sdk.updateIntegrationUserSettings("azuredevops", { size: 2 });
  assert.deepEqual(calls(), [
    { method: "PATCH", url: `/projects/p1/sdk/credentials/${FIRST}`, body: { config: { sharedSettings } }, credential: FIRST, configuration: FIRST_DEFAULT },
  ]);
  assert.deepEqual(errors, ["size is large"]);
  assert.deepEqual(own().sharedSettings, sharedSettings);
  assert.deepEqual(userState, sdk.getUser());
  assert.ok(!("token" in userState));
});

test("another account and configuration can be meant, also by external id", async () => {
  const { sdk, calls, own } = await start({ [credentialRoute("PATCH", SECOND)]: accounts()[1], [credentialRoute("PATCH", FIRST)]: accounts()[0] });
  assert.deepEqual((await sdk.updateIntegrationUserSettings("azuredevops", {}, { selectedCredentialId: "ext:second" })).errors, []);
  await sdk.updateIntegrationUserSettings("azuredevops", {}, { selectedConfigurationId: "shared-name" });
  assert.deepEqual(
    calls().map((call) => [call.credential, call.configuration]),
    [
      [SECOND, SECOND_DEFAULT],
      [FIRST, FIRST_OTHER],
    ],
  );
  assert.equal(own().credentialId, FIRST, "the selected account stays");
});

test("workflow settings are merged into all of the configuration's", async () => {
  const { sdk, calls } = await start({ [credentialRoute("PATCH", FIRST)]: accounts()[0] });
  await sdk.updateWorkflowUserSettings("azuredevops", ENABLED, { label: "x" });
  assert.deepEqual(calls()[0].body, {
    config: { workflowSettings: { [ENABLED]: { enabled: true, settings: { depth: 1, label: "x" } }, [DISABLED]: { enabled: false, settings: {} } } },
  });
  for (const id of ["zz", "constructor"]) {
    await assert.rejects(sdk.updateWorkflowUserSettings("azuredevops", id, {}), {
      message: `Workflow with ID "${id}" was not found in the current configuration.`,
    });
  }
});

test("settings without a usable account are refused before a request", async () => {
  const { sdk, calls } = await start();
  const update = (name, selection) => sdk.updateIntegrationUserSettings(name, { a: 1 }, selection);
  await assert.rejects(update("azuredevops", { selectedCredentialId: INVALID }), { message: "Valid credential not found for provided options." });
  await assert.rejects(update("azuredevops", { selectedCredentialId: "nobody" }), { message: "Credential not found" });
  await assert.rejects(update("azuredevops", { selectedConfigurationId: SECOND_DEFAULT }), { message: "Configuration not found" });
  await assert.rejects(update("jira"), { message: "Credential not found" });
  await assert.rejects(
    update("nope"),
    (error) => error instanceof IntegrationNotFoundError && error.meta.integrationName === "nope" && error.message === "Integration with name nope not found",
  );
  sdk.logout();
  await assert.rejects(update("azuredevops"), UserNotAuthenticatedError);
  assert.deepEqual(calls(), []);
});

test("an empty answer is an error", async () => {
  const { sdk } = await start({
    [credentialRoute("PATCH", FIRST)]: undefined,
    [credentialRoute("POST", FIRST, "/configurations")]: undefined,
    [credentialRoute("PATCH", FIRST, "/configurations")]: undefined,
  });
  await assert.rejects(sdk.updateIntegrationUserSettings("azuredevops", {}), { message: "Failed to update settings for azuredevops.", code: "empty_answer" });
  await assert.rejects(sdk.createConfiguration({ credentialId: FIRST }), { message: "Unable to create a configuration for credential." });
  await assert.rejects(sdk.updateConfiguration({ id: FIRST_DEFAULT, credentialId: FIRST, meta: {} }), { message: "Unable to update configuration." });
});

test("createConfiguration gives the newest configuration and resolves external ids into the path", async () => {
  const answer = changed({});
  answer.configurations.push(
    configuration("new", FIRST, { isDefault: false, dateCreated: "2025-01-10T00:00:00.000Z" }),
    configuration("mid", FIRST, { dateCreated: "2025-01-05T00:00:00Z" }),
  );
  const { sdk, calls, own } = await start({ [credentialRoute("POST", FIRST, "/configurations")]: answer });
  assert.equal((await sdk.createConfiguration({ credentialId: "ext:main", externalId: "later" })).id, "new");
  assert.deepEqual(calls(), [
    {
      method: "POST",
      url: `/projects/p1/sdk/credentials/${FIRST}/configurations`,
      body: { externalId: "later" },
      credential: undefined,
      configuration: undefined,
    },
  ]);
  assert.ok(own().allConfigurations.some((one) => one.id === "new"));
  await sdk.createConfiguration({ credentialId: FIRST });
  assert.deepEqual(calls()[1].body, {});
});

test("updateConfiguration sends the meta of one configuration and gives it back", async () => {
  const { sdk, calls } = await start({ [credentialRoute("PATCH", FIRST, "/configurations")]: changed({ configMeta: { seen: true } }) });
  const result = await sdk.updateConfiguration({ id: FIRST_DEFAULT, credentialId: "main", meta: { seen: true } });
  assert.deepEqual(result.configMeta, { seen: true });
  assert.deepEqual(calls(), [
    {
      method: "PATCH",
      url: `/projects/p1/sdk/credentials/${FIRST}/configurations`,
      body: { meta: { seen: true } },
      credential: FIRST,
      configuration: FIRST_DEFAULT,
    },
  ]);
});

test("destroyConfiguration removes it here and there", async () => {
  const { sdk, calls, own } = await start({ [credentialRoute("DELETE", FIRST, "/configurations")]: undefined });
  assert.equal(await sdk.destroyConfiguration({ id: "ext:shared-name", credentialId: "ext:main" }), undefined);
  assert.deepEqual([calls()[0].credential, calls()[0].configuration], [FIRST, FIRST_OTHER]);
  assert.deepEqual(
    own().allCredentials[0].configurations.map((one) => one.id),
    [FIRST_DEFAULT],
  );
  assert.ok(!own().allConfigurations.some((one) => one.id === FIRST_OTHER));
  assert.equal(own().credentialConfigId, FIRST_DEFAULT);
});

test("destroying the selected configuration selects another one and closes the portal", async () => {
  const page = installPage();
  const { sdk, own } = await start({ [credentialRoute("DELETE", FIRST, "/configurations")]: undefined });
  sdk.connect("azuredevops", { selectedConfigurationId: FIRST_OTHER }).catch(() => {});
  sdk.onOpen();
  assert.equal(own().credentialConfigId, FIRST_OTHER);
  const closed = [];
  sdk.subscribe("onPortalClose", (event) => closed.push(event.integrationType));
  await sdk.destroyConfiguration({ id: FIRST_OTHER, credentialId: FIRST });
  assert.equal(own().credentialConfigId, FIRST_DEFAULT);
  assert.deepEqual(closed, ["azuredevops"]);
  sdk.closePortal();
  assert.equal(page.frame().style.display, "none");
});

test("configurations that cannot be meant are refused before a request", async () => {
  const { sdk, calls } = await start();
  const cases = [
    [() => sdk.createConfiguration({}), 'Required options not provided: "credentialId"'],
    [() => sdk.createConfiguration(), 'Required options not provided: "credentialId"'],
    [() => sdk.createConfiguration({ credentialId: FIRST, externalId: " " }), "`externalId` must not be an empty or whitespace-only string."],
    [() => sdk.createConfiguration({ credentialId: INVALID }), "Valid credential not found for provided options."],
    [() => sdk.createConfiguration({ credentialId: "nobody" }), 'Credential with externalId "nobody" not found.'],
    [() => sdk.updateConfiguration({ credentialId: FIRST }), "One or more required options not provided."],
    [() => sdk.updateConfiguration({ id: "nobody", credentialId: FIRST, meta: {} }), "Credential configuration not found for provided id: nobody."],
    [() => sdk.destroyConfiguration({ id: FIRST_DEFAULT }), "One or more required options not provided."],
    [() => sdk.updateConfiguration({ id: " ", credentialId: FIRST, meta: {} }), "One or more required options not provided."],
    [() => sdk.destroyConfiguration({ id: FIRST_DEFAULT, credentialId: "  " }), "One or more required options not provided."],
    [() => sdk.destroyConfiguration({ id: FIRST_DEFAULT, credentialId: FIRST }), "Cannot delete default configuration."],
    [() => sdk.destroyConfiguration({ id: FIRST_OTHER, credentialId: SECOND }), `Credential configuration not found for provided id: ${FIRST_OTHER}.`],
  ];
  for (const [run, message] of cases) await assert.rejects(run(), { message });
  sdk.logout();
  for (const run of [sdk.createConfiguration, sdk.updateConfiguration, sdk.destroyConfiguration])
    await assert.rejects(run.call(sdk, { id: FIRST_OTHER, credentialId: FIRST }), UserNotAuthenticatedError);
  assert.deepEqual(calls(), []);
});

test("a new account becomes the selected one; its configuration only where none was selected", async () => {
  const fresh = { ...accounts()[0], id: FIRST.replace("a1", "a9"), externalId: "fresh", configurations: [configuration("c9", FIRST.replace("a1", "a9"))] };
  const { sdk, own } = await start({ "POST /projects/p1/sdk/credentials": fresh });
  await sdk._oauthCallback({ integrationId: fresh.integrationId, payload: {} });
  assert.equal(own().credentialId, fresh.id);
  assert.equal(own().credentialConfigId, undefined);
  assert.deepEqual(own().allConfigurations.at(-1).id, "c9");
});
