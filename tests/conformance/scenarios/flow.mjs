// `installFlow`: every stage, every error.

import { credential, disconnected, id } from "../world.mjs";
import { withMe } from "./support.mjs";

const C9 = id("c", 9);
const POST = "POST zeus /sdk/credentials";
const COMPLETE = `POST zeus /sdk/credentials/${C9}/complete-setup`;
const of = (integration, fields) => ({ json: credential(integration, 9, fields) });

/** Starts a flow in headless mode, then does `steps`. */
const flow = (name, type, steps, { options = {}, answers = {} } = {}) => ({
  name,
  clock: true,
  answers: { ...withMe({ azuredevops: disconnected() }), ...answers },
  script: `async (t) => {
    t.listen();
    window.paragon.setHeadless(true);
    await t.login();
    await t.call("installFlow.start", ${JSON.stringify(type)}, { ...t.callbacks("onNext", "onComplete", "onError"), ...${JSON.stringify(options)} });
    await t.quiet();
    await (${steps})(t);
  }`,
});
const nothing = async () => {};
const arrive = async (t) => {
  await t.popup.ready();
  await t.popup.arrives();
};

export const flows = [
  flow(
    "installFlow of an OAuth integration",
    "azuredevops",
    async (t) => {
      await t.call("installFlow.next");
      await t.popup.ready();
      await t.popup.arrives();
      await t.popup.say({ type: "oauth_success_callback", credential: { integrationId: t.id("1", 1), payload: { code: "abc" } } });
      await t.call("installFlow.next");
      t.user("azuredevops");
    },
    { answers: { [POST]: of(1), [`GET zeus /sdk/credentials/${C9}`]: of(1) } },
  ),
  flow(
    "installFlow of an OAuth integration is found by polling",
    "azuredevops",
    async (t) => {
      await t.popup.ready();
      await t.popup.arrives();
      await t.advance(3000);
      await t.call("installFlow.next");
      t.user("azuredevops");
    },
    {
      options: { allowMultipleCredentials: true, overrideRedirectUrl: "https://app.example.com/back", externalId: "mine" },
      answers: { "GET zeus /sdk/actions/session-id/*": { json: { connectCredentialId: C9 } }, [`GET zeus /sdk/credentials/${C9}`]: of(1) },
    },
  ),
  flow(
    "installFlow with an account type, values before and after",
    "github",
    async (t) => {
      await t.call("installFlow.getAccountTypeValue");
      t.call("installFlow.setAccountType", "default");
      await t.quiet();
      await t.call("installFlow.getAccountTypeValue");
      t.call("installFlow.setPreOptions", { ORGANIZATION: "contoso" });
      await t.quiet();
      await t.call("installFlow.getPreOptionsValue");
      await t.quiet();
      await t.popup.ready();
      await t.popup.arrives();
      await t.advance(3000);
      await t.call("installFlow.next");
      t.call("installFlow.setPostOptions", { REPOSITORY: "r" });
      await t.quiet();
      await t.call("installFlow.getPostOptionsValue");
      await t.quiet();
      await t.call("installFlow.next");
      t.user("github");
    },
    { answers: { "GET zeus /sdk/actions/session-id/*": { json: { connectCredentialId: C9 } }, [`GET zeus /sdk/credentials/${C9}`]: of(2), [COMPLETE]: of(2) } },
  ),
  flow(
    "installFlow with an account type without a popup",
    "github",
    async (t) => {
      t.call("installFlow.setAccountType", "token");
      await t.quiet();
      await t.call("installFlow.next");
      t.call("installFlow.setPreOptions", { TOKEN: "secret" });
      await t.quiet();
      t.call("installFlow.setPostOptions", { REPOSITORY: "r" });
      await t.quiet();
      t.user("github");
    },
    { options: { externalId: "mine" }, answers: { [POST]: of(2), [COMPLETE]: of(2) } },
  ),
  flow(
    "installFlow with an account type that skips what comes after",
    "github",
    async (t) => {
      t.call("installFlow.setAccountType", "server");
      await t.quiet();
      t.call("installFlow.setPreOptions", { HOST: "h" });
      await t.quiet();
      await t.popup.ready();
      await t.popup.arrives();
      await t.advance(3000);
      await t.call("installFlow.next");
    },
    { answers: { "GET zeus /sdk/actions/session-id/*": { json: { connectCredentialId: C9 } }, [`GET zeus /sdk/credentials/${C9}`]: of(2) } },
  ),
  flow(
    "installFlow of a custom integration with a key",
    "custom.acmeboards",
    async (t) => {
      t.call("installFlow.setPreOptions", { API_KEY: "k" });
      await t.quiet();
      t.user("custom.acmeboards");
    },
    { answers: { [POST]: of(4) } },
  ),
  flow(
    "installFlow of a custom integration with client credentials",
    "custom.ledger",
    async (t) => {
      t.call("installFlow.setPreOptions", { clientId: "i", clientSecret: "s" });
      await t.quiet();
    },
    { answers: { [POST]: of(5) } },
  ),
  flow("installFlow shows how to install a package", "salesforce", async (t) => {
    t.call("installFlow.setAccountType", "default");
    await t.quiet();
    await t.call("installFlow.next");
    t.note("popups", t.opened());
    window.paragon.installFlow.next().finish?.onClick();
    await t.quiet();
    t.note("popups", t.opened());
    await t.call("installFlow.next");
  }),
  flow("installFlow shows how to install a package in a sandbox", "salesforce", async (t) => {
    t.call("installFlow.setAccountType", "sandbox");
    await t.quiet();
    await t.call("installFlow.next");
  }),
  flow("installFlow needs no package for the app's own client", "salesforce", async (t) => {
    t.call("installFlow.setAccountType", "user-configured-oauth");
    await t.quiet();
    await t.call("installFlow.next");
  }),
  flow("installFlow with an unknown account type", "github", async (t) => {
    t.call("installFlow.setAccountType", "nosuch");
    await t.quiet();
    await t.call("installFlow.getAccountTypeValue");
    await t.call("installFlow.next");
  }),
  flow(
    "installFlow when the server refuses the values",
    "github",
    async (t) => {
      t.call("installFlow.setAccountType", "token");
      await t.quiet();
      t.call("installFlow.setPreOptions", { TOKEN: "wrong" });
      await t.quiet();
      await t.call("installFlow.next");
    },
    { answers: { [POST]: { status: 400, json: { message: "wrong token" } } } },
  ),
  flow(
    "installFlow when the server refuses the values that come after",
    "github",
    async (t) => {
      t.call("installFlow.setAccountType", "token");
      await t.quiet();
      t.call("installFlow.setPreOptions", { TOKEN: "t" });
      await t.quiet();
      t.call("installFlow.setPostOptions", { REPOSITORY: "wrong" });
      await t.quiet();
    },
    { answers: { [POST]: of(2), [COMPLETE]: { status: 400, json: { message: "no such repository" } } } },
  ),
  flow(
    "installFlow values given before their time",
    "github",
    async (t) => {
      t.call("installFlow.setPostOptions", { REPOSITORY: "r" });
      await t.quiet();
      t.call("installFlow.setPreOptions", { TOKEN: "t" });
      await t.quiet();
      await t.call("installFlow.next");
    },
    { answers: { [POST]: of(2) } },
  ),
  flow(
    "installFlow takes too long",
    "azuredevops",
    async (t) => {
      await t.popup.ready();
      await t.advance(3000);
      await t.popup.isClosed();
      await t.call("installFlow.next");
    },
    { options: { oauthTimeout: 1500 } },
  ),
  {
    name: "installFlow when the popup is blocked",
    clock: true,
    answers: withMe({ azuredevops: disconnected() }),
    script: async (t) => {
      window.paragon.setHeadless(true);
      await t.login();
      t.blockPopups();
      await t.call("installFlow.start", "azuredevops", t.callbacks("onNext", "onComplete", "onError"));
      await t.quiet();
    },
  },
  flow("installFlow is cancelled before anything is made", "github", async (t) => {
    t.call("installFlow.setAccountType", "token");
    await t.quiet();
    await t.call("installFlow.cancel");
    await t.call("installFlow.getAccountTypeValue");
    await t.call("installFlow.next");
  }),
  flow(
    "installFlow is cancelled after a credential was made",
    "github",
    async (t) => {
      t.call("installFlow.setAccountType", "token");
      await t.quiet();
      t.call("installFlow.setPreOptions", { TOKEN: "t" });
      await t.quiet();
      await t.call("installFlow.cancel");
      await t.quiet();
      t.user("github");
    },
    { answers: { [POST]: of(2) } },
  ),
  {
    name: "installFlow without a flow",
    script: async (t) => {
      window.paragon.setHeadless(true);
      await t.login();
      await t.call("installFlow.next");
      await t.call("installFlow.cancel");
      t.call("installFlow.setAccountType", "x");
      await t.quiet();
      t.call("installFlow.setPreOptions", { A: 1 });
      await t.quiet();
      t.call("installFlow.setPostOptions", { B: 1 });
      await t.quiet();
      await t.call("installFlow.getAccountTypeValue");
      await t.call("installFlow.getPreOptionsValue");
      await t.call("installFlow.getPostOptionsValue");
    },
  },
  flow("installFlow of an unknown integration", "nosuch", nothing),
  flow("installFlow of an integration that is not active", "trello", arrive),
  flow("installFlow of what is installed", "azuredevops", arrive, { answers: withMe() }),
  flow("installFlow with an external id of nothing but its mark", "azuredevops", arrive, { options: { externalId: "ext: " } }),
  flow("installFlow with a marked external id that is taken", "azuredevops", arrive, {
    answers: withMe(),
    options: { externalId: "ext: main ", allowMultipleCredentials: true },
  }),
  flow("installFlow with an external id that is taken", "azuredevops", arrive, {
    answers: withMe(),
    options: { externalId: "main", allowMultipleCredentials: true },
  }),
  {
    name: "installFlow without headless mode",
    script: async (t) => {
      await t.login();
      await t.call("installFlow.start", "github", t.callbacks("onNext", "onComplete", "onError"));
      await t.quiet();
    },
  },
  {
    name: "installFlow without a user",
    script: async (t) => {
      window.paragon.setHeadless(true);
      await t.call("installFlow.start", "github", t.callbacks("onNext", "onComplete", "onError"));
      await t.quiet();
    },
  },
  {
    name: "installFlow without callbacks",
    script: async (t) => {
      window.paragon.setHeadless(true);
      await t.login();
      await t.call("installFlow.start", "github");
      await t.quiet();
      await t.call("installFlow.next");
    },
  },
  {
    name: "installFlow started again",
    script: async (t) => {
      window.paragon.setHeadless(true);
      await t.login();
      await t.call("installFlow.start", "github", t.callbacks("onNext"));
      await t.quiet();
      t.call("installFlow.setAccountType", "token");
      await t.quiet();
      await t.call("installFlow.start", "custom.acmeboards", { onNext: t.hear("second onNext") });
      await t.quiet();
      await t.call("installFlow.getAccountTypeValue");
      await t.call("installFlow.next");
    },
  },
];
