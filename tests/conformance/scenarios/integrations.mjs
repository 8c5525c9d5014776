// What is known of integrations: metadata, configuration, ids, accounts, URLs.

import { disconnected, integrations as listed } from "../world.mjs";
import { one, signedOut, withMe } from "./support.mjs";

const W = (number) => `f0000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const ACCOUNT = "GET zeus /sdk/credentials";

export const integrations = [
  one("getIntegrationMetadata lists the active ones", "getIntegrationMetadata"),
  one("getIntegrationMetadata of one", "getIntegrationMetadata", ["azuredevops"]),
  one("getIntegrationMetadata of a custom integration", "getIntegrationMetadata", ["custom.acmeboards"]),
  one("getIntegrationMetadata of a custom integration without a picture", "getIntegrationMetadata", ["custom.ledger"]),
  one("getIntegrationMetadata of a name with a dot", "getIntegrationMetadata", ["monday.com"]),
  one("getIntegrationMetadata of one that is not active", "getIntegrationMetadata", ["trello"]),
  one("getIntegrationMetadata of an unknown integration", "getIntegrationMetadata", ["nosuch"]),
  signedOut("getIntegrationMetadata", "getIntegrationMetadata"),
  signedOut("getIntegrationMetadata of one", "getIntegrationMetadata", "azuredevops"),

  one("getIntegrationConfig", "getIntegrationConfig", ["azuredevops"]),
  one("getIntegrationConfig of one without workflows", "getIntegrationConfig", ["github"]),
  one("getIntegrationConfig without a name", "getIntegrationConfig", [""]),
  one("getIntegrationConfig of an unknown integration", "getIntegrationConfig", ["nosuch"]),
  signedOut("getIntegrationConfig", "getIntegrationConfig", "azuredevops"),

  one("getIntegrationId", "getIntegrationId", ["azuredevops"]),
  one("getIntegrationId of a custom integration", "getIntegrationId", ["custom.acmeboards"]),
  one("getIntegrationId of an unknown integration", "getIntegrationId", ["nosuch"]),
  one("getIntegrationId without a name", "getIntegrationId"),
  signedOut("getIntegrationId", "getIntegrationId", "azuredevops"),

  one("getIntegrationAccount", "getIntegrationAccount", ["azuredevops"]),
  one("getIntegrationAccount with the account's token", "getIntegrationAccount", ["googledrive", { includeAccountAuth: true }]),
  one("getIntegrationAccount of a credential", "getIntegrationAccount", ["azuredevops", { selectedCredentialId: "ext:other" }]),
  one("getIntegrationAccount of an integration that is not connected", "getIntegrationAccount", ["github"]),
  one("getIntegrationAccount of an unknown integration", "getIntegrationAccount", ["nosuch"]),
  one("getIntegrationAccount that answers nothing", "getIntegrationAccount", ["azuredevops"], { [ACCOUNT]: {} }),
  one("getIntegrationAccount that fails", "getIntegrationAccount", ["azuredevops"], { [ACCOUNT]: { status: 404, json: { message: "none" } } }),
  signedOut("getIntegrationAccount", "getIntegrationAccount", "azuredevops"),

  one("getCustomWebhookUserManualUrl", "getCustomWebhookUserManualUrl", [W(1)]),
  one("getCustomWebhookUserManualUrl for a credential", "getCustomWebhookUserManualUrl", [W(2), "c0000000-0000-4000-8000-000000000002"]),
  one("getCustomWebhookUserManualUrl of a resource's workflow", "getCustomWebhookUserManualUrl", [W(5)]),
  one("getCustomWebhookUserManualUrl for an empty credential", "getCustomWebhookUserManualUrl", ["f0000000-0000-4000-8000-000000000001", ""]),
  one("getCustomWebhookUserManualUrl of an unknown workflow", "getCustomWebhookUserManualUrl", [W(99)]),
  one("getCustomWebhookUserManualUrl without a credential", "getCustomWebhookUserManualUrl", [W(1)], withMe({ azuredevops: disconnected() })),
  signedOut("getCustomWebhookUserManualUrl", "getCustomWebhookUserManualUrl", W(1)),

  {
    name: "getVersion and getAssetUrl",
    script: async (t) => {
      await t.call("getVersion");
      await t.call("getAssetUrl", "salesforce-install-package");
      await t.call("getAssetUrl", "");
    },
  },
  {
    name: "getVersion and getAssetUrl of the cloud",
    configure: false,
    script: async (t) => {
      await t.call("getVersion");
      await t.call("getAssetUrl", "x");
    },
  },
  {
    name: "a custom integration is named by its slug or its name",
    answers: {
      "GET zeus /sdk/integrations": {
        json: [
          { ...listed()[3], customIntegration: { name: "Ünï-Code 2 Go" } },
          { ...listed()[4], type: "custom.typed" },
        ],
      },
    },
    script: async (t) => {
      await t.login();
      t.note("names", window.paragon.getIntegrationMetadata());
      await t.call("getIntegrationMetadata", "custom.typed");
    },
  },
];
