import { css, html, LitElement, type TemplateResult } from "lit";
import { controls } from "../lib/controls.ts";
import { parseMarkdown, type Block, type Span } from "../lib/markdown.ts";

/** Shows Markdown from the integration's settings as text: no HTML of it reaches the page. */
export class MarkdownTextElement extends LitElement {
  static override properties = { source: { type: String } };
  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 0.5rem;
        font-size: 0.9375rem;
        overflow-wrap: anywhere;
      }
      h2 {
        font-size: 0.9375rem;
      }
      ul,
      ol {
        padding-inline-start: 1.25rem;
      }
      code {
        font-family: var(--mono);
        font-size: 0.9em;
      }
    `,
  ];

  declare source: string;

  constructor() {
    super();
    this.source = "";
  }

  override render(): TemplateResult {
    return html`${parseMarkdown(this.source).map(renderBlock)}`;
  }
}

function renderBlock(block: Block): TemplateResult {
  switch (block.kind) {
    case "heading":
      return html`<h2>${block.spans.map(renderSpan)}</h2>`;
    case "paragraph":
      return html`<p>${block.spans.map(renderSpan)}</p>`;
    case "list": {
      const items = block.items.map((item) => html`<li>${item.map(renderSpan)}</li>`);
      return block.ordered ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
    }
  }
}

function renderSpan(span: Span): TemplateResult {
  switch (span.kind) {
    case "strong":
      return html`<strong>${span.text}</strong>`;
    case "em":
      return html`<em>${span.text}</em>`;
    case "code":
      return html`<code>${span.text}</code>`;
    case "link":
      return html`<a href=${span.href} target="_blank" rel="noopener noreferrer">${span.text}</a>`;
    case "text":
      return html`${span.text}`;
  }
}

customElements.define("pc-markdown", MarkdownTextElement);
