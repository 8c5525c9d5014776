import { css } from "lit";

/** Buttons, links, fields and text: the style that every element with a shadow root adopts. */
export const controls = css`
  :host {
    display: block;
  }
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  h1,
  h2,
  h3 {
    line-height: 1.25;
    text-wrap: balance;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.15em;
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  .soft {
    color: var(--ink-soft);
  }
  .small {
    font-size: 0.875rem;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button,
  .button {
    font: inherit;
    font-weight: 600;
    font-size: 0.9375rem;
    line-height: 1.25;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5rem;
    min-block-size: 2.75rem;
    padding: 0.5rem 1rem;
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--line-strong);
    border-radius: calc(var(--radius) - 2px);
    cursor: pointer;
    text-decoration: none;
    text-align: center;
  }
  button:hover,
  .button:hover {
    background: var(--sunken);
  }
  .primary,
  .primary.button {
    color: var(--on-accent);
    background: var(--accent);
    border-color: var(--accent);
  }
  .primary:hover {
    background: var(--accent-hover);
    border-color: var(--accent-hover);
  }
  .danger {
    color: var(--bad);
    border-color: currentcolor;
  }
  .danger:hover {
    background: var(--bad-wash);
  }
  .quiet {
    border-color: transparent;
    background: transparent;
    color: var(--accent);
  }
  .quiet:hover {
    background: var(--accent-wash);
  }
  button:disabled,
  button[aria-disabled="true"] {
    opacity: 0.6;
    cursor: default;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.625rem;
  }
  label,
  legend {
    font-weight: 600;
    font-size: 0.9375rem;
  }
  input:not([type="radio"]):not([type="checkbox"]),
  select,
  textarea {
    font: inherit;
    inline-size: 100%;
    min-block-size: 2.75rem;
    padding: 0.5rem 0.75rem;
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--line-strong);
    border-radius: calc(var(--radius) - 2px);
  }
  .select {
    position: relative;
    display: block;
    min-inline-size: 0;
  }
  .select > select {
    appearance: none;
    padding-inline-end: 2.5rem;
    text-overflow: ellipsis;
  }
  .arrow {
    position: absolute;
    inset-block-start: 1rem;
    inset-inline-end: 0.875rem;
    color: var(--ink-soft);
    pointer-events: none;
  }
  ::placeholder {
    color: var(--ink-soft);
    opacity: 1;
  }
  input[aria-invalid="true"],
  select[aria-invalid="true"],
  textarea[aria-invalid="true"] {
    border-color: var(--bad);
    box-shadow: inset 0 0 0 1px var(--bad);
  }
  input[type="radio"] {
    inline-size: 1.125rem;
    block-size: 1.125rem;
    margin: 0;
    accent-color: var(--accent);
    flex: none;
  }
  .switch {
    flex: none;
    appearance: none;
    position: relative;
    inline-size: 3rem;
    block-size: 1.75rem;
    margin: 0;
    border: 1px solid var(--line-strong);
    border-radius: 999px;
    background: var(--sunken);
    cursor: pointer;
  }
  .switch::before {
    content: "";
    position: absolute;
    inset-block: 0.1875rem;
    inset-inline-start: 0.1875rem;
    inline-size: 1.25rem;
    border-radius: 50%;
    background: var(--line-strong);
    transition: inset-inline-start 0.12s;
  }
  .switch:checked {
    background: var(--accent);
    border-color: var(--accent);
  }
  .switch:checked::before {
    inset-inline-start: 1.4375rem;
    background: var(--on-accent);
  }
  .switch:disabled,
  .switch[aria-disabled="true"] {
    opacity: 0.6;
    cursor: default;
  }
  .field {
    display: grid;
    gap: 0.3125rem;
  }
  .field-error {
    color: var(--bad);
    font-size: 0.875rem;
    font-weight: 600;
  }
  .field-error:empty {
    display: none;
  }
  .stack {
    display: grid;
    gap: 1rem;
    min-inline-size: 0;
  }
  .stack > * {
    min-inline-size: 0;
  }
  .progress {
    display: flex;
    gap: 0.75rem;
    align-items: center;
  }
  .status {
    padding: 0.125rem 0.625rem;
    border-radius: 999px;
    font-size: 0.8125rem;
    font-weight: 600;
    white-space: nowrap;
    color: var(--ink-soft);
    background: var(--sunken);
  }
  .status.good {
    color: var(--good);
    background: var(--good-wash);
  }
  .status.warn {
    color: var(--warn);
    background: var(--warn-wash);
  }
  .status.bad {
    color: var(--bad);
    background: var(--bad-wash);
  }
  .notice-actions {
    margin-block-start: 0.625rem;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
