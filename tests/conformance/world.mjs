// The data that the recording server answers with: one project, its integrations, one user and what she connected.

const day = "2024-01-01T00:00:00.000Z";

/** An id of the shape that the SDK takes for one; the letter says of what. */
export const id = (kind, number) => `${kind}0000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** A configuration of the credential number `credential`. */
export const configuration = (credential, number, fields = {}) => ({
  id: id("d", number),
  connectCredentialId: id("c", credential),
  isDefault: true,
  sharedSettings: { project: "Alpha" },
  configMeta: { color: "blue" },
  workflowSettings: {
    [id("f", 1)]: { enabled: true, settings: { query: "a" } },
    [id("f", 2)]: { enabled: false, settings: {} },
  },
  dateCreated: day,
  dateUpdated: day,
  ...fields,
});

/** A credential of the integration number `integration`. */
export const credential = (integration, number, fields = {}) => ({
  id: id("c", number),
  projectId: "p1",
  integrationId: id("1", integration),
  personaId: "per1",
  status: "VALID",
  providerId: `account-${number}`,
  providerData: { name: `Account ${number}` },
  isPreviewCredential: false,
  refreshFailureCount: 0,
  dateCreated: day,
  dateUpdated: day,
  dateRefreshed: day,
  configurations: [configuration(number, number)],
  ...fields,
});

const input = (name, title, type = "TEXT_NO_VARS") => ({ id: name, title, type, required: true });
const dynamic = (title, cacheKey, dependencies = []) => ({ type: "DYNAMIC_DATA_SOURCE", title, cacheKey, refreshDependencies: dependencies });
const noInputs = { oauthInputs: [], accountTypes: [], authConfigInputs: [], postOauthInputs: [], dataSources: {} };

const integration = (number, type, name, fields = {}) => ({
  id: id("1", number),
  type,
  name,
  brandColor: `#00000${number}`,
  isActive: true,
  authenticationType: "oauth",
  needPreOauthInputs: false,
  projectId: "p1",
  hasCredential: true,
  connectedUserLimitOnDevCred: 0,
  connectedUserLimitReached: false,
  dateCreated: day,
  dateUpdated: day,
  workflows: [],
  noPermissionWorkflows: [],
  configs: [
    {
      id: `k${number}`,
      integrationId: id("1", number),
      values: { accentColor: "#0078d7", description: `${name} in short`, overview: `${name} at length`, sharedMeta: { inputs: [] }, workflowMeta: {} },
    },
  ],
  sdkIntegrationConfig: noInputs,
  ...fields,
});

const workflow = (number, fields = {}) => ({
  id: id("f", number),
  description: `Workflow ${number}`,
  integrationId: id("1", 1),
  customWebhookTriggerId: `hook${number}`,
  ...fields,
});

/** Data sources of every kind, by key. */
const dataSources = {
  projects: dynamic("Project", "projects"),
  boards: dynamic("Board", "boards", ["projects"]),
  recordMapper: {
    id: "recordMapper",
    type: "FIELD_MAPPER_DATA_SOURCE",
    title: "Record",
    recordSource: dynamic("Record", "records"),
    fieldSource: dynamic("Field", "fields"),
    dependentInputSource: dynamic("Area", "areas"),
    dependentFieldInputSource: dynamic("Area field", "areaFields"),
  },
  plainMapper: {
    id: "plainMapper",
    type: "FIELD_MAPPER_DATA_SOURCE",
    title: "Plain",
    recordSource: dynamic("Record", "records"),
    fieldSource: dynamic("Field", "fields"),
  },
  teamCombo: {
    id: "teamCombo",
    type: "COMBO_INPUT_DATA_SOURCE",
    title: "Team",
    mainInputSource: dynamic("Team", "teams"),
    dependentInputSource: dynamic("Member", "members"),
  },
  valueCombo: {
    id: "valueCombo",
    type: "DYNAMIC_COMBO_INPUT_DATA_SOURCE",
    title: "Value",
    hoverDisplayText: "h",
    mainInputSource: dynamic("Type", "types"),
    dependentInputSource: dynamic("Field", "typeFields"),
    variableInputSource: dynamic("Variable", "variables"),
  },
  priorities: {
    type: "STATIC_ENUM_DATA_SOURCE",
    title: "Priority",
    id: "priorities",
    values: [
      { label: "High", value: "1" },
      { label: "Low", value: "2" },
    ],
  },
};

const azureDevOps = integration(1, "azuredevops", "Azure DevOps", {
  workflows: [workflow(1), workflow(2, { customWebhookTriggerId: "hook2" }), workflow(3), workflow(5, { resourceId: id("e", 1) })],
  noPermissionWorkflows: [id("f", 4)],
  configs: [
    {
      id: "k1",
      integrationId: id("1", 1),
      values: {
        accentColor: "#0078d7",
        description: "Azure DevOps in short",
        overview: "Azure DevOps at length",
        sharedMeta: {
          inputs: [
            { ...input("project", "Project", "DYNAMIC_ENUM"), sourceType: "projects" },
            { ...input("pick", "Pick", "CUSTOM_DROPDOWN"), key: "colors", customDropdownOptions: [{ label: "Red", value: "r" }] },
          ],
        },
        workflowMeta: {
          [id("f", 1)]: {
            id: id("f", 1),
            inputs: [input("query", "Query")],
            order: 0,
            hidden: false,
            defaultEnabled: false,
            infoText: "Syncs",
            description: "stale",
          },
          [id("f", 2)]: { id: id("f", 2), inputs: [], order: 1, hidden: false, defaultEnabled: true },
          [id("f", 3)]: { id: id("f", 3), inputs: [], order: 2, hidden: true },
          [id("f", 4)]: { id: id("f", 4), inputs: [], order: 3, permissions: [{ all: [] }] },
          [id("f", 9)]: { id: id("f", 9), inputs: [], order: 4 },
        },
      },
    },
  ],
  sdkIntegrationConfig: { ...noInputs, dataSources },
  unknownField: { kept: true },
});

