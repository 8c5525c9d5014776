// `connect` with the portal, uninstalling, finishing an install, closing.

import { broken, connected, credential, disconnected, integrations, me } from "../world.mjs";
import { one, signedOut, withMe } from "./support.mjs";

const C1 = "c0000000-0000-4000-8000-000000000001";
const C2 = "c0000000-0000-4000-8000-000000000002";
const C8 = "c0000000-0000-4000-8000-000000000008";
const D11 = "d0000000-0000-4000-8000-000000000011";
const noPlan = withMe({}, { project: { id: "p1", billingPlan: "basic", accessibleFeatures: [] } });

/** Opens the portal of an integration and notes what the app and the portal see. */
const opening = (name, type, options, answers) => ({
  name,
  answers,
  script: `async (t) => {
    t.listen();
    await t.login();
    await t.portal.ready();
    await t.connectInPortal(${JSON.stringify(type)}, { ...t.allCallbacks(), ...${JSON.stringify(options)} });
    t.user(${JSON.stringify(type)});
  }`,
});
/** A `connect` that is refused. */
const refused = (name, type, options, answers) => ({
  name,
  answers,
  script: `async (t) => {
    t.listen();
    await t.login();
    t.call("connect", ${JSON.stringify(type)}, { ...t.allCallbacks(), ...${JSON.stringify(options)} });
    await t.quiet();
  }`,
});
const removing = (name, values, answers) => ({
  name,
  answers,
  script: `async (t) => { t.listen(); await t.login(); await t.call("uninstallIntegration", ...${JSON.stringify(values)}); t.user("azuredevops"); }`,
});

const dropdown = (id, key, fields = {}) => ({ id, key, title: id, type: "CUSTOM_DROPDOWN", required: true, ...fields });
const options = (...values) => values.map((value) => ({ label: value.toUpperCase(), value }));
const FIRST = "f0000000-0000-4000-8000-000000000001";
const SECOND = "f0000000-0000-4000-8000-000000000002";
/** Azure DevOps with these inputs for all workflows, and for two of them. */
const withInputs = (shared, first = [], second = []) => {
  const list = integrations();
  const { sharedMeta, workflowMeta } = list[0].configs[0].values;
  sharedMeta.inputs = shared;
  workflowMeta[FIRST].inputs = first;
  workflowMeta[SECOND].inputs = second;
  return { "GET zeus /sdk/integrations": { json: list } };
};
/** Inputs of every kind that choices of the app may reach, in one place. */
const choices = () => [
  dropdown("plain", "colors", { customDropdownOptions: options("red") }),
  dropdown("keeps", "colors", { customDropdownOptions: options("red"), refreshOnOpen: true }),
  dropdown("empty", "sizes", { customDropdownOptions: [] }),
  dropdown("without", "sizes"),
  dropdown("loads", "people", { customDropdownOptions: options("ada") }),
  dropdown("reloads", "teams", { customDropdownOptions: options("blue"), refreshOnOpen: false }),
  dropdown("stays", "quick", { refreshOnOpen: true }),
  { id: "text", key: "people", title: "Text", type: "TEXT_NO_VARS", required: false },
  { id: "nokey", title: "No key", type: "TEXT_NO_VARS", required: false },
];
/** A `connect` with choices of the app, some of them loaded. The calls of loaders are heard. */
const choosing = (name, answers, more = "") => ({
  name,
  answers,
  script: `async (t) => {
    await t.login();
    await t.portal.ready();
    const load = (label) => t.hear(label, async () => ({ options: [{ label, value: "v" }], nextPageCursor: null }));
    t.call("connect", "azuredevops", { dropdowns: {
      colors: [{ label: "Green", value: "g" }, { label: "Again", value: "g" }, { label: "Other", value: "G" }, { label: "Blue", value: "b" }],
      sizes: [{ label: "One", value: "1" }],
      people: { loadOptions: load("people") },
      teams: { loadOptions: load("teams"), refreshOnOpen: true },
      quick: { loadOptions: load("quick"), refreshOnOpen: false },
    } });
    await t.quiet();
    await t.portal.ready();
    ${more}
  }`,
});

