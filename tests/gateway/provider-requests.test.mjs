// What the gateway sends to Azure DevOps for its actions, pickers and workflows, against Microsoft's published Swagger files.
// Set AZURE_DEVOPS_SPECS to a folder with {area}/{version}/{name}.json, such as wit/7.1/workItemTracking.json; with
// hooks/7.1/serviceHooks.json the subscriptions are checked too.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { api, connectByToken, knob, startDev } from "../lib/gateway.mjs";
import { startRecorder } from "../lib/recorder.mjs";
import { prepare, serve } from "../lib/served.mjs";
import { RequestCheck, readSpecifications } from "../lib/specification.mjs";

const folder = process.env.AZURE_DEVOPS_SPECS;
const skip = folder ? false : "AZURE_DEVOPS_SPECS is not set";

const PROJECT = "Tailspin Toys";
const QUERY = "Wiql_Query By Wiql";
const BATCH = "Work Items_Get Work Items Batch";
const CREATE = "Work Items_Create";
const UPDATE = "Work Items_Update";
const DELETE = "Work Items_Delete";
const MANY = 401;

const create = (fields) => ({ type: "action", action: "AZURE_DEVOPS_CREATE_WORKITEM", parameters: { project: PROJECT, workItemType: "Task", fields } });
const MAKE = {
  id: "make",
  description: "Make an item",
  defaultEnabled: true,
  trigger: { type: "appEvent", event: "Make" },
  steps: [{ id: "new", do: create({ "System.Title": "{{trigger.output.title}}" }) }],
};
const WATCH = {
  id: "watch",
  description: "Hear of changed items",
  trigger: { type: "workItemUpdated", project: PROJECT, workItemType: "Product Backlog Item", changedField: "System.State" },
  steps: [{ id: "wait", do: { type: "delay", amount: 0, unit: "SECONDS" } }],
};

let dev, recorder, prepared, gateway, token, specification;

before(async () => {
  if (skip) return;
  specification = new RequestCheck(await readSpecifications(folder));
  dev = await startDev();
  recorder = await startRecorder(dev.sandbox);
  prepared = await prepare({ simulator: recorder.url, workflows: [MAKE, WATCH] });
  gateway = await serve({ folder: prepared.folder, sandbox: dev.sandbox });
  token = await prepared.token("u1");
  await connectByToken(gateway, token, "contoso-demo");
  for (let from = 0; from < MANY; from += 200) await makeMany(Math.min(200, MANY - from));
});
after(async () => {
  await gateway?.stop();
  recorder?.stop();
  await Promise.all([dev?.stop(), prepared?.remove()]);
});

/** Items of one title, made past the actions. */
async function makeMany(count) {
  const part = {
    method: "POST",
    uri: `/${encodeURIComponent(PROJECT)}/_apis/wit/workitems/$Task?api-version=7.1`,
    headers: { "Content-Type": "application/json-patch+json" },
    body: [{ op: "add", path: "/fields/System.Title", value: "Many" }],
  };
  const made = await api(gateway, token, "PATCH", "/sdk/proxy/azuredevops/_apis/wit/$batch?api-version=7.1", Array(count).fill(part));
  assert.equal(made.status, 200, made.text);
}

async function act(name, parameters) {
  const answer = await api(gateway, token, "POST", "/actions", { action: `AZURE_DEVOPS_${name}_WORKITEM${name === "SEARCH" ? "S" : ""}`, parameters });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.output;
}

async function newItem() {
  return (await act("CREATE", create({ "System.Title": "One" }).parameters)).id;
}

const forget = () => (recorder.requests.length = 0);

/** The operations that `requests` are; each is as the specification says. */
function operations(requests = recorder.requests) {
  assert.ok(requests.length > 0);
  return requests.map((request) => {
    const { operation, faults } = specification.check(request);
    assert.deepEqual(faults, [], `${request.method} ${request.path} ${request.body}`);
    return operation;
  });
}

