import { html, type TemplateResult } from "lit";
import { chevron, cross } from "../../../elements/signs.ts";
import type { Offered, SettingsForm } from "../form.ts";
import { unused, withCreated, withField, without, withTarget, withType, type Mapping, type Row } from "../mapping.ts";
import type { SettingInput } from "../model.ts";
import { fieldId } from "../session.ts";
import { chooser } from "./choice.ts";
import { describedBy, hint, optional, problem } from "./field.ts";

type MappingInput = SettingInput & { readonly kind: "mapping" };

/** A mapping while it is filled in, with what changes it. */
interface Editing {
  readonly form: SettingsForm;
  readonly input: MappingInput;
  readonly mapping: Mapping;
  readonly targets: Offered | undefined;
  set(changed: Mapping): void;
}

/** What each field of the app is written to: a type, then one field of it for each of the app's. */
export function mappingField(form: SettingsForm, input: MappingInput): TemplateResult {
  const id = fieldId(form.place, input.id);
  const mapping = form.draft(input) as Mapping;
  const { types, targets } = form.mappingChoices(input.id, input.source, mapping);
  const editing: Editing = { form, input, mapping, targets, set: (changed) => form.set(input.id, changed) };
  const field = {
    id,
    value: mapping.objectType,
    required: input.required,
    invalid: form.problem(input.id) !== undefined,
    describedBy: describedBy(form, input),
    placeholder: "Choose a type…",
    pick: (picked: string): void => editing.set(withType(mapping, picked)),
  };
  return html`<fieldset class="field mapping" data-testid="setting" aria-describedby=${describedBy(form, input)}>
    <legend>${input.title}${optional(input)}</legend>
    ${hint(form, input)}
    <div class="field">
      <label for=${id} class="small">Map to</label>
      ${chooser(field, types)}
    </div>
    ${mapping.objectType === "" ? null : rows(editing)} ${problem(form, input)}
  </fieldset>`;
}

function rows(editing: Editing): TemplateResult {
  const { input, mapping } = editing;
  const rest = unused(mapping, input.source);
  if (mapping.rows.length === 0 && !input.source.canCreate && rest.length === 0) {
    return html`<p class="small soft">The app has no fields to map.</p>`;
  }
  return html`<ul class="rows" aria-label="Fields">
      ${mapping.rows.map((row) => pair(editing, row))}
    </ul>
    ${
      rest.length === 0 && !input.source.canCreate
        ? null
        : html`<div class="adders">
          ${rest.length === 0 ? null : addField(editing)} ${input.source.canCreate ? createField(editing) : null}
        </div>`
    }`;
}

function pair({ form, input, mapping, targets, set }: Editing, { field, target }: Row): TemplateResult {
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
    ${removable ? html`<button type="button" class="quiet remove" aria-label="Remove ${field.label}" @click=${remove}>${cross}</button>` : null}
  </li>`;
}

/** One more of the app's fields. */
function addField({ input, mapping, set }: Editing): TemplateResult {
  const rest = unused(mapping, input.source);
  const add = (event: Event): void => {
    const select = event.currentTarget as HTMLSelectElement;
    const field = rest.find(({ value }) => value === select.value);
    select.value = "";
    if (field !== undefined) set(withField(mapping, field));
  };
  return html`<span class="select">
    <select aria-label="Add a field" @change=${add}>
      <option value="">Add a field…</option>
      ${rest.map(({ value, label }) => html`<option value=${value}>${label}</option>`)}
    </select>
    ${chevron}
  </span>`;
}

/** A field that the user names. */
function createField({ mapping, set }: Editing): TemplateResult {
  const create = (event: Event): void => {
    const name = (event.currentTarget as HTMLElement).parentElement?.querySelector("input");
    const wanted = name?.value.trim() ?? "";
    if (wanted === "" || !name) return;
    name.value = "";
    set(withCreated(mapping, wanted));
  };
  const enter = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    create(event);
  };
  return html`<span class="create">
    <input type="text" aria-label="Name of the new field" placeholder="New field" autocomplete="off" @keydown=${enter} />
    <button type="button" @click=${create}>Add field</button>
  </span>`;
}
