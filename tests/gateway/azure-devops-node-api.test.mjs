// Microsoft's own client, given our proxy as its server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import * as azdev from "azure-devops-node-api";

import { connectByToken, knob, startDev } from "../lib/gateway.mjs";

let gateway, connection;

before(async () => {
  gateway = await startDev();
  const token = await gateway.token("u1");
  await connectByToken(gateway, token, "contoso-demo");
  const raw = {
    prepareRequest: (options) => {
      options.headers["Authorization"] = `Bearer ${token}`;
      // The client wants answers as the provider sends them, without the envelope.
      options.headers["X-Paragon-Use-Raw-Response"] = "true";
    },
    canHandleAuthentication: () => false,
  };
  connection = new azdev.WebApi(`${gateway.projectUrl}/sdk/proxy/azuredevops`, raw, { allowRetries: false });
});

after(() => gateway.stop());

test("azure-devops-node-api lists projects through the proxy", async () => {
  const core = await connection.getCoreApi();
  const projects = await core.getProjects();
  assert.ok(projects.length >= 2, JSON.stringify(projects));
  assert.ok(projects.every((project) => project.id && project.name));
});

test("azure-devops-node-api runs a WIQL query and reads what it found", async () => {
  const core = await connection.getCoreApi();
  const [project] = await core.getProjects();
  const tracking = await connection.getWorkItemTrackingApi();
  const query = "SELECT [System.Id] FROM WorkItems WHERE [System.TeamProject] = @project ORDER BY [System.ChangedDate] DESC";
  const found = await tracking.queryByWiql({ query }, { project: project.name }, false, 5);
  assert.ok(found.workItems.length > 0);
  const ids = found.workItems.map((item) => item.id);
  const items = await tracking.getWorkItemsBatch({ ids, fields: ["System.Id", "System.Title"] }, project.name);
  assert.deepEqual(
    items.map((item) => item.id),
    ids,
  );
});

test("azure-devops-node-api creates, updates, deletes and restores a work item", async () => {
  const tracking = await connection.getWorkItemTrackingApi();
  const [project] = await (await connection.getCoreApi()).getProjects();
  const types = await tracking.getWorkItemTypes(project.name);
  const type = types.find((one) => one.name === "Task")?.name ?? types[0].name;
  const patch = (op, path, value) => ({ op, path, value });
  const created = await tracking.createWorkItem({}, [patch("add", "/fields/System.Title", "Made by the official client")], project.name, type);
  assert.equal(created.fields["System.Title"], "Made by the official client");
  const updated = await tracking.updateWorkItem(
    {},
    [patch("test", "/rev", created.rev), patch("replace", "/fields/System.Title", "Renamed")],
    created.id,
    project.name,
  );
  assert.equal(updated.fields["System.Title"], "Renamed");
  await assert.rejects(
    tracking.updateWorkItem({}, [patch("test", "/rev", created.rev), patch("replace", "/fields/System.Title", "Late")], created.id, project.name),
    (error) => error.statusCode === 412,
  );
  await tracking.deleteWorkItem(created.id, project.name);
  const restored = await tracking.restoreWorkItem({ isDeleted: false }, created.id, project.name);
  assert.equal(restored.id, created.id);
});

test("no request of azure-devops-node-api leaves the gateway's origin", async () => {
  const token = await gateway.token("u1");
  const answer = await fetch(`${gateway.projectUrl}/sdk/proxy/azuredevops/_apis/ResourceAreas`, {
    headers: { authorization: `Bearer ${token}`, "x-paragon-use-raw-response": "1" },
  });
  const areas = await answer.json();
  assert.ok(areas.value.length > 0);
  for (const area of areas.value) assert.ok(area.locationUrl.startsWith(`${gateway.projectUrl}/sdk/proxy/azuredevops/`), area.locationUrl);
  const { requests } = await knob(gateway.sandbox, "GET", "requests");
  assert.ok(requests.length > 0);
  // Whatever reached the provider came with the credential, never with the user's token.
  assert.ok(!JSON.stringify(requests).includes(token.slice(-40)));
});

test("a client that sends a personal access token is told what belongs there", async () => {
  const connection = new azdev.WebApi(`${gateway.projectUrl}/sdk/proxy/azuredevops`, azdev.getPersonalAccessTokenHandler("not-a-token"), {
    allowRetries: false,
  });
  await assert.rejects(connection.getCoreApi(), (error) => error.statusCode === 401 && /`Bearer <user token>`/.test(error.message));
});
