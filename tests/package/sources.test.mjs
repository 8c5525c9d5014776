/** Data sources: the app's own, the server's, and how inputs are told about them. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { dynamic, signedIn } from "./support/accounts.mjs";
import { installPage } from "./support/page.mjs";

let here;
afterEach(() => here.gateway.close());
const start = async (output) => {
  here = await signedIn({ "POST /projects/p1/sdk/actions": { output } });
  return here;
};
const A = "azuredevops";
const page = (label) => ({ options: [{ label, value: label }], nextPageCursor: "next" });
const loader =
  (...seen) =>
  async (...values) => {
    seen[0]?.push(values);
    return page("loaded");
  };
const mapping = (seen, label = "mapped") => ({
  objectTypes: {
    get: async (...values) => {
      seen.push(values);
      return page(label);
    },
  },
  integrationFields: {
    get: async (...values) => {
      seen.push(values);
      return page(label);
    },
  },
  applicationFields: { fields: [{ label: "F", value: "f" }], userCanCreateFields: true },
});
const warnings = (run) => {
  const [seen, warn] = [[], console.warn];
  console.warn = (text) => seen.push(text);
  try {
    run();
  } finally {
    console.warn = warn;
  }
  return seen;
};

test("getFieldOptions asks the server by action or by a source's key", async () => {
  const { sdk, calls } = await start({ records: [{ label: "A", value: "a" }], nextPageCursor: "2" });
  const parameters = [{ key: "k", source: { type: "VALUE", value: "v" } }];
  assert.deepEqual(await sdk.getFieldOptions({ integration: A, action: "projects" }), {
    data: [{ label: "A", value: "a" }],
    nestedData: [],
    nextPageCursor: "2",
  });
  await sdk.getFieldOptions({ integration: A, source: dynamic("teams"), search: "x", cursor: "2", parameters, selectedCredentialId: "ext:main" });
  await sdk.getFieldOptions({ integration: A, action: "projects", cursor: false, search: "" });
  assert.deepEqual(
    calls().map(({ body, credential }) => [body, credential]),
    [
      [{ action: A, sourceKey: "projects", parameters: [], paginationParameters: { pageCursor: 0 } }, undefined],
      [{ action: A, sourceKey: "teams", parameters, paginationParameters: { pageCursor: "2", search: "x" } }, "ext:main"],
      [{ action: A, sourceKey: "projects", parameters: [], paginationParameters: { pageCursor: false, search: "" } }, undefined],
    ],
  );
});

test("records with an id are nested inputs; a bare list is fine; no output is an error", async () => {
  for (const [output, expected] of [
    [[{ id: "x", title: "X" }], { data: [], nestedData: [{ id: "x", title: "X" }], nextPageCursor: null }],
    [
      { records: [{ title: "S", items: [] }], nextPageCursor: 0 },
      { data: [{ title: "S", items: [] }], nestedData: [], nextPageCursor: null },
    ],
    [[], { data: [], nestedData: [], nextPageCursor: null }],
  ]) {
    const { sdk, gateway } = await start(output);
    assert.deepEqual(await sdk.getFieldOptions({ integration: A, action: "projects" }), expected);
    gateway.close();
  }
  const { sdk } = await start(undefined);
  await assert.rejects(sdk.getFieldOptions({ integration: A, action: "projects" }), { code: "empty_answer" });
});

test("getFieldOptions refuses what it cannot ask", async () => {
  const { sdk, calls } = await start([]);
  const message = 'Either "action" or a "source" with a cacheKey must be provided.';
  await assert.rejects(sdk.getFieldOptions({ integration: A }), { message });
  await assert.rejects(sdk.getFieldOptions({ integration: A, source: {} }), { message });
  await assert.rejects(sdk.getFieldOptions({ integration: "nope", action: "x" }), /is not a valid integration type/);
  await assert.rejects(sdk.getFieldOptions(), /is not a valid integration type/);
  sdk.logout();
  await assert.rejects(sdk.getFieldOptions({ integration: A, action: "x" }), { code: "integration_unknown" });
  assert.deepEqual(calls(), []);
});

test("a dropdown loader takes the place of the server", async () => {
  const { sdk, calls } = await start([]);
  const seen = [];
  sdk.setDataSources({ dropdowns: { projects: { loadOptions: loader(seen) } } });
  assert.deepEqual(await sdk.getFieldOptions({ integration: A, action: "projects", cursor: "c", search: "s" }), {
    data: [{ label: "loaded", value: "loaded" }],
    nestedData: [],
    nextPageCursor: "next",
  });
  await sdk.getFieldOptions({ integration: A, source: dynamic("projects"), cursor: 5 });
  assert.deepEqual(await sdk._loadCustomDropdownOptions("projects", "c2", "s2"), page("loaded"));
  assert.deepEqual(seen, [
    ["c", "s"],
    [undefined, undefined],
    ["c2", "s2"],
  ]);
  assert.deepEqual(calls(), []);
});

test("a loader's failure reaches the caller", async () => {
  const { sdk } = await start([]);
  const failing = {
    async: async () => {
      throw new Error("boom");
    },
    sync: () => {
      throw new Error("bang");
    },
    nothing: () => undefined,
  };
  sdk.setDataSources({ dropdowns: Object.fromEntries(Object.entries(failing).map(([key, loadOptions]) => [key, { loadOptions }])) });
  await assert.rejects(sdk.getFieldOptions({ integration: A, action: "async" }), { message: "boom" });
  await assert.rejects(sdk.getFieldOptions({ integration: A, action: "sync" }), { message: "bang" });
  await assert.rejects(sdk.getFieldOptions({ integration: A, action: "nothing" }), { code: "empty_answer" });
  await assert.rejects(sdk._loadCustomDropdownOptions("unknown"), { code: "loader_not_found" });
  await assert.rejects(sdk._loadCustomDropdownOptions("constructor"), { code: "loader_not_found" });
});

test("field mappings ask the loader of their kind", async () => {
  const { sdk } = await start([]);
  const seen = [];
  sdk.setDataSources({ mapObjectFields: { Task: mapping(seen) } });
  const source = (kind, key = "Task") => ({ cacheKey: "k", dynamicFieldMappingKey: key, dynamicFieldMappingType: kind });
  const parameters = [
    { key: "a", source: {} },
    { key: "b", source: { value: "" } },
    { key: "c", source: { value: "Bug" } },
  ];
  assert.equal((await sdk.getFieldOptions({ integration: A, source: source("objectTypes"), cursor: "c", search: "s" })).data[0].label, "mapped");
  await sdk.getFieldOptions({ integration: A, source: source("integrationFields"), parameters, cursor: "c", search: "s" });
  await sdk._fetchBYOFieldMappingOptions(A, "integrationFields", "Task", { objectType: "Epic" });
  assert.deepEqual(seen, [
    ["c", "s"],
    [{ objectType: "Bug" }, "c", "s"],
    [{ objectType: "Epic" }, undefined, undefined],
  ]);
  const ask = (kind, key) => sdk.getFieldOptions({ integration: A, source: source(kind, key) });
  await assert.rejects(ask("objectTypes", "No"), { message: "No dynamic field mapping loader found for key: No" });
  await assert.rejects(ask("integrationFields"), { message: "objectType is required for integrationFields" });
  await assert.rejects(ask("other"), { message: "Invalid type: other. Must be 'objectTypes' or 'integrationFields'" });
});

test("loaders given to connect count for its integration and win", async () => {
  installPage();
  const { sdk } = await start([]);
  sdk.setDataSources({ mapObjectFields: { Task: mapping([], "global") } });
  sdk.setHeadless(true);
  sdk.connect(A, { dropdowns: { projects: { loadOptions: loader() } }, mapObjectFields: { Task: mapping([], "of connect") } }).catch(() => {});
  const label = async (name) => (await sdk._fetchBYOFieldMappingOptions(name, "objectTypes", "Task", {})).options[0].label;
  assert.deepEqual(await sdk._loadCustomDropdownOptions("projects"), page("loaded"));
  assert.equal(await label(A), "of connect");
  assert.equal(await label("jira"), "global");
});

test("setDataSources warns about what is no source and replaces all before", async () => {
  const { sdk } = await start([]);
  const texts = warnings(() =>
    sdk.setDataSources({
      dropdowns: { good: [], number: 5, nothing: null, object: {} },
      mapObjectFields: { text: "x" },
      integrationSpecificSources: { [A]: { dropdowns: { own: 7 } }, jira: null },
    }),
  );
  const text = (what) => `Could not load data source ${what} because a valid source object was not provided`;
  assert.deepEqual(texts, [...['"number"', '"nothing"', '"object"', '"text"', '"own"', 'for integration "jira"'].map(text)]);
  sdk.setDataSources({ dropdowns: { list: [{ label: "a", value: "a" }], lazy: { loadOptions: loader() } } });
  sdk.setDataSources({});
  assert.equal(sdk.getSourcesForInput(A, { type: "CUSTOM_DROPDOWN", key: "list" }), null);
  await assert.rejects(sdk._loadCustomDropdownOptions("lazy"), { code: "loader_not_found" });
});

test("a custom dropdown has the integration's list, the general list, a loader, or its own options", async () => {
  const { sdk } = await start([]);
  const list = (value) => [{ label: value, value }];
  sdk.setDataSources({
    dropdowns: { colors: list("general"), lazy: { loadOptions: loader() } },
    integrationSpecificSources: { [A]: { dropdowns: { colors: list("special") } }, jira: { dropdowns: { far: { loadOptions: loader() } } } },
  });
  const source = (key, name = A, more = {}) => sdk.getSourcesForInput(name, { type: "CUSTOM_DROPDOWN", title: "T", key, ...more });
  assert.deepEqual(source("colors"), { kind: "single", source: { type: "STATIC_ENUM_DATA_SOURCE", title: "T", id: "colors", values: list("special") } });
  assert.deepEqual(source("colors", "jira").source.values, list("general"));
  assert.deepEqual(source("none", A, { customDropdownOptions: list("own") }).source.values, list("own"));
  assert.equal(source("none"), null);
  assert.equal(source("toString"), null);
  assert.equal(source("colors", A, { title: undefined }).source.title, "");
  for (const key of ["lazy", "far"]) {
    const { source: found } = source(key);
    assert.deepEqual(
      { ...found, mapRefreshToValues: 0, getRefreshActionParameters: 0 },
      { ...dynamic(key), title: "T", mapRefreshToValues: 0, getRefreshActionParameters: 0 },
    );
    assert.deepEqual(found.mapRefreshToValues([1]), [1]);
    assert.deepEqual(found.getRefreshActionParameters({}), {});
  }
});

test("an input with a source type has the sources of that kind", async () => {
  const { sdk } = await start([]);
  const source = (sourceType, more) => sdk.getSourcesForInput(A, { type: "DYNAMIC_ENUM", sourceType, ...more });
  assert.deepEqual(source("projects"), { kind: "single", source: dynamic("projects") });
  assert.deepEqual(source("combo"), { kind: "combo", mainInputSource: dynamic("main"), dependentInputSource: dynamic("dependent") });
  assert.deepEqual(source("defaults"), {
    kind: "defaultFieldValue",
    mainInputSource: dynamic("main"),
    dependentInputSource: dynamic("dependent"),
    variableInputSource: dynamic("variables"),
  });
  assert.deepEqual(source("mapper"), {
    kind: "fieldMapper",
    recordSource: dynamic("records"),
    fieldSource: dynamic("fields"),
    dependentInputSource: dynamic("dependent"),
  });
  for (const other of ["fixed", "zz", "constructor", undefined]) assert.equal(source(other), null);
  assert.equal(sdk.getSourcesForInput("nope", { type: "DYNAMIC_ENUM", sourceType: "projects" }), null);
  assert.equal(sdk.getSourcesForInput(A), null);
});

test("a field mapper is told the app's fields, or to ask the app's loaders", async () => {
  const { sdk } = await start([]);
  const fields = [{ label: "T", value: "t" }];
  sdk.setDataSources({ mapObjectFields: { Task: fields, Bug: mapping([]) } });
  const source = (dynamicObjectName) => sdk.getSourcesForInput(A, { type: "FIELD_MAPPER", sourceType: "mapper", dynamicObjectName });
  assert.deepEqual(source("Task").mapObjectFieldOptions, fields);
  assert.deepEqual(source("Task").dependentInputSource, dynamic("dependent"));
  assert.deepEqual(source("Bug"), {
    kind: "fieldMapper",
    recordSource: { ...dynamic("records"), dynamicFieldMappingKey: "Bug", dynamicFieldMappingType: "objectTypes" },
    fieldSource: { ...dynamic("fields"), dynamicFieldMappingKey: "Bug", dynamicFieldMappingType: "integrationFields" },
    mapObjectFieldOptions: { fields: [{ label: "F", value: "f" }], userCanCreateFields: true, useBYOFieldMappingOption: true },
  });
  assert.equal(source("zz").mapObjectFieldOptions, undefined);
});

test("an action's input has a dynamic, static or conditional source", async () => {
  const { sdk } = await start([]);
  const found = (input) => sdk.getSourcesForActionInput({ id: "i", title: "T", ...input });
  const asked = found({ type: "ENUM", values: ["a"], valuesSource: { sourceType: "p", dependencies: ["x"] } });
  assert.equal(asked.kind, "single");
  assert.deepEqual([asked.source.cacheKey, asked.source.refreshDependencies, asked.source.title], ["p", ["x"], "T"]);
  assert.deepEqual(found({ type: "ENUM", values: ["a", 2, { value: 3 }, { value: "x", label: "X", dependentInputs: [] }, true] }), {
    kind: "single",
    source: {
      type: "STATIC_ENUM_DATA_SOURCE",
      title: "T",
      id: "i",
      values: [
        { label: "a", value: "a" },
        { label: "2", value: "2" },
        { label: "3", value: "3" },
        { label: "X", value: "x" },
        { label: "true", value: "true" },
      ],
    },
  });
  const conditional = found({ type: "CONDITIONAL", supportedOperators: ["$exists"], supportedKeysSource: { sourceType: "keys", dependencies: [] } });
  assert.deepEqual([conditional.kind, conditional.source.cacheKey, conditional.supportedOperators], ["conditional", "keys", ["$exists"]]);
  for (const input of [{ type: "TEXT" }, { type: "ENUM", values: [] }, { type: "CONDITIONAL" }]) assert.equal(found(input), null);
  assert.equal(sdk.getSourcesForActionInput(), null);
});
