import { html, type TemplateResult } from "lit";
import { isObject, text, type Json } from "../../../lib/json.ts";
import type { Path } from "../definition.ts";
import { choicesOf } from "./choices.ts";
import { actionButton, choiceField, jsonField, numberOf, problemsAt, templateField, valueAt, type Form, type Labels } from "./form.ts";

/** The fields of an object, as its JSON Schema describes them: what is needed or set, and behind a fold the rest. */
export function objectFields(form: Form, path: Path, schema: Json): TemplateResult {
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  const isShown = ([name]: [string, unknown]): boolean =>
    required.includes(name) || valueAt(form, [...path, name]) !== undefined || problemsAt(form, [...path, name], true).length > 0;
  const [shown, rest] = [properties.filter(isShown), properties.filter((property) => !isShown(property))];
  const field = ([name, property]: [string, unknown]): TemplateResult =>
    valueField(form, [...path, name], isObject(property) ? property : {}, { label: words(name), required: required.includes(name), ...hintOf(property) });
  return html`${shown.map(field)}
  ${
    rest.length === 0
      ? null
      : html`<details class="more">
        <summary>More options (${rest.length})</summary>
        <div class="stack">${rest.map(field)}</div>
      </details>`
  }`;
}

/** The field of one value. */
export function valueField(form: Form, path: Path, schema: Json, labels: Labels): TemplateResult {
  const types = typesOf(schema);
  const value = valueAt(form, path);
  const fixed = Array.isArray(schema.enum) ? schema.enum.filter((one) => one !== null) : undefined;
  if (fixed !== undefined) {
    const unset: [undefined, string][] = labels.required === true ? [] : [[undefined, "Not set"]];
    return choiceField(form, path, labels, [...unset, ...fixed.map((one): [unknown, string] => [one, String(one)])]);
  }
  if (types.includes("array") && (Array.isArray(value) || types.length === 1)) return listField(form, path, schema, labels);
  if (types.includes("object")) {
    if (isObject(schema.properties)) return group(labels, objectFields(form, path, schema));
    return isObject(schema.additionalProperties) ? mapField(form, path, schema.additionalProperties, labels) : jsonField(form, path, labels);
  }
  if (types.length === 1 && types[0] === "boolean") {
    return choiceField(form, path, labels, [
      [undefined, "Not set"],
      [true, "Yes"],
      [false, "No"],
    ]);
  }
  const isNumber = types.length > 0 && types.every((type) => type === "integer" || type === "number");
  const choices = choicesOf(form, path, schema);
  const field = templateField(
    form,
    path,
    labels,
    isNumber ? { read: numberOf } : { kind: types.includes("string") && isLong(path) ? "text" : "line", ...(choices === undefined ? {} : { choices }) },
  );
  if (!types.includes("array")) return field;
  return html`${field}${actionButton(form, "Use a list of values", () => form.set(path, value === undefined ? [""] : [value]), { label: `${labels.label}: use a list of values` })}`;
}

/** Values one below the other. */
function listField(form: Form, path: Path, schema: Json, labels: Labels): TemplateResult {
  const value = valueAt(form, path);
  const items = isObject(schema.items) ? schema.items : {};
  const list: unknown[] = Array.isArray(value) ? value : [];
  const isObjects = typesOf(items).includes("object");
  const one = isObjects ? "entry" : "value";
  const add = (): void => form.set(path, [...list, isObjects ? emptyOf(items) : ""]);
  const remove = (at: number): void => form.set(path, list.length === 1 ? undefined : list.filter((_, index) => index !== at));
  const entry = (at: number): TemplateResult =>
    isObjects
      ? html`<div class="entry stack" role="group" aria-label="${labels.label} ${at + 1}">
          ${objectFields(form, [...path, at], items)} ${actionButton(form, "Remove", () => remove(at), { label: `Remove ${labels.label} ${at + 1}` })}
        </div>`
      : html`<div class="row">
          ${valueField(form, [...path, at], items, { label: `${labels.label} ${at + 1}`, required: true })}
          ${actionButton(form, "Remove", () => remove(at), { label: `Remove ${labels.label} ${at + 1}` })}
        </div>`;
  return group(
    labels,
    html`${list.map((_, at) => entry(at))} ${actionButton(form, `Add ${one}`, add, { label: `${labels.label}: add ${one}` })}`,
    wrongOf(form, path),
  );
}

