import assert from "node:assert/strict";
import { test } from "node:test";
import { SdkCallError, type SdkMethod } from "../channel.ts";
import { readPortal, type Portal } from "../model.ts";
import { SettingsSession } from "./session.ts";
import type { Workflow } from "./model.ts";

const INTEGRATION = {
  id: "i1",
  type: "azuredevops",
  name: "Azure DevOps",
  workflows: [{ id: "w", description: "Work" }],
  configs: [
    {
      values: {
        sharedMeta: { inputs: [{ id: "tag", title: "Tag", type: "TEXT_NO_VARS", required: true, defaultValue: "t" }] },
        workflowMeta: {
          w: {
            inputs: [
              { id: "project", title: "Project", type: "DYNAMIC_ENUM", sourceType: "projects", required: true },
              { id: "type", title: "Type", type: "DYNAMIC_ENUM", sourceType: "types", required: false, defaultValue: "Bug" },
              { id: "mail", title: "Mail", type: "EMAIL", required: false },
            ],
          },
        },
      },
    },
  ],
  sdkIntegrationConfig: { dataSources: { types: { cacheKey: "types", refreshDependencies: ["project"] } } },
};

interface State {
  readonly enabled?: boolean;
  readonly settings?: object;
}

function portal(...states: State[]): Portal {
  const allCredentials = states.map(({ enabled = false, settings = {} }, index) => ({
    id: `c${index}`,
    status: "VALID",
    configurations: [{ id: `k${index}`, isDefault: true, sharedSettings: {}, workflowSettings: { w: { enabled, settings } } }],
  }));
  const azuredevops = { credentialId: "c0", credentialConfigId: "k0", allCredentials };
  const read = readPortal({ context: { user: { integrations: { azuredevops } } }, modal: { integration: INTEGRATION } });
  assert.ok(read);
  return read;
}

type Call = readonly [SdkMethod, ...unknown[]];

function stage(answer: (method: SdkMethod) => unknown = () => ({ errors: [] }), ...states: State[]) {
  const calls: Call[] = [];
  const invoke = async (method: SdkMethod, ...parameters: unknown[]): Promise<unknown> => {
    calls.push([method, ...parameters]);
    const result = answer(method);
    if (result instanceof Error) throw result;
    return result;
  };
  const session = new SettingsSession(invoke, () => undefined);
  session.update(portal(...(states.length > 0 ? states : [{}])));
  const workflow = session.workflows[0] as Workflow;
  return { session, calls, workflow, form: () => session.form(workflow) };
}

const K0 = { selectedCredentialId: "c0", selectedConfigurationId: "k0" };

test("a workflow is switched in the account's configuration, and the app is notified", async () => {
  const { session, calls, workflow } = stage(undefined, { settings: { project: "p" } });
  await session.toggle(workflow);
  assert.deepEqual(calls[0], ["enableWorkflow", "w", K0]);
  assert.deepEqual(calls[1], [
    "triggerSDKEvent",
    { type: "onWorkflowChange", integrationId: "i1", integrationType: "azuredevops", workflowId: "w", workflowStateChange: { enabled: true } },
  ]);
  assert.equal(session.isOn(workflow), false, "what the SDK says counts");
  session.update(portal({ enabled: true, settings: { project: "p" } }));
  await session.toggle(workflow);
  assert.equal(calls.at(-2)?.[0], "disableWorkflow");
});

test("a workflow whose settings are missing opens them, and is switched on once they are saved", async () => {
  // The SDK sends its new state before the answer.
  const { session, calls, workflow, form } = stage(() => void session.update(portal({ settings: { project: "p" } })));
  await session.toggle(workflow);
  assert.equal(calls.length, 0);
  assert.deepEqual(session.wanting(workflow), { titles: ["Project"], shared: false });
  assert.equal(session.opened, "w");
  assert.equal(session.focus, "workflow-w-project");
  form()?.set("project", "p");
  await session.save(form()!);
  assert.deepEqual(
    calls.map(([method]) => method),
    ["updateWorkflowUserSettings", "triggerSDKEvent", "enableWorkflow", "triggerSDKEvent"],
  );
  assert.deepEqual(calls[0], ["updateWorkflowUserSettings", "azuredevops", "w", { project: "p" }, K0]);
  assert.equal(session.wanting(workflow), undefined);
});

