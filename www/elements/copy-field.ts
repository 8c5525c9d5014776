import { css, html, LitElement, type TemplateResult } from "lit";
import { controls } from "../lib/controls.ts";

/** A value to be taken elsewhere, with a button that copies it. */
export class CopyFieldElement extends LitElement {
  static override properties = { value: { type: String }, label: { type: String } };
  static override styles = [
    controls,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
      output {
        flex: 1 1 14rem;
        min-inline-size: 0;
        display: flex;
        align-items: center;
        min-block-size: 2.75rem;
        padding: 0.5rem 0.75rem;
        font-family: var(--mono);
        font-size: 0.9375rem;
        overflow-wrap: anywhere;
        background: var(--sunken);
        border: 1px solid var(--line);
        border-radius: calc(var(--radius) - 2px);
      }
    `,
  ];

  declare value: string;
  declare label: string;
  #outcome: "" | "Copied" | "Select and copy it manually" = "";

  constructor() {
    super();
    this.value = "";
    this.label = "";
  }

  override render(): TemplateResult {
    return html`<div class="row">
      <output>${this.value}</output>
      <button type="button" aria-label=${this.#outcome === "" ? `Copy ${this.label}` : this.#outcome} @click=${this.#copy}>${this.#outcome === "" ? "Copy" : this.#outcome}</button>
      <span class="visually-hidden" role="status">${this.#outcome}</span>
    </div>`;
  }

  #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.value);
      this.#outcome = "Copied";
    } catch {
      // Without https, or where the browser forbids it, there is no clipboard.
      this.#outcome = "Select and copy it manually";
    }
    this.requestUpdate();
    setTimeout(() => {
      this.#outcome = "";
      this.requestUpdate();
    }, 3000);
  };
}

customElements.define("pc-copy-field", CopyFieldElement);
