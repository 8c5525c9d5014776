import { html, type TemplateResult } from "lit";
import { isObject, type Json } from "../../../lib/json.ts";
import type { Path } from "../definition.ts";
import { idOf } from "../definition.ts";
import { actionButton, checkField, choiceField, jsonField, plainField, valueAt, type Form } from "./form.ts";

const KINDS: [string, string][] = [
  ["text", "Text"],
  ["text_area", "Multi-line text"],
  ["number", "Number"],
  ["email", "Email address"],
  ["url", "URL"],
  ["boolean", "Checkbox"],
  ["switch", "Switch"],
  ["enum", "Fixed choices"],
  ["dynamic_enum", "Choices from Azure DevOps (projects, types, …)"],
  ["custom_dropdown", "Choices from the app"],
  ["field_mapping", "Field mapping (app fields to work item fields)"],
];

/** The settings that users fill in for this workflow. */
export function inputsForm(form: Form): TemplateResult {
  const inputs = valueAt(form, ["inputs"]);
  const list: unknown[] = Array.isArray(inputs) ? inputs : [];
  const add = (): void => form.set(["inputs"], [...list, { id: freeInputId(list, "setting"), title: "", type: "text" }]);
  const remove = (at: number): void => form.set(["inputs"], list.length === 1 ? undefined : list.filter((_, index) => index !== at));
  return html`<div class="stack">
    <p class="soft">Users fill these in when they switch the workflow on. Reference them in steps as <code>{{settings.…}}</code>.</p>
    ${list.map(
      (input, at) => html`<fieldset class="group">
        <legend>Input ${at + 1}</legend>
        ${inputFields(form, ["inputs", at], isObject(input) ? input : {}, list)} ${actionButton(form, "Remove", () => remove(at), { label: `Remove input ${at + 1}` })}
      </fieldset>`,
    )}
    ${list.length === 0 ? html`<p class="small soft">No inputs.</p>` : null} ${actionButton(form, "Add input", add, { id: "add-setting" })}
  </div>`;
}

function inputFields(form: Form, path: Path, input: Json, all: readonly unknown[]): TemplateResult {
  const setTitle = (title: string): void => {
    // As long as the id is the title's, it follows it.
    const others = all.filter((one) => one !== input);
    const follows = typeof input.id === "string" && (input.id === idOf(String(input.title ?? "")) || /^setting(-\d+)?$/.test(input.id));
    form.set(path, { ...input, title, ...(follows && title.trim() !== "" ? { id: freeInputId(others, idOf(title)) } : {}) });
  };
  const setKind = (kind: unknown): void => {
    const { values: _values, source: _source, defaultValue: _default, ...rest } = input;
    const extra =
      kind === "enum"
        ? { values: [{ label: "", value: "" }] }
        : kind === "dynamic_enum"
          ? { source: form.catalog.sources[0]?.key }
          : kind === "custom_dropdown" || kind === "field_mapping"
            ? { source: "" }
            : {};
    form.set(path, { ...rest, type: kind, ...extra });
  };
  return html`${plainField(form, [...path, "title"], { label: "Label", required: true }, { change: setTitle })}
    ${choiceField(form, [...path, "type"], { label: "Kind", required: true }, KINDS, setKind)}
    ${
      input.type === "dynamic_enum"
        ? choiceField(
            form,
            [...path, "source"],
            { label: "Choices from Azure DevOps", required: true },
            form.catalog.sources.map(({ key, title }): [string, string] => [key, title]),
          )
        : null
    }
    ${input.type === "custom_dropdown" || input.type === "field_mapping" ? plainField(form, [...path, "source"], { label: "Key of the choices", required: true, hint: "The key under which the app passes them to connect()." }) : null}
    ${input.type === "enum" ? jsonField(form, [...path, "values"], { label: "Choices", required: true, hint: '[{ "label": "High", "value": "1" }]' }) : null}
    ${checkField(form, [...path, "required"], { label: "Required" })}
    <details class="more">
      <summary>More options</summary>
      <div class="stack">
        ${plainField(form, [...path, "id"], { label: "ID", required: true, hint: "Used in references." })} ${plainField(form, [...path, "tooltip"], { label: "Help text" })}
        ${plainField(form, [...path, "placeholder"], { label: "Placeholder" })} ${jsonField(form, [...path, "defaultValue"], { label: "Default value", hint: "JSON: a quoted string, a number, true or false." })}
      </div>
    </details>`;
}

function freeInputId(list: readonly unknown[], word: string): string {
  const taken = list.map((one) => (isObject(one) ? one.id : undefined));
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? word : `${word}-${number}`;
    if (!taken.includes(id)) return id;
  }
}
