import { css, html, LitElement, type TemplateResult } from "lit";
import { controls } from "../lib/controls.ts";

/** How serious a notice is. */
export type Tone = "info" | "good" | "warn" | "bad";

const MARKS: Readonly<Record<Tone, string>> = { info: "i", good: "✓", warn: "!", bad: "!" };

/** A box with a title and what to do. `bad` interrupts a screen reader, the others are read when it is idle. */
export class NoticeElement extends LitElement {
  static override properties = { tone: { type: String, reflect: true }, heading: { type: String } };
  static override styles = [
    controls,
    css`
      .box {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.125rem 0.75rem;
        padding: 0.75rem 0.875rem;
        border-radius: calc(var(--radius) - 2px);
        background: var(--accent-wash);
        border-inline-start: 3px solid var(--accent);
        font-size: 0.9375rem;
        overflow-wrap: anywhere;
      }
      .mark {
        inline-size: 1.25rem;
        block-size: 1.25rem;
        margin-block-start: 0.125rem;
        border-radius: 50%;
        display: grid;
        place-items: center;
        font-size: 0.8125rem;
        font-weight: 700;
        line-height: 1;
        color: var(--surface);
        background: var(--accent);
      }
      strong {
        display: block;
      }
      .good {
        background: var(--good-wash);
        border-color: var(--good);
      }
      .good .mark {
        background: var(--good);
      }
      .warn {
        background: var(--warn-wash);
        border-color: var(--warn);
      }
      .warn .mark {
        background: var(--warn);
      }
      .bad {
        background: var(--bad-wash);
        border-color: var(--bad);
      }
      .bad .mark {
        background: var(--bad);
      }
    `,
  ];

  declare tone: Tone;
  declare heading: string;

  constructor() {
    super();
    this.tone = "info";
    this.heading = "";
  }

  override render(): TemplateResult {
    return html`<div class="box ${this.tone}" role=${this.tone === "bad" ? "alert" : "status"}>
      <span class="mark" aria-hidden="true">${MARKS[this.tone]}</span>
      <div>${this.heading === "" ? null : html`<strong>${this.heading}</strong>`}<slot></slot></div>
    </div>`;
  }
}

customElements.define("pc-notice", NoticeElement);