async function until(condition, what) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    assert.ok(Date.now() < deadline, `not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

// [what, action, parameters (of an item and a second one), operations]
const ACTIONS = [
  ["a search without anything", "SEARCH", () => ({ top: 3 }), [QUERY, BATCH]],
  [
    "a search by filters",
    "SEARCH",
    () => ({
      project: PROJECT,
      join: "OR",
      filters: [
        { field: "System.AssignedTo", operator: "=", macro: "@Me" },
        { field: "System.ChangedDate", operator: ">=", macro: "@Today", offset: -7 },
        { field: "Microsoft.VSTS.Common.Priority", operator: "IN", value: [1, 2] },
      ],
      groups: [{ join: "AND", filters: [{ field: "System.Title", operator: "CONTAINS", value: 'it\'s "quoted"' }] }],
      orderBy: [{ field: "System.ChangedDate", direction: "DESC" }],
      fields: ["System.Title", "System.State"],
      top: 50,
    }),
    [QUERY, BATCH],
  ],
  [
    "a search with times",
    "SEARCH",
    () => ({ filters: [{ field: "System.CreatedDate", operator: ">", value: "2020-01-02T03:04:05Z" }], timePrecision: true, top: 1 }),
    [QUERY, BATCH],
  ],
  [
    "a query of the caller's own",
    "SEARCH",
    () => ({ project: PROJECT, wiql: "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project", top: 5 }),
    [QUERY, BATCH],
  ],
  [
    "a query for links",
    "SEARCH",
    () => ({ wiql: "SELECT [System.Id] FROM WorkItemLinks WHERE [Source].[System.TeamProject] = 'Fabrikam' MODE (MustContain)", fields: ["System.Title"] }),
    [QUERY, BATCH],
  ],
  [
    "a search with more than a batch",
    "SEARCH",
    () => ({ filters: [{ field: "System.Title", operator: "=", value: "Many" }], top: 10_000 }),
    [QUERY, BATCH, BATCH, BATCH],
  ],
  ["a create", "CREATE", () => create({ "System.Title": "Plain" }).parameters, [CREATE]],
  [
    "a create with fields of every type and links",
    "CREATE",
    (item) => ({
      project: PROJECT,
      workItemType: "Product Backlog Item",
      fields: { "System.Title": "Full", "System.Tags": "one; two", "Microsoft.VSTS.Common.Priority": 1, "System.Description": null },
      relations: [
        { rel: "System.LinkTypes.Hierarchy-Reverse", workItemId: item, attributes: { comment: "below" } },
        { rel: "Hyperlink", url: "https://example.com/?a=b" },
      ],
    }),
    [CREATE],
  ],
  ["a create that is only checked", "CREATE", () => ({ ...create({ "System.Title": "Dry" }).parameters, validateOnly: true }), [CREATE]],
  [
    "a create past rules and notifications",
    "CREATE",
    () => ({ ...create({ "System.Title": "Past" }).parameters, bypassRules: true, suppressNotifications: true }),
    [CREATE],
  ],
  ["an update", "UPDATE", (item) => ({ id: item, fields: { "System.Title": "Changed" } }), [UPDATE]],
  [
    "an update at a revision, with links",
    "UPDATE",
    (item, other) => ({
      id: item,
      project: PROJECT,
      expectedRevision: 1,
      fields: { "System.Tags": null, "System.History": "Moved" },
      relations: [{ rel: "System.LinkTypes.Related", workItemId: other }],
    }),
    [UPDATE],
  ],
  [
    "an update that is only checked",
    "UPDATE",
    (item) => ({ id: item, fields: { "System.Title": "Dry" }, validateOnly: true, bypassRules: true, suppressNotifications: true }),
    [UPDATE],
  ],
  ["a deletion", "DELETE", (item) => ({ id: item }), [DELETE]],
  ["a deletion for good", "DELETE", (item) => ({ id: item, project: PROJECT, permanent: true }), [DELETE]],
];

for (const [what, name, parameters, expected] of ACTIONS) {
  test(`${what} is asked for as specified`, { skip }, async () => {
    const [item, other] = [await newItem(), await newItem()];
    forget();
    await act(name, parameters(item, other));
    assert.deepEqual(operations(), expected);
  });
}

test("links that are taken away are named as specified", { skip }, async () => {
  const [item, other] = [await newItem(), await newItem()];
  await act("UPDATE", { id: item, relations: [{ rel: "System.LinkTypes.Related", workItemId: other }] });
  forget();
  await act("UPDATE", { id: item, removeRelations: [0] });
  assert.deepEqual(operations(), [UPDATE]);
});

const TEAMS = "Teams_Get Teams";
const MEMBERS = "Teams_Get Team Members With Extended Properties";
const PICKERS = [
  ["projects", {}, ["Projects_List"]],
  ["workItemTypes", { project: PROJECT }, ["Work Item Types_List"]],
  ["fields", {}, ["Fields_List"]],
  ["fields", { project: PROJECT }, ["Fields_List"]],
  ["fields", { project: PROJECT, workItemType: "Product Backlog Item" }, ["Work Item Types Field_List"]],
  ["states", { project: PROJECT, workItemType: "Bug" }, ["Work Item Type States_List"]],
  ["teams", { project: PROJECT }, [TEAMS]],
  ["iterations", { project: PROJECT }, ["Classification Nodes_Get"]],
  ["areaPaths", { project: PROJECT }, ["Classification Nodes_Get"]],
  ["users", { project: PROJECT }, [TEAMS, MEMBERS]],
  ["assignees", { project: PROJECT, team: `${PROJECT} Team` }, [MEMBERS]],
];

for (const [source, given, expected] of PICKERS) {
  test(`choices of ${[source, ...Object.keys(given)].join(" by ")} are asked for as specified`, { skip }, async () => {
    forget();
    const parameters = Object.entries(given).map(([key, value]) => ({ key, source: { type: "VALUE", value } }));
    const answer = await api(gateway, token, "POST", "/sdk/actions", { action: "azuredevops", sourceKey: source, parameters });
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual([...new Set(operations())], expected);
  });
}

test("an item whose answer was lost is looked for as specified", { skip }, async () => {
  forget();
  await knob(dev.sandbox, "POST", "answers", { face: "answerLost" });
  const sent = await fetch(gateway.eventUrl, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "Make", payload: { title: "Only once" } }),
  });
  assert.equal(sent.status, 200);
  const run = await until(async () => (await api(gateway, token, "GET", "/runs?workflow=make")).json.runs.find((one) => one.endedAt), "the run's end");
  assert.equal(run.status, "succeeded", JSON.stringify(run));
  assert.deepEqual(operations(), [CREATE, QUERY, "Work Items_List"]);
});

test("a subscription is made and removed as specified", { skip }, async (context) => {
  forget();
  const hooks = (method) => recorder.requests.find((one) => one.method === method && /\/_apis\/hooks\/subscriptions\b/.test(one.path));
  await api(gateway, token, "POST", "/sdk/workflows/watch");
  await until(() => hooks("POST"), "a subscription");
  await until(async () => (await knob(dev.sandbox, "GET", "state")).organizations.some((one) => one.subscriptions.length > 0), "the subscription in place");
  await api(gateway, token, "DELETE", "/sdk/workflows/watch");
  await until(() => hooks("DELETE"), "its removal");
  const known = recorder.requests.filter((one) => specification.covers(one.path));
  assert.ok(operations(known).includes("Projects_Get"));
  if (!specification.covers(hooks("POST").path)) context.diagnostic("the folder has no hooks/7.1: only the look-up of the project was checked");
});

test("a request that is not as specified is found out", { skip }, () => {
  const good = {
    method: "PATCH",
    path: "/contoso-demo/_apis/wit/workitems/7?api-version=7.1",
    type: "application/json-patch+json",
    body: '[{"op":"add","path":"/fields/System.Title","value":"x"}]',
  };
  const faults = (change) => specification.check({ ...good, ...change }).faults;
  assert.deepEqual(faults({}), []);
  for (const [change, said] of [
    [{ method: "PUT" }, /has no PUT/],
    [{ path: good.path.replace("workitems", "workitem") }, /has no PATCH/],
    [{ path: good.path.replace("/7", "/seven") }, /path\/id: must be integer/],
    [{ path: `${good.path}&expand=all` }, /additional.*"expand"/],
    [{ path: `${good.path}&$expand=everything` }, /query\/\$expand: must be equal to one of/],
    [{ path: `${good.path}&validateOnly=yes` }, /query\/validateOnly: must be boolean/],
    [{ path: `${good.path}&$expand=all&$expand=none` }, /appears twice/],
    [{ path: good.path.replace("7.1", "7.2") }, /api-version: must be equal to constant/],
    [{ path: good.path.split("?")[0] }, /required property 'api-version'/],
    [{ type: "application/json" }, /content type application\/json/],
    [{ body: good.body.replace("add", "put") }, /body\/0\/op: must be equal to one of/],
    [{ body: good.body.replace('"path"', '"Path"') }, /required property 'path'/],
    [{ body: good.body.slice(1, -1) }, /body: must be array/],
    [{ body: "" }, /no JSON/],
    [{ method: "DELETE" }, /it has a body/],
  ]) {
    assert.match(faults(change).join("\n"), said, JSON.stringify(change));
  }
});
