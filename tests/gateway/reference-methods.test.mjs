// The methods of the reference SDK (@useparagon/connect 2.4.0), each against our gateway, in Chromium.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { mail, newUser, opened, pickOrganization, sayYes } from "../lib/app.mjs";
import { launch, signIn } from "../lib/chromium.mjs";
import { api, connectByToken, knob, startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";

const TYPE = "azuredevops";
let gateway, browser, host, context, page, token, workflows;

before(async () => {
  [browser, host] = await Promise.all([launch(), startHostApp("reference")]);
  gateway = await startDev("--redirect-url", `${host.url}/connected`);
});
after(async () => {
  await browser?.close();
  await Promise.all([gateway?.stop(), host?.stop()]);
});
afterEach(() => context?.close());

/** Opens the app and signs a new user in, who has `accounts` connected already. */
async function signInWith({ accounts = 0 } = {}) {
  token = await gateway.token(newUser());
  for (let account = 0; account < accounts; account += 1) await connectByToken(gateway, token, "contoso-demo");
  context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  page = await context.newPage();
  await page.goto(host.url);
  await page.evaluate(
    async ({ url, token }) => {
      const services = ["ZEUS", "HERMES", "WORKER_PROXY", "API_TRIGGER_KIT", "CONNECT", "DASHBOARD", "CDN", "PASSPORT"];
      const urls = Object.fromEntries(services.map((name) => [`${name}_PUBLIC_URL`, url]));
      window.paragon.configureGlobal({ host: "x" }, urls);
      window.paragon.setHeadless(true);
      await window.paragon.authenticate("demo", token);
    },
    { url: gateway.url, token },
  );
  workflows = (await call("getIntegrationConfig", TYPE)).availableWorkflows;
}

/** Calls a method of the page's SDK; throws with its message. */
async function call(method, ...parameters) {
  const { value, error } = await page.evaluate(
    async ({ method, parameters }) => {
      try {
        return { value: JSON.parse(JSON.stringify((await window.paragon[method](...parameters)) ?? null)) };
      } catch (error) {
        return { error: String(error?.message ?? error) };
      }
    },
    { method, parameters },
  );
  if (error !== undefined) throw new Error(error);
  return value;
}

const entry = async () => (await call("getUser")).integrations[TYPE];
/** What the gateway has, asked without the SDK. */
const stored = async () => (await api(gateway, token, "GET", "/sdk/me")).json.integrations[TYPE];

/** Starts the install flow; its callbacks are kept in the page. */
async function startFlow(options = {}) {
  await page.evaluate(
    ({ type, options }) => {
      const flow = (window.flow = { stages: [], complete: undefined, error: undefined });
      window.paragon.installFlow.start(type, {
        ...options,
        onNext: (stage) => flow.stages.push(stage.stage),
        onComplete: (event) => (flow.complete = event),
        onError: (error, context) => (flow.error = { name: error.name, message: error.message, stage: context?.stage }),
      });
    },
    { type: TYPE, options },
  );
}
const flow = () => page.evaluate(() => JSON.parse(JSON.stringify(window.flow)));
const next = () => page.evaluate(() => JSON.parse(JSON.stringify(window.paragon.installFlow.next())));
const until = (test) => page.waitForFunction(test, undefined, { polling: 20 });

test("settings of the integration and of a workflow are stored, wrong ones are reported", async () => {
  await signInWith({ accounts: 1 });
  const good = await call("updateIntegrationUserSettings", TYPE, { tag: "harbor" });
  assert.deepEqual(good.errors, []);
  const mixed = await call("updateIntegrationUserSettings", TYPE, { project: "p", tag: 7 });
  assert.deepEqual(mixed.errors, ["sharedSettings.tag: must be text"]);
  assert.deepEqual((await stored()).sharedSettings, { project: "p", tag: "harbor" });
  assert.deepEqual((await entry()).sharedSettings, { project: "p", tag: "harbor" });

  const [{ id, inputs }] = workflows;
  assert.deepEqual(
    inputs.map((input) => input.type),
    ["DYNAMIC_ENUM", "ENUM", "TEXT_NO_VARS", "BOOLEAN_INPUT"],
  );
  assert.deepEqual((await call("updateWorkflowUserSettings", TYPE, id, { workItemType: "Task", linkBack: false })).errors, []);
  const wrong = await call("updateWorkflowUserSettings", TYPE, id, { workItemType: "Moon" });
  assert.match(wrong.errors[0], /workItemType: must be one of `Bug`, `Task`, `User Story`/);
  assert.deepEqual((await stored()).workflowSettings[id].settings, { workItemType: "Task", linkBack: false });
});

test("workflows are switched on and off, and run by request only while they are on", async () => {
  await signInWith({ accounts: 1 });
  const [first, second] = workflows;
  const states = async () => Object.values((await stored()).workflowSettings).map((state) => state.enabled);
  assert.deepEqual(await states(), [false, true]);
  await assert.rejects(call("workflow", first.id, { body: { a: 1 } }), /workflow_not_enabled/);
  await call("enableWorkflow", first.id);
  assert.deepEqual(await states(), [true, true]);
  const taken = await call("workflow", first.id, { body: { a: 1 }, query: { b: "2" } });
  assert.match(taken.id, /^[0-9a-f-]{36}$/);
  await call("disableWorkflow", second.id);
  assert.deepEqual(await states(), [true, false]);
  const { errors } = await call("updateWorkflowState", { [first.id]: false, [second.id]: true });
  assert.deepEqual([errors, await states()], [[], [false, true]]);
  await assert.rejects(call("disableWorkflow", first.id), /cannot be disabled/);
});

test("configurations are made, described, selected and destroyed", async () => {
  await signInWith({ accounts: 1 });
  const { credentialId, credentialConfigId } = await entry();
  const made = await call("createConfiguration", { credentialId, externalId: "second" });
  assert.deepEqual([made.externalId, made.isDefault, made.connectCredentialId], ["second", false, credentialId]);
  await assert.rejects(call("createConfiguration", { credentialId, externalId: "second" }), /external_id_taken/);
  const described = await call("updateConfiguration", { id: made.id, credentialId, meta: { team: "web" } });
  assert.deepEqual(described.configMeta, { team: "web" });
  const selection = { selectedCredentialId: credentialId, selectedConfigurationId: made.id };
  await call("updateIntegrationUserSettings", TYPE, { tag: "two" }, selection);
  await call("enableWorkflow", workflows[0].id, { ...selection, selectedConfigurationId: "ext:second" });
  const [main, second] = (await stored()).allCredentials[0].configurations;
  assert.deepEqual([main.sharedSettings, second.sharedSettings], [{}, { tag: "two" }]);
  assert.deepEqual(
    [main, second].map((one) => one.workflowSettings[workflows[0].id].enabled),
    [false, true],
  );
  await assert.rejects(call("destroyConfiguration", { id: credentialConfigId, credentialId }), /Cannot delete default configuration/);
  await call("destroyConfiguration", { id: made.id, credentialId });
  assert.deepEqual(
    (await stored()).allCredentials[0].configurations.map((one) => one.id),
    [credentialConfigId],
  );
});

test("fields offer what the account has", async () => {
  await signInWith({ accounts: 1 });
  const source = await call("getDataSourceOptions", TYPE, "workItemTypes");
  assert.deepEqual(source.refreshDependencies, ["project"]);
  const input = { id: "project", type: "DYNAMIC_ENUM", sourceType: "projects" };
  assert.equal((await call("getSourcesForInput", TYPE, input)).source.cacheKey, "projects");
  const projects = await call("getFieldOptions", { integration: TYPE, action: "projects", search: "tailspin" });
  assert.deepEqual(
    projects.data.map((one) => one.label),
    ["Tailspin Toys"],
  );
  const parameters = [{ key: "project", source: { type: "VALUE", value: projects.data[0].value } }];
  const types = await call("getFieldOptions", { integration: TYPE, source, parameters });
  assert.ok(
    types.data.some((one) => one.label === "Bug"),
    JSON.stringify(types),
  );
  await assert.rejects(call("getFieldOptions", { integration: TYPE, source }), /needs the parameter `project`/);
  await assert.rejects(call("getFieldOptions", { integration: TYPE, action: "moons" }), /data_source_not_found/);
});

test("triggers are listed, events are taken in, the account is described", async () => {
  await signInWith({ accounts: 1 });
  const { triggers, errors } = await call("getTriggers", TYPE);
  assert.deepEqual([triggers[TYPE].map((one) => one.type), errors], [["WORK_ITEM_CREATED", "WORK_ITEM_UPDATED", "WORK_ITEM_DELETED"], []]);
  await call("event", "Request made", { number: 1 });
  await assert.rejects(call("event", " ", {}), /invalid_request/);
  await assert.rejects(call("event", "Request made", {}, { selectedCredentialId: "ext:none" }), /credential_not_found/);
  const account = await call("getIntegrationAccount", TYPE, {});
  assert.deepEqual([account.type, account.providerData.organization, account.accountAuth], [TYPE, "contoso-demo", undefined]);
  await assert.rejects(call("getIntegrationAccount", TYPE, { includeAccountAuth: true }), /account_auth_not_allowed/);
  assert.equal((await call("getUser")).authenticated, true, "a refusal of the integration signs nobody out");
});

test("the install flow connects a personal access token, and reports a wrong one", async () => {
  await signInWith();
  const { organizations } = await knob(gateway.sandbox, "GET", "state");
  const secret = organizations.find((one) => one.name === "contoso-demo").personalAccessTokens[0].token;
  await startFlow({ externalId: "token" });
  const types = await next();
  assert.deepEqual([types.stage, types.options.map((one) => one.id)], ["accountType", ["entra_id", "personal_access_token"]]);
  await page.evaluate(() => window.paragon.installFlow.setAccountType("personal_access_token"));
  const inputs = await next();
  assert.deepEqual(
    [inputs.stage, inputs.options.map((one) => [one.id, one.type])],
    [
      "preOptions",
      [
        ["ORGANIZATION", "TEXT_NO_VARS"],
        ["PERSONAL_ACCESS_TOKEN", "PASSWORD"],
      ],
    ],
  );
  const give = (value) =>
    page.evaluate((value) => window.paragon.installFlow.setPreOptions({ ORGANIZATION: "contoso-demo", PERSONAL_ACCESS_TOKEN: value }), value);
  await give("wrong");
  await until(() => window.flow.error);
  const failed = await flow();
  assert.equal(failed.error.stage, "preOptions");
  assert.match(failed.error.message, /personal_access_token_refused/);
  await give(secret);
  await until(() => window.flow.complete);
  assert.equal((await flow()).complete.integrationType, TYPE);
  const { credentialStatus, allCredentials } = await entry();
  assert.deepEqual([credentialStatus, allCredentials.map((one) => one.externalId)], ["VALID", ["token"]]);
});

test("the install flow signs in with Microsoft", async () => {
  await signInWith();
  await startFlow();
  await page.evaluate(() => {
    document.querySelector("#connect").onclick = () => window.paragon.installFlow.setAccountType("entra_id");
  });
  const popup = await opened(context, () => page.click("#connect"));
  await sayYes(popup);
  await signIn(popup, mail.ada);
  await pickOrganization(popup, "contoso-labs");
  await until(() => window.flow.complete);
  assert.deepEqual([(await flow()).stages, (await flow()).error], [["accountType", "oauth"], undefined]);
  assert.deepEqual((await next()).stage, "done");
  const { enabled, providerData } = await entry();
  assert.deepEqual([enabled, providerData.organization], [true, "contoso-labs"]);
});

test("a page of the app's own takes the authorization code and completes the install", async () => {
  await signInWith();
  const redirectUrl = `${host.url}/connected`;
  await page.evaluate(
    ({ type, redirectUrl }) => {
      document.querySelector("#connect").onclick = () => {
        window.paragon.installIntegration(type, { overrideRedirectUrl: redirectUrl }).then(
          (event) => (window.installed = event.credentialId),
          (error) => (window.installed = String(error)),
        );
      };
    },
    { type: TYPE, redirectUrl },
  );
  const popup = await opened(context, () => page.click("#connect"));
  await sayYes(popup);
  await signIn(popup, mail.grace);
  await popup.waitForURL((url) => url.href.startsWith(redirectUrl));
  const authorizationCode = new URL(popup.url()).searchParams.get("code");
  await assert.rejects(call("completeInstall", TYPE, { authorizationCode, redirectUrl: "https://evil.example/" }), /redirectUrl/);
  await call("completeInstall", TYPE, { authorizationCode, redirectUrl, showPortalAfterInstall: false });
  const { credentialId, credentialStatus, providerData } = await entry();
  assert.deepEqual([credentialStatus, providerData.organization], ["VALID", "contoso-demo"]);
  await until(() => window.installed);
  assert.equal(await page.evaluate(() => window.installed), credentialId, "the promise of the click resolves as well");
  await assert.rejects(call("completeInstall", TYPE, { authorizationCode, redirectUrl, showPortalAfterInstall: false }), /attempt_failed/);
});

test("one of several accounts is removed, the other one is selected", async () => {
  await signInWith({ accounts: 1 });
  const { organizations } = await knob(gateway.sandbox, "GET", "state");
  const secret = organizations.find((one) => one.name === "contoso-demo").personalAccessTokens[0].token;
  await startFlow({ allowMultipleCredentials: true, externalId: "second" });
  await page.evaluate(() => window.paragon.installFlow.setAccountType("personal_access_token"));
  await page.evaluate((value) => window.paragon.installFlow.setPreOptions({ ORGANIZATION: "contoso-demo", PERSONAL_ACCESS_TOKEN: value }), secret);
  await until(() => window.flow.complete);
  const before = await stored();
  assert.equal(before.allCredentials.length, 2);
  const path = "/projects?api-version=7.1";
  assert.ok((await call("request", TYPE, path, { method: "GET", selectedCredentialId: "ext:second" })).value.length > 0);
  await call("uninstallIntegration", TYPE, { selectedCredentialId: before.credentialId });
  const left = await stored();
  assert.deepEqual([left.allCredentials.map((one) => one.externalId), left.credentialId], [["second"], (await entry()).credentialId]);
});
