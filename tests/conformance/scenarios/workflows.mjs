// Workflows, triggers, resources.

import { broken, connected } from "../world.mjs";
import { one, signedOut, withMe } from "./support.mjs";

const W1 = "f0000000-0000-4000-8000-000000000001";
const W2 = "f0000000-0000-4000-8000-000000000002";
const NOBODY = "f0000000-0000-4000-8000-000000000099";
const C1 = "c0000000-0000-4000-8000-000000000001";
const C2 = "c0000000-0000-4000-8000-000000000002";
const D2 = "d0000000-0000-4000-8000-000000000002";
const D11 = "d0000000-0000-4000-8000-000000000011";
const onlyBroken = withMe({ azuredevops: connected(broken()) });
const TRIGGER = `POST hermes /sdk/triggers/${W1}`;

const changing = (name, method, values, answers) => ({
  name,
  answers,
  script: `async (t) => { t.listen(); await t.login(); await t.call(${[method, ...values].map((value) => JSON.stringify(value)).join(", ")}); t.user("azuredevops"); }`,
});

export const workflows = [
  one("workflow runs", "workflow", [W1, { body: { a: 1 }, query: { x: "1 2", y: "ü" }, headers: { "X-Test": "1" } }]),
  one("workflow with nothing", "workflow", [W1]),
  one("workflow with text", "workflow", [W1, { body: "text" }]),
  one("workflow with a credential", "workflow", [W1, { selectedCredentialId: C2 }]),
  one("workflow with a credential by external id", "workflow", [W1, { selectedCredentialId: "ext:main" }]),
  one("workflow with a credential by plain external id", "workflow", [W1, { selectedCredentialId: " other " }]),
  one("workflow with a configuration", "workflow", [W1, { selectedConfigurationId: D11 }]),
  one("workflow with a configuration by external id", "workflow", [W1, { selectedConfigurationId: "ext:second" }]),
  one("workflow with a pair that does not match", "workflow", [W1, { selectedCredentialId: C1, selectedConfigurationId: D2 }]),
  one("workflow with an unknown credential", "workflow", [W1, { selectedCredentialId: "c0000000-0000-4000-8000-000000000099" }]),
  one("workflow with an unknown external id", "workflow", [W1, { selectedCredentialId: "ext:nobody" }]),
  one("workflow with an unknown configuration", "workflow", [W1, { selectedConfigurationId: "nothing" }]),
  one("workflow with a query of text", "workflow", [W1, { query: "a=b&a=c" }]),
  {
    name: "workflow with a query of search parameters",
    script: async (t) => {
      await t.login();
      await t.call("workflow", t.id("f", 1), { query: new URLSearchParams("a=b&a=c") });
    },
  },
  one("workflow with a query of pairs", "workflow", [
    W1,
    {
      query: [
        ["a", "1"],
        ["a", "2"],
      ],
    },
  ]),
  one("workflow with an external id that is marked twice", "workflow", [W1, { selectedCredentialId: "ext:ext:main" }]),
  one("workflow with a credential of blanks", "workflow", [W1, { selectedCredentialId: "  " }]),
  one("workflow with a configuration of blanks", "workflow", [W1, { selectedConfigurationId: "  " }]),
  one("workflow with an id of blanks", "workflow", ["  "]),
  one("workflow that is not enabled for the selection", "workflow", [W2, { selectedCredentialId: C1 }]),
  one("workflow that is not enabled, without a selection", "workflow", [W2]),
  one("workflow that nobody knows", "workflow", [NOBODY]),
  one("workflow without an id", "workflow", [""]),
  one("workflow of an integration that is not connected", "workflow", [W1], onlyBroken),
  one("workflow that answers nothing", "workflow", [W1], { [TRIGGER]: {} }),
  one("workflow that answers text", "workflow", [W1], { [TRIGGER]: { text: "ok" } }),
  one("workflow that fails", "workflow", [W1], { [TRIGGER]: { status: 400, json: { message: "bad input" } } }),
  signedOut("workflow", "workflow", W1),

  changing("enableWorkflow", "enableWorkflow", [W2]),
  changing("enableWorkflow for a credential", "enableWorkflow", [W2, { selectedCredentialId: C2 }]),
  changing("enableWorkflow for a configuration", "enableWorkflow", [W2, { selectedConfigurationId: D11 }]),
  changing("enableWorkflow that is enabled already", "enableWorkflow", [W1]),
  one("enableWorkflow for a configuration of blanks", "enableWorkflow", [W2, { selectedConfigurationId: " " }]),
  one("enableWorkflow for a credential of blanks", "enableWorkflow", [W2, { selectedCredentialId: "  " }]),
  one("disableWorkflow for a credential of blanks", "disableWorkflow", [W1, { selectedCredentialId: "  " }]),
  one("getTriggers for a credential of blanks", "getTriggers", ["azuredevops", { selectedCredentialId: "  " }]),
  one("getTriggers for a credential in blanks", "getTriggers", ["azuredevops", { selectedCredentialId: ` ${C2} ` }]),
  one("enableWorkflow that nobody knows", "enableWorkflow", [NOBODY]),
  one("enableWorkflow without a valid credential", "enableWorkflow", [W2], onlyBroken),
  one("enableWorkflow for an unknown credential", "enableWorkflow", [W2, { selectedCredentialId: "ext:nobody" }]),
  changing("enableWorkflow that the server refuses", "enableWorkflow", [W2], { [`POST zeus /sdk/workflows/${W2}`]: { status: 500, json: { message: "no" } } }),
  signedOut("enableWorkflow", "enableWorkflow", W2),
  changing("disableWorkflow", "disableWorkflow", [W1]),
  changing("disableWorkflow for a credential", "disableWorkflow", [W1, { selectedCredentialId: "other" }]),
  changing("disableWorkflow that is not enabled", "disableWorkflow", [W2]),
  one("disableWorkflow that nobody knows", "disableWorkflow", [NOBODY]),
  signedOut("disableWorkflow", "disableWorkflow", W1),
  changing("updateWorkflowState turns some on and some off", "updateWorkflowState", [{ [W1]: false, [W2]: true }]),
  changing("updateWorkflowState lists what fails", "updateWorkflowState", [{ [W1]: true, [NOBODY]: true, [W2]: true }]),
  changing("updateWorkflowState for a credential", "updateWorkflowState", [{ [W2]: true }, { selectedCredentialId: C2 }]),
  one("updateWorkflowState of nothing", "updateWorkflowState", [{}]),
  signedOut("updateWorkflowState", "updateWorkflowState", { [W1]: true }),

  one("getTriggers", "getTriggers", ["azuredevops"]),
  one("getTriggers for a credential", "getTriggers", ["azuredevops", { selectedCredentialId: C2 }]),
  one("getTriggers for an external id", "getTriggers", ["azuredevops", { selectedCredentialId: "ext:other" }]),
  one("getTriggers for a credential that is not valid", "getTriggers", ["azuredevops"], onlyBroken),
  one("getTriggers of an integration that is not connected", "getTriggers", ["github"]),
  one("getTriggers of an unknown integration", "getTriggers", ["nosuch"]),
  one("getTriggers of an integration that is not active", "getTriggers", ["trello"]),
  one("getTriggers of an integration without a state", "getTriggers", ["slack"]),
  one("getTriggers of an unknown custom integration", "getTriggers", ["custom.nosuch"]),
  signedOut("getTriggers", "getTriggers", "azuredevops"),

  one("connectAction", "connectAction", ["warehouse", { user: "ada", password: "p" }]),
  one("connectAction to an unknown resource", "connectAction", ["nowhere", {}]),
  one("connectAction with text", "connectAction", ["warehouse", "text"]),
  one("connectAction that answers nothing", "connectAction", ["warehouse", {}], {
    "POST zeus /sdk/resources/e0000000-0000-4000-8000-000000000001/connect": {},
  }),
  one("connectAction that fails", "connectAction", ["warehouse", {}], {
    "POST zeus /sdk/resources/e0000000-0000-4000-8000-000000000001/connect": { status: 400, json: { message: "wrong password" } },
  }),
  signedOut("connectAction", "connectAction", "warehouse", {}),
];
