import { css } from "lit";

/** The integration's settings. */
export const style = css`
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 0.875rem;
    align-items: center;
  }
  .grow {
    flex: 1 1 12rem;
    min-inline-size: 0;
  }
  .gap {
    margin-block-start: 1rem;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0 1.5rem;
  }
  .main {
    display: flex;
    flex-direction: column;
  }
  .guide {
    margin-block-start: 1.25rem;
    order: -1;
  }
  .guide details {
    padding: 1rem 1.25rem;
    border: 1px solid var(--line);
    border-radius: 14px;
    background: var(--sunken);
    font-size: 0.9375rem;
  }
  .guide summary h2 {
    display: inline;
    font-size: 1rem;
  }
  .guide ol {
    display: grid;
    gap: 0.625rem;
    padding: 0.75rem 0 0.75rem 1.375rem;
    overflow-wrap: anywhere;
  }
  .label {
    font-weight: 600;
    font-size: 0.9375rem;
  }
  #client-id {
    font-family: var(--mono);
  }
  .badge {
    display: inline-block;
    padding: 0 0.5rem;
    border: 1px solid var(--line-strong);
    border-radius: 999px;
    font-size: 0.8125rem;
    font-weight: 600;
    white-space: nowrap;
  }
  .badge.high {
    color: var(--warn);
    background: var(--warn-wash);
    border-color: currentcolor;
  }
  .switch-card {
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
  }
  .secrets,
  .group ul {
    list-style: none;
  }
  .secrets li {
    display: grid;
    gap: 0.75rem;
    padding: 0.75rem 0;
    border-block-start: 1px solid var(--line);
  }
  .secret-line {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
  }
  .secret-line > p {
    flex: 1 1 12rem;
  }
  .confirm {
    display: grid;
    gap: 0.75rem;
    padding: 0.75rem;
    border-radius: calc(var(--radius) - 2px);
    background: var(--bad-wash);
  }
  .confirm .quiet {
    color: var(--ink);
  }
  .add-secret {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem 1rem;
    align-items: end;
  }
  .add-secret .field {
    flex: 1 1 12rem;
  }
  .add-secret .field.grow {
    flex: 2 1 16rem;
  }
  .chosen {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375rem;
  }
  .chip {
    padding: 0.125rem 0.625rem;
    border-radius: 999px;
    background: var(--accent-wash);
    color: var(--accent);
    font-weight: 600;
  }
  .groups {
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) - 2px);
    max-block-size: 32rem;
    overflow: auto;
    /* What is hidden visually inside must not make the page longer. */
    position: relative;
  }
  .groups > p {
    padding: 1rem;
  }
  .group + .group {
    border-block-start: 1px solid var(--line);
  }
  .group summary {
    padding: 0.625rem 0.875rem;
    color: var(--ink);
  }
  .group summary:hover {
    background: var(--sunken);
  }
  .group summary:focus-visible {
    outline-offset: -2px;
  }
  .count {
    font-weight: 400;
  }
  .permission {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.75rem;
    padding: 0.5rem 0.875rem 0.625rem 1.75rem;
  }
  .permission input {
    inline-size: 1.125rem;
    block-size: 1.125rem;
    margin: 0.1875rem 0 0;
    accent-color: var(--accent);
  }
  .permission label {
    overflow-wrap: anywhere;
  }
  .permission strong {
    color: var(--ink);
  }
  .save-bar {
    position: sticky;
    inset-block-end: 0.75rem;
    z-index: 1;
    display: grid;
    gap: 0.75rem;
    margin-block-start: 1.25rem;
    padding: 0.75rem 1rem;
    background: var(--surface);
    border: 1px solid var(--accent);
    border-radius: 14px;
    box-shadow: var(--shadow);
  }
  .save-line {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
    justify-content: space-between;
  }
  @media (min-width: 80rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr) 20rem;
      align-items: start;
    }
    .guide {
      order: 0;
      position: sticky;
      inset-block-start: 1.25rem;
    }
  }
`;
