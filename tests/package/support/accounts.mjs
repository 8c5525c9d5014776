/** A user with three accounts of one integration, two more integrations, and an SDK that is signed in as them. */
import ConnectSDK from "../../../pkg/dist/index.js";
import { startGateway, userToken } from "./gateway.mjs";

const uuid = (kind, number) => `${kind}0000000-0000-4000-8000-0000000000${number}`;
export const [FIRST, SECOND, INVALID] = [uuid("c", "a1"), uuid("c", "a2"), uuid("c", "a3")];
export const [FIRST_DEFAULT, FIRST_OTHER, SECOND_DEFAULT] = [uuid("d", "a1"), uuid("d", "b1"), uuid("d", "a2")];
export const [AZURE, JIRA, ACME, BETA] = [uuid("1", "01"), uuid("1", "02"), uuid("1", "03"), uuid("1", "04")];
export const [ENABLED, DISABLED, FRESH] = [uuid("f", "01"), uuid("f", "02"), uuid("f", "03")];

export const configuration = (id, credentialId, more = {}) => ({
  id,
  connectCredentialId: credentialId,
  isDefault: true,
  sharedSettings: { color: "red" },
  configMeta: {},
  dateCreated: "2024-01-01T00:00:00.000Z",
  workflowSettings: { [ENABLED]: { enabled: true, settings: { depth: 1 } }, [DISABLED]: { enabled: false, settings: {} } },
  ...more,
});
export const credential = (id, more = {}) => ({
  id,
  integrationId: AZURE,
  status: "VALID",
  providerId: `provider-${id.slice(-2)}`,
  providerData: {},
  configurations: [],
  ...more,
});
export const accounts = () => [
  credential(FIRST, {
    externalId: "main",
    configurations: [
      configuration(FIRST_DEFAULT, FIRST),
      configuration(FIRST_OTHER, FIRST, { isDefault: false, externalId: "shared-name", dateCreated: "2024-02-01T00:00:00.000Z" }),
    ],
  }),
  credential(SECOND, { externalId: "second", configurations: [configuration(SECOND_DEFAULT, SECOND, { externalId: "shared-name" })] }),
  credential(INVALID, { externalId: "old", status: "INVALID", configurations: [configuration(uuid("d", "a3"), INVALID)] }),
];
const none = () => ({ enabled: false, allCredentials: [], configuredWorkflows: {} });
const me = () => {
  const { sharedSettings, workflowSettings } = configuration();
  return {
    authenticated: true,
    meta: {},
    project: { id: "p1", accessibleFeatures: ["headless-cp"] },
    resources: [
      { id: "r1", slug: "warehouse" },
      { id: "r2", slug: "lake", integrationId: JIRA, credentialId: "of-the-resource" },
    ],
    integrations: {
      azuredevops: {
        enabled: true,
        credentialId: FIRST,
        credentialStatus: "VALID",
        credentialConfigId: FIRST_DEFAULT,
        sharedSettings,
        workflowSettings,
        configuredWorkflows: workflowSettings,
        allCredentials: accounts(),
      },
      jira: none(),
      "custom.acme": none(),
      "custom.beta": none(),
    },
  };
};
export const dynamic = (cacheKey) => ({ type: "DYNAMIC_DATA_SOURCE", title: cacheKey, cacheKey, refreshDependencies: [] });
const dataSources = {
  projects: dynamic("projects"),
  fixed: { type: "STATIC_ENUM_DATA_SOURCE", title: "Fixed", id: "fixed", values: [] },
  mapper: {
    type: "FIELD_MAPPER_DATA_SOURCE",
    title: "Mapper",
    id: "mapper",
    recordSource: dynamic("records"),
    fieldSource: dynamic("fields"),
    dependentInputSource: dynamic("dependent"),
  },
  combo: {
    type: "COMBO_INPUT_DATA_SOURCE",
    title: "Combo",
    id: "combo",
    mainInputSource: dynamic("main"),
    dependentInputSource: dynamic("dependent"),
    fieldSource: dynamic("fields"),
  },
  defaults: {
    type: "DYNAMIC_COMBO_INPUT_DATA_SOURCE",
    title: "Defaults",
    id: "defaults",
    mainInputSource: dynamic("main"),
    dependentInputSource: dynamic("dependent"),
    variableInputSource: dynamic("variables"),
  },
};
const integrations = () => [
  {
    id: AZURE,
    type: "azuredevops",
    name: "Azure DevOps",
    isActive: true,
    workflows: [
      { id: ENABLED, customWebhookTriggerId: "hook1" },
      { id: DISABLED, customWebhookTriggerId: "hook2", resourceId: "r2" },
      { id: FRESH },
      { id: "orphan", resourceId: "nowhere" },
    ],
    noPermissionWorkflows: ["secret"],
    configs: [
      {
        id: "k1",
        values: {
          workflowMeta: {
            [ENABLED]: { id: ENABLED },
            [DISABLED]: { id: DISABLED },
            [FRESH]: { id: FRESH },
            secret: { id: "secret", permissions: {} },
            open: { id: "open" },
          },
        },
      },
    ],
    sdkIntegrationConfig: {
      accountTypes: [
        { id: "default", scheme: "oauth" },
        { id: "token", scheme: "basic", endUserSuppliedValues: [{ id: "pat" }] },
      ],
      authConfigInputs: [{ id: "organization" }],
      postOauthInputs: [{ id: "project" }],
      dataSources,
    },
  },
  {
    id: JIRA,
    type: "jira",
    isActive: true,
    workflows: [{ id: "unconnected" }],
    configs: [{ id: "k2", values: { workflowMeta: { unconnected: { id: "unconnected" } } } }],
  },
  {
    id: ACME,
    type: "custom",
    isActive: true,
    authenticationType: "oauth_client_credential",
    customIntegration: { slug: "custom.acme", inputFields: [{ id: "unused" }] },
    workflows: [],
    configs: [{ id: "k3", values: {} }],
  },
  {
    id: BETA,
    type: "custom",
    isActive: true,
    customIntegration: { name: "Beta!", inputFields: [{ id: "key" }] },
    workflows: [],
    configs: [{ id: "k4", values: {} }],
  },
  { id: uuid("1", "05"), type: "slack", isActive: true, workflows: [], configs: [{ id: "k5", values: {} }] },
];

/** `{gateway, sdk, calls}`: `routes` answer with their value, `calls()` are those after signing in. */
export const signedIn = async (answers = {}) => {
  const routes = {
    "GET /projects/p1/sdk/me": (_, response, json) => json(response, 200, me()),
    "GET /projects/p1/sdk/integrations": (_, response, json) => json(response, 200, integrations()),
  };
  for (const [route, answer] of Object.entries(answers))
    routes[route] = typeof answer === "function" ? answer : (_, response, json) => json(response, 200, answer);
  const gateway = await startGateway(routes);
  const sdk = new ConnectSDK({ gateway: gateway.origin });
  await sdk.authenticate("p1", userToken());
  const before = gateway.calls.length;
  const calls = () =>
    gateway.calls.slice(before).map(({ method, url, body, headers }) => ({
      method,
      url,
      body: body ? JSON.parse(body) : undefined,
      credential: headers["x-paragon-credential"],
      configuration: headers["x-paragon-configuration-id"],
    }));
  return { gateway, sdk, calls, own: () => sdk.getUser().integrations.azuredevops };
};
