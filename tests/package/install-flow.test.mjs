/** The install flow of apps without portal: its stages, what it sends, and how it fails. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK, { InstallFlow, NoActiveInstallFlowError, connectSingleton, paragon } from "../../pkg/dist/index.js";
import { CREDENTIAL_ID, INTEGRATION_ID, credential, integration, startGateway, until, userToken } from "./support/gateway.mjs";
import { installPage } from "./support/page.mjs";

const INPUTS = [{ id: "token", title: "Token", type: "PASSWORD", required: true }];
const TYPES = [
  { id: "microsoft", scheme: "oauth" },
  { id: "pat", scheme: "basic", endUserSuppliedValues: INPUTS },
];
const AFTER = [{ id: "team", title: "Team", type: "TEXT_INPUT" }];

let gateway;
let page;
let sdk;
let flow;
let log;

/** Signs in to a stand-in whose integration asks for `config`. */
const signIn = async (config = { accountTypes: TYPES }, more = {}) => {
  const answer = [{ ...integration, ...more, sdkIntegrationConfig: { ...integration.sdkIntegrationConfig, ...config } }];
  gateway.routes["GET /projects/p1/sdk/integrations"] = (_, response, json) => json(response, 200, answer);
  await sdk.authenticate("p1", userToken());
  flow = sdk.installFlow;
};
const start = (options) =>
  flow.start("azuredevops", {
    onNext: (stage) => log.push(["next", stage]),
    onComplete: (event) => log.push(["complete", event]),
    onError: (error, context) => log.push(["error", error, context]),
    ...options,
  });
const stages = () => log.filter(([kind]) => kind === "next").map(([, stage]) => stage.stage);
const failures = () => log.filter(([kind]) => kind === "error").map(([, error, context]) => [error.name, error.message, context]);
const completed = () => log.find(([kind]) => kind === "complete")?.[1];
const posts = () => gateway.calls.filter((call) => call.method === "POST" && call.path.includes("/sdk/credentials"));
const removed = () => gateway.calls.filter((call) => call.method === "DELETE" && call.path.includes("/sdk/integrations"));
const registered = () => until(() => [...gateway.flows.values()].at(-1));

beforeEach(async () => {
  log = [];
  page = installPage();
  gateway = await startGateway({
    "POST /projects/p1/sdk/credentials": (_, response, json) => json(response, 200, credential),
    [`POST /projects/p1/sdk/credentials/${CREDENTIAL_ID}/complete-setup`]: (_, response, json) => json(response, 200, credential),
    [`DELETE /projects/p1/sdk/integrations/${INTEGRATION_ID}`]: (_, response) => response.end(),
  });
  sdk = new ConnectSDK({ gateway: gateway.origin });
  sdk.setHeadless(true);
});
afterEach(async () => {
  await sdk.installFlow.cancel();
  gateway.close();
});

test("it is there before anything else, on the class and on paragon", () => {
  assert.ok(new ConnectSDK().installFlow instanceof InstallFlow);
  assert.equal(paragon.installFlow, connectSingleton.installFlow);
  assert.throws(() => new ConnectSDK().installFlow.next(), NoActiveInstallFlowError);
});

test("a token: account type, inputs, one request, complete", async () => {
  await signIn();
  const events = [];
  sdk.subscribe("onIntegrationInstall", (event) => events.push(event));
  assert.equal(start(), undefined);
  assert.deepEqual(log, [["next", { stage: "accountType", options: TYPES, done: false }]], "reported before start returns");
  assert.deepEqual([flow.getAccountTypeValue(), flow.getPreOptionsValue(), flow.getPostOptionsValue()], [null, null, null]);
  await flow.setAccountType("pat");
  assert.deepEqual(log.at(-1), ["next", { stage: "preOptions", options: INPUTS, done: false }]);
  assert.deepEqual(flow.next(), log.at(-1)[1]);
  await flow.setPreOptions({ token: "t" });
  assert.deepEqual(JSON.parse(posts()[0].body), {
    integrationId: INTEGRATION_ID,
    config: {},
    payload: { token: "t", skipPostOAuthInputs: false },
    installOptions: { allowMultipleCredentials: false },
  });
  assert.equal(completed().credentialId, CREDENTIAL_ID);
  assert.equal(completed().integrationType, "azuredevops");
  assert.equal(events.length, 1);
  assert.deepEqual([flow.getAccountTypeValue(), flow.getPreOptionsValue()], ["pat", { token: "t" }]);
  assert.deepEqual(flow.next(), { stage: "done", done: true });
  assert.equal(page.popups.length, 0);
  await flow.cancel();
  assert.equal(removed()[0].headers["x-paragon-credential"], CREDENTIAL_ID);
});

