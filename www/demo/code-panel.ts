import { css, html, LitElement, type TemplateResult } from "lit";
import { controls } from "../lib/controls.ts";
import type { Trace } from "./desk.ts";
import { tokens } from "./highlight.ts";
import { STEPS } from "./steps.ts";

/** Longest result that is shown, in characters. */
const RESULT_CHARS = 4000;

/** The source of the last step beside what came of it. */
export class CodePanelElement extends LitElement {
  static override properties = { trace: { attribute: false } };
  static override styles = [
    controls,
    css`
      section {
        display: grid;
        border: 1px solid var(--line);
        border-radius: 14px;
        background: var(--surface);
        overflow: hidden;
      }
      header,
      .title {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 0.75rem;
        align-items: baseline;
        justify-content: space-between;
        padding: 0.75rem 1rem;
      }
      h2,
      h3 {
        font-size: 0.9375rem;
      }
      .title {
        border-block-start: 1px solid var(--line);
      }
      pre {
        margin: 0;
        padding: 0.875rem 1rem;
        max-block-size: 26rem;
        overflow: auto;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        font-family: var(--mono);
        font-size: 0.8125rem;
        line-height: 1.55;
        background: var(--sunken);
        border-block-start: 1px solid var(--line);
        tab-size: 2;
      }
      pre.result {
        max-block-size: 18rem;
      }
      pre:focus-visible {
        outline-offset: -2px;
      }
      code {
        font-family: var(--mono);
      }
      .comment {
        color: var(--ink-soft);
        font-style: italic;
      }
      .string {
        color: var(--good);
      }
      .keyword {
        color: var(--accent);
        font-weight: 600;
      }
      .error {
        color: var(--bad);
        font-weight: 600;
      }
      p {
        padding: 0 1rem 1rem;
      }
    `,
  ];

  declare trace: Trace | undefined;

  constructor() {
    super();
    this.trace = undefined;
  }

  override render(): TemplateResult {
    const { trace } = this;
    if (trace === undefined) {
      return html`<section aria-label="Code">
        <header><h2>The code behind it</h2></header>
        <p class="soft small">Each action on this page shows the code that ran and its result.</p>
      </section>`;
    }
    const step = STEPS[trace.step];
    return html`<section aria-label="Code" data-testid="code" data-step=${trace.step} data-state=${trace.state}>
      <header><h2>${step.title}</h2><code class="small soft">${step.file}</code></header>
      <pre tabindex="0" role="region" aria-label="Source of ${step.file}"><code data-testid="source">${highlighted(step.source)}</code></pre>
      <div class="title"><h3>${HEADINGS[trace.state]}</h3></div>
      ${trace.state === "running" ? null : this.#result(trace)}
    </section>`;
  }

  #result(trace: Trace): TemplateResult {
    const full = trace.result === undefined ? "undefined" : JSON.stringify(trace.result, null, 2);
    const shown = full.length > RESULT_CHARS ? `${full.slice(0, RESULT_CHARS)}\n… ${full.length - RESULT_CHARS} more characters` : full;
    return html`<pre class="result" tabindex="0" role="region" aria-label="Result"><code data-testid="result">${highlighted(shown)}</code></pre>`;
  }
}

const HEADINGS: Readonly<Record<Trace["state"], TemplateResult>> = {
  running: html`<span class="soft">Running…</span>`,
  ok: html`Result`,
  error: html`<span class="error">Error</span>`,
};

function highlighted(source: string): TemplateResult[] {
  return tokens(source.trimEnd()).map((token) => (token.kind === "plain" ? html`${token.text}` : html`<span class=${token.kind}>${token.text}</span>`));
}

customElements.define("hd-code-panel", CodePanelElement);
