import assert from "node:assert/strict";
import { test } from "node:test";
import { SdkCallError, type SdkMethod, type Update } from "./channel.ts";
import { PortalSession } from "./session.ts";

const INTEGRATION = {
  id: "10000000-0000-4000-8000-000000000001",
  type: "azuredevops",
  name: "Azure DevOps",
  configs: [{ values: { description: "short", overview: "long" } }],
  sdkIntegrationConfig: {
    accountTypes: [
      { id: "entra_id", scheme: "oauth" },
      { id: "personal_access_token", scheme: "basic" },
    ],
  },
};

function credential(status: string, more: object = {}): object {
  return { id: "c1", status, providerData: { organization: "contoso", displayName: "Ada" }, ...more };
}

function update(modal: object, credentials: object[] = [], credentialId?: string): Update {
  const azuredevops = { credentialId, allCredentials: credentials };
  return { context: { user: { integrations: { azuredevops } } }, modal: { integration: INTEGRATION, ...modal } };
}

type Call = readonly [SdkMethod, ...unknown[]];

function stage(answers: Partial<Record<SdkMethod, () => Promise<unknown>>> = {}): { session: PortalSession; calls: Call[] } {
  const calls: Call[] = [];
  const invoke = (method: SdkMethod, ...parameters: unknown[]): Promise<unknown> => {
    calls.push([method, ...parameters]);
    return answers[method]?.() ?? Promise.resolve(undefined);
  };
  return { session: new PortalSession(invoke, () => undefined), calls };
}

/** A call, so that the compiler does not remember an earlier value of the field. */
const codeOf = (session: PortalSession): string | undefined => session.failure?.code;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("it shows itself when an integration opens and hides when it closes", () => {
  const { session, calls } = stage();
  session.update(update({}));
  session.update(update({}));
  session.update({ context: {}, modal: { integration: null } });
  assert.deepEqual(calls, [["updateContainerStyle", { isModalShown: true }], ["onOpen"], ["updateContainerStyle", { isModalShown: false }]]);
});

test("the sign-in starts in the click's own task, before anything else is asked of the SDK", () => {
  const { session, calls } = stage();
  session.update(update({ connectionError: { message: "old" } }));
  calls.length = 0;
  session.connect();
  assert.deepEqual(calls[0], ["startOAuthFlow", "azuredevops", { accountType: "entra_id" }]);
  assert.deepEqual(calls[1], ["setModalState", { connectionError: null }]);
});

test("without a flow report a changed account ends the waiting, a mere update does not", () => {
  const { session } = stage();
  session.update(update({}));
  session.connect();
  session.update(update({}));
  assert.ok(session.attempt);
  session.update(update({}, [credential("VALID")], "c1"));
  assert.equal(session.attempt, undefined);
  assert.match(session.news, /is connected/);
});

test("with a flow report a closed window does not end the waiting, the flow's end does", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { session } = stage();
  session.update(update({ flow: null }));
  session.connect();
  session.update(update({ flow: null }));
  assert.ok(session.attempt, "the flow has not begun yet");
  session.update(update({ flow: { status: "provider", popupClosed: true, blocked: false } }));
  assert.ok(session.attempt);
  session.update(update({ flow: null }));
  assert.ok(session.attempt, "an account may be on its way");
  context.mock.timers.tick(1500);
  assert.equal(session.attempt, undefined);
  assert.equal(session.unfinished, true);
});

test("an account that comes after the flow's end is no unfinished sign-in", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { session } = stage();
  session.update(update({ flow: { status: "provider", popupClosed: false, blocked: false } }));
  session.update(update({ flow: null }));
  session.update(update({ flow: null }, [credential("VALID")], "c1"));
  context.mock.timers.tick(1500);
  assert.equal(session.unfinished, false);
  assert.match(session.news, /is connected/);
});

test("a flow that the SDK could not begin is a blocked window, and the button starts again", async () => {
  const { session, calls } = stage();
  session.update(update({ flow: null }));
  session.connect();
  await turn();
  assert.equal(session.attempt?.blocked, true);
  session.reopen();
  assert.equal(calls.at(-1)?.[0], "startOAuthFlow");
});

