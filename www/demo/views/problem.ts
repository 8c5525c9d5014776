import { html, type TemplateResult } from "lit";
import type { Readable } from "../errors.ts";

/** An error in the page, with the number to quote and, where it helps, a button. */
export function problem(error: Readable | undefined, retry?: TemplateResult): TemplateResult | null {
  if (error === undefined) return null;
  return html`<pc-notice tone="bad" .heading=${error.title} data-testid="error">
      ${error.detail}
      ${error.requestId === undefined ? null : html`<br /><span>Reference: ${error.requestId}</span>`}
    </pc-notice>
    ${retry ?? null}`;
}
