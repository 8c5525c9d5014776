import { isObject, text, type Json } from "../../lib/json.ts";
import { objects, texts } from "../api.ts";

/** A permission (scope) of Azure DevOps. */
export interface Permission {
  readonly group: string;
  readonly name: string;
  readonly allows: string;
  readonly highPrivilege: boolean;
  /** All that comes with it. */
  readonly includes: readonly string[];
}

/** Every permission, and the one that the gateway itself needs. */
export interface Catalog {
  readonly permissions: readonly Permission[];
  readonly required: string;
}

/** State of a permission in the picker. */
export type Standing =
  | { readonly state: "open" | "chosen" }
  /** Ticked and locked: it comes with `by`, or the gateway needs it. */
  | { readonly state: "inherited"; readonly by: string }
  | { readonly state: "required" };

/** Reads the API's answer. */
export function catalogOf(answer: Json): Catalog {
  const permissions = objects(answer.permissions).map((one) => ({
    group: text(one.group) ?? "",
    name: text(one.name) ?? "",
    allows: text(one.allows) ?? "",
    highPrivilege: one.highPrivilege === true,
    includes: texts(one.includes),
  }));
  return { permissions, required: isObject(answer) ? (text(answer.required) ?? "") : "" };
}

/** State of `permission` when `chosen` are selected. */
export function standingOf(permission: Permission, chosen: readonly string[], catalog: Catalog): Standing {
  if (permission.name === catalog.required) return { state: "required" };
  const by = catalog.permissions.find((other) => chosen.includes(other.name) && other.includes.includes(permission.name));
  if (by !== undefined) return { state: "inherited", by: by.name };
  return { state: chosen.includes(permission.name) ? "chosen" : "open" };
}

/** `chosen` with `name` ticked or not. What comes with another needs no place of its own. */
export function toggled(name: string, chosen: readonly string[], catalog: Catalog): string[] {
  const next = chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name];
  if (!next.includes(catalog.required)) next.unshift(catalog.required);
  const includedByOthers = new Set(catalog.permissions.filter((one) => next.includes(one.name)).flatMap((one) => one.includes));
  return next.filter((one) => one === catalog.required || !includedByOthers.has(one));
}

/** Whether two choices are the same, in whatever order. */
export function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name) => other.includes(name));
}

/** The permissions that a search finds, by group; groups with one of `first` stand first. */
export function grouped(catalog: Catalog, search: string, first: readonly string[]): Map<string, Permission[]> {
  const wanted = search.trim().toLowerCase();
  const groups = new Map<string, Permission[]>();
  const leading = new Set(catalog.permissions.filter((one) => first.includes(one.name)).map((one) => one.group));
  const isLeading = (one: Permission): boolean => leading.has(one.group);
  for (const permission of [...catalog.permissions.filter(isLeading), ...catalog.permissions.filter((one) => !isLeading(one))]) {
    const words = `${permission.group} ${permission.name} ${permission.allows}`.toLowerCase();
    if (!words.includes(wanted)) continue;
    groups.set(permission.group, [...(groups.get(permission.group) ?? []), permission]);
  }
  return groups;
}
