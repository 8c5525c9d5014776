import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { chevron } from "./signs.ts";
import "./spinner.ts";

/** One choice. */
export interface ComboboxOption {
  readonly value: string;
  readonly label: string;
}

/** What a combobox chooses from. Its owner draws it again when something in it changes. */
export interface ComboboxChoices {
  readonly state: "loading" | "ready" | "failed";
  readonly hasMore: boolean;
  labelOf(value: string): string;
  /** The loaded choices that the text finds. */
  matching(text: string): readonly ComboboxOption[];
  /** The user looks for something. */
  search(text: string): void;
  /** The user has come to the end of what is loaded. */
  more(): Promise<void>;
}

/** Distance from the end of the list at which more is loaded, in pixels. */
const NEAR_END_PX = 48;

/**
 * A text field with a list of choices below it, after the ARIA pattern "editable combobox with list autocomplete".
 *
 * It draws into its parent's tree, so that a label there names its field. `pick` carries the chosen value in `detail`;
 * it is empty when the user empties the field.
 */
export class ComboboxElement extends LitElement {
  static override properties = {
    field: { type: String },
    value: { type: String },
    choices: { attribute: false },
    revision: { attribute: false },
    invalid: { type: Boolean },
    required: { type: Boolean },
    describedby: { type: String },
    placeholder: { type: String },
    waiting: { type: String },
  };

  /** Id of the text field. */
  declare field: string;
  declare value: string;
  /** Undefined while something else has to be chosen first; `waiting` says what. */
  declare choices: ComboboxChoices | undefined;
  /** Another value has it drawn again: the choices are the same object while they load. */
  declare revision: unknown;
  declare invalid: boolean;
  declare required: boolean;
  declare describedby: string;
  declare placeholder: string;
  declare waiting: string;
  /** What was typed; undefined while the chosen value is shown. */
  #query: string | undefined;
  #open = false;
  #justOpened = false;
  #active = -1;

