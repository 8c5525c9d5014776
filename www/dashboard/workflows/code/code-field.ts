import { startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, placeholder, repositionTooltips } from "@codemirror/view";
import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { controls } from "../../../lib/controls.ts";
import type { Choice, Group, Problem } from "../api.ts";
import { openAt, unitsBefore } from "./references.ts";
import { jsonColours, monospace, theme } from "./theme.ts";
import { setFacts, variables } from "./variables.ts";

/** The text was changed by the person; `detail` is the new one. */
export type CodeChange = CustomEvent<string>;

/** A text field in which `{{` opens the menu of variables. */
export class CodeFieldElement extends LitElement {
  static override properties = {
    label: { type: String },
    hint: { type: String },
    example: { type: String },
    value: { type: String },
    kind: { type: String },
    required: { type: Boolean },
    readonly: { type: Boolean },
    groups: { attribute: false },
    choices: { attribute: false },
    problems: { attribute: false },
  };
  static override styles = [
    controls,
    css`
      :host {
        min-inline-size: 0;
      }
      .name {
        font-weight: 600;
        font-size: 0.9375rem;
      }
      .name span {
        font-weight: 400;
        color: var(--ink-soft);
      }
      .field > div {
        min-inline-size: 0;
      }
    `,
  ];

  declare label: string;
  declare hint: string;
  /** Shown while the field is empty. */
  declare example: string;
  declare value: string;
  /** `line`: no line breaks; `text`; `json`: with its colors. */
  declare kind: "line" | "text" | "json";
  declare required: boolean;
  declare readonly: boolean;
  declare groups: readonly Group[];
  /** What the whole text is mostly chosen from. */
  declare choices: (() => Promise<readonly Choice[]>) | undefined;
  declare problems: readonly Problem[];
  #view: EditorView | undefined;
  #offered = "";
  readonly #described = new Compartment();
  readonly #locked = new Compartment();

  constructor() {
    super();
    Object.assign(this, { label: "", hint: "", example: "", value: "", kind: "line", required: false, readonly: false, groups: [], problems: [] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#view?.destroy();
    this.#view = undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.updateComplete.then(() => this.#build());
  }

  override focus(): void {
    this.#view?.focus();
  }

  override render(): TemplateResult {
    return html`<div class="field">
      <p class="name" id="name" @click=${(): void => this.focus()}>${this.label}${this.required ? null : html` <span>(optional)</span>`}</p>
      <div id="code"></div>
      <p class="small soft" id="hint" ?hidden=${this.hint === ""}>${this.hint}</p>
      <p class="field-error" id="wrong" ?hidden=${this.problems.length === 0}>${this.problems.map(({ message }) => message).join(" ")}</p>
    </div>`;
  }

  override firstUpdated(): void {
    this.#build();
  }

  override updated(changed: PropertyValues<this>): void {
    const view = this.#view;
    if (view === undefined) return;
    const text = view.state.doc.toString();
    if (changed.has("value") && this.value !== text) view.dispatch({ changes: { from: 0, to: text.length, insert: this.value } });
    if (changed.has("readonly")) view.dispatch({ effects: this.#locked.reconfigure(this.#lock()) });
    if (changed.has("label") || changed.has("problems")) view.dispatch({ effects: this.#described.reconfigure(this.#description()) });
    if (changed.has("groups") || changed.has("problems")) this.#tellFacts(view);
  }

  #build(): void {
    const parent = this.renderRoot.querySelector("#code");
    if (parent === null || this.#view !== undefined) return;
    const view = new EditorView({
      parent,
      root: this.renderRoot as ShadowRoot,
      state: EditorState.create({ doc: this.value, extensions: this.#extensions() }),
    });
    this.#view = view;
    this.#tellFacts(view);
  }

  #extensions(): Extension[] {
    const isLine = this.kind === "line";
    return [
      variables(async () => (await this.choices?.()) ?? []),
      history(),
      keymap.of([...historyKeymap, ...(isLine ? [{ key: "Enter", run: () => true }] : []), ...defaultKeymap]),
      EditorView.lineWrapping,
      isLine ? EditorState.transactionFilter.of((transaction) => (transaction.newDoc.lines > 1 ? [] : transaction)) : [],
      this.kind === "json" ? [monospace, json(), jsonColours] : [],
      this.example === "" ? [] : placeholder(this.example),
      theme,
      this.#described.of(this.#description()),
      this.#locked.of(this.#lock()),
      EditorView.updateListener.of(({ docChanged, state }) => {
        const text = state.doc.toString();
        if (docChanged && text !== this.value) {
          this.value = text;
          this.dispatchEvent(new CustomEvent("code-change", { detail: text }) satisfies CodeChange);
        }
      }),
    ];
  }

  #description(): Extension {
    return EditorView.contentAttributes.of({
      "aria-labelledby": "name",
      "aria-describedby": "hint wrong",
      "aria-multiline": String(this.kind !== "line"),
      "aria-invalid": String(this.problems.length > 0),
      "data-testid": "code",
    });
  }

  #lock(): Extension {
    return this.readonly
      ? [EditorState.readOnly.of(true), EditorView.editable.of(false), EditorView.contentAttributes.of({ tabindex: "0", "aria-readonly": "true" })]
      : [];
  }

  #tellFacts(view: EditorView): void {
    const text = view.state.doc.toString();
    const wrong = this.problems.flatMap(({ position }) => (position === undefined ? [] : [unitsBefore(text, position)]));
    view.dispatch({ effects: setFacts.of({ groups: this.groups, wrong }) });
    const offered = JSON.stringify(this.groups);
    if (offered !== this.#offered) {
      this.#offered = offered;
      // A menu that is open, or that found nothing, shows what there is now.
      const isOpen = openAt(text, view.state.selection.main.head) !== undefined;
      if (isOpen && view.hasFocus) startCompletion(view);
    }
    // New messages on the page move the field, and the menu has to follow.
    repositionTooltips(view);
  }
}

customElements.define("dash-code", CodeFieldElement);
