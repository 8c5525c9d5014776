// Workflows as an app starts them, with the reference client from npm and with ours, in Chromium.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";

import { newUser } from "../lib/app.mjs";
import { launch } from "../lib/chromium.mjs";
import { api, connectByToken, startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";

const TYPE = "azuredevops";
const SDKS = { reference: "the reference SDK (@useparagon/connect 2.4.0)", ours: "our SDK" };
/** The demo's workflow: on each request of the desk, creates a work item or updates the one of that title. */
const ON_REQUEST = "5b1d8f0e-6c1a-4a51-9d0b-3f5b7a9c1e01";
/** Writes the urgency into the field that the user chose for it. */
const URGENCY = {
  id: "urgency",
  description: "Write the urgency down",
  inputs: [{ id: "details", title: "Details", type: "field_mapping", source: "request", required: true }],
  trigger: { type: "request" },
  steps: [
    {
      id: "create",
      do: {
        type: "action",
        action: "AZURE_DEVOPS_CREATE_WORKITEM",
        parameters: { project: "Fabrikam", workItemType: "{{settings.details.objectMapping}}", fields: { "System.Title": "An urgent request" } },
      },
    },
    {
      id: "write",
      do: {
        type: "integrationRequest",
        method: "PATCH",
        path: "/_apis/wit/workitems/{{create.output.id}}?api-version=7.1",
        contentType: "application/json-patch+json",
        body: [{ op: "add", path: "/fields/{{settings.details.dynamicMappings.urgency.integrationField}}", value: "{{trigger.output.body.urgency}}" }],
      },
    },
    { id: "answer", do: { type: "response", body: { fields: "{{write.output.body.fields}}" } } },
  ],
};
const COUNT = {
  id: "count",
  description: "Count work items of a title",
  defaultEnabled: true,
  trigger: { type: "request" },
  steps: [
    {
      id: "find",
      do: {
        type: "action",
        action: "AZURE_DEVOPS_SEARCH_WORKITEMS",
        parameters: { filters: [{ field: "System.Title", operator: "=", value: "{{trigger.output.body.title}}" }], fields: ["System.Description"] },
      },
    },
    { id: "answer", do: { type: "response", body: { items: "{{find.output.workItems}}", asked: "{{trigger.output.query.by}}" } } },
  ],
};

let gateway, browser, folder, context, page, token;
const hosts = {};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "paragon-workflow-"));
  const files = [COUNT, URGENCY].map((workflow) => [join(folder, `${workflow.id}.json`), workflow]);
  for (const [file, workflow] of files) await writeFile(file, JSON.stringify(workflow));
  [gateway, browser, hosts.reference, hosts.ours] = await Promise.all([
    startDev(...files.flatMap(([file]) => ["--workflow", file])),
    launch(),
    startHostApp("reference"),
    startHostApp("ours"),
  ]);
});
after(async () => {
  await browser?.close();
  await Promise.all([gateway?.stop(), hosts.reference?.stop(), hosts.ours?.stop()]);
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => context?.close());

/** Opens the app with one SDK, and signs a new user with a connected account in. */
async function signInTo(sdk) {
  token = await gateway.token(newUser());
  await connectByToken(gateway, token, "contoso-demo");
  context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  page = await context.newPage();
  await page.goto(hosts[sdk].url);
  await page.evaluate(
    async ({ url, token }) => {
      const services = ["ZEUS", "HERMES", "WORKER_PROXY", "API_TRIGGER_KIT", "CONNECT", "DASHBOARD", "CDN", "PASSPORT"];
      const urls = Object.fromEntries(services.map((name) => [`${name}_PUBLIC_URL`, url]));
      window.paragon.configureGlobal({ host: "x" }, urls);
      window.paragon.setHeadless(true);
      await window.paragon.authenticate("demo", token);
    },
    { url: gateway.url, token },
  );
}

const call = (method, ...parameters) =>
  page.evaluate(async ({ method, parameters }) => (await window.paragon[method](...parameters)) ?? null, { method, parameters });

/** The user's runs of the demo's workflow, once there are so many that are over. */
async function runsThatEnded(count) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { json } = await api(gateway, token, "GET", `/runs?workflow=${ON_REQUEST}`);
    const ended = json.runs.filter((run) => run.endedAt);
    if (ended.length >= count) return ended;
    assert.ok(Date.now() < deadline, `only ${ended.length} of ${count} runs ended: ${JSON.stringify(json.runs)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test("a run follows the field mapping that the user has filled in", async () => {
  await signInTo("ours");
  const urgency = { applicationField: "urgency", integrationField: "Microsoft.VSTS.Common.Priority" };
  await call("updateWorkflowUserSettings", TYPE, URGENCY.id, { details: { mappingType: "DYNAMIC", objectMapping: "Task", dynamicMappings: { urgency } } });
  await call("enableWorkflow", URGENCY.id);
  const { fields } = await call("workflow", URGENCY.id, { body: { urgency: 1 } });
  assert.equal(fields["System.WorkItemType"], "Task");
  assert.equal(fields["Microsoft.VSTS.Common.Priority"], 1);
});

for (const [sdk, name] of Object.entries(SDKS)) {
  test(`${name}: events create a work item and then update it, while the workflow is on`, async () => {
    await signInTo(sdk);
    const title = `The crane does not stop (${sdk})`;
    await call("event", "Request Created", { title, text: "too early" });
    const settings = { project: "Fabrikam", workItemType: "Task", titlePrefix: "Desk: " };
    await call("updateWorkflowUserSettings", TYPE, ON_REQUEST, settings);
    await call("enableWorkflow", ON_REQUEST);
    await call("event", "Request Created", { title, text: "since this morning" });
    const [first] = await runsThatEnded(1);
    assert.equal(first.status, "succeeded", JSON.stringify(first.error));
    await call("event", "Request Created", { title, text: "since yesterday" });
    const runs = await runsThatEnded(2);
    assert.deepEqual(
      runs.map((run) => run.status),
      ["succeeded", "succeeded"],
    );

    const counted = await call("workflow", "count", { body: { title: `Desk: ${title}` }, query: { by: "the test" } });
    assert.equal(counted.asked, "the test");
    assert.deepEqual(
      counted.items.map((item) => item.fields["System.Description"]),
      ["since yesterday"],
    );

    await call("disableWorkflow", ON_REQUEST);
    await call("event", "Request Created", { title, text: "too late" });
    const { json } = await api(gateway, token, "GET", `/runs?workflow=${ON_REQUEST}`);
    assert.equal(json.runs.length, 2, "an event starts nothing while the workflow is off");
    const shown = await api(gateway, token, "GET", `/runs/${runs[0].id}`);
    assert.deepEqual(
      shown.json.steps.map((step) => [step.path, step.status]),
      [
        ["find", "succeeded"],
        ["known", "succeeded"],
        ["update", "succeeded"],
      ],
    );
  });
}
