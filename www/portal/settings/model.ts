import { isObject, list, objectOf, text, type Json } from "../../lib/json.ts";

/** One choice of a field. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

/** Where choices that have to be loaded come from. */
export type LoadedSource =
  /** Read from the user's account; asked again when a parameter changes. */
  | { readonly from: "account"; readonly key: string; readonly parameters: readonly string[]; readonly optional: readonly string[] }
  /** The app's own loader. */
  | { readonly from: "app"; readonly key: string }
  /** The app's own loader of a field mapping; the fields are those of one object type. */
  | { readonly from: "mapping"; readonly key: string; readonly what: "objectTypes" | "integrationFields" };

/** Where the choices of a field come from. */
export type ChoiceSource = { readonly from: "list"; readonly options: readonly Option[] } | LoadedSource;

/** What a field mapping is made of: the app's fields, and where the integration's come from. */
export interface MappingSource {
  readonly fields: readonly Option[];
  /** Values of the fields that are there at first. */
  readonly initial: readonly string[];
  readonly canRemove: boolean;
  readonly canCreate: boolean;
  readonly objectTypes: LoadedSource;
  readonly targets: LoadedSource;
}

interface InputBase {
  readonly id: string;
  readonly title: string;
  readonly required: boolean;
  readonly hint: string | undefined;
  readonly placeholder: string | undefined;
  /** Counts while the user has set nothing. */
  readonly defaultValue: unknown;
}

/** How one line or more of text are entered. */
export type TextKind = "text" | "textarea" | "number" | "email" | "url" | "password";

/** One setting that the user fills in. */
export type SettingInput =
  | (InputBase & { readonly kind: TextKind })
  | (InputBase & { readonly kind: "checkbox" | "switch" })
  | (InputBase & { readonly kind: "choice"; readonly source: ChoiceSource })
  | (InputBase & { readonly kind: "mapping"; readonly source: MappingSource });

/** A workflow that the user may switch. */
export interface Workflow {
  readonly id: string;
  readonly name: string;
  readonly info: string;
  readonly inputs: readonly SettingInput[];
}

/** What the integration lets its users set. */
export interface Offer {
  readonly shared: readonly SettingInput[];
  readonly workflows: readonly Workflow[];
}

/** What is set in one configuration of an account. */
export interface Configuration {
  readonly id: string;
  readonly shared: Json;
  /** By workflow. */
  readonly workflows: Readonly<Record<string, { readonly enabled: boolean; readonly settings: Json }>>;
}

const TEXT_KINDS: Readonly<Record<string, TextKind>> = {
  TEXT: "text",
  TEXT_NO_VARS: "text",
  TEXTAREA: "textarea",
  TEXTAREA_NO_VARS: "textarea",
  NUMBER: "number",
  EMAIL: "email",
  URL: "url",
  PASSWORD: "password",
};

/**
 * Reads what can be set.
 *
 * `integration` is the modal's; `config` its settings, in which the SDK has put the app's lists; `mappings` are the
 * app's `mapObjectFields`.
 */
export function readOffer(integration: Json, config: Json, mappings: Json): Offer {
  const sources = objectOf(objectOf(integration.sdkIntegrationConfig).dataSources);
  const read = (inputs: unknown): SettingInput[] => list(inputs).flatMap((input) => readInput(input, sources, mappings));
  const metas = objectOf(config.workflowMeta);
  const workflows = list(integration.workflows).flatMap((entry, index) => {
    const id = text(entry.id);
    const meta = id !== undefined && Object.hasOwn(metas, id) ? objectOf(metas[id]) : {};
    if (id === undefined || meta.hidden === true) return [];
    const name = text(entry.description) ?? text(meta.description) ?? id;
    const order = typeof meta.order === "number" ? meta.order : index;
    return [{ order, workflow: { id, name, info: text(meta.infoText) ?? "", inputs: read(meta.inputs) } }];
  });
  workflows.sort((one, other) => one.order - other.order);
  return { shared: read(objectOf(config.sharedMeta).inputs), workflows: workflows.map(({ workflow }) => workflow) };
}

