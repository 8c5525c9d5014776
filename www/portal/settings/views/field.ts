import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { SettingsForm } from "../form.ts";
import type { SettingInput, TextKind } from "../model.ts";
import { fieldId } from "../session.ts";
import { chooser, select } from "./choice.ts";
import { mappingField } from "./mapping.ts";

type InputOf<Kind> = SettingInput & { readonly kind: Kind };

/** One setting: label, explanation, what is entered, what is wrong with it. */
export function settingField(form: SettingsForm, input: SettingInput): TemplateResult {
  switch (input.kind) {
    case "checkbox":
    case "switch":
      return yesOrNo(form, input);
    case "mapping":
      return mappingField(form, input);
    default:
      return html`<div class="field" data-testid="setting">
        <label for=${fieldId(form.place, input.id)}>${input.title}${optional(input)}</label>
        ${hint(form, input)} ${input.kind === "choice" ? choice(form, input) : line(form, input)} ${problem(form, input)}
      </div>`;
  }
}

/** "(optional)" after the label of what may be left out. */
export function optional(input: SettingInput): TemplateResult | null {
  return input.required ? null : html` <span class="soft optional">(optional)</span>`;
}

export function hint(form: SettingsForm, input: SettingInput): TemplateResult | null {
  if (input.hint === undefined) return null;
  return html`<span class="small soft" id="${fieldId(form.place, input.id)}-hint">${input.hint}</span>`;
}

/** What is wrong with the field, below it. */
export function problem(form: SettingsForm, input: SettingInput): TemplateResult {
  return html`<span class="field-error" id="${fieldId(form.place, input.id)}-error">${form.problem(input.id) ?? ""}</span>`;
}

/** Ids of what describes the field, for `aria-describedby`. */
export function describedBy(form: SettingsForm, input: SettingInput): string {
  const id = fieldId(form.place, input.id);
  return `${input.hint === undefined ? "" : `${id}-hint `}${id}-error`;
}

function choice(form: SettingsForm, input: InputOf<"choice">): TemplateResult {
  const { source } = input;
  const value = form.draft(input) as string;
  const field = {
    id: fieldId(form.place, input.id),
    value,
    required: input.required,
    invalid: form.problem(input.id) !== undefined,
    describedBy: describedBy(form, input),
    placeholder: input.placeholder ?? "Choose…",
    pick: (picked: string): void => form.set(input.id, picked),
  };
  if (source.from === "list") return select(field, source.options);
  return chooser(field, form.choicesOf(input.id, source, [value]));
}

const AUTOCOMPLETE: Readonly<Partial<Record<TextKind, string>>> = { email: "email", url: "url", password: "new-password" };
const KEYBOARD: Readonly<Partial<Record<TextKind, string>>> = { email: "email", url: "url", number: "decimal" };

function line(form: SettingsForm, input: InputOf<TextKind>): TemplateResult {
  const id = fieldId(form.place, input.id);
  const value = form.draft(input) as string;
  const invalid = form.problem(input.id) === undefined ? nothing : "true";
  const changed = (event: Event): void => form.set(input.id, (event.currentTarget as HTMLInputElement).value);
  if (input.kind === "textarea") {
    return html`<textarea
      id=${id}
      rows="3"
      aria-required=${input.required ? "true" : "false"}
      aria-invalid=${invalid}
      aria-describedby=${describedBy(form, input)}
      placeholder=${input.placeholder ?? nothing}
      .value=${live(value)}
      @input=${changed}
    ></textarea>`;
  }
  // A number is a text field with the keyboard for numbers: one of type "number" hides what it cannot parse.
  return html`<input
    id=${id}
    type=${input.kind === "password" ? "password" : "text"}
    inputmode=${KEYBOARD[input.kind] ?? nothing}
    autocomplete=${AUTOCOMPLETE[input.kind] ?? "off"}
    aria-required=${input.required ? "true" : "false"}
    aria-invalid=${invalid}
    aria-describedby=${describedBy(form, input)}
    placeholder=${input.placeholder ?? nothing}
    .value=${live(value)}
    @input=${changed}
  />`;
}

function yesOrNo(form: SettingsForm, input: InputOf<"checkbox" | "switch">): TemplateResult {
  const id = fieldId(form.place, input.id);
  const box = html`<input
    id=${id}
    type="checkbox"
    role=${input.kind === "switch" ? "switch" : nothing}
    class=${input.kind === "switch" ? "switch" : nothing}
    aria-describedby=${describedBy(form, input)}
    .checked=${live(form.draft(input) as boolean)}
    @change=${(event: Event): void => form.set(input.id, (event.currentTarget as HTMLInputElement).checked)}
  />`;
  return html`<div class="field" data-testid="setting">
    <div class="yes-or-no ${input.kind === "switch" ? "at-end" : ""}">${box}<label for=${id}>${input.title}</label></div>
    ${hint(form, input)} ${problem(form, input)}
  </div>`;
}
