// What the server of the figures answers: a user who has connected one account, of one integration or of many.

const pad = (number) => String(number).padStart(12, "0");

const credential = (number) => {
  const id = `c0000000-0000-4000-8000-${pad(number)}`;
  return {
    id,
    integrationId: integrationId(number),
    status: "VALID",
    providerId: `account-${number}`,
    providerData: { name: `Account ${number}` },
    configurations: [
      { id: `d0000000-0000-4000-8000-${pad(number)}`, connectCredentialId: id, isDefault: true, workflowSettings: {}, sharedSettings: { project: "Alpha" } },
    ],
  };
};
const integrationId = (number) => `10000000-0000-4000-8000-${pad(number)}`;
const nameOf = (number) => (number === 1 ? "azuredevops" : `provider${number}`);
const numbers = (count) => Array.from({ length: count }, (_, index) => index + 1);

/** The credential of Azure DevOps. */
export const account = credential(1);

/** What `GET /sdk/me` answers for a user with accounts of `count` integrations. */
export const me = (count = 1) => {
  const connected = (number) => {
    const own = credential(number);
    const [configuration] = own.configurations;
    return {
      enabled: true,
      credentialId: own.id,
      credentialStatus: "VALID",
      credentialConfigId: configuration.id,
      sharedSettings: configuration.sharedSettings,
      allCredentials: [own],
      configuredWorkflows: {},
    };
  };
  return {
    authenticated: true,
    userId: "u1",
    meta: { Name: "Ada" },
    resources: [],
    project: { id: "p1", accessibleFeatures: ["headless-cp"] },
    integrations: Object.fromEntries(numbers(count).map((number) => [nameOf(number), connected(number)])),
  };
};

/** What `GET /sdk/integrations` answers. */
export const integrations = (count = 1) =>
  numbers(count).map((number) => ({
    id: integrationId(number),
    type: nameOf(number),
    name: number === 1 ? "Azure DevOps" : `Provider ${number}`,
    brandColor: "#0078d7",
    isActive: true,
    authenticationType: "oauth",
    needPreOauthInputs: false,
    workflows: [],
    configs: [{ id: `k${number}`, values: { sharedMeta: { inputs: [] }, workflowMeta: {} } }],
    sdkIntegrationConfig: { accountTypes: [] },
  }));

/** About 5 MB. */
export const large = JSON.stringify({
  output: Array.from({ length: 50_000 }, (_, id) => ({ id, name: `Work item ${id}`, url: `https://dev.azure.com/contoso/_apis/wit/workItems/${id}` })),
});
