// The OAuth popup: `installIntegration`, `startOAuthFlow`, messages, polling, timeouts. Time stands still unless told.

import { connected, credential, disconnected, me } from "../world.mjs";
import { signedOut, withMe } from "./support.mjs";

const fresh = withMe({ azuredevops: disconnected() });
const C9 = "c0000000-0000-4000-8000-000000000009";
const noPlan = withMe({ azuredevops: disconnected() }, { project: { id: "p1", billingPlan: "basic", accessibleFeatures: [] } });
const BUILD = "GET zeus /sdk/actions/build-oauth";
const CREDENTIALS = "POST zeus /sdk/credentials";
const READ = `GET zeus /sdk/credentials/${C9}`;
const credentialOf = (integration, fields) => ({ json: credential(integration, 9, fields) });

/** Starts an install in headless mode, then does `steps`. */
const headless = (name, steps, { answers = {}, type = "azuredevops", options = {} } = {}) => ({
  name,
  clock: true,
  answers: { ...fresh, [CREDENTIALS]: credentialOf(1), [READ]: answers[CREDENTIALS] ?? credentialOf(1), ...answers },
  script: `async (t) => {
    t.listen();
    window.paragon.setHeadless(true);
    await t.login();
    t.call("installIntegration", ${JSON.stringify(type)}, { ...t.allCallbacks(), ...${JSON.stringify(options)} });
    await t.quiet();
    await (${steps})(t);
  }`,
});
/** Starts an install with the portal there, then does `steps`. */
const visible = (name, steps, { answers = {}, type = "azuredevops", options = {} } = {}) => ({
  name,
  clock: true,
  answers: { ...fresh, [CREDENTIALS]: credentialOf(1), [READ]: answers[CREDENTIALS] ?? credentialOf(1), ...answers },
  script: `async (t) => {
    t.listen();
    await t.login();
    await t.portal.ready();
    t.call("installIntegration", ${JSON.stringify(type)}, { ...t.allCallbacks(), ...${JSON.stringify(options)} });
    await t.quiet();
    await t.portal.ready();
    await (${steps})(t);
  }`,
});
const refused = (name, type, options, answers = fresh) => ({
  name,
  answers,
  script: `async (t) => {
    t.listen();
    window.paragon.setHeadless(true);
    await t.login();
    t.call("installIntegration", ${JSON.stringify(type)}, { ...t.allCallbacks(), ...${JSON.stringify(options)} });
    await t.quiet();
  }`,
});
const arrive = async (t) => {
  await t.popup.ready();
  await t.popup.arrives();
};
/** The popup says that it succeeded. */
const succeed = async (t) => {
  await t.popup.ready();
  await t.popup.arrives();
  await t.popup.say({ type: "oauth_success_callback", credential: { integrationId: t.id("1", 1), payload: { code: "abc", nested: { a: 1 } } } });
  t.user("azuredevops");
};

