import assert from "node:assert/strict";
import { test } from "node:test";
import type { Json } from "../../lib/json.ts";
import { readConfiguration, readOffer, type SettingInput } from "./model.ts";

const INTEGRATION: Json = {
  workflows: [
    { id: "b", description: "Second" },
    { id: "a", description: "First" },
    { id: "h", description: "Hidden" },
  ],
  sdkIntegrationConfig: {
    dataSources: {
      states: { cacheKey: "states", refreshDependencies: ["project", "workItemType"], optionalDependencies: ["workItemType"] },
      workItemFields: { recordSource: { cacheKey: "workItemTypes", refreshDependencies: ["project"] }, fieldSource: { cacheKey: "fields" } },
    },
  },
};

function inputs(...given: Json[]): readonly SettingInput[] {
  return readOffer(INTEGRATION, { sharedMeta: { inputs: given } }, { Task: { fields: [{ label: "Title", value: "title" }], useBYOFieldMappingOption: true } })
    .shared;
}

test("workflows come in their order, without the hidden and without those the user may not have", () => {
  const workflowMeta = { a: { order: 0, infoText: "why" }, b: { order: 1 }, h: { hidden: true }, forbidden: { order: 2 } };
  const { workflows } = readOffer(INTEGRATION, { workflowMeta }, {});
  assert.deepEqual(
    workflows.map(({ id, name, info }) => [id, name, info]),
    [
      ["a", "First", "why"],
      ["b", "Second", ""],
    ],
  );
});

test("each kind of input is read, and unknown ones are left out", () => {
  const kinds = [
    "TEXT_NO_VARS",
    "TEXTAREA_NO_VARS",
    "NUMBER",
    "EMAIL",
    "URL",
    "PASSWORD",
    "BOOLEAN_INPUT",
    "SWITCH",
    "ENUM",
    "DYNAMIC_ENUM",
    "CUSTOM_DROPDOWN",
    "FIELD_MAPPER",
    "SCRIPT",
  ];
  const read = inputs(...kinds.map((type) => ({ id: type, type })), { type: "NUMBER" });
  assert.deepEqual(
    read.map(({ kind }) => kind),
    ["text", "textarea", "number", "email", "url", "password", "checkbox", "switch", "choice", "choice", "choice", "mapping"],
  );
});

test("choices are the server's list, the account's, or the app's", () => {
  const values = [
    { label: "One", value: 1 },
    { title: "More", items: [{ value: "2" }] },
  ];
  const read = inputs(
    { id: "list", type: "ENUM", values },
    { id: "state", type: "DYNAMIC_ENUM", sourceType: "states" },
    { id: "app", type: "CUSTOM_DROPDOWN", key: "queues", customDropdownOptions: [] },
    { id: "given", type: "CUSTOM_DROPDOWN", key: "queues", customDropdownOptions: [{ label: "A", value: "a" }] },
  );
  assert.deepEqual(
    read.map((input) => input.kind === "choice" && input.source),
    [
      {
        from: "list",
        options: [
          { value: "1", label: "One" },
          { value: "2", label: "2" },
        ],
      },
      { from: "account", key: "states", parameters: ["project", "workItemType"], optional: ["workItemType"] },
      { from: "app", key: "queues" },
      { from: "list", options: [{ value: "a", label: "A" }] },
    ],
  );
});

test("a mapping has the app's fields and loaders, else the server's", () => {
  const dynamicObjectOptions = { fields: [{ label: "Own", value: "own" }] };
  const [app, server] = inputs(
    { id: "m", type: "FIELD_MAPPER", dynamicObjectName: "Task", sourceType: "workItemFields" },
    { id: "n", type: "FIELD_MAPPER", dynamicObjectName: "__proto__", dynamicObjectOptions, sourceType: "workItemFields" },
  );
  assert.ok(app?.kind === "mapping" && server?.kind === "mapping");
  assert.deepEqual(app.source.objectTypes, { from: "mapping", key: "Task", what: "objectTypes" });
  assert.deepEqual(app.source.initial, ["title"]);
  assert.deepEqual(server.source.objectTypes, { from: "account", key: "workItemTypes", parameters: ["project"], optional: [] });
  assert.deepEqual(server.source.fields, [{ value: "own", label: "Own" }]);
});

test("the selected configuration counts, else the default one", () => {
  const workflowSettings = { w: { enabled: true, settings: { a: 1 } }, broken: null };
  const credential = { configurations: [{ id: "1" }, { id: "2", isDefault: true, workflowSettings }] };
  assert.equal(readConfiguration(credential, "1")?.id, "1");
  assert.deepEqual(readConfiguration(credential, "3")?.workflows, {
    w: { enabled: true, settings: { a: 1 } },
    broken: { enabled: false, settings: {} },
  });
  assert.equal(readConfiguration({}, "1"), undefined);
});