test("the app's install options are sent", async () => {
  await signIn();
  start({ allowMultipleCredentials: true, overrideRedirectUrl: "a.test/x", externalId: "main" });
  flow.setAccountType("pat");
  await flow.setPreOptions({ token: "t" });
  assert.deepEqual(JSON.parse(posts()[0].body).installOptions, { allowMultipleCredentials: true, overrideRedirectUrl: "a.test/x", externalId: "main" });
});

test("the popup opens in the caller's task, and the gateway's record completes the flow", async () => {
  await signIn();
  start({ externalId: "main" });
  const step = flow.setAccountType("microsoft");
  assert.deepEqual(stages(), ["accountType", "oauth"]);
  assert.equal(page.popups.length, 1);
  const { id } = await registered();
  const body = JSON.parse(gateway.calls.find((call) => call.path.endsWith("/flows")).body);
  assert.deepEqual([body.accountType, body.externalId], ["microsoft", "main"]);
  gateway.update(id, { status: "connected", credentialId: CREDENTIAL_ID });
  await step;
  assert.equal(completed().credentialId, CREDENTIAL_ID);
  assert.equal(sdk.getUser().integrations.azuredevops.credentialId, CREDENTIAL_ID);
  await flow.cancel();
  assert.equal(removed()[0].headers["x-paragon-credential"], CREDENTIAL_ID);
});

test("inputs after signing in complete the new credential", async () => {
  await signIn({ postOauthInputs: AFTER });
  start();
  const { id } = await registered();
  gateway.update(id, { status: "connected", credentialId: CREDENTIAL_ID });
  await until(() => stages().includes("postOptions"));
  assert.deepEqual(flow.next(), { stage: "postOptions", options: AFTER, done: false });
  assert.equal(completed(), undefined);
  await flow.setPostOptions({ team: "red" });
  assert.match(posts()[0].path, /complete-setup$/);
  assert.deepEqual(JSON.parse(posts()[0].body).payload, { team: "red", skipPostOAuthInputs: false });
  assert.equal(completed().credentialId, CREDENTIAL_ID);
});

test("inputs before and after a token belong to one credential", async () => {
  await signIn({ accountTypes: TYPES, postOauthInputs: AFTER });
  start();
  flow.setAccountType("pat");
  await flow.setPreOptions({ token: "t" });
  assert.deepEqual(stages(), ["accountType", "preOptions", "postOptions"]);
  await flow.setPostOptions({ team: "red" });
  assert.deepEqual(
    posts().map((call) => call.path.split("/sdk/")[1]),
    ["credentials", `credentials/${CREDENTIAL_ID}/complete-setup`],
  );
  assert.ok(completed());
});

test("an account type can skip the inputs afterwards", async () => {
  await signIn({ accountTypes: [{ ...TYPES[1], skipPostOAuthInputs: true }], postOauthInputs: AFTER });
  start();
  flow.setAccountType("pat");
  await flow.setPreOptions({ token: "t" });
  assert.equal(JSON.parse(posts()[0].body).payload.skipPostOAuthInputs, true);
  assert.ok(completed());
});

test("inputs go into the popup's flow", async () => {
  await signIn({ authConfigInputs: INPUTS });
  start();
  flow.setPreOptions({ token: "t" });
  assert.deepEqual(stages(), ["preOptions", "oauth"]);
  assert.equal(page.popups.length, 1);
});

test("with nothing to ask it says so at once", async () => {
  await signIn({}, { authenticationType: "basic" });
  start();
  assert.deepEqual(log, [["next", { stage: "done", done: true }]]);
});

test("a start that cannot be reaches onError, after start has returned", async () => {
  await signIn();
  const failing = async (name) => {
    log = [];
    flow.start(name, { onError: (error, context) => log.push(["error", error, context]) });
    assert.deepEqual(log, []);
    await until(() => log.length);
    return log[0].slice(1);
  };
  assert.deepEqual(await failing("nope"), [
    { name: "IntegrationNotFoundError", message: "Integration with name nope not found", meta: { integrationName: "nope" }, code: "integration_not_found" },
    null,
  ]);
  assert.equal((await failing(""))[0].name, "NoActiveInstallFlowError");
  sdk.setHeadless(false);
  assert.equal((await failing("azuredevops"))[0].name, "HeadlessModeNotEnabledError");
  sdk.setHeadless(true);
  sdk.logout();
  assert.equal((await failing("azuredevops"))[0].name, "UserNotAuthenticatedError");
  assert.equal(page.popups.length, 0);
});

