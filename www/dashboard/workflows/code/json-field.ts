import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import "./code-field.ts";
import type { Group, Problem } from "../api.ts";
import type { CodeChange } from "./code-field.ts";

/** A field for JSON. What is no JSON is said and kept, and not given out. */
export class JsonFieldElement extends LitElement {
  static override properties = {
    label: { type: String },
    hint: { type: String },
    example: { type: String },
    required: { type: Boolean },
    takesText: { type: Boolean },
    value: { attribute: false },
    readonly: { type: Boolean },
    groups: { attribute: false },
    problems: { attribute: false },
  };

  declare label: string;
  declare hint: string;
  declare example: string;
  declare required: boolean;
  /** Whether what is no JSON is taken as text. */
  declare takesText: boolean;
  declare value: unknown;
  declare readonly: boolean;
  declare groups: readonly Group[];
  declare problems: readonly Problem[];
  #text = "";
  /** The value of the text. */
  #given: string | undefined;
  #fault: string | undefined;

  constructor() {
    super();
    Object.assign(this, { label: "", hint: "", example: "", required: false, takesText: false, readonly: false, groups: [], problems: [] });
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("value")) return;
    const given = JSON.stringify(this.value);
    if (given === this.#given) return;
    this.#given = given;
    this.#text = textOf(this.value, this.takesText);
    this.#fault = undefined;
  }

  override render(): TemplateResult {
    const problems = this.#fault === undefined ? this.problems : [{ path: "", position: undefined, message: this.#fault }];
    // Places of problems are those of texts inside the value, which the field cannot show.
    const shown = typeof this.value === "string" ? problems : problems.map((problem) => ({ ...problem, position: undefined }));
    return html`<dash-code
      .label=${this.label}
      .hint=${this.hint}
      .example=${this.example}
      .required=${this.required}
      .kind=${"json"}
      .value=${this.#text}
      .groups=${this.groups}
      .problems=${shown}
      .readonly=${this.readonly}
      @code-change=${this.#change}
    ></dash-code>`;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("dash-code")?.focus();
  }

  #change = (event: CodeChange): void => {
    event.stopPropagation();
    this.#text = event.detail;
    const read = readValue(event.detail, this.takesText);
    this.#fault = "fault" in read ? read.fault : undefined;
    if ("value" in read) {
      this.#given = JSON.stringify(read.value);
      this.dispatchEvent(new CustomEvent("json-change", { detail: read.value }));
    }
    this.requestUpdate();
  };
}

/** The value of a text; an empty text is undefined. */
export function readValue(text: string, takesText: boolean): { value: unknown } | { fault: string } {
  if (text.trim() === "") return { value: undefined };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const looksLikeJson = /^\s*(?:[[]|[{](?![{]))/.test(text);
    if (takesText && !looksLikeJson) return { value: text };
    return { fault: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** How a value is written; a text as it is where texts are taken, unless it would be read as something else. */
export function textOf(value: unknown, takesText: boolean): string {
  if (value === undefined || value === null) return "";
  if (takesText && typeof value === "string") {
    const read = readValue(value, true);
    if ("value" in read && read.value === value) return value;
  }
  return JSON.stringify(value, null, 2);
}

customElements.define("dash-json", JsonFieldElement);