/** The configuration of a credential that is in use: `selected`, else the default one. */
export function readConfiguration(credential: Json, selected: string | undefined): Configuration | undefined {
  const all = list(credential.configurations);
  const found = all.find(({ id }) => text(id) === selected) ?? all.find(({ isDefault }) => isDefault === true) ?? all[0];
  const id = text(found?.id);
  if (found === undefined || id === undefined) return undefined;
  const workflows = Object.entries(objectOf(found.workflowSettings)).map(([key, value]) => {
    const state = objectOf(value);
    return [key, { enabled: state.enabled === true, settings: objectOf(state.settings) }] as const;
  });
  return { id, shared: objectOf(found.sharedSettings), workflows: Object.fromEntries(workflows) };
}

/** Inputs of kinds that no server of this portal sends are left out. */
function readInput(input: Json, sources: Json, mappings: Json): SettingInput[] {
  const id = text(input.id);
  if (id === undefined || input.hidden === true) return [];
  const base: InputBase = {
    id,
    title: text(input.title) ?? id,
    required: input.required !== false,
    hint: text(input.tooltip) ?? text(input.subtitle),
    placeholder: text(input.placeholder),
    defaultValue: input.defaultValue,
  };
  const type = text(input.type) ?? "";
  if (Object.hasOwn(TEXT_KINDS, type)) return [{ ...base, kind: TEXT_KINDS[type] ?? "text" }];
  if (type === "BOOLEAN_INPUT") return [{ ...base, kind: "checkbox" }];
  if (type === "SWITCH") return [{ ...base, kind: "switch" }];
  if (type === "FIELD_MAPPER") return [{ ...base, kind: "mapping", source: mappingSource(input, sources, mappings) }];
  const source = choiceSource(type, input, sources);
  return source === undefined ? [] : [{ ...base, kind: "choice", source }];
}

function choiceSource(type: string, input: Json, sources: Json): ChoiceSource | undefined {
  switch (type) {
    case "ENUM":
      return { from: "list", options: readOptions(input.values) };
    case "DYNAMIC_ENUM":
      return accountSource(sources, text(input.sourceType) ?? "");
    case "CUSTOM_DROPDOWN": {
      const options = readOptions(input.customDropdownOptions);
      return options.length > 0 ? { from: "list", options } : { from: "app", key: text(input.key) ?? "" };
    }
    default:
      return undefined;
  }
}

function accountSource(sources: Json, key: string): LoadedSource {
  return ofDataSource(Object.hasOwn(sources, key) ? objectOf(sources[key]) : {}, key);
}

function ofDataSource(source: Json, key: string): LoadedSource {
  const names = (value: unknown): string[] => (Array.isArray(value) ? value.filter((name) => text(name) !== undefined) : []);
  const optional = names(source.optionalDependencies);
  return { from: "account", key: text(source.cacheKey) ?? key, parameters: names(source.refreshDependencies), optional };
}

function mappingSource(input: Json, sources: Json, mappings: Json): MappingSource {
  const key = text(input.dynamicObjectName) ?? "";
  const given = Object.hasOwn(mappings, key) ? mappings[key] : input.dynamicObjectOptions;
  const options: Json = Array.isArray(given) ? { fields: given } : objectOf(given);
  const fields = readOptions(options.fields);
  const initial = Array.isArray(options.defaultFields) ? options.defaultFields.map(String) : [];
  const known = initial.filter((value) => fields.some((field) => field.value === value));
  const source = objectOf(sources[text(input.sourceType) ?? ""]);
  const loaded = options.useBYOFieldMappingOption === true;
  return {
    fields,
    initial: known.length > 0 ? known : fields.map((field) => field.value),
    canRemove: options.userCanRemoveMappings === true,
    canCreate: options.userCanCreateFields === true,
    objectTypes: loaded ? { from: "mapping", key, what: "objectTypes" } : ofDataSource(objectOf(source.recordSource), ""),
    targets: loaded ? { from: "mapping", key, what: "integrationFields" } : ofDataSource(objectOf(source.fieldSource), ""),
  };
}

/** Choices as servers and apps give them: `{label, value}`, or sections of such. */
export function readOptions(values: unknown): Option[] {
  return list(values).flatMap((entry) => {
    if (Array.isArray(entry.items)) return readOptions(entry.items);
    const value = isObject(entry.value) || entry.value === undefined || entry.value === null ? undefined : String(entry.value);
    return value === undefined ? [] : [{ value, label: text(entry.label) ?? value }];
  });
}
