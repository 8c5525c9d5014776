import { isObject, list, objectOf, text, type Json } from "../../lib/json.ts";
import type { MappingSource, Option } from "./model.ts";

/** A field of the app, and the field of the integration that it is written to. */
export interface Row {
  readonly field: Option;
  /** Empty while nothing is chosen. */
  readonly target: string;
}

/** A field mapping while it is filled in. */
export interface Mapping {
  readonly objectType: string;
  readonly rows: readonly Row[];
  /** Names of fields that the user made up. */
  readonly created: readonly string[];
}

/** Reads a stored mapping; without one the rows are those that the app wants at first. */
export function readMapping(stored: unknown, source: MappingSource): Mapping {
  const value = objectOf(stored);
  const saved = objectOf(value.dynamicMappings);
  const created = Array.isArray(value.userCreatedFields) ? value.userCreatedFields.filter((name) => typeof name === "string") : [];
  const labeled = (key: string): Option => source.fields.find((field) => field.value === key) ?? { value: key, label: key };
  const keys = Object.keys(saved).length > 0 ? Object.keys(saved) : [...source.initial, ...created];
  const missing = source.canRemove ? [] : source.initial.filter((key) => !keys.includes(key));
  const rows = [...keys, ...missing].map((key) => ({ field: labeled(key), target: text(objectOf(saved[key]).integrationField) ?? "" }));
  return { objectType: text(value.objectMapping) ?? "", rows, created };
}

/** The mapping as it is stored; null for one in which nothing is chosen. */
export function writeMapping({ objectType, rows, created }: Mapping): Json | null {
  if (objectType === "" && rows.every((row) => row.target === "") && created.length === 0) return null;
  const pairs = rows.map(({ field, target }) => [field.value, { applicationField: field.value, ...(target === "" ? {} : { integrationField: target }) }]);
  return {
    mappingType: "DYNAMIC",
    ...(objectType === "" ? {} : { objectMapping: objectType }),
    dynamicMappings: Object.fromEntries(pairs) as Json,
    ...(created.length === 0 ? {} : { userCreatedFields: created }),
  };
}

/** Another object type has other fields: what was chosen for the old one goes. */
export function withType(mapping: Mapping, objectType: string): Mapping {
  if (objectType === mapping.objectType) return mapping;
  return { ...mapping, objectType, rows: mapping.rows.map((row) => ({ ...row, target: "" })) };
}

export function withTarget(mapping: Mapping, field: string, target: string): Mapping {
  return { ...mapping, rows: mapping.rows.map((row) => (row.field.value === field ? { ...row, target } : row)) };
}

export function without(mapping: Mapping, field: string): Mapping {
  return {
    ...mapping,
    rows: mapping.rows.filter((row) => row.field.value !== field),
    created: mapping.created.filter((name) => name !== field),
  };
}

/** Adds one of the app's fields. */
export function withField(mapping: Mapping, field: Option): Mapping {
  if (mapping.rows.some((row) => row.field.value === field.value)) return mapping;
  return { ...mapping, rows: [...mapping.rows, { field, target: "" }] };
}

/** Adds a field that the user made up. */
export function withCreated(mapping: Mapping, name: string): Mapping {
  const added = withField(mapping, { value: name, label: name });
  return added === mapping ? mapping : { ...added, created: [...mapping.created, name] };
}

/** The app's fields that have no row yet. */
export function unused(mapping: Mapping, source: MappingSource): Option[] {
  return source.fields.filter((field) => !mapping.rows.some((row) => row.field.value === field.value));
}

/** What is wrong with a mapping, in words for the user. */
export function mappingProblem(mapping: Mapping, required: boolean): string | undefined {
  const mapped = mapping.rows.some((row) => row.target !== "");
  if (mapping.objectType === "") return required || mapped ? "Select what the fields map to." : undefined;
  return mapped || !required ? undefined : "Map at least one field.";
}

/** Whether a stored value maps at least one field. */
export function isMapped(stored: unknown): boolean {
  if (!isObject(stored) || text(stored.objectMapping) === undefined) return false;
  return list(Object.values(objectOf(stored.dynamicMappings))).some((pair) => text(pair.integrationField) !== undefined);
}
