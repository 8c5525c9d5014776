import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { chevron } from "../../../elements/signs.ts";
import "../../../elements/combobox.ts";
import type { Offered } from "../form.ts";
import type { Option } from "../model.ts";

/** A field in which something is chosen. */
export interface ChoiceField {
  readonly id: string;
  readonly value: string;
  readonly required: boolean;
  readonly invalid: boolean;
  readonly describedBy: string;
  readonly placeholder: string;
  pick(value: string): void;
}

/** Few choices that are known: the browser's own list. A stored value that is no longer offered stays visible. */
export function select(field: ChoiceField, options: readonly Option[]): TemplateResult {
  const gone = field.value !== "" && !options.some(({ value }) => value === field.value);
  const empty = field.required ? field.placeholder : "None";
  return html`<span class="select">
    <select
      id=${field.id}
      aria-required=${field.required ? "true" : "false"}
      aria-invalid=${field.invalid ? "true" : nothing}
      aria-describedby=${field.describedBy}
      .value=${live(field.value)}
      @change=${(event: Event): void => field.pick((event.currentTarget as HTMLSelectElement).value)}
    >
      ${field.required && field.value !== "" ? null : html`<option value="" ?selected=${field.value === ""}>${empty}</option>`}
      ${options.map(({ value, label }) => html`<option value=${value} ?selected=${value === field.value}>${label}</option>`)}
      ${gone ? html`<option value=${field.value} selected>${field.value} (no longer offered)</option>` : null}
    </select>
    ${chevron}
  </span>`;
}

/** Choices that are loaded: a field to search them, and what to do when they cannot be had. */
export function chooser(field: ChoiceField, offered: Offered): TemplateResult {
  const choices = "choices" in offered ? offered.choices : undefined;
  const failure = choices?.failure;
  const isEmpty = choices?.state === "ready" && choices.isEmpty;
  return html`<pc-combobox
      .field=${field.id}
      .value=${field.value}
      .choices=${choices}
      .revision=${choices?.revision}
      .required=${field.required}
      .invalid=${field.invalid}
      .describedby=${failure === undefined && !isEmpty ? field.describedBy : `${field.describedBy} ${field.id}-choices`}
      .placeholder=${isEmpty ? "No options" : field.placeholder}
      .waiting=${"waitsFor" in offered ? `Choose “${offered.waitsFor}” first` : ""}
      @pick=${(event: CustomEvent<string>): void => field.pick(event.detail)}
    ></pc-combobox>
    ${isEmpty ? html`<span class="small soft" id="${field.id}-choices">No options yet.</span>` : null}
    ${
      failure === undefined
        ? null
        : html`<div class="no-choices" role="alert">
          <span class="small" id="${field.id}-choices"><strong>${failure.title}.</strong> ${failure.advice}</span>
          <button
            type="button"
            class="small-button"
            data-testid="retry-choices"
            aria-describedby="${field.id}-choices"
            @click=${(): void => void choices?.retry()}
          >
            Try again
          </button>
        </div>`
    }`;
}