test("a blocked popup is reported, and the next click tries again", async () => {
  await signIn();
  start();
  page.blocked = true;
  await flow.setAccountType("microsoft");
  assert.deepEqual(failures(), [["OAuthBlockedError", "Popup was blocked by the browser.", { stage: "oauth" }]]);
  assert.equal(gateway.flows.size, 0);
  assert.equal(flow.next().stage, "oauth");
  page.blocked = false;
  const step = flow.setAccountType(flow.getAccountTypeValue());
  const { id } = await registered();
  gateway.update(id, { status: "connected", credentialId: CREDENTIAL_ID });
  await step;
  assert.ok(completed());
});

test("a blocked popup is opened by the error's retry, while the flow waits for it", async () => {
  await signIn();
  start();
  page.blocked = true;
  await flow.setAccountType("microsoft");
  const [, { retry }] = log.at(-1);
  page.blocked = false;
  const step = retry();
  assert.equal(page.popups.length, 1, "in the same task");
  const { id } = await registered();
  gateway.update(id, { status: "connected", credentialId: CREDENTIAL_ID });
  await step;
  assert.ok(completed());
  await retry();
  await flow.cancel();
  start();
  await retry();
  assert.equal(page.popups.length, 1, "a flow that is over, or another one, opens nothing");
});

test("what the user refuses has the gateway's code, and can be tried again", async () => {
  await signIn();
  start();
  const step = flow.setAccountType("microsoft");
  const first = await registered();
  gateway.update(first.id, { status: "failed", error: { code: "access_denied", message: "you pressed cancel" } });
  await step;
  assert.deepEqual(log.at(-1), ["error", { name: "OAuthFailedError", message: "you pressed cancel", meta: null, code: "access_denied" }, { stage: "oauth" }]);
  flow.setAccountType("microsoft");
  assert.equal(page.popups.length, 2);
});

test("the app's time limit", async () => {
  await signIn();
  start({ oauthTimeout: 30 });
  await flow.setAccountType("microsoft");
  assert.deepEqual(failures(), [["OAuthTimeoutError", "OAuth timeout", { stage: "oauth" }]]);
  assert.equal(page.popups[0].closed, true);
});

test("a token that the server refuses is reported, and another one works", async () => {
  await signIn();
  gateway.routes["POST /projects/p1/sdk/credentials"] = (call, response, json) =>
    call.body.includes("wrong") ? json(response, 400, { message: "bad token", code: "invalid_request" }) : json(response, 200, credential);
  start();
  flow.setAccountType("pat");
  await flow.setPreOptions({ token: "wrong" });
  const [, error, context] = log.at(-1);
  assert.equal(error.name, "UnknownError");
  assert.match(error.message, /bad token/);
  assert.equal(error.originalError.code, "invalid_request");
  assert.deepEqual(context, { stage: "preOptions" });
  assert.deepEqual(flow.next(), { stage: "preOptions", options: INPUTS, done: false });
  assert.deepEqual(flow.getPreOptionsValue(), { token: "wrong" }, "to be shown again");
  await flow.setPreOptions({ token: "right" });
  assert.ok(completed());
  assert.equal(flow.next().stage, "done");
});

test("what is entered afterwards and refused can be tried again", async () => {
  await signIn({ accountTypes: TYPES, postOauthInputs: AFTER });
  const path = `POST /projects/p1/sdk/credentials/${CREDENTIAL_ID}/complete-setup`;
  gateway.routes[path] = (call, response, json) =>
    call.body.includes("blue") ? json(response, 400, { message: "no such team" }) : json(response, 200, credential);
  start();
  flow.setAccountType("pat");
  await flow.setPreOptions({ token: "t" });
  await flow.setPostOptions({ team: "blue" });
  assert.equal(flow.next().stage, "postOptions");
  await flow.setPostOptions({ team: "red" });
  assert.ok(completed());
});

test("steps out of order are named", async () => {
  await signIn({ accountTypes: TYPES, postOauthInputs: AFTER });
  start();
  await flow.setPostOptions({ team: "red" });
  flow.setAccountType("pat");
  await flow.setPreOptions(undefined);
  await flow.setPostOptions(null);
  assert.deepEqual(failures(), [
    ["UnknownError", "Credential ID is not set", { stage: "postOptions" }],
    ["UnknownError", "Pre options are not set", { stage: "preOptions" }],
    ["UnknownError", "Post options are not set", { stage: "postOptions" }],
  ]);
  assert.deepEqual(posts(), []);
});