/** Names and values. */
function mapField(form: Form, path: Path, schema: Json, labels: Labels): TemplateResult {
  const value = valueAt(form, path);
  const entries = isObject(value) ? Object.entries(value) : [];
  const rename = (old: string, name: string): void => {
    if (name === old || (name !== "" && entries.some(([other]) => other === name))) return;
    form.set(path, Object.fromEntries(entries.map(([one, content]) => [one === old ? name : one, content])));
  };
  const row = ([name, _]: [string, unknown], at: number): TemplateResult => html`<div class="row pair">
    <div class="field">
      <label for="${path.join("-")}-name-${at}">Name ${at + 1}</label>
      <input
        id="${path.join("-")}-name-${at}"
        autocomplete="off"
        list=${labels.label === "Fields" ? "work-item-fields" : ""}
        ?readonly=${!form.mayEdit}
        .value=${name}
        @change=${(event: Event): void => rename(name, (event.currentTarget as HTMLInputElement).value.trim())}
      />
    </div>
    ${valueField(form, [...path, name], schema, { label: name === "" ? `Value ${at + 1}` : name, required: true })}
    ${actionButton(form, "Remove", () => form.set([...path, name], undefined), { label: `Remove ${name || `row ${at + 1}`}` })}
  </div>`;
  const add = (): void => form.set(path, { ...(isObject(value) ? value : {}), "": "" });
  const isOpen = entries.some(([name]) => name === "");
  return group(
    labels,
    html`${entries.map(row)} ${isOpen ? null : actionButton(form, "Add a row", add, { label: `${labels.label}: add a row`, id: `add-${labels.label.toLowerCase()}` })}`,
    wrongOf(form, path),
  );
}

function wrongOf(form: Form, path: Path): string {
  return problemsAt(form, path)
    .map(({ message }) => message)
    .join(" ");
}

function group(labels: Labels, content: TemplateResult, wrong = ""): TemplateResult {
  return html`<fieldset class="group">
    <legend>${labels.label}${labels.required === true ? null : html` <span class="soft weak">(optional)</span>`}</legend>
    ${labels.hint === undefined ? null : html`<p class="small soft">${labels.hint}</p>`} ${content}
    ${wrong === "" ? null : html`<p class="field-error">${wrong}</p>`}
  </fieldset>`;
}

function emptyOf(schema: Json): Json {
  const required = Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === "string") : [];
  return Object.fromEntries(
    required.map((name) => {
      const property = isObject(schema.properties) ? schema.properties[name] : undefined;
      const first: unknown = isObject(property) && Array.isArray(property.enum) ? property.enum[0] : undefined;
      return [name, first ?? (typesOf(isObject(property) ? property : {}).includes("array") ? [] : "")];
    }),
  );
}

function typesOf(schema: Json): string[] {
  const types: unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.filter((type) => typeof type === "string" && type !== "null") as string[];
}

function hintOf(schema: unknown): { hint?: string } {
  const description = isObject(schema) ? text(schema.description) : undefined;
  return description === undefined ? {} : { hint: description.replaceAll("`", "").replace(/\s+/g, " ") };
}

/** `workItemType` → `Work item type`, `workItemId` → `Work item ID`. */
export function words(name: string): string {
  const spaced = name.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  const title = spaced.charAt(0).toUpperCase() + spaced.slice(1);
  return title.replace(/\b(id|url|wiql)\b/gi, (short) => short.toUpperCase());
}

/** Fields of work items whose texts run over several lines. */
function isLong(path: Path): boolean {
  return /Description|ReproSteps|History|AcceptanceCriteria|wiql/.test(String(path.at(-1)));
}