  constructor() {
    super();
    this.field = "";
    this.value = "";
    this.invalid = false;
    this.required = false;
    this.describedby = "";
    this.placeholder = "";
    this.waiting = "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    const { choices, field } = this;
    const loading = choices?.state === "loading";
    const shown = this.#query ?? (this.value === "" ? "" : (choices?.labelOf(this.value) ?? this.value));
    const options = this.#options();
    const listed = this.#open && choices !== undefined;
    return html`<div class="combobox" @focusout=${this.#leave}>
      <input
        id=${field}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck="false"
        aria-autocomplete="list"
        aria-expanded=${listed ? "true" : "false"}
        aria-controls=${listed ? `${field}-list` : nothing}
        aria-activedescendant=${listed && this.#active >= 0 ? `${field}-option-${this.#active}` : nothing}
        aria-required=${this.required ? "true" : "false"}
        aria-invalid=${this.invalid ? "true" : nothing}
        aria-describedby=${this.describedby === "" ? nothing : this.describedby}
        placeholder=${choices === undefined ? this.waiting : loading ? "Loading…" : this.placeholder}
        ?disabled=${choices === undefined}
        .value=${live(shown)}
        @click=${this.#show}
        @input=${this.#type}
        @keydown=${this.#key}
      />
      ${loading ? html`<pc-spinner></pc-spinner>` : chevron} ${listed ? this.#list(options, loading) : null}
      <span class="visually-hidden" role="status">${listed ? this.#count(options.length) : ""}</span>
    </div>`;
  }

  override updated(changed: PropertyValues): void {
    if (changed.has("choices")) this.#close();
    const seen = this.querySelector(".options .active") ?? (this.#justOpened ? this.querySelector(".options") : null);
    seen?.scrollIntoView({ block: "nearest" });
    this.#justOpened = false;
  }

  #list(options: readonly ComboboxOption[], loading: boolean): TemplateResult {
    return html`<div class="options" @mousedown=${keepFocus}>
      <ul id="${this.field}-list" role="listbox" aria-label="Choices" @scroll=${this.#scroll}>
        ${options.map((option, index) => this.#option(option, index))}
      </ul>
      ${loading || options.length === 0 ? html`<p class="small soft">${loading ? "Loading…" : this.#nothingFound()}</p>` : null}
    </div>`;
  }

  #option(option: ComboboxOption, index: number): TemplateResult {
    const active = index === this.#active;
    return html`<li
      id="${this.field}-option-${index}"
      role="option"
      class=${active ? "active" : ""}
      aria-selected=${option.value === this.value ? "true" : "false"}
      @click=${(): void => this.#pick(option.value)}
    >
      ${option.label}
    </li>`;
  }

  #options(): readonly ComboboxOption[] {
    return this.choices?.matching(this.#query ?? "") ?? [];
  }

  #count(found: number): string {
    if (this.choices?.state === "loading") return "Loading options.";
    if (found === 0) return this.#nothingFound();
    return `${found}${this.choices?.hasMore === true ? " or more" : ""} ${found === 1 ? "choice" : "choices"}.`;
  }

  #nothingFound(): string {
    if (this.choices?.state === "failed") return "The options could not be loaded.";
    return this.#query ? `No match for “${this.#query.trim()}”.` : "No options.";
  }

  #show = (): void => {
    if (this.#open || this.choices === undefined) return;
    this.#open = true;
    this.#justOpened = true;
    this.#active = this.#options().findIndex((option) => option.value === this.value);
    this.requestUpdate();
  };

  #close(): void {
    if (!this.#open && this.#query === undefined) return;
    this.#open = false;
    this.#active = -1;
    if (this.#query !== undefined) this.choices?.search("");
    this.#query = undefined;
    this.requestUpdate();
  }

  #type = (event: Event): void => {
    this.#query = (event.currentTarget as HTMLInputElement).value;
    this.#open = true;
    this.#active = -1;
    this.choices?.search(this.#query);
    this.requestUpdate();
  };

  /** An emptied field means nothing is chosen; text that was not picked means nothing. */
  #leave = (): void => {
    if (this.#query?.trim() === "" && this.value !== "") this.#pick("");
    else this.#close();
  };

  #pick(value: string): void {
    this.#close();
    if (value !== this.value) this.dispatchEvent(new CustomEvent("pick", { detail: value }));
  }

  #key = (event: KeyboardEvent): void => {
    const options = this.#options();
    const chosen = options[this.#active];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.#open) this.#move(event.key === "ArrowDown" ? 1 : -1, options.length);
      else this.#show();
    } else if (event.key === "Enter" && this.#open) {
      event.preventDefault();
      if (chosen !== undefined) this.#pick(chosen.value);
    } else if (event.key === "Escape" && this.#open) {
      // Close the list only, not the dialog around it.
      event.stopPropagation();
      this.#close();
    }
  };

  #move(by: 1 | -1, count: number): void {
    if (by === 1 && this.#active >= count - 1) {
      if (this.choices?.hasMore === true) void this.choices.more();
      else this.#active = count > 0 ? 0 : -1;
    } else this.#active = this.#active <= 0 && by === -1 ? count - 1 : this.#active + by;
    this.requestUpdate();
  }

  #scroll = (event: Event): void => {
    const list = event.currentTarget as HTMLElement;
    if (list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX) void this.choices?.more();
  };
}

/** A press on the list leaves the focus in the field. */
function keepFocus(event: Event): void {
  event.preventDefault();
}

/** Style of comboboxes, for the tree that contains them. */
export const comboboxStyle = css`
  pc-combobox {
    display: block;
    min-inline-size: 0;
  }
  .combobox {
    position: relative;
  }
  .combobox input:not([type="radio"]) {
    padding-inline-end: 2.5rem;
    text-overflow: ellipsis;
  }
  .combobox > pc-spinner {
    position: absolute;
    inset-inline-end: 0.875rem;
    pointer-events: none;
  }
  .combobox > pc-spinner {
    inset-block-start: 0.75rem;
  }
  .options {
    position: absolute;
    inset-inline: 0;
    z-index: 1;
    margin-block-start: 0.25rem;
    background: var(--surface);
    border: 1px solid var(--line-strong);
    border-radius: calc(var(--radius) - 2px);
    box-shadow: var(--shadow);
  }
  .options ul {
    list-style: none;
    max-block-size: 15rem;
    padding: 0.25rem;
    overflow: auto;
    overscroll-behavior: contain;
  }
  .options ul:empty {
    display: none;
  }
  .options li {
    padding: 0.5rem 0.625rem;
    border-radius: calc(var(--radius) - 5px);
    cursor: pointer;
    overflow-wrap: anywhere;
  }
  .options li:hover,
  .options li.active {
    background: var(--accent-wash);
  }
  .options li.active {
    outline: 2px solid var(--focus);
    outline-offset: -2px;
  }
  .options li[aria-selected="true"] {
    font-weight: 600;
    color: var(--accent);
  }
  .options p {
    padding: 0.75rem;
  }
`;

customElements.define("pc-combobox", ComboboxElement);
