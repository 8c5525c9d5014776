import { css } from "lit";

/** One column in a small window. */
export const style = css`
  main {
    min-block-size: 100dvh;
    display: grid;
    align-content: center;
    justify-items: center;
    padding: 1.5rem 1.25rem;
  }
  .card,
  .inner {
    display: grid;
    gap: 1rem;
    inline-size: min(26rem, 100%);
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .card > *,
  .inner > * {
    min-inline-size: 0;
  }
  h1 {
    font-size: 1.375rem;
  }
  h1:focus {
    outline: none;
  }
  .busy {
    display: flex;
    gap: 0.875rem;
    align-items: center;
    font-size: 1.125rem;
    font-weight: 600;
  }
  .tick {
    inline-size: 3.25rem;
    block-size: 3.25rem;
    border-radius: 50%;
    background: var(--good-wash);
    color: var(--good);
    display: grid;
    place-items: center;
  }
  .facts {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0.375rem 1rem;
    padding: 0.875rem 1rem;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  dt {
    color: var(--ink-soft);
  }
  dd {
    font-weight: 600;
  }
  .other {
    display: grid;
    gap: 0.75rem;
  }
  details.other:not([open]) {
    display: block;
  }
  summary {
    min-block-size: 2.75rem;
    padding-block: 0.625rem;
    color: var(--accent);
    cursor: pointer;
  }
  .choices {
    display: grid;
    gap: 0.5rem;
    max-block-size: min(20rem, 45dvh);
    overflow: auto;
    padding: 2px;
  }
  .choice {
    display: flex;
    gap: 0.75rem;
    align-items: center;
    min-block-size: 2.75rem;
    padding: 0.625rem 0.875rem;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) - 2px);
    cursor: pointer;
  }
  .choice:has(:checked) {
    border-color: var(--accent);
    background: var(--accent-wash);
  }
  .choice:has(:focus-visible) {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  .choice input:focus-visible {
    outline: none;
  }
`;