export const connect = [
  opening("connect opens the portal of a connected integration", "azuredevops", {}),
  opening("connect opens the portal of an integration that is not connected", "github", {}),
  opening("connect for a credential", "azuredevops", { selectedCredentialId: C2 }),
  opening("connect for an external id", "azuredevops", { selectedCredentialId: "ext:other" }),
  opening("connect for a configuration", "azuredevops", { selectedConfigurationId: D11 }),
  opening("connect with an account type", "github", { accountType: "server" }),
  opening("connect with several account types", "github", { accountType: ["default", "token"] }),
  opening("connect with a redirect URL without scheme", "github", { overrideRedirectUrl: "app.example.com/back" }),
  opening("connect with a redirect URL that names another", "github", { overrideRedirectUrl: "app.example.com/back?to=https://other.example" }),
  opening("connect with an app's own scheme to go back to", "github", { overrideRedirectUrl: "myapp://callback" }),
  opening("connect with an empty redirect URL", "github", { overrideRedirectUrl: "" }),
  opening("connect with one account type in a list", "github", { accountType: ["server"] }),
  opening("connect with an empty list of account types", "zendesk", { accountType: [] }),
  opening("connect with an empty account type", "zendesk", { accountType: "" }),
  opening("connect without an account type, where the first is the usual one", "zendesk", {}),
  opening("connect with fields to map", "azuredevops", {
    mapObjectFields: { Task: { fields: [{ label: "Title", value: "title" }], userCanCreateFields: true } },
  }),
  opening("connect with the choices of a dropdown", "azuredevops", {
    dropdowns: {
      colors: [
        { label: "Green", value: "g" },
        { label: "Again", value: "g" },
        { label: "Blue", value: "b" },
      ],
      nokey: [],
    },
  }),
  choosing(
    "connect with the choices of inputs of workflows",
    withInputs([], choices(), [dropdown("second", "colors", { customDropdownOptions: options("red") })]),
  ),
  choosing("connect with the choices of inputs of the integration", withInputs(choices())),
  choosing(
    "connect again without the choices that it had",
    withInputs([dropdown("plain", "colors", { customDropdownOptions: options("red") })], choices()),
    `
    await t.call("closePortal");
    await t.connectInPortal("azuredevops", {});
    await t.portal.call("_loadCustomDropdownOptions", "teams");
    t.note("settings", window.paragon.getIntegrationConfig("azuredevops").availableUserSettings);
  `,
  ),
  opening(
    "connect with choices, beside inputs that it does not name",
    "azuredevops",
    { dropdowns: { nothing: options("x") } },
    withInputs(
      [dropdown("plain", "colors", { customDropdownOptions: options("red") }), dropdown("bare", "sizes")],
      [dropdown("own", "colors", { customDropdownOptions: options("red") })],
    ),
  ),
  opening("connect with an external id for a new credential", "azuredevops", { externalId: "new", allowMultipleCredentials: true }),
  opening("connect to a custom integration", "custom.acmeboards", {}),
  opening("connect of a credential that is not valid", "azuredevops", {}, withMe({ azuredevops: connected(broken()) })),
  {
    name: "connect in a container of the app",
    script: async (t) => {
      document.body.insertAdjacentHTML("beforeend", '<div id="paragon-connect-frame-container"></div>');
      const instance = new window.sdk.default(t.services());
      await instance.authenticate("p1", t.token());
      t.callOn(instance, "own: ", "connect", "github");
      await t.quiet();
      const frame = document.querySelector("#paragon-connect-frame-container > iframe");
      t.note("frame", frame && { id: frame.id, position: frame.style.position, width: frame.style.width, height: frame.style.height });
    },
  },
  signedOut("connect", "connect", "azuredevops"),
  refused("connect to an unknown integration", "nosuch", {}),
  refused("connect to an integration that is not active", "trello", {}),
  refused("connect to an integration without a state", "slack", {}),
  refused("connect with fields to map and no plan for it", "azuredevops", { mapObjectFields: {} }, noPlan),
  refused("connect with a redirect URL that is none", "azuredevops", { overrideRedirectUrl: "not a url" }),
  opening("connect with a redirect URL of one word", "azuredevops", { overrideRedirectUrl: "nowhere" }),
  refused("connect for an unknown credential", "azuredevops", { selectedCredentialId: "ext:nobody" }),
  refused("connect for another integration's credential", "azuredevops", { selectedCredentialId: C8 }),
  refused("connect with an external id that is taken", "azuredevops", { externalId: "main" }),
  refused("connect with an empty external id", "azuredevops", { externalId: " " }),
  refused("connect with an external id of nothing but its mark", "azuredevops", { externalId: "ext:" }),
  refused("connect with an external id of a mark and blanks", "azuredevops", { externalId: "ext: " }),
  refused("connect with an external id that is taken, in blanks", "azuredevops", { externalId: " main " }),
  refused("connect with an external id that is taken, marked", "azuredevops", { externalId: "ext:main" }),
  refused("connect with an external id that is taken, marked twice and in blanks", "azuredevops", { externalId: "ext:ext: main " }),
  opening("connect with an external id of another credential's configuration", "azuredevops", { externalId: "ext:second", allowMultipleCredentials: true }),
  opening("connect with a marked external id in blanks", "azuredevops", { externalId: "ext: new ", allowMultipleCredentials: true }),
  refused("connect for a credential of blanks", "azuredevops", { selectedCredentialId: "  " }),
  refused("connect for a configuration of blanks", "azuredevops", { selectedConfigurationId: "  " }),
  refused("connect for a credential that is a mark", "azuredevops", { selectedCredentialId: "ext: " }),
  opening("connect for a configuration beside a credential of blanks", "azuredevops", { selectedCredentialId: " ", selectedConfigurationId: ` ${D11} ` }),
  opening("connect for an external id in blanks", "azuredevops", { selectedCredentialId: " ext: other " }),
  opening("connect for a configuration that is marked twice", "azuredevops", { selectedConfigurationId: "ext:ext:second" }),
  opening("connect for an external id that is marked twice", "azuredevops", { selectedCredentialId: "ext:ext:other" }),
  opening("connect for a credential of blanks where there is none", "github", { selectedCredentialId: "  " }),
  opening("connect for an unknown credential where there is none", "github", { selectedCredentialId: "ext:nobody" }),
  opening("connect with an account type in blanks", "github", { accountType: " server " }),
  refused("connect to an integration in blanks", " azuredevops ", {}),
  refused("connect with an external id and a credential", "azuredevops", { externalId: "new", selectedCredentialId: C1 }),
  {
    name: "connect resolves when the portal has made a credential",
    script: async (t) => {
      t.listen();
      await t.login();
      await t.portal.ready();
      await t.connectInPortal("github", t.allCallbacks());
      await t.portal.call("_oauthCallback", { integrationId: t.id("1", 2), payload: { TOKEN: "x" } });
      t.user("github");
    },
  },
  {
    name: "connect is told when the portal could not make a credential",
    answers: { "POST zeus /sdk/credentials": { status: 400, json: { message: "wrong token", code: "12" } } },
    script: async (t) => {
      t.listen();
      await t.login();
      await t.portal.ready();
      await t.connectInPortal("github", t.allCallbacks());
      await t.portal.call("_oauthCallback", { integrationId: t.id("1", 2), payload: { TOKEN: "x" } });
      t.user("github");
    },
  },
  {
    name: "connect again takes the callbacks of the last call",
    script: async (t) => {
      await t.login();
      await t.portal.ready();
      t.call("connect", "github", { onOpen: t.hear("first open"), onInstall: t.hear("first install") });
      await t.quiet();
      await t.connectInPortal("github", { onOpen: t.hear("second open") });
      await t.portal.call("onOpen");
      await t.portal.call("onClose", true);
      await t.portal.call("onOpen");
    },
  },
  {
    name: "connect calls onSuccess where there is no onInstall",
    script: async (t) => {
      await t.login();
      await t.portal.ready();
      await t.connectInPortal("github", {
        onSuccess: t.hear("success", () => {
          throw new Error("the app's own");
        }),
      });
      await t.portal.call("_oauthCallback", { integrationId: t.id("1", 2), payload: {} });
    },
  },
  {
    name: "connect sends the credential of the open portal with calls to the API",
    script: async (t) => {
      await t.login();
      await t.portal.ready();
      t.call("connect", "azuredevops", {});
      await t.quiet();
      await t.call("sendConnectRequest", "/sdk/actions", { method: "POST", body: "{}" });
      await t.call("sendConnectRequest", "/sdk/actions", { method: "POST", body: "{}", skipDefaultCredentialIdHeader: true });
      await t.call("sendConnectRequest", "/sdk/actions", { method: "POST", body: "{}", headers: { "X-Paragon-Credential": "own" } });
      await t.call("request", "azuredevops", "/x");
      await t.call("event", "e", {});
    },
  },
  {
    name: "connect in headless mode",
    script: async (t) => {
      t.listen();
      await t.login();
      await t.call("setHeadless", true);
      t.call("connect", "azuredevops", t.allCallbacks());
      await t.quiet();
    },
  },

  removing("uninstallIntegration", ["azuredevops"]),
  removing("uninstallIntegration of one of two credentials", ["azuredevops", { selectedCredentialId: C2 }]),
  removing("uninstallIntegration by external id", ["azuredevops", { selectedCredentialId: "ext:other" }]),
  removing("uninstallIntegration of the last credential", ["azuredevops"], withMe({ azuredevops: connected(credential(1, 1)) })),
  removing("uninstallIntegration of a credential that is not valid", ["azuredevops"], withMe({ azuredevops: connected(broken()) })),
  removing("uninstallIntegration of an unknown credential", ["azuredevops", { selectedCredentialId: "c0000000-0000-4000-8000-000000000099" }]),
  removing("uninstallIntegration of what is not connected", ["github"]),
  removing("uninstallIntegration of an unknown integration", ["nosuch"]),
  removing("uninstallIntegration without the plan", ["azuredevops"], noPlan),
  removing("uninstallIntegration that fails", ["azuredevops"], {
    "DELETE zeus /sdk/integrations/10000000-0000-4000-8000-000000000001": { status: 500, json: { message: "no" } },
  }),
  removing("uninstallIntegration by an external id that is marked twice", ["azuredevops", { selectedCredentialId: "ext:ext:other" }]),
  removing("uninstallIntegration of another integration's credential", ["azuredevops", { selectedCredentialId: C8 }]),
  removing("uninstallIntegration of a credential of blanks", ["azuredevops", { selectedCredentialId: "  " }]),
  removing("uninstallIntegration of a credential in blanks", ["azuredevops", { selectedCredentialId: ` ${C2} ` }]),
  signedOut("uninstallIntegration", "uninstallIntegration", "azuredevops"),
  {
    name: "uninstallIntegration calls the callback of connect",
    script: async (t) => {
      await t.login();
      t.call("connect", "azuredevops", t.allCallbacks());
      await t.portal.ready();
      await t.quiet();
      await t.call("uninstallIntegration", "azuredevops");
    },
  },

  {
    name: "completeInstall opens the portal",
    answers: withMe({ azuredevops: disconnected() }),
    script: async (t) => {
      t.listen();
      await t.login();
      await t.portal.ready();
      await t.call("completeInstall", "azuredevops", {
        authorizationCode: "code",
        redirectUrl: "https://app.example.com/back",
        integrationOptions: { HOST: "h" },
      });
      await t.portal.ready();
      t.user("azuredevops");
    },
  },
  {
    name: "completeInstall without the portal",
    answers: withMe({ azuredevops: disconnected() }),
    script: async (t) => {
      t.listen();
      await t.login();
      await t.call("completeInstall", "azuredevops", { authorizationCode: "code", showPortalAfterInstall: false });
      t.user("azuredevops");
    },
  },
  one("completeInstall without a code", "completeInstall", ["azuredevops", {}]),
  one("completeInstall with a redirect URL that is none", "completeInstall", [
    "azuredevops",
    { authorizationCode: "c", redirectUrl: "nowhere", showPortalAfterInstall: false },
  ]),
  one("completeInstall with a redirect URL that names another", "completeInstall", [
    "azuredevops",
    { authorizationCode: "c", redirectUrl: "app.example.com/back?to=https://other.example", showPortalAfterInstall: false },
  ]),
  one("completeInstall of an unknown integration", "completeInstall", ["nosuch", { authorizationCode: "c" }]),
  one("completeInstall that answers nothing", "completeInstall", ["azuredevops", { authorizationCode: "c", showPortalAfterInstall: false }], {
    "POST zeus /sdk/credentials": {},
  }),
  one("completeInstall that fails", "completeInstall", ["azuredevops", { authorizationCode: "c", showPortalAfterInstall: false }], {
    "POST zeus /sdk/credentials": { status: 400, json: { message: "bad code" } },
  }),
  signedOut("completeInstall", "completeInstall", "azuredevops", { authorizationCode: "c" }),

  {
    name: "closePortal closes what is open",
    script: async (t) => {
      t.listen();
      await t.login();
      await t.portal.ready();
      await t.connectInPortal("github", t.allCallbacks());
      await t.portal.call("onOpen");
      await t.call("closePortal");
      await t.call("closePortal");
    },
  },
  {
    name: "closePortal before the portal has loaded",
    script: async (t) => {
      t.listen();
      await t.login();
      t.call("connect", "github", t.allCallbacks());
      await t.call("closePortal");
      await t.call("closePortal");
      await t.portal.ready();
    },
  },
  {
    name: "closePortal before the portal said that it is open",
    script: async (t) => {
      t.listen();
      await t.login();
      await t.portal.ready();
      await t.connectInPortal("github", t.allCallbacks());
      await t.call("closePortal");
      await t.portal.call("onClose");
      await t.call("closePortal");
    },
  },
  {
    name: "closePortal without a portal, in headless mode",
    script: async (t) => {
      t.listen();
      await t.login();
      await t.call("setHeadless", true);
      t.call("connect", "github", t.allCallbacks());
      await t.call("closePortal");
      await t.call("closePortal");
    },
  },
  {
    name: "onClose and closePortal of an instance",
    script: async (t) => {
      t.listen();
      await t.login();
      await t.connectInPortal("github", t.allCallbacks());
      await t.call("onClose");
      await t.call("onClose");
      t.call("connect", "github", { onClose: t.hear("second close") });
      await t.quiet();
      await t.call("onClose", true);
      await t.call("closePortal");
    },
  },
  {
    name: "a portal that is closed can be opened and closed again",
    script: async (t) => {
      t.listen();
      await t.login();
      await t.connectInPortal("github", t.callbacks("onClose"));
      await t.call("closePortal");
      await t.portal.call("setModalState", { connectionError: null });
      await t.call("closePortal");
      t.call("connect", "azuredevops", t.callbacks("onClose"));
      await t.quiet();
      await t.call("closePortal");
    },
  },
  {
    name: "connect to another integration while the portal shows one",
    script: async (t) => {
      t.listen();
      await t.login();
      await t.connectInPortal("github", { onClose: t.hear("github closes") });
      t.call("connect", "azuredevops", { onClose: t.hear("azuredevops closes") });
      await t.quiet();
      await t.call("closePortal");
    },
  },
  {
    name: "closePortal when nothing is open",
    script: async (t) => {
      t.listen();
      await t.call("closePortal");
      await t.login();
      await t.call("closePortal");
    },
  },
  {
    name: "destroyConfiguration of the selected one closes the portal",
    answers: { "GET zeus /sdk/me": { json: me() } },
    script: async (t) => {
      t.listen();
      await t.login();
      await t.portal.ready();
      await t.connectInPortal("azuredevops", { selectedConfigurationId: t.id("d", 11) });
      await t.portal.call("onOpen");
      await t.call("destroyConfiguration", { id: t.id("d", 11), credentialId: t.id("c", 1) });
      t.user("azuredevops");
    },
  },
];
