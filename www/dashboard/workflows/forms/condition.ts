import { html, type TemplateResult } from "lit";
import { isObject, type Json } from "../../../lib/json.ts";
import type { Path } from "../definition.ts";
import { actionButton, choiceField, templateField, valueAt, type Form } from "./form.ts";

const NEW = { left: "", operator: "$stringExactlyMatches", right: "" };

/** Operators in words; one that is not here shows its name. */
const WORDS: Readonly<Record<string, string>> = {
  $stringExactlyMatches: "is the text",
  $stringDoesNotExactlyMatch: "is not the text",
  $stringContains: "contains",
  $stringDoesNotContain: "does not contain",
  $stringStartsWith: "starts with",
  $stringDoesNotStartWith: "does not start with",
  $stringEndsWith: "ends with",
  $stringDoesNotEndWith: "does not end with",
  $stringIsIn: "is one of (comma-separated)",
  $stringIsNotIn: "is none of (comma-separated)",
  $stringGreaterThan: "comes after, as text",
  $stringLessThan: "comes before, as text",
  $numberEquals: "= number",
  $numberDoesNotEqual: "≠ number",
  $numberGreaterThan: "> number",
  $numberLessThan: "< number",
  $numberGreaterThanOrEqualTo: "≥ number",
  $numberLessThanOrEqualTo: "≤ number",
  $dateTimeAfter: "is later than",
  $dateTimeBefore: "is earlier than",
  $dateTimeEquals: "is the same time as",
  $booleanTrue: "is true",
  $booleanFalse: "is false",
  $exists: "is there",
  $doesNotExist: "does not exist",
  $isNotUndefinedOrNull: "is neither missing nor null",
  $isUndefinedOrNull: "is missing or null",
  $arrayIsIn: "is in the list",
  $arrayIsNotIn: "is not in the list",
  $arrayIsEmpty: "is an empty list",
  $arrayIsNotEmpty: "is a non-empty list",
};

/** An OR of ANDs of comparisons. */
export function conditionFields(form: Form, path: Path, name: string): TemplateResult {
  const condition = valueAt(form, path);
  const groups = isObject(condition) && Array.isArray(condition.any) ? condition.any : [];
  const addGroup = (): void => form.set([...path, "any"], [...groups, { all: [NEW] }]);
  return html`<div class="stack">
    ${groups.map(
      (group, at) => html`${at === 0 ? null : html`<p class="or">or</p>`}
        ${groupFields(form, [...path, "any", at], isObject(group) ? group : {}, groups.length > 1 ? `${name}, group ${at + 1}` : name, () => removeGroup(form, path, groups, at))}`,
    )}
    ${actionButton(form, "Or …", addGroup, { label: `Or …: another group in ${name}` })}
  </div>`;
}

function groupFields(form: Form, path: Path, group: Json, name: string, removeAll: () => void): TemplateResult {
  const comparisons = Array.isArray(group.all) ? group.all : [];
  const list = [...path, "all"];
  const remove = (at: number): void => (comparisons.length === 1 ? removeAll() : form.set([...list, at], undefined));
  return html`<div class="entry stack" role="group" aria-label=${name}>
    ${comparisons.map(
      (comparison, at) => html`${at === 0 ? null : html`<p class="and">and</p>`}
        ${comparisonFields(form, [...list, at], isObject(comparison) ? comparison : {}, comparisons.length > 1 ? ` ${at + 1}` : "")}
        ${actionButton(form, "Remove", () => remove(at), { label: `Remove comparison ${at + 1} of ${name}` })}`,
    )}
    ${actionButton(form, "And …", () => form.set(list, [...comparisons, NEW]), { label: `And …: another comparison in ${name}` })}
  </div>`;
}

function comparisonFields(form: Form, path: Path, comparison: Json, number: string): TemplateResult {
  const { operators } = form.catalog;
  const needsRight = operators.find(({ name }) => name === comparison.operator)?.needsRight ?? true;
  const choose = (operator: unknown): void => {
    const keepsRight = operators.find(({ name }) => name === operator)?.needsRight === true;
    const { right, ...rest } = comparison;
    form.set(path, { ...rest, operator, ...(keepsRight ? { right: right ?? "" } : {}) });
  };
  return html`<div class="comparison">
    ${templateField(form, [...path, "left"], { label: `What${number}`, required: true, example: "{{" })}
    ${choiceField(
      form,
      [...path, "operator"],
      { label: `How${number}`, required: true },
      operators.map(({ name }): [string, string] => [name, WORDS[name] ?? name]),
      choose,
    )}
    ${needsRight ? templateField(form, [...path, "right"], { label: `With${number}`, required: true }) : null}
  </div>`;
}

function removeGroup(form: Form, path: Path, groups: readonly unknown[], at: number): void {
  // A condition has at least one comparison.
  form.set([...path, "any"], groups.length === 1 ? [{ all: [NEW] }] : groups.filter((_, index) => index !== at));
}
