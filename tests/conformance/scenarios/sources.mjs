// Inputs and their sources: options of accounts and fields, the app's own choices, file pickers.

import { one, signedOut } from "./support.mjs";

const dropdown = { id: "pick", title: "Pick", type: "CUSTOM_DROPDOWN", key: "colors" };
const sourced = (sourceType, more = {}) => ({ id: "i", title: "I", type: "DYNAMIC_ENUM", sourceType, ...more });
const action = (title, value) => one(`getSourcesForActionInput of ${title}`, "getSourcesForActionInput", [{ id: "i", title: "I", ...value }]);
const fields = (name, options, answers) => one(`getFieldOptions ${name}`, "getFieldOptions", [options], answers);

export const sources = [
  one("getAccountTypeOptions", "getAccountTypeOptions", ["github"]),
  one("getAccountTypeOptions of one without", "getAccountTypeOptions", ["azuredevops"]),
  one("getAccountTypeOptions of an unknown integration", "getAccountTypeOptions", ["nosuch"]),
  signedOut("getAccountTypeOptions", "getAccountTypeOptions", "github"),
  one("getPreOptions", "getPreOptions", ["github"]),
  one("getPreOptions of an account type", "getPreOptions", ["github", "token"]),
  one("getPreOptions of an unknown account type", "getPreOptions", ["github", "nosuch"]),
  one("getPreOptions of a custom integration", "getPreOptions", ["custom.acmeboards"]),
  one("getPreOptions of a custom integration with client credentials", "getPreOptions", ["custom.ledger"]),
  one("getPreOptions of one without", "getPreOptions", ["azuredevops"]),
  one("getPreOptions of an unknown integration", "getPreOptions", ["nosuch"]),
  one("getPostOptions", "getPostOptions", ["github"]),
  one("getPostOptions of one without", "getPostOptions", ["azuredevops"]),
  one("getPostOptions of an unknown integration", "getPostOptions", ["nosuch"]),
  one("getDataSourceOptions", "getDataSourceOptions", ["azuredevops", "projects"]),
  one("getDataSourceOptions of an unknown key", "getDataSourceOptions", ["azuredevops", "nosuch"]),
  one("getDataSourceOptions of an unknown integration", "getDataSourceOptions", ["nosuch", "projects"]),

  fields("by action", { integration: "azuredevops", action: "projects" }),
  fields("by source", {
    integration: "azuredevops",
    source: { type: "DYNAMIC_DATA_SOURCE", cacheKey: "boards" },
    parameters: [{ key: "project", source: { type: "VALUE", value: "p" } }],
  }),
  fields("of a page and a search", { integration: "azuredevops", action: "projects", search: "al", cursor: "2", selectedCredentialId: "ext:other" }),
  fields(
    "that are a bare list",
    { integration: "azuredevops", action: "projects" },
    { "POST zeus /sdk/actions": { json: { output: [{ label: "A", value: 1 }] } } },
  ),
  fields(
    "that are inputs",
    { integration: "azuredevops", action: "projects" },
    { "POST zeus /sdk/actions": { json: { output: { records: [{ id: "x", title: "X", type: "string" }], nextPageCursor: null } } } },
  ),
  fields("of nothing", { integration: "azuredevops", action: "projects" }, { "POST zeus /sdk/actions": { json: { output: [] } } }),
  fields("that are not answered", { integration: "azuredevops", action: "projects" }, { "POST zeus /sdk/actions": {} }),
  fields("that fail", { integration: "azuredevops", action: "projects" }, { "POST zeus /sdk/actions": { status: 400, json: { message: "no" } } }),
  fields("without a key", { integration: "azuredevops" }),
  fields("of an unknown integration", { integration: "nosuch", action: "projects" }),
  signedOut("getFieldOptions", "getFieldOptions", { integration: "azuredevops", action: "projects" }),
  {
    name: "getFieldOptions of the app's own choices",
    script: async (t) => {
      await t.login();
      await t.call("setDataSources", {
        dropdowns: { colors: { loadOptions: t.hear("load", async () => ({ options: [{ label: "Green", value: "g" }], nextPageCursor: "n" })) } },
      });
      await t.call("getFieldOptions", { integration: "azuredevops", action: "colors", search: "s", cursor: "c" });
      await t.call("getFieldOptions", { integration: "azuredevops", action: "colors", cursor: 0 });
    },
  },
  {
    name: "getFieldOptions of the app's fields to map",
    script: async (t) => {
      await t.login();
      const load = (label) => ({ get: t.hear(label, async () => ({ options: [{ label, value: "v" }], nextPageCursor: null })) });
      await t.call("setDataSources", {
        mapObjectFields: {
          Task: { objectTypes: load("types"), integrationFields: load("fields"), applicationFields: { fields: [{ label: "Title", value: "t" }] } },
        },
      });
      const input = {
        id: "m",
        title: "M",
        type: "FIELD_MAPPER",
        sourceType: "recordMapper",
        useDynamicMapper: true,
        dynamicObjectName: "Task",
        savedFieldMappings: [],
      };
      const found = await t.call("getSourcesForInput", "azuredevops", input);
      await t.call("getFieldOptions", { integration: "azuredevops", source: found?.recordSource, search: "s" });
      await t.call("getFieldOptions", {
        integration: "azuredevops",
        source: found?.fieldSource,
        parameters: [{ key: "objectType", source: { type: "VALUE", value: "o" } }],
      });
      await t.call("getFieldOptions", { integration: "azuredevops", source: found?.fieldSource });
    },
  },

  one("getSourcesForInput of a dynamic source", "getSourcesForInput", ["azuredevops", sourced("projects")]),
  one("getSourcesForInput of a static source", "getSourcesForInput", ["azuredevops", sourced("priorities")]),
  one("getSourcesForInput of a field mapper", "getSourcesForInput", ["azuredevops", sourced("recordMapper", { type: "FIELD_MAPPER", savedFieldMappings: [] })]),
  one("getSourcesForInput of a small field mapper", "getSourcesForInput", [
    "azuredevops",
    sourced("plainMapper", { type: "FIELD_MAPPER", savedFieldMappings: [] }),
  ]),
  one("getSourcesForInput of a pair", "getSourcesForInput", ["azuredevops", sourced("teamCombo", { type: "COMBO_INPUT" })]),
  one("getSourcesForInput of a pair with a value", "getSourcesForInput", ["azuredevops", sourced("valueCombo", { type: "DYNAMIC_COMBO_INPUT" })]),
  one("getSourcesForInput of an unknown source", "getSourcesForInput", ["azuredevops", sourced("nosuch")]),
  one("getSourcesForInput of text", "getSourcesForInput", ["azuredevops", { id: "i", title: "I", type: "TEXT_NO_VARS" }]),
  one("getSourcesForInput of a dropdown with choices of its own", "getSourcesForInput", [
    "azuredevops",
    { ...dropdown, customDropdownOptions: [{ label: "Red", value: "r" }] },
  ]),
  one("getSourcesForInput of a dropdown without choices", "getSourcesForInput", ["azuredevops", dropdown]),
  one("getSourcesForInput of an unknown integration", "getSourcesForInput", ["nosuch", sourced("projects")]),
  {
    name: "getSourcesForInput prefers the app's choices for the integration",
    script: async (t) => {
      await t.login();
      const input = { id: "pick", title: "Pick", type: "CUSTOM_DROPDOWN", key: "colors", customDropdownOptions: [{ label: "Red", value: "r" }] };
      await t.call("setDataSources", {
        dropdowns: { colors: [{ label: "Green", value: "g" }] },
        integrationSpecificSources: { github: { dropdowns: { colors: [{ label: "Blue", value: "b" }] } } },
      });
      await t.call("getSourcesForInput", "azuredevops", input);
      await t.call("getSourcesForInput", "github", input);
      await t.call("setDataSources", { dropdowns: {} });
      await t.call("getSourcesForInput", "github", input);
    },
  },
  {
    name: "getSourcesForInput of choices that the app loads",
    script: async (t) => {
      await t.login();
      await t.call("setDataSources", { dropdowns: { colors: { loadOptions: async () => ({ options: [] }) } } });
      await t.call("getSourcesForInput", "azuredevops", { id: "pick", title: "Pick", type: "CUSTOM_DROPDOWN", key: "colors" });
    },
  },
  {
    name: "getSourcesForInput of a field mapper with the app's fields",
    script: async (t) => {
      await t.login();
      await t.call("setDataSources", {
        mapObjectFields: { Task: { fields: [{ label: "Title", value: "t" }], userCanCreateFields: true }, Plain: [{ label: "P", value: "p" }] },
        integrationSpecificSources: { github: { mapObjectFields: { Task: [{ label: "Own", value: "o" }] } } },
      });
      const input = (dynamicObjectName) => ({
        id: "m",
        title: "M",
        type: "FIELD_MAPPER",
        sourceType: "recordMapper",
        useDynamicMapper: true,
        dynamicObjectName,
        savedFieldMappings: [],
      });
      await t.call("getSourcesForInput", "azuredevops", input("Task"));
      await t.call("getSourcesForInput", "azuredevops", input("Plain"));
      await t.call("getSourcesForInput", "azuredevops", input("Nothing"));
    },
  },
  {
    name: "setDataSources skips what it cannot use",
    script: async (t) => {
      await t.login();
      await t.call("setDataSources", { dropdowns: { colors: "text", good: [{ label: "G", value: "g" }] }, mapObjectFields: { Task: 5 } });
      await t.call("getSourcesForInput", "azuredevops", { id: "pick", title: "Pick", type: "CUSTOM_DROPDOWN", key: "colors" });
      await t.call("getSourcesForInput", "azuredevops", { id: "pick", title: "Pick", type: "CUSTOM_DROPDOWN", key: "good" });
      await t.call("setDataSources", {});
    },
  },
  action("a source", { type: "ENUM", valuesSource: { sourceType: "projects", dependencies: ["a"] } }),
  action("values", { type: "ENUM", values: [{ value: 1, label: "One" }, { value: "two" }, "three", 4] }),
  action("no values", { type: "ENUM", values: [] }),
  action("a condition", { type: "CONDITIONAL", supportedKeysSource: { sourceType: "fields", dependencies: [] }, supportedOperators: ["$exists"] }),
  action("a condition without keys", { type: "CONDITIONAL", supportedKeys: ["a"] }),
  action("text", { type: "TEXT" }),
  {
    name: "_loadCustomDropdownOptions calls the app's loader",
    script: async (t) => {
      await t.login();
      await t.call("setDataSources", {
        dropdowns: {
          colors: { loadOptions: t.hear("load", async () => ({ options: [{ label: "G", value: "g" }], nextPageCursor: "n" })) },
          failing: {
            loadOptions: async () => {
              throw new Error("the app's own");
            },
          },
        },
      });
      await t.call("_loadCustomDropdownOptions", "colors", "c", "s");
      await t.call("_loadCustomDropdownOptions", "failing");
    },
  },
  one("_loadCustomDropdownOptions of an unknown key", "_loadCustomDropdownOptions", ["nosuch"]),

  {
    name: "ExternalFilePicker is refused what it cannot show",
    script: async (t, sdk, paragon) => {
      await t.call("ExternalFilePicker", "googledrive", {});
      await t.login();
      await t.call("ExternalFilePicker", "", {});
      await t.call("ExternalFilePicker", "azuredevops", {});
      await t.call("ExternalFilePicker", "nosuch", {});
      t.note("kind", typeof paragon.ExternalFilePicker);
    },
  },
  {
    name: "ExternalFilePicker without options",
    script: async (t) => {
      await t.login();
      await t.call("ExternalFilePicker");
      await t.call("ExternalFilePicker", "github");
    },
  },
  {
    name: "ExternalFilePicker of Google Drive needs a key",
    script: async (t, sdk, paragon) => {
      await t.login();
      const picker = new paragon.ExternalFilePicker("googledrive", t.callbacks("onOpen", "onClose", "onFileSelect", "onCancel"));
      await t.callOn(picker, "picker: ", "init", {});
      await t.callOn(picker, "picker: ", "open");
    },
  },
];