export const oauth = [
  headless("installIntegration succeeds by a message", succeed),
  headless("installIntegration of a credential that is still pending", succeed, { answers: { [CREDENTIALS]: credentialOf(1, { status: "PENDING" }) } }),
  headless("installIntegration with options for the server", succeed, {
    options: { externalId: "mine", overrideRedirectUrl: "app.example.com/back", accountType: "default", bypassPostOAuthPrompt: true },
  }),
  headless("installIntegration of an account type with parameters", arrive, { type: "github", options: { accountType: "default" } }),
  headless("installIntegration of an account type that asks for values", arrive, { type: "github", options: { accountType: "server" } }),
  headless("installIntegration of an account type in a list", arrive, { type: "github", options: { accountType: ["default"] } }),
  headless("installIntegration of several account types", async (t) => t.note("opened", t.opened()), {
    type: "github",
    options: { accountType: ["default", "server"] },
  }),
  headless("installIntegration of the usual pair of account types", arrive, { type: "zendesk" }),
  headless("installIntegration of a custom integration", arrive, { type: "custom.ledger" }),
  headless("installIntegration of an integration that asks for values first", arrive, { type: "monday.com" }),
  headless("installIntegration of another account", succeed, { options: { allowMultipleCredentials: true }, answers: withMe() }),
  headless("installIntegration fails by a message", async (t) => {
    await t.popup.ready();
    await t.popup.arrives();
    await t.popup.say({
      type: "oauth_error_callback",
      error: "access_denied",
      errorResponse: { message: "The user said no", code: "access_denied" },
      integrationId: t.id("1", 1),
    });
    await t.popup.isClosed();
  }),
  headless("installIntegration when the credential is refused", succeed, {
    answers: { [CREDENTIALS]: { status: 400, json: { message: "code is used", code: "77" } } },
  }),
  headless("installIntegration when the server makes no credential", succeed, { answers: { [CREDENTIALS]: {} } }),
  headless(
    "installIntegration when the sign-in page cannot be found",
    async (t) => {
      await t.popup.ready();
      await t.quiet();
      await t.popup.isClosed();
    },
    { answers: { [BUILD]: { status: 500, json: { message: "no client id", code: "5" } } } },
  ),
  headless("installIntegration hears of another integration", async (t) => {
    await t.popup.ready();
    await t.popup.arrives();
    await t.popup.say({ type: "oauth_success_callback", credential: { integrationId: "10000000-0000-4000-8000-000000000099", payload: { code: "abc" } } });
  }),
  headless("installIntegration hears of success twice", async (t) => {
    await t.popup.ready();
    await t.popup.arrives();
    const message = { type: "oauth_success_callback", credential: { integrationId: t.id("1", 1), payload: { code: "abc" } } };
    await t.popup.say(message, message);
  }),
  headless("installIntegration hears of success from a stranger", async (t) => {
    await t.popup.ready();
    await t.popup.arrives();
    await t.stranger({ type: "oauth_success_callback", credential: { integrationId: t.id("1", 1), payload: { code: "stolen" } } });
    t.user("azuredevops");
  }),
  headless("installIntegration hears of failure from a stranger", async (t) => {
    await t.popup.ready();
    await t.popup.arrives();
    await t.stranger({ type: "oauth_error_callback", error: "x", errorResponse: { message: "x" }, integrationId: t.id("1", 1) });
  }),
  headless(
    "installIntegration is found by polling",
    async (t) => {
      await t.popup.ready();
      await t.popup.arrives();
      await t.advance(3000);
      t.user("azuredevops");
    },
    { answers: { ...polled({ json: {} }, { json: {} }, { json: { connectCredentialId: C9 } }) } },
  ),
  headless(
    "installIntegration polling meets errors",
    async (t) => {
      await t.popup.ready();
      await t.popup.arrives();
      await t.advance(4000);
    },
    { answers: { ...polled({ status: 500, json: { message: "no" } }, { drop: true }, { json: { connectCredentialId: C9 } }) } },
  ),
  headless(
    "installIntegration polling finds a pending credential",
    async (t) => {
      await t.popup.ready();
      await t.popup.arrives();
      await t.advance(3000);
    },
    { answers: { ...polled({ json: { connectCredentialId: C9 } }), [`GET zeus /sdk/credentials/${C9}`]: credentialOf(1, { status: "PENDING" }) } },
  ),
  headless(
    "installIntegration polling finds a credential that cannot be read",
    async (t) => {
      await t.popup.ready();
      await t.popup.arrives();
      await t.advance(3000);
    },
    { answers: { ...polled({ json: { connectCredentialId: C9 } }), [`GET zeus /sdk/credentials/${C9}`]: { status: 404, json: { message: "gone" } } } },
  ),
  headless(
    "installIntegration polling finds a credential that is known",
    async (t) => {
      await t.popup.ready();
      await t.popup.arrives();
      await t.advance(3000);
    },
    {
      answers: { ...withMe({ azuredevops: connected(credential(1, 9)) }), ...polled({ json: { connectCredentialId: C9 } }) },
      options: { allowMultipleCredentials: true },
    },
  ),
  headless(
    "installIntegration takes too long for the app",
    async (t) => {
      await t.popup.ready();
      await t.popup.arrives();
      await t.advance(4000);
      await t.popup.isClosed();
    },
    { options: { oauthTimeout: 2000 } },
  ),
  headless("installIntegration takes too long for the SDK", async (t) => {
    await t.popup.ready();
    await t.popup.arrives();
    await t.advance(185000);
  }),
  headless("installIntegration when the user closes the popup", async (t) => {
    await t.popup.ready();
    await t.popup.close();
    await t.advance(3000);
  }),
  {
    name: "installIntegration when the popup is blocked",
    clock: true,
    answers: fresh,
    script: async (t) => {
      t.listen();
      window.paragon.setHeadless(true);
      await t.login();
      t.blockPopups();
      await t.call("installIntegration", "azuredevops", t.allCallbacks());
      await t.quiet();
    },
  },
  {
    name: "installIntegration when the popup is blocked leaves the portal closed",
    clock: true,
    script: async (t) => {
      t.listen();
      await t.login();
      await t.portal.ready();
      t.blockPopups();
      await t.call("installIntegration", "azuredevops", { ...t.allCallbacks(), allowMultipleCredentials: true });
      await t.quiet();
      await t.call("sendConnectRequest", "/sdk/actions", { method: "POST", body: "{}" });
      await t.call("closePortal");
    },
  },
  {
    name: "connect without portal when the popup is blocked leaves the portal closed",
    clock: true,
    script: async (t) => {
      t.listen();
      await t.login();
      await t.portal.ready();
      t.blockPopups();
      await t.call("connect", "azuredevops", { isApiInstallation: true, ...t.allCallbacks() });
      await t.quiet();
      await t.call("getFieldOptions", { integration: "azuredevops", action: "projects" });
      await t.call("closePortal");
    },
  },
  {
    name: "installIntegration closes the portal that is open",
    clock: true,
    answers: fresh,
    script: async (t) => {
      t.listen();
      await t.login();
      await t.connectInPortal("github", t.callbacks("onClose"));
      t.call("installIntegration", "azuredevops", t.callbacks("onClose"));
      await t.quiet();
      await t.call("closePortal");
    },
  },
  {
    name: "installIntegration closes the portal that is open before it checks",
    clock: true,
    answers: fresh,
    script: async (t) => {
      t.listen();
      await t.login();
      await t.connectInPortal("github", t.callbacks("onClose"));
      await t.call("installIntegration", "nosuch");
      await t.call("closePortal");
    },
  },
  visible("installIntegration with the portal that is closed meanwhile", async (t) => {
    await t.popup.ready();
    await t.popup.arrives();
    await t.call("onClose");
    await t.call("closePortal");
    await t.call("closePortal");
  }),
  visible("installIntegration with the portal succeeds by a message", succeed),
  visible("installIntegration shows the portal afterwards", succeed, { options: { showPortalAfterInstall: true } }),
  visible("installIntegration with the portal fails by a message", async (t) => {
    await t.popup.ready();
    await t.popup.arrives();
    await t.popup.say({ type: "oauth_error_callback", error: "access_denied", errorResponse: { message: "The user said no" }, integrationId: t.id("1", 1) });
  }),
  visible("installIntegration with the portal when the credential is refused", succeed, {
    answers: { [CREDENTIALS]: { status: 400, json: { message: "code is used" } } },
  }),
  visible("installIntegration with the portal asks for values there", async (t) => t.note("opened", t.opened()), { type: "monday.com" }),
  visible(
    "installIntegration polls once the popup is cut off",
    async (t) => {
      await t.popup.ready();
      await t.popup.arrives();
      await t.advance(2000);
      await t.popup.leave();
      await t.advance(3000);
      t.user("azuredevops");
    },
    { answers: { ...polled({ json: {} }, { json: { connectCredentialId: C9 } }) } },
  ),
  visible(
    "installIntegration polls once the popup is closed",
    async (t) => {
      await t.popup.ready();
      await t.popup.arrives();
      await t.popup.close();
      await t.advance(3000);
    },
    { answers: { ...polled({ json: {} }, { json: { connectCredentialId: C9 } }) } },
  ),
  visible(
    "installIntegration has no time limit of the app with the portal",
    async (t) => {
      await t.popup.ready();
      await t.popup.arrives();
      await t.advance(4000);
      await t.popup.isClosed();
    },
    { options: { oauthTimeout: 2000 } },
  ),
  signedOut("installIntegration", "installIntegration", "azuredevops"),
  refused("installIntegration with an external id of nothing but its mark", "azuredevops", { externalId: "ext:" }),
  refused("installIntegration with an external id of a mark and blanks", "azuredevops", { externalId: "ext:  " }),
  refused("installIntegration with an external id that is taken, in blanks", "azuredevops", { externalId: " main ", allowMultipleCredentials: true }, withMe()),
  refused("installIntegration with an external id that is taken, marked", "azuredevops", { externalId: "ext:main", allowMultipleCredentials: true }, withMe()),
  refused("installIntegration for a credential of blanks", "azuredevops", { selectedCredentialId: "  ", allowMultipleCredentials: true }, withMe()),
  headless("installIntegration with a marked external id in blanks", arrive, { options: { externalId: "ext: new " } }),
  refused("installIntegration of an unknown integration", "nosuch", {}),
  refused("installIntegration of one that is not active", "trello", {}),
  refused("installIntegration of what is installed", "azuredevops", {}, withMe()),
  refused("installIntegration without the plan", "azuredevops", {}, noPlan),
  refused("installIntegration with options that exclude each other", "azuredevops", { bypassPostOAuthPrompt: true, showPortalAfterInstall: true }),
  refused("installIntegration with an empty external id", "azuredevops", { externalId: "" }),
  refused("installIntegration with an external id that is taken", "azuredevops", { externalId: "main", allowMultipleCredentials: true }, withMe()),
  refused("installIntegration with an external id and a credential", "azuredevops", { externalId: "a", selectedCredentialId: "b" }),
  {
    name: "connect as an install signs in again with a credential",
    clock: true,
    answers: { [CREDENTIALS]: { json: credential(1, 1) } },
    script: async (t) => {
      t.listen();
      window.paragon.setHeadless(true);
      await t.login();
      t.call("connect", "azuredevops", { ...t.allCallbacks(), isApiInstallation: true, selectedCredentialId: "ext:main" });
      await t.quiet();
      await t.popup.ready();
      await t.popup.arrives();
      await t.popup.say({ type: "oauth_success_callback", credential: { integrationId: t.id("1", 1), payload: { code: "abc" } } });
    },
  },

  {
    name: "startOAuthFlow succeeds by a message",
    clock: true,
    answers: { ...fresh, [CREDENTIALS]: credentialOf(1) },
    script: async (t) => {
      t.listen();
      window.paragon.setHeadless(true);
      await t.login();
      await t.call("startOAuthFlow", "azuredevops", { endUserSuppliedValues: { HOST: "h" } }, t.callbacks("onSuccess", "onError"));
      await t.quiet();
      await t.popup.ready();
      await t.popup.arrives();
      await t.popup.say({ type: "oauth_success_callback", credential: { integrationId: t.id("1", 1), payload: { code: "abc" } } });
      await t.advance(3000);
    },
  },
  {
    name: "startOAuthFlow is found by polling",
    clock: true,
    answers: { ...fresh, ...polled({ json: { connectCredentialId: C9 } }) },
    script: async (t) => {
      t.listen();
      window.paragon.setHeadless(true);
      await t.login();
      await t.call("startOAuthFlow", "azuredevops", { externalId: "mine" }, t.callbacks("onSuccess", "onError"));
      await t.popup.ready();
      await t.popup.arrives();
      await t.advance(3000);
      t.user("azuredevops");
    },
  },
  {
    name: "startOAuthFlow takes too long",
    clock: true,
    answers: fresh,
    script: async (t) => {
      window.paragon.setHeadless(true);
      await t.login();
      await t.call("startOAuthFlow", "azuredevops", {}, { ...t.callbacks("onSuccess", "onError"), oauthTimeout: 1500 });
      await t.popup.ready();
      await t.advance(3000);
      await t.popup.isClosed();
    },
  },
  {
    name: "startOAuthFlow when the popup is blocked",
    clock: true,
    answers: fresh,
    script: async (t) => {
      window.paragon.setHeadless(true);
      await t.login();
      t.blockPopups();
      await t.call("startOAuthFlow", "azuredevops", {}, t.callbacks("onSuccess", "onError"));
      await t.quiet();
    },
  },
  {
    name: "startOAuthFlow of an unknown integration",
    script: async (t) => {
      await t.login();
      await t.call("startOAuthFlow", "nosuch", {});
    },
  },
  {
    name: "startOAuthFlow of what asks for values first, with the portal",
    script: async (t) => {
      await t.login();
      await t.call("startOAuthFlow", "monday.com", {});
      await t.quiet();
    },
  },
  signedOut("startOAuthFlow", "startOAuthFlow", "azuredevops", {}),

  {
    name: "_oauthCallback makes a credential",
    answers: { ...fresh, [CREDENTIALS]: credentialOf(1) },
    script: async (t) => {
      t.listen();
      await t.login();
      await t.call("_oauthCallback", { integrationId: t.id("1", 1), payload: { code: "abc" } }, undefined, { installOptions: { externalId: "mine" } });
      t.user("azuredevops");
      t.storage();
    },
  },
  {
    name: "_oauthCallback completes the set-up of a credential",
    answers: { ...fresh, [`POST zeus /sdk/credentials/${C9}/complete-setup`]: credentialOf(1) },
    script: async (t) => {
      t.listen();
      await t.login();
      await t.call("_oauthCallback", { integrationId: t.id("1", 1), payload: { REPOSITORY: "r" } }, t.id("c", 9));
      t.user("azuredevops");
    },
  },
  {
    name: "_oauthCallback twice with the same",
    clock: true,
    answers: { ...fresh, [CREDENTIALS]: credentialOf(1) },
    script: async (t) => {
      await t.login();
      const answer = { integrationId: t.id("1", 1), payload: { code: "abc" } };
      await t.call("_oauthCallback", answer);
      await t.call("_oauthCallback", answer);
      await t.advance(6000);
      await t.call("_oauthCallback", answer);
    },
  },
  {
    name: "_oauthCallback of an unknown integration",
    script: async (t) => {
      await t.login();
      await t.call("_oauthCallback", { integrationId: "nothing", payload: {} });
    },
  },
  {
    name: "_oauthCallback that fails",
    answers: { [CREDENTIALS]: { status: 400, json: { message: "no" } } },
    script: async (t) => {
      await t.login();
      await t.call("_oauthCallback", { integrationId: t.id("1", 1), payload: {} });
    },
  },
  {
    name: "_oauthCallback that fails in headless mode",
    answers: { [CREDENTIALS]: { status: 400, json: { message: "no" } } },
    script: async (t) => {
      window.paragon.setHeadless(true);
      await t.login();
      await t.call("_oauthCallback", { integrationId: t.id("1", 1), payload: {} });
    },
  },
  {
    name: "_oauthErrorCallback with nothing open",
    script: async (t) => {
      await t.login();
      await t.call("_oauthErrorCallback", "it failed");
    },
  },
  {
    name: "_oauthErrorCallback with an error and in headless mode",
    script: async (t) => {
      window.paragon.setHeadless(true);
      await t.login();
      await t.call("_oauthErrorCallback", { message: "it failed" });
    },
  },
  {
    name: "_oauthErrorCallback ends a connect",
    answers: { "GET zeus /sdk/me": { json: me() } },
    script: async (t) => {
      await t.login();
      await t.portal.ready();
      await t.connectInPortal("github", t.allCallbacks());
      await t.portal.call("_oauthErrorCallback", "it failed");
    },
  },
];

/** Answers to the polling of a session key, one by one; the key is another in each run. */
function polled(...answers) {
  return { "GET zeus /sdk/actions/session-id/*": answers, [`GET zeus /sdk/credentials/${C9}`]: credentialOf(1) };
}
