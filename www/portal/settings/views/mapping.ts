import { html, type TemplateResult } from "lit";
import { chevron } from "../../../elements/chevron.ts";
import type { Offered, SettingsForm } from "../form.ts";
import { unused, withCreated, withField, without, withTarget, withType, type Mapping, type Row } from "../mapping.ts";
import type { SettingInput } from "../model.ts";
import { fieldId } from "../session.ts";
import { chooser } from "./choice.ts";
import { describedBy, hint, optional, problem } from "./field.ts";

type MappingInput = SettingInput & { readonly kind: "mapping" };

/** What each field of the app is written to: a type, then one field of it for each of the app's. */
export function mappingField(form: SettingsForm, input: MappingInput): TemplateResult {
  const id = fieldId(form.place, input.id);
  const mapping = form.draft(input) as Mapping;
  const set = (changed: Mapping): void => form.set(input.id, changed);
  const { types, targets } = form.mappingChoices(input.id, input.source.objectTypes, input.source.targets, mapping);
  const invalid = form.problem(input.id) !== undefined;
  const field = { required: input.required, invalid, describedBy: describedBy(form, input) };
  const pickType = (picked: string): void => set(withType(mapping, picked));
  return html`<fieldset class="field mapping" data-testid="setting" aria-describedby=${describedBy(form, input)}>
    <legend>${input.title}${optional(input)}</legend>
    ${hint(form, input)}
    <div class="field">
      <label for=${id} class="small">Map to</label>
      ${types === undefined ? null : chooser({ ...field, id, value: mapping.objectType, placeholder: "Choose a type…", pick: pickType }, types)}
    </div>
    ${mapping.objectType === "" ? null : rows(form, input, mapping, targets, set)} ${problem(form, input)}
  </fieldset>`;
}

function rows(form: SettingsForm, input: MappingInput, mapping: Mapping, targets: Offered | undefined, set: (changed: Mapping) => void): TemplateResult {
  if (mapping.rows.length === 0 && !input.source.canCreate && unused(mapping, input.source).length === 0) {
    return html`<p class="small soft">The app has no fields to map.</p>`;
  }
  return html`<ul class="rows" aria-label="Fields">
      ${mapping.rows.map((row) => pair(form, input, mapping, row, targets, set))}
    </ul>
    ${adders(form, input, mapping, set)}`;
}

function pair(
  form: SettingsForm,
  input: MappingInput,
  mapping: Mapping,
  { field, target }: Row,
  targets: Offered | undefined,
  set: (changed: Mapping) => void,
): TemplateResult {
  const id = fieldId(form.place, `${input.id}-${field.value}`);
  const removable = input.source.canRemove || mapping.created.includes(field.value);
  const pick = (picked: string): void => set(withTarget(mapping, field.value, picked));
  // The pressed button goes away with its row: the focus stays in the mapping.
  const remove = (event: Event): void => {
    (event.currentTarget as HTMLElement).closest("fieldset")?.querySelector("input")?.focus();
    set(without(mapping, field.value));
  };
  const shown = { id, value: target, required: false, invalid: false, describedBy: "", placeholder: "Not mapped", pick };
  return html`<li>
    <label for=${id}>${field.label}</label>
    <span class="soft" aria-hidden="true">→</span>
    <div>${targets === undefined ? null : chooser(shown, targets)}</div>
    ${removable
      ? html`<button type="button" class="quiet remove" aria-label="Remove ${field.label}" @click=${remove}>
          <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"><path d="M3 3l10 10M13 3L3 13" /></svg>
        </button>`
      : null}
  </li>`;
}

/** One more of the app's fields, or one that the user names. */
function adders(form: SettingsForm, input: MappingInput, mapping: Mapping, set: (changed: Mapping) => void): TemplateResult | null {
  const rest = unused(mapping, input.source);
  const { canCreate } = input.source;
  if (rest.length === 0 && !canCreate) return null;
  const id = fieldId(form.place, `${input.id}-add`);
  const add = (event: Event): void => {
    const select = event.currentTarget as HTMLSelectElement;
    const field = rest.find(({ value }) => value === select.value);
    select.value = "";
    if (field !== undefined) set(withField(mapping, field));
  };
  const create = (event: Event): void => {
    const name = (event.currentTarget as HTMLElement).parentElement?.querySelector("input");
    const wanted = name?.value.trim() ?? "";
    if (wanted === "" || !name) return;
    name.value = "";
    set(withCreated(mapping, wanted));
  };
  return html`<div class="adders">
    ${rest.length === 0
      ? null
      : html`<span class="select"><select aria-label="Add a field" @change=${add}>
          <option value="">Add a field…</option>
          ${rest.map(({ value, label }) => html`<option value=${value}>${label}</option>`)}
        </select>${chevron}</span>`}
    ${canCreate
      ? html`<span class="create">
          <input id=${id} type="text" aria-label="Name of a new field" placeholder="New field" autocomplete="off" @keydown=${(event: KeyboardEvent): void => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            create(event);
          }} />
          <button type="button" @click=${create}>Add field</button>
        </span>`
      : null}
  </div>`;
}
