import { json } from "@codemirror/lang-json";
import { unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { css, html, LitElement, type TemplateResult } from "lit";
import { jsonColours, monospace, theme } from "./theme.ts";

/** Two definitions compared: what is new beside what was. */
export class CompareElement extends LitElement {
  static override properties = { older: { attribute: false }, newer: { attribute: false }, label: { type: String } };
  static override styles = css`
    :host {
      display: block;
      min-inline-size: 0;
    }
  `;

  declare older: unknown;
  declare newer: unknown;
  declare label: string;
  #view: EditorView | undefined;

  override render(): TemplateResult {
    return html`<div id="code"></div>`;
  }

  override updated(): void {
    this.#view?.destroy();
    const parent = this.renderRoot.querySelector("#code");
    if (parent === null) return;
    this.#view = new EditorView({
      parent,
      root: this.renderRoot as ShadowRoot,
      state: EditorState.create({
        doc: written(this.newer),
        extensions: [
          monospace,
          theme,
          EditorView.theme({
            ".cm-changedLine": { background: "var(--good-wash)" },
            ".cm-deletedChunk": { background: "var(--bad-wash)" },
            ".cm-changedText, .cm-deletedChunk .cm-deletedText": { background: "none", fontWeight: "700" },
            ".cm-collapsedLines": { color: "var(--accent)", background: "var(--sunken)" },
            ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: "none" },
          }),
          json(),
          jsonColours,
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({ "aria-label": this.label, tabindex: "0" }),
          unifiedMergeView({
            original: written(this.older),
            mergeControls: false,
            gutter: false,
            highlightChanges: true,
            collapseUnchanged: { margin: 3, minSize: 6 },
          }),
        ],
      }),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#view?.destroy();
    this.#view = undefined;
  }
}

function written(definition: unknown): string {
  return JSON.stringify(definition, null, 2);
}

customElements.define("dash-compare", CompareElement);
