// The sandbox's answers against Microsoft's published Swagger files (MIT, MicrosoftDocs/vsts-rest-api-specs).
// Set AZURE_DEVOPS_SPECS to a folder with core/7.1/core.json and wit/7.1/workItemTracking.json.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readSpecifications } from "../lib/specification.mjs";
import { personalAccessToken, startSandbox } from "./server.mjs";

const folder = process.env.AZURE_DEVOPS_SPECS;
const skip = folder ? false : "AZURE_DEVOPS_SPECS is not set";

// [method, path of the specification, { path values, query, body, version }]
const CALLS = [
  ["GET", "/_apis/projects"],
  ["GET", "/_apis/projects/{projectId}", { projectId: "Fabrikam" }],
  ["GET", "/_apis/projects/{projectId}/teams", { projectId: "Fabrikam" }],
  ["GET", "/_apis/process/processes"],
  ["GET", "/{project}/_apis/wit/workitemtypes"],
  ["GET", "/{project}/_apis/wit/workitemtypes/{type}", { type: "Bug" }],
  ["GET", "/{project}/_apis/wit/workitemtypes/{type}/states", { type: "Bug" }],
  ["GET", "/{project}/_apis/wit/workitemtypes/{type}/fields", { type: "Bug", query: "$expand=all" }],
  ["GET", "/{project}/_apis/wit/fields"],
  ["GET", "/{project}/_apis/wit/classificationnodes", { query: "$depth=5" }],
  ["GET", "/_apis/wit/workitemrelationtypes"],
  ["GET", "/{project}/_apis/wit/workitems/{id}", { id: 2, query: "$expand=all" }],
  ["GET", "/{project}/_apis/wit/workitems", { query: "ids=1,2,3" }],
  ["GET", "/{project}/_apis/wit/workitems/${type}", { type: "Task" }],
  ["GET", "/{project}/_apis/wit/workItems/{id}/revisions", { id: 2 }],
  ["GET", "/{project}/_apis/wit/workItems/{id}/updates", { id: 2 }],
  ["GET", "/{project}/_apis/wit/workItems/{workItemId}/comments", { workItemId: 1, version: "7.1-preview.4" }],
  ["POST", "/{project}/_apis/wit/workitemsbatch", { body: { ids: [1, 2] } }],
  ["POST", "/{project}/{team}/_apis/wit/wiql", { body: { query: "SELECT [System.Id] FROM WorkItems ORDER BY [System.Id]" } }],
  ["DELETE", "/{project}/_apis/wit/workitems/{id}", { id: 9 }],
  ["GET", "/{project}/_apis/wit/recyclebin/{id}", { id: 9 }],
  ["PATCH", "/{project}/_apis/wit/recyclebin/{id}", { id: 9, body: { isDeleted: false } }],
  ["POST", "/{project}/_apis/wit/workitemsdelete", { body: { ids: [9] } }],
];

let sandbox;
let authorization;
let specifications;

before(async () => {
  if (skip) return;
  specifications = await readSpecifications(folder);
  sandbox = await startSandbox();
  const token = await personalAccessToken(sandbox.url, "contoso-demo", "work items");
  authorization = `Basic ${Buffer.from(`:${token}`).toString("base64")}`;
});
after(() => sandbox?.stop());

function operation(method, path) {
  const wanted = path.toLowerCase();
  for (const document of specifications) {
    for (const [name, methods] of Object.entries(document.paths)) {
      const found = name.toLowerCase().replace("/{organization}", "") === wanted && methods[method.toLowerCase()];
      if (found) return { document, schema: found.responses["200"].schema };
    }
  }
  throw new Error(`the specification has no ${method} ${path}`);
}

// `object` without properties means "anything" in these files; null stands for absent.
function faults(value, schema, document, path = "$") {
  while (schema?.$ref) schema = document.definitions[schema.$ref.split("/").at(-1)];
  if (!schema || value === null) return [];
  if (schema.type === "array") {
    if (!Array.isArray(value)) return [`${path} is not a list`];
    return value.flatMap((one, at) => faults(one, schema.items, document, `${path}[${at}]`));
  }
  const parts = [schema, ...(schema.allOf ?? [])].map((part) => (part.$ref ? document.definitions[part.$ref.split("/").at(-1)] : part));
  const properties = Object.assign({}, ...parts.map((part) => part.properties ?? {}));
  if (Object.keys(properties).length > 0) {
    if (typeof value !== "object" || Array.isArray(value)) return [`${path} is not an object`];
    return Object.entries(value).flatMap(([name, one]) => faults(one, properties[name], document, `${path}.${name}`));
  }
  const expected = { integer: "number", number: "number", string: "string", boolean: "boolean" }[schema.type];
  if (expected && typeof value !== expected) return [`${path} is a ${typeof value}, not a ${schema.type}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${path} is ${value}, not one of ${schema.enum}`];
  return [];
}

test("answers have the published shapes", { skip }, async () => {
  for (const [method, path, { query, body, version = "7.1", ...values } = {}] of CALLS) {
    const filled = path
      .replace("/{team}", "")
      .replace("{project}", "Fabrikam")
      .replace(/\{(\w+)\}/g, (_, name) => values[name]);
    const url = `${sandbox.url}/dev.azure.com/contoso-demo${filled}?api-version=${version}${query ? `&${query}` : ""}`;
    const response = await fetch(url, { method, headers: { authorization, "content-type": "application/json" }, body: body && JSON.stringify(body) });
    assert.equal(response.status, 200, `${method} ${filled}`);
    const answer = await response.json();
    const { document, schema } = operation(method, path);
    // Lists come wrapped, although the files say plain arrays.
    const value = schema.type === "array" ? answer.value : answer;
    assert.deepEqual(faults(value, schema, document), [], `${method} ${filled}`);
  }
});