test("a switch that fails says why and stays", async () => {
  const { session, workflow } = stage(() => new SdkCallError("Failed to fetch", "network_error"), { settings: { project: "p" } });
  await session.toggle(workflow);
  assert.equal(session.failure(workflow)?.title, "No connection to the server");
  assert.equal(session.isSwitching(workflow), false);
});

test("fields that the gateway refuses keep what was entered, the others are saved", async () => {
  const { session, calls, workflow, form } = stage(() => ({
    errors: ["workflowSettings.w.settings.mail: must be an email address", "workflowSettings.other.settings.mail: x"],
  }));
  form()?.set("project", "p");
  form()?.set("mail", "a@b");
  await session.save(form()!);
  assert.equal(form()?.problem("mail"), "“Mail” must be an email address.");
  assert.deepEqual((calls[1]?.[1] as { workflowStateChange: object }).workflowStateChange, { settings: { project: "p" } });
  assert.equal(form()?.failure, undefined);
  assert.equal(session.focus, "workflow-w-mail");
  session.update(portal({ settings: { project: "p" } }));
  const values = workflow.inputs.map((input) => form()?.draft(input));
  assert.deepEqual(values, ["p", "Bug", "a@b"]);
  assert.equal(form()?.changed, true);
});

test("nothing is lost when saving fails", async () => {
  const { session, form } = stage(() => new SdkCallError("Failed to fetch", "network_error"));
  form()?.set("project", "p");
  await session.save(form()!);
  assert.equal(form()?.failure?.code, "network_error");
  assert.equal(session.changed, true);
  form()?.discard();
  assert.equal(session.changed, false);
});

test("a choice that depends on another goes back to its default when that changes", () => {
  const { form, workflow } = stage(undefined, { settings: { project: "p", type: "Task" } });
  const type = workflow.inputs[1]!;
  assert.equal(form()?.draft(type), "Task");
  form()?.set("project", "q");
  assert.equal(form()?.draft(type), "Bug");
});

test("choices wait for what they depend on, and are asked again when it changes", () => {
  const { form, workflow } = stage();
  const type = workflow.inputs[1]!;
  assert.ok(type.kind === "choice" && type.source.from !== "list");
  const ask = () => form()!.choicesOf("type", type.source as Exclude<typeof type.source, { from: "list" }>, []);
  assert.deepEqual(ask(), { waitsFor: "Project" });
  form()?.set("project", "p");
  const first = ask();
  assert.equal(ask(), first);
  form()?.set("project", "q");
  assert.notEqual(ask(), first);
});

test("each account has settings of its own", async () => {
  const { session, calls, workflow } = stage(undefined, { settings: { project: "p" } }, { enabled: true });
  assert.equal(session.account?.id, "c0");
  session.choose("c1");
  assert.equal(session.isOn(workflow), true);
  await session.toggle(workflow);
  assert.deepEqual(calls[0], ["disableWorkflow", "w", { selectedCredentialId: "c1", selectedConfigurationId: "k1" }]);
});

test("what was changed for an account that is gone is gone with it", () => {
  const { session, form } = stage(undefined, {}, {});
  session.choose("c1");
  form()?.set("mail", "a@b");
  session.update(portal({}));
  assert.equal(session.account?.id, "c0");
  assert.equal(session.changed, false);
});

test("leaving is asked about while something is not saved", () => {
  const { session, form } = stage();
  assert.equal(session.changed, false);
  form()?.set("mail", "a@b");
  assert.equal(session.changed, true);
  session.update(undefined);
  assert.equal(session.changed, false);
});
