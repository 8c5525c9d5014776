import { css } from "lit";

/** The portal's dialog over the host app. */
export const style = css`
  .backdrop {
    position: fixed;
    inset: 0;
    display: grid;
    place-items: center;
    overflow: auto;
    padding: 1rem;
    background: var(--backdrop);
  }
  [role="dialog"] {
    color-scheme: light dark;
    inline-size: min(30rem, 100%);
    background: var(--surface);
    color: var(--ink);
    border-radius: 16px;
    box-shadow: var(--shadow);
    animation: rise 0.16s ease-out;
  }
  [role="dialog"]:focus {
    outline: none;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(8px);
    }
  }
  header {
    display: flex;
    gap: 0.875rem;
    align-items: center;
    padding: 1.25rem 1.25rem 0;
  }
  header > div {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  h1 {
    font-size: 1.1875rem;
  }
  .close {
    align-self: flex-start;
    inline-size: 2.75rem;
    min-block-size: 2.75rem;
    padding: 0;
    margin: -0.375rem -0.5rem 0 0;
    color: var(--ink-soft);
  }
  .body {
    display: grid;
    gap: 1rem;
    min-inline-size: 0;
    padding: 1.25rem;
  }
  .choices {
    display: grid;
    gap: 0.5rem;
  }
  .choices legend {
    margin-block-end: 0.5rem;
  }
  .choice {
    display: flex;
    gap: 0.75rem;
    padding: 0.75rem 0.875rem;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) - 2px);
    cursor: pointer;
  }
  .choice input {
    margin-block-start: 0.1875rem;
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
  .hint {
    display: block;
    font-weight: 400;
  }
  .progress {
    font-size: 1.0625rem;
  }
  details {
    font-size: 0.9375rem;
  }
  summary {
    color: var(--accent);
    cursor: pointer;
    font-weight: 600;
    padding-block: 0.25rem;
  }
  details ol {
    display: grid;
    gap: 0.25rem;
    padding: 0.25rem 0 0.5rem 1.25rem;
  }
  .accounts {
    list-style: none;
    display: grid;
    gap: 0.75rem;
  }
  .account {
    display: grid;
    gap: 0.75rem;
    padding: 0.875rem;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) - 2px);
  }
  .account-head {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    justify-content: space-between;
    align-items: flex-start;
    overflow-wrap: anywhere;
  }
  .account-name {
    font-weight: 600;
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
  @media (max-width: 30rem) {
    .backdrop {
      padding: 0.5rem;
      place-items: end center;
    }
    .actions > button {
      flex: 1 1 auto;
    }
  }
`;
