// User settings, workflow settings, configurations.

import { broken, connected } from "../world.mjs";
import { one, signedOut, withMe } from "./support.mjs";

const C1 = "c0000000-0000-4000-8000-000000000001";
const C2 = "c0000000-0000-4000-8000-000000000002";
const D1 = "d0000000-0000-4000-8000-000000000001";
const D2 = "d0000000-0000-4000-8000-000000000002";
const D11 = "d0000000-0000-4000-8000-000000000011";
const W1 = "f0000000-0000-4000-8000-000000000001";
const NOBODY = "c0000000-0000-4000-8000-000000000099";
const onlyBroken = withMe({ azuredevops: connected(broken()) });

const changing = (name, method, values, answers) => ({
  name,
  answers,
  script: `async (t) => { t.listen(); await t.login(); await t.call(${[method, ...values].map((value) => JSON.stringify(value)).join(", ")}); t.user("azuredevops"); }`,
});

export const settings = [
  changing("updateIntegrationUserSettings", "updateIntegrationUserSettings", ["azuredevops", { project: "Gamma", extra: 1 }]),
  changing("updateIntegrationUserSettings of a credential", "updateIntegrationUserSettings", [
    "azuredevops",
    { project: "Gamma" },
    { selectedCredentialId: C2 },
  ]),
  changing("updateIntegrationUserSettings of a configuration", "updateIntegrationUserSettings", [
    "azuredevops",
    { project: "Gamma" },
    { selectedCredentialId: C1, selectedConfigurationId: D11 },
  ]),
  one("updateIntegrationUserSettings of an unknown credential", "updateIntegrationUserSettings", ["azuredevops", {}, { selectedCredentialId: NOBODY }]),
  one("updateIntegrationUserSettings by external id", "updateIntegrationUserSettings", ["azuredevops", {}, { selectedCredentialId: "ext:other" }]),
  one("updateIntegrationUserSettings of a credential of blanks", "updateIntegrationUserSettings", ["azuredevops", {}, { selectedCredentialId: "  " }]),
  one("updateIntegrationUserSettings of a configuration of blanks", "updateIntegrationUserSettings", ["azuredevops", {}, { selectedConfigurationId: "  " }]),
  one("updateIntegrationUserSettings of an unknown configuration", "updateIntegrationUserSettings", [
    "azuredevops",
    {},
    { selectedConfigurationId: "d0000000-0000-4000-8000-000000000099" },
  ]),
  one("updateIntegrationUserSettings without a valid credential", "updateIntegrationUserSettings", ["azuredevops", {}], onlyBroken),
  one("updateIntegrationUserSettings of an integration that is not connected", "updateIntegrationUserSettings", ["github", {}]),
  one("updateIntegrationUserSettings of an unknown integration", "updateIntegrationUserSettings", ["nosuch", {}]),
  changing("updateIntegrationUserSettings with problems", "updateIntegrationUserSettings", ["azuredevops", { a: 1 }], {
    [`PATCH zeus /sdk/credentials/${C1}`]: { json: { ...connected(broken()).allCredentials[0], id: C1, status: "VALID", errors: ["a is unknown"] } },
  }),
  one("updateIntegrationUserSettings that answers nothing", "updateIntegrationUserSettings", ["azuredevops", {}], {
    [`PATCH zeus /sdk/credentials/${C1}`]: {},
  }),
  one("updateIntegrationUserSettings that fails", "updateIntegrationUserSettings", ["azuredevops", {}], {
    [`PATCH zeus /sdk/credentials/${C1}`]: { status: 400, json: { message: "no" } },
  }),
  signedOut("updateIntegrationUserSettings", "updateIntegrationUserSettings", "azuredevops", {}),

  changing("updateWorkflowUserSettings", "updateWorkflowUserSettings", ["azuredevops", W1, { query: "b", more: true }]),
  changing("updateWorkflowUserSettings of a configuration", "updateWorkflowUserSettings", [
    "azuredevops",
    W1,
    { query: "b" },
    { selectedCredentialId: C2, selectedConfigurationId: D2 },
  ]),
  one("updateWorkflowUserSettings of an unknown workflow", "updateWorkflowUserSettings", ["azuredevops", "nosuch", {}]),
  one("updateWorkflowUserSettings of an unknown credential", "updateWorkflowUserSettings", ["azuredevops", W1, {}, { selectedCredentialId: NOBODY }]),
  signedOut("updateWorkflowUserSettings", "updateWorkflowUserSettings", "azuredevops", W1, {}),

  changing("createConfiguration", "createConfiguration", [{ credentialId: C1 }]),
  changing("createConfiguration with an external id", "createConfiguration", [{ credentialId: C1, externalId: "third" }]),
  changing("createConfiguration by the credential's external id", "createConfiguration", [{ credentialId: "other" }]),
  one("createConfiguration by a marked external id", "createConfiguration", [{ credentialId: "ext:other" }]),
  one("createConfiguration without a credential", "createConfiguration", [{}]),
  one("createConfiguration with an empty external id", "createConfiguration", [{ credentialId: C1, externalId: "  " }]),
  one("createConfiguration of an unknown credential", "createConfiguration", [{ credentialId: NOBODY }]),
  one("createConfiguration of a credential that is not valid", "createConfiguration", [{ credentialId: "c0000000-0000-4000-8000-000000000003" }], onlyBroken),
  one("createConfiguration that answers nothing", "createConfiguration", [{ credentialId: C1 }], { [`POST zeus /sdk/credentials/${C1}/configurations`]: {} }),
  one("createConfiguration that fails", "createConfiguration", [{ credentialId: C1 }], {
    [`POST zeus /sdk/credentials/${C1}/configurations`]: { status: 409, json: { message: "taken" } },
  }),
  one("createConfiguration with an external id of nothing but its mark", "createConfiguration", [{ credentialId: C1, externalId: "ext: " }]),
  one("createConfiguration with a marked external id in blanks", "createConfiguration", [{ credentialId: C1, externalId: " ext: third " }]),
  one("createConfiguration of a credential of blanks", "createConfiguration", [{ credentialId: "  " }]),
  one("createConfiguration of a credential that is a mark", "createConfiguration", [{ credentialId: "ext:" }]),
  one("createConfiguration of a credential in blanks", "createConfiguration", [{ credentialId: " main " }]),
  signedOut("createConfiguration", "createConfiguration", { credentialId: C1 }),

  changing("updateConfiguration", "updateConfiguration", [{ id: D11, credentialId: C1, meta: { color: "red" } }]),
  changing("updateConfiguration by external ids", "updateConfiguration", [{ id: "ext:second", credentialId: "ext:main", meta: { color: "red" } }]),
  one("updateConfiguration without meta", "updateConfiguration", [{ id: D1, credentialId: C1 }]),
  one("updateConfiguration that nobody knows", "updateConfiguration", [{ id: "d0000000-0000-4000-8000-000000000099", credentialId: C1, meta: {} }]),
  one("updateConfiguration of an unknown credential", "updateConfiguration", [{ id: D1, credentialId: NOBODY, meta: {} }]),
  one("updateConfiguration that answers nothing", "updateConfiguration", [{ id: D1, credentialId: C1, meta: {} }], {
    [`PATCH zeus /sdk/credentials/${C1}/configurations`]: {},
  }),
  one("updateConfiguration with an id of blanks", "updateConfiguration", [{ id: " \t", credentialId: C1, meta: {} }]),
  one("updateConfiguration with a credential of blanks", "updateConfiguration", [{ id: D1, credentialId: "  ", meta: {} }]),
  one("updateConfiguration with an id that is a mark", "updateConfiguration", [{ id: "ext: ", credentialId: C1, meta: {} }]),
  changing("updateConfiguration with ids in blanks", "updateConfiguration", [{ id: ` ${D11} `, credentialId: ` ${C1}\n`, meta: {} }]),
  signedOut("updateConfiguration", "updateConfiguration", { id: D1, credentialId: C1, meta: {} }),

  changing("destroyConfiguration", "destroyConfiguration", [{ id: D11, credentialId: C1 }]),
  changing("destroyConfiguration by external ids", "destroyConfiguration", [{ id: "second", credentialId: "main" }]),
  one("destroyConfiguration of the default one", "destroyConfiguration", [{ id: D1, credentialId: C1 }]),
  one("destroyConfiguration without an id", "destroyConfiguration", [{ credentialId: C1 }]),
  one("destroyConfiguration of an unknown credential", "destroyConfiguration", [{ id: D11, credentialId: NOBODY }]),
  one("destroyConfiguration that nobody knows", "destroyConfiguration", [{ id: "nothing", credentialId: C1 }]),
  changing("destroyConfiguration that fails", "destroyConfiguration", [{ id: D11, credentialId: C1 }], {
    [`DELETE zeus /sdk/credentials/${C1}/configurations`]: { status: 500, json: { message: "no" } },
  }),
  one("destroyConfiguration with an id of blanks", "destroyConfiguration", [{ id: "  ", credentialId: C1 }]),
  one("destroyConfiguration with a credential of blanks", "destroyConfiguration", [{ id: D11, credentialId: " " }]),
  changing("destroyConfiguration with ids in blanks", "destroyConfiguration", [{ id: ` ext: second `, credentialId: " main" }]),
  signedOut("destroyConfiguration", "destroyConfiguration", { id: D11, credentialId: C1 }),
];
