import { html, type TemplateResult } from "lit";

/** The arrow at the end of a field in which something is chosen. Decoration only. */
export const chevron: TemplateResult = html`<svg
  class="arrow"
  width="12"
  height="12"
  viewBox="0 0 12 12"
  aria-hidden="true"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
>
  <path d="M2 4l4 4 4-4" />
</svg>`;

/** The cross of what closes or removes something. Decoration only. */
export const cross: TemplateResult = html`<svg
  width="16"
  height="16"
  viewBox="0 0 16 16"
  aria-hidden="true"
  fill="none"
  stroke="currentColor"
  stroke-width="2"
  stroke-linecap="round"
>
  <path d="M3 3l10 10M13 3L3 13" />
</svg>`;
