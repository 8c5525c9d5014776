import { html, type TemplateResult } from "lit";
import "../../elements/notice.ts";
import type { Failure } from "../failure.ts";

/** A failure with its reference, and what can be pressed about it. */
export function failureNotice(failure: Failure | undefined, retry?: () => void): TemplateResult | null {
  if (failure === undefined) return null;
  return html`<pc-notice tone="bad" .heading=${failure.title} data-testid="error">
    ${failure.advice}
    ${failure.reference === undefined ? null : html`<br /><span class="small">Request ID: <code>${failure.reference}</code></span>`}
    ${retry === undefined ? null : html`<div class="actions notice-actions"><button data-testid="retry" @click=${retry}>Try again</button></div>`}
  </pc-notice>`;
}
