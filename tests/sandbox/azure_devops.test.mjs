// The official Node client against the sandbox: what it expects of Azure DevOps is what it gets.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import azdev from "azure-devops-node-api";
import { connect } from "./sign_in.mjs";
import { control, personalAccessToken, startSandbox } from "./server.mjs";

let sandbox;
let api;
let work;

before(async () => {
  sandbox = await startSandbox();
  await control(sandbox.url, "POST", "reset");
  await control(sandbox.url, "PATCH", "settings", { accessTokenLifetimeSeconds: 3600 });
  const tokens = await connect(sandbox.url, "ada");
  api = new azdev.WebApi(`${sandbox.url}/dev.azure.com/contoso-demo`, azdev.getBearerHandler(tokens.access_token));
  work = await api.getWorkItemTrackingApi();
});

after(() => sandbox.stop());

test("the client connects and knows who it is", async () => {
  const data = await api.connect();
  assert.equal(data.authenticatedUser.providerDisplayName, "Ada Example");
});

test("projects are listed and read with their process", async () => {
  const core = await api.getCoreApi();
  const projects = await core.getProjects();
  assert.deepEqual(
    projects.map((one) => one.name),
    ["Fabrikam", "Tailspin Toys", "Northwind"],
  );
  const project = await core.getProject("fabrikam", true);
  assert.equal(project.capabilities.processTemplate.templateName, "Agile");
});

test("a query finds ids and a batch reads them", async () => {
  const query = "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project AND [System.State] <> 'Closed' ORDER BY [System.ChangedDate] DESC";
  const found = await work.queryByWiql({ query }, { project: "Fabrikam" }, true, 5);
  assert.equal(found.workItems.length, 5);
  const ids = [...found.workItems.map((one) => one.id), 99999];
  const items = await work.getWorkItemsBatch({ ids, fields: ["System.Title", "System.State"], errorPolicy: 2 }, "Fabrikam");
  assert.equal(items.length, 6);
  assert.equal(items[5], null);
  assert.deepEqual(Object.keys(items[0].fields), ["System.Title", "System.State"]);
});

test("an item is created, updated, refused on conflict, deleted and restored", async () => {
  const created = await work.createWorkItem({}, [{ op: "add", path: "/fields/System.Title", value: "From the Node client" }], "Fabrikam", "User Story");
  assert.equal(created.rev, 1);
  const move = (rev) => [
    { op: "test", path: "/rev", value: rev },
    { op: "replace", path: "/fields/System.State", value: "Active" },
  ];
  const updated = await work.updateWorkItem({}, move(1), created.id, "Fabrikam");
  assert.equal(updated.fields["System.State"], "Active");
  await assert.rejects(work.updateWorkItem({}, move(1), created.id, "Fabrikam"), (error) => error.statusCode === 412 && /VS403351/.test(error.message));
  const deleted = await work.deleteWorkItem(created.id, "Fabrikam");
  assert.equal(deleted.name, "From the Node client");
  assert.equal(await work.getWorkItem(created.id), null);
  await work.restoreWorkItem({ isDeleted: false }, created.id, "Fabrikam");
  const restored = await work.getWorkItem(created.id, undefined, undefined, 4);
  assert.equal(restored.fields["System.Title"], "From the Node client");
});

test("a broken rule comes with its message", async () => {
  await assert.rejects(work.createWorkItem({}, [{ op: "add", path: "/fields/System.State", value: "Nowhere" }], "Fabrikam", "Task"), /TF401320/);
});

test("types, fields, classification nodes and comments are typed as the client expects", async () => {
  const types = await work.getWorkItemTypes("Fabrikam");
  assert.ok(types.some((one) => one.name === "Bug" && one.states.length > 0));
  const fields = await work.getWorkItemTypeFieldsWithReferences("Fabrikam", "Task", 3);
  assert.ok(fields.find((one) => one.referenceName === "System.State").allowedValues.includes("Active"));
  const nodes = await work.getRootNodes("Fabrikam", 5);
  assert.equal(nodes.length, 2);
  const comment = await work.addComment({ text: "Hello" }, "Fabrikam", 1);
  assert.equal(comment.text, "Hello");
  const updates = await work.getUpdates(1);
  assert.ok(updates.length >= 2);
});

test("a personal access token works as the client sends it, one without the scope is refused", async () => {
  const organization = `${sandbox.url}/dev.azure.com/contoso-demo`;
  const good = new azdev.WebApi(organization, azdev.getHandlerFromToken(await personalAccessToken(sandbox.url, "contoso-demo", "work items")));
  assert.equal((await (await good.getWorkItemTrackingApi()).getWorkItem(1)).id, 1);
  const weak = new azdev.WebApi(organization, azdev.getHandlerFromToken(await personalAccessToken(sandbox.url, "contoso-demo", "no work items")));
  await assert.rejects(
    async () => (await weak.getWorkItemTrackingApi()).getWorkItem(1),
    (error) => error.statusCode === 401,
  );
});