test("without a running flow the setters keep their value and do nothing", async () => {
  await signIn();
  await flow.setAccountType("pat");
  await flow.setPreOptions({ token: "t" });
  assert.deepEqual([flow.getAccountTypeValue(), flow.getPreOptionsValue()], ["pat", { token: "t" }]);
  await flow.cancel();
  assert.deepEqual([flow.getAccountTypeValue(), flow.getPreOptionsValue()], [null, null]);
  assert.deepEqual(posts(), []);
});

test("what onNext throws reaches onError", async () => {
  await signIn();
  start({
    onNext: () => {
      throw new Error("mine");
    },
  });
  await until(() => log.length);
  assert.deepEqual(failures(), [["UnknownError", "mine", null]]);
});

test("a cancelled or restarted flow is silent, and its popup is closed", async () => {
  await signIn();
  start();
  const step = flow.setAccountType("microsoft");
  const { id } = await registered();
  await flow.cancel();
  await step;
  await until(() => gateway.flows.get(id).status === "cancelled");
  assert.equal(page.popups[0].closed, true);
  start();
  const again = flow.setAccountType("microsoft");
  start();
  await again;
  assert.equal(page.popups[1].closed, true);
  assert.deepEqual(failures(), []);
  assert.equal(completed(), undefined);
});

test("a token still on its way when the flow is cancelled reports nothing", async () => {
  await signIn();
  let answer;
  gateway.routes["POST /projects/p1/sdk/credentials"] = (_, response, json) => {
    answer = () => json(response, 200, credential);
  };
  start();
  flow.setAccountType("pat");
  const step = flow.setPreOptions({ token: "t" });
  await until(() => answer);
  await flow.cancel();
  answer();
  await step;
  assert.deepEqual([completed(), failures()], [undefined, []]);
});

const SALESFORCE = { accountTypes: ["default", "sandbox", "user-configured-oauth"].map((id) => ({ id, scheme: "oauth" })) };
const PACKAGE_URL = "https://login.salesforce.com/packaging/installPackage.apexp?p0=1";

for (const [url, type, shown, picture] of [
  [PACKAGE_URL, "default", PACKAGE_URL, "salesforce-install-package"],
  [PACKAGE_URL, "sandbox", PACKAGE_URL.replace("login", "test"), "salesforce-install-package"],
  [
    "appexchange.salesforce.com/appxListingDetail?listingId=1",
    "sandbox",
    "appexchange.salesforce.com/appxListingDetail?listingId=1",
    "salesforce-install-app-sandbox",
  ],
  [PACKAGE_URL, "user-configured-oauth", undefined],
  ["http://login.salesforce.com/packaging/installPackage.apexp", "default", undefined],
]) {
  test(`Salesforce's instruction: ${url} for ${type}`, async () => {
    const me = { authenticated: true, meta: {}, resources: [], project: { id: "p1" }, integrations: { salesforce: { enabled: false, allCredentials: [] } } };
    gateway.routes["GET /projects/p1/sdk/me"] = (_, response, json) => json(response, 200, me);
    await signIn({ ...SALESFORCE, authSchemeOptions: { packageInstallUrl: url } }, { type: "salesforce" });
    flow.start("salesforce", { onNext: (stage) => log.push(["next", stage]) });
    flow.setAccountType(type);
    const stage = log[1][1];
    if (!shown) return assert.equal(stage.stage, "oauth");
    assert.equal(stage.stage, "instruction");
    assert.equal(stage.packageInstallUrl, shown);
    assert.deepEqual(
      stage.ctas.map((cta) => [cta.type, cta.href ?? cta.copyText]),
      [
        ["link", shown],
        ["copyButton", shown],
      ],
    );
    assert.match(stage.content, /^## Install (App|Package)\n\n/);
    assert.ok(stage.content.includes(`/images/${picture}.png`));
    assert.equal(page.popups.length, 0);
    stage.finish.onClick();
    assert.equal(page.popups.length, 1, "the popup opens in the click");
    flow.start("salesforce", { onNext: (next) => log.push(["next", next]) });
    flow.setAccountType(type);
    assert.equal(log.at(-1)[1].stage, "oauth", "a second start does not show it again");
    await flow.cancel();
    flow.start("salesforce", { onNext: (next) => log.push(["next", next]) });
    flow.setAccountType(type);
    assert.equal(log.at(-1)[1].stage, "instruction", "cancel forgets it");
  });
}