test("a blocked flow keeps its button when the SDK drops the flow", () => {
  const { session } = stage();
  session.update(update({ flow: { status: "pending", popupClosed: false, blocked: true } }));
  session.update(update({ flow: null }));
  assert.equal(session.attempt?.blocked, true);
});

test("a running flow is reopened by the SDK", () => {
  const { session, calls } = stage();
  session.update(update({ flow: { status: "provider", popupClosed: true, blocked: false } }));
  session.reopen();
  assert.equal(calls.at(-1)?.[0], "reopenOAuthFlow");
});

test("the end of one flow does not end an attempt that begins right after it", () => {
  const { session } = stage();
  session.update(update({ flow: { status: "provider", popupClosed: false, blocked: false } }));
  session.cancel();
  session.connect();
  session.update(update({ flow: null }));
  assert.ok(session.attempt);
});

test("a blocked window of an SDK without flow reports is recognized by its error", async () => {
  const { session } = stage({ startOAuthFlow: () => Promise.reject(new SdkCallError("Popup was blocked by the browser.")) });
  session.update(update({}));
  session.connect();
  await turn();
  assert.equal(session.attempt?.blocked, true);
});

test("an error that was there before the attempt is not shown again, a new one is", () => {
  const { session } = stage();
  const old = { code: "access_denied", message: "x" };
  session.update(update({ connectionError: old }));
  assert.equal(codeOf(session), "access_denied");
  session.connect();
  assert.equal(codeOf(session), undefined);
  session.update(update({ connectionError: null }));
  session.update(update({ connectionError: old }));
  assert.equal(codeOf(session), "access_denied");
  assert.equal(session.attempt, undefined);
});

test("a personal access token goes through the callback with its account type", async () => {
  const { session, calls } = stage({ _oauthCallback: () => Promise.resolve({ credentialId: "c1" }) });
  session.update(update({}));
  session.choose("personal_access_token");
  await session.submit({ ORGANIZATION: "contoso", PERSONAL_ACCESS_TOKEN: "t" });
  const payload = { accountType: "personal_access_token", ORGANIZATION: "contoso", PERSONAL_ACCESS_TOKEN: "t" };
  assert.deepEqual(calls.at(-1)?.slice(0, 2), ["_oauthCallback", { integrationId: INTEGRATION.id, payload }]);
  assert.match(session.news, /is connected/);
});

test("a refused token leaves an error even when the call resolves with nothing", async () => {
  const { session } = stage();
  session.update(update({}));
  session.choose("personal_access_token");
  await session.submit({ ORGANIZATION: "contoso", PERSONAL_ACCESS_TOKEN: "t" });
  assert.ok(session.failure);
});

test("reconnecting names the credential and keeps the app's options", () => {
  const { session, calls } = stage();
  const broken = credential("INVALID", { providerData: { accountType: "entra_id" } });
  session.update(update({ apiInstallationOptions: { externalId: "main" } }, [broken], "c1"));
  const account = session.portal?.accounts[0];
  assert.ok(account);
  session.again(account);
  assert.deepEqual(calls.at(-1), ["startOAuthFlow", "azuredevops", { externalId: "main", accountType: "entra_id", selectedCredentialId: "c1" }]);
});

test("an installation by the app's own button stays hidden unless it needs input", () => {
  const { session } = stage();
  session.update(update({ apiInstallationOptions: { isApiInstallation: true } }));
  assert.equal(session.open, false);
  session.update(update({ apiInstallationOptions: { isApiInstallation: true, accountType: "personal_access_token" } }));
  assert.equal(session.open, true);
  session.update(update({ apiInstallationOptions: { isApiInstallation: true }, shouldShowPortalAfterInstall: true }));
  assert.equal(session.open, true);
});

test("disconnecting names the credential", async () => {
  const { session, calls } = stage();
  session.update(update({}, [credential("VALID")], "c1"));
  session.confirm("c1");
  await session.disconnect("c1");
  assert.deepEqual(calls.at(-1), ["uninstallIntegration", "azuredevops", { selectedCredentialId: "c1" }]);
  assert.equal(session.confirming, undefined);
});
