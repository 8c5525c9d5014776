import { css, html, LitElement, type TemplateResult } from "lit";

/** A turning ring beside text that says what is going on; decoration only, hidden from screen readers. */
export class SpinnerElement extends LitElement {
  static override styles = css`
    :host {
      display: inline-block;
      flex: none;
      line-height: 0;
    }
    i {
      display: inline-block;
      inline-size: 1.25em;
      block-size: 1.25em;
      border: 0.17em solid var(--line);
      border-block-start-color: var(--accent);
      border-radius: 50%;
      animation: turn 0.9s linear infinite;
    }
    @keyframes turn {
      to {
        transform: rotate(1turn);
      }
    }
    @media (prefers-reduced-motion: reduce) {
      i {
        animation: none;
        border-block-end-color: var(--accent);
      }
    }
  `;

  override render(): TemplateResult {
    return html`<i aria-hidden="true"></i>`;
  }
}

customElements.define("pc-spinner", SpinnerElement);