const gitHub = integration(2, "github", "GitHub", {
  sdkIntegrationConfig: {
    ...noInputs,
    accountTypes: [
      {
        id: "default",
        scheme: "oauth",
        accountDescription: "account",
        oauthParameters: [
          { key: "host", source: { type: "VALUE", value: "github.com" } },
          { key: "user", source: { type: "TOKENIZED", parts: [] } },
        ],
      },
      { id: "server", scheme: "oauth", accountDescription: "server account", endUserSuppliedValues: [input("HOST", "Host")], skipPostOAuthInputs: true },
      { id: "token", scheme: "basic", accountDescription: "token", endUserSuppliedValues: [input("TOKEN", "Token", "PASSWORD")] },
      { id: "app", scheme: "basic", accountDescription: "app" },
    ],
    authConfigInputs: [input("ORGANIZATION", "Organization")],
    postOauthInputs: [input("REPOSITORY", "Repository")],
    dataSources: { repositories: dynamic("Repository", "repositories") },
  },
});

const salesforce = integration(3, "salesforce", "Salesforce", {
  sdkIntegrationConfig: {
    ...noInputs,
    accountTypes: [
      { id: "default", scheme: "oauth" },
      { id: "sandbox", scheme: "oauth" },
      { id: "user-configured-oauth", scheme: "oauth" },
    ],
    authSchemeOptions: { packageInstallUrl: "https://login.salesforce.com/packaging/installPackage.apexp?p0=04t000" },
  },
});

const custom = (number, customIntegration) =>
  integration(number, "custom", customIntegration.name, {
    authenticationType: customIntegration.authenticationType,
    customIntegrationId: `cu${number}`,
    customIntegration,
  });

/** What `GET /sdk/integrations` answers. */
export const integrations = () =>
  structuredClone([
    azureDevOps,
    gitHub,
    salesforce,
    custom(4, {
      id: "cu4",
      name: "Acme Boards!",
      icon: "https://cdn.example/acme.svg",
      authenticationType: "basic",
      inputFields: [input("API_KEY", "API key", "PASSWORD")],
    }),
    custom(5, { id: "cu5", name: "Ledger", slug: "custom.ledger", authenticationType: "oauth_client_credential", inputFields: [] }),
    integration(6, "trello", "Trello", { isActive: false }),
    integration(7, "slack", "Slack"),
    integration(8, "googledrive", "Google Drive"),
    integration(9, "monday.com", "Monday", { needPreOauthInputs: true }),
    integration(10, "hubspot", "HubSpot", { configs: [] }),
    integration(11, "zendesk", "Zendesk", {
      sdkIntegrationConfig: {
        ...noInputs,
        accountTypes: [
          { id: "default", scheme: "oauth", oauthParameters: [{ key: "scope", source: { type: "VALUE", value: "read" } }] },
          { id: "user-configured-oauth", scheme: "oauth", endUserSuppliedValues: [input("CLIENT_ID", "Client ID")] },
        ],
      },
    }),
  ]);

/** The state of an integration that nobody connected. */
export const disconnected = () => ({ enabled: false, allCredentials: [], configuredWorkflows: {} });

/** The state of an integration with these credentials, the first one selected. */
export const connected = (...credentials) => {
  const [first] = credentials;
  const [{ id: credentialConfigId, sharedSettings, workflowSettings, configMeta }] = first.configurations;
  return {
    enabled: first.status === "VALID",
    credentialId: first.id,
    credentialStatus: first.status,
    credentialConfigId,
    providerId: first.providerId,
    providerData: first.providerData,
    sharedSettings,
    workflowSettings,
    configuredWorkflows: workflowSettings,
    configMeta,
    allCredentials: credentials,
  };
};

/** Ada's two Azure DevOps accounts; the first has two configurations. */
export const main = () =>
  credential(1, 1, {
    externalId: "main",
    configurations: [configuration(1, 1), configuration(1, 11, { isDefault: false, externalId: "second", dateCreated: "2024-02-01T00:00:00.000Z" })],
  });
export const other = () => credential(1, 2, { externalId: "other", configurations: [configuration(2, 2, { sharedSettings: { project: "Beta" } })] });
export const broken = () => credential(1, 3, { status: "INVALID", externalId: "broken" });

/** What `GET /sdk/me` answers; `states` replaces the state of integrations, `fields` of the user. */
export const me = (states = {}, fields = {}) => ({
  authenticated: true,
  userId: "u1",
  meta: { Name: "Ada", Email: "ada@example.test" },
  resources: [{ id: id("e", 1), slug: "warehouse", integrationId: id("1", 1), credentialId: id("c", 1), credentialStatus: "VALID" }],
  project: { id: "p1", billingPlan: "connect_enterprise", accessibleFeatures: ["headless-cp", "dfm"] },
  integrations: {
    azuredevops: connected(main(), other()),
    github: disconnected(),
    salesforce: disconnected(),
    "custom.acmeboards": disconnected(),
    "custom.ledger": disconnected(),
    trello: disconnected(),
    googledrive: connected(credential(8, 8)),
    "monday.com": disconnected(),
    zendesk: disconnected(),
    ...states,
  },
  ...fields,
});
