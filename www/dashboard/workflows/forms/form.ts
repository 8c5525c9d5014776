import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import "../code/code-field.ts";
import type { Catalog, Choice, Group, Problem } from "../api.ts";
import type { CodeChange } from "../code/code-field.ts";
import { part, pointer, type Path } from "../definition.ts";
import type { Json } from "../../../lib/json.ts";

/** What a form works on. */
export interface Form {
  readonly definition: Json;
  readonly catalog: Catalog;
  readonly mayEdit: boolean;
  readonly problems: readonly Problem[];
  /** What can be referred to in the step that is shown. */
  readonly groups: readonly Group[];
  /** What the account that was chosen offers for a field. */
  readonly choices: (source: string, parameters: Readonly<Record<string, string>>) => Promise<readonly Choice[]>;
  /** Puts a value in place; undefined takes it out. */
  readonly set: (path: Path, value: unknown) => void;
}

/** How a field is called. */
export interface Labels {
  readonly label: string;
  readonly hint?: string;
  readonly example?: string;
  readonly required?: boolean;
}

/** What is wrong at a place itself, or also below it. */
export function problemsAt({ problems }: Form, path: Path, below = false): Problem[] {
  const place = pointer(path);
  return problems.filter((problem) => problem.path === place || (below && problem.path.startsWith(`${place}/`)));
}

/** The part of the definition at `path`. */
export function valueAt(form: Form, path: Path): unknown {
  return part(form.definition, path);
}

/** A plain text, in which nothing can be referred to. */
export function plainField(form: Form, path: Path, labels: Labels, options: { kind?: "input" | "area"; change?: (text: string) => void } = {}): TemplateResult {
  const value = valueAt(form, path);
  const id = idOfField(path);
  const problems = problemsAt(form, path);
  const change = (event: Event): void => {
    const text = (event.currentTarget as HTMLInputElement).value;
    if (options.change) options.change(text);
    else form.set(path, text === "" && labels.required !== true ? undefined : text);
  };
  const text = typeof value === "string" ? value : "";
  const described = `${id}-hint ${id}-wrong`;
  return html`<div class="field">
    <label for=${id}>${labels.label}${optional(labels)}</label>
    ${
      options.kind === "area"
        ? html`<textarea id=${id} rows="2" aria-describedby=${described} aria-invalid=${invalid(problems)} ?readonly=${!form.mayEdit} .value=${live(text)} @input=${change}></textarea>`
        : html`<input
          id=${id}
          autocomplete="off"
          placeholder=${labels.example ?? nothing}
          aria-describedby=${described}
          aria-invalid=${invalid(problems)}
          ?readonly=${!form.mayEdit}
          .value=${live(text)}
          @input=${change}
        />`
    }
    ${hint(id, labels)} ${wrong(id, problems)}
  </div>`;
}

/** A text that may hold references. `read` makes the value of the text. */
export function templateField(
  form: Form,
  path: Path,
  labels: Labels,
  options: { kind?: "line" | "text"; read?: (text: string) => unknown; choices?: () => Promise<readonly Choice[]> } = {},
): TemplateResult {
  const value = valueAt(form, path);
  const text = value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  const change = ({ detail }: CodeChange): void => {
    const empty = detail === "" && labels.required !== true;
    form.set(path, empty ? undefined : (options.read?.(detail) ?? detail));
  };
  return html`<dash-code
    id=${idOfField(path)}
    .label=${labels.label}
    .hint=${labels.hint ?? ""}
    .example=${labels.example ?? ""}
    .required=${labels.required === true}
    .kind=${options.kind ?? "line"}
    .value=${text}
    .groups=${form.groups}
    .choices=${options.choices}
    .problems=${problemsAt(form, path)}
    .readonly=${!form.mayEdit}
    @code-change=${change}
  ></dash-code>`;
}

/** A number, or a reference to one. */
export function numberOf(text: string): unknown {
  return /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text;
}

/** One of several choices. */
export function choiceField(
  form: Form,
  path: Path,
  labels: Labels,
  choices: readonly (readonly [value: unknown, words: string])[],
  set: (value: unknown) => void = (value) => form.set(path, value),
): TemplateResult {
  const value = valueAt(form, path);
  const id = idOfField(path);
  const problems = problemsAt(form, path);
  const change = (event: Event): void => {
    const index = (event.currentTarget as HTMLSelectElement).selectedIndex;
    set(choices[index]?.[0]);
  };
  return html`<div class="field">
    <label for=${id}>${labels.label}${optional(labels)}</label>
    <select id=${id} aria-describedby="${id}-hint ${id}-wrong" aria-invalid=${invalid(problems)} ?disabled=${!form.mayEdit} @change=${change}>
      ${choices.map(([one, words]) => html`<option ?selected=${one === value || (one === undefined && value === null)}>${words}</option>`)}
    </select>
    ${hint(id, labels)} ${wrong(id, problems)}
  </div>`;
}

/** Yes or no; `usual` is the default. */
export function checkField(form: Form, path: Path, labels: Labels, usual = false): TemplateResult {
  const value = valueAt(form, path);
  const id = idOfField(path);
  const change = (event: Event): void => {
    const { checked } = event.currentTarget as HTMLInputElement;
    form.set(path, checked === usual ? undefined : checked);
  };
  return html`<div class="check">
    <input type="checkbox" id=${id} aria-describedby="${id}-hint" ?disabled=${!form.mayEdit} .checked=${live(typeof value === "boolean" ? value : usual)} @change=${change} />
    <div>
      <label for=${id}>${labels.label}</label>
      ${hint(id, labels)}
    </div>
  </div>`;
}

/** Any JSON; its texts may hold references. A text that is no JSON stays one, and is not taken over. */
export function jsonField(form: Form, path: Path, labels: Labels, options: { takesText?: boolean } = {}): TemplateResult {
  const value = valueAt(form, path);
  return html`<dash-json
    id=${idOfField(path)}
    .label=${labels.label}
    .hint=${labels.hint ?? ""}
    .example=${labels.example ?? ""}
    .required=${labels.required === true}
    .takesText=${options.takesText === true}
    .value=${value}
    .groups=${form.groups}
    .problems=${problemsAt(form, path, true)}
    .readonly=${!form.mayEdit}
    @json-change=${({ detail }: CustomEvent<unknown>): void => form.set(path, detail)}
  ></dash-json>`;
}

/** A button that is only there for those who may use it. */
export function actionButton(
  form: Form,
  words: string,
  press: () => void,
  options: { label?: string; kind?: string; id?: string } = {},
): TemplateResult | null {
  if (!form.mayEdit) return null;
  return html`<button type="button" class=${options.kind ?? "quiet"} aria-label=${options.label ?? nothing} data-testid=${options.id ?? nothing} @click=${press}>${words}</button>`;
}

/** Id of the field at a path, for its label. */
export function idOfField(path: Path): string {
  return `at${pointer(path).replace(/[^\w]/g, "-")}`;
}

function optional({ required }: Labels): TemplateResult | null {
  return required === true ? null : html` <span class="soft weak">(optional)</span>`;
}

function hint(id: string, labels: Labels): TemplateResult | null {
  return labels.hint === undefined ? null : html`<p class="small soft" id="${id}-hint">${labels.hint}</p>`;
}

function wrong(id: string, problems: readonly Problem[]): TemplateResult {
  return html`<p class="field-error" id="${id}-wrong">${problems.map(({ message }) => message).join(" ")}</p>`;
}

function invalid(problems: readonly Problem[]): "true" | "false" {
  return problems.length > 0 ? "true" : "false";
}
