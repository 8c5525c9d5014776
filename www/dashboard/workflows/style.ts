import { css } from "lit";

/** The workflow editor. */
export const style = css`
  .head {
    display: grid;
    gap: 0.5rem 1rem;
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
  }
  .head h1 {
    overflow-wrap: anywhere;
  }
  .state {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: center;
  }
  pc-notice {
    display: block;
    margin-block-start: 1rem;
  }
  .editor {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.25rem;
    margin-block-start: 1.25rem;
    align-items: start;
  }
  .outline {
    padding: 0.5rem;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 14px;
  }
  .outline ul,
  .outline ol {
    list-style: none;
    display: grid;
    gap: 0.125rem;
  }
  .outline .rest {
    margin-block-start: 0.5rem;
    padding-block-start: 0.5rem;
    border-block-start: 1px solid var(--line);
  }
  .outline-title {
    padding: 0.75rem 0.75rem 0.25rem;
    font-size: 0.875rem;
    font-weight: 600;
    color: var(--ink-soft);
  }
  .way {
    margin-inline-start: 0.875rem;
    padding-inline-start: 0.5rem;
    border-inline-start: 2px solid var(--line);
  }
  .way > p {
    padding: 0.25rem 0.5rem 0;
    font-weight: 600;
  }
  .entry-button {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0 0.5rem;
    inline-size: 100%;
    min-block-size: 2.5rem;
    padding: 0.375rem 0.75rem;
    text-align: start;
    justify-content: stretch;
    border-color: transparent;
    background: transparent;
  }
  .entry-title {
    overflow-wrap: anywhere;
  }
  .entry-detail {
    grid-column: 1;
    font-weight: 400;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .entry-button[aria-current="true"] {
    background: var(--accent-wash);
    color: var(--accent);
  }
  .count-wrong {
    grid-column: 2;
    grid-row: 1;
    min-inline-size: 1.375rem;
    padding: 0 0.375rem;
    border-radius: 999px;
    color: var(--bad);
    background: var(--bad-wash);
    font-size: 0.8125rem;
    text-align: center;
  }
  .add {
    min-block-size: 2.25rem;
    inline-size: 100%;
    justify-content: start;
    padding: 0.25rem 0.75rem;
    border: 1px dashed var(--line-strong);
    background: transparent;
    color: var(--accent);
    font-size: 0.875rem;
    margin-block: 0.25rem;
  }
  .kinds {
    padding-block: 0.25rem;
  }
  .kind {
    display: grid;
    gap: 0;
    inline-size: 100%;
    justify-items: start;
    text-align: start;
    border-color: transparent;
    padding: 0.375rem 0.75rem;
    font-weight: 400;
  }
  .panel {
    margin: 0;
    min-inline-size: 0;
    overflow-wrap: normal;
  }
  .panel-head {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    align-items: center;
    justify-content: space-between;
  }
  .group {
    display: grid;
    gap: 0.875rem;
    padding: 0.75rem 0.875rem 0.875rem;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) - 2px);
  }
  .group > legend {
    padding-inline: 0.375rem;
  }
  .entry {
    padding: 0.75rem;
    border-radius: calc(var(--radius) - 2px);
    background: var(--sunken);
  }
  .entry > button,
  .group > button,
  .stack > button,
  .row > button {
    justify-self: start;
    min-block-size: 2.25rem;
    padding: 0.25rem 0.75rem;
    font-size: 0.875rem;
  }
  .row {
    display: grid;
    gap: 0.5rem 0.75rem;
    align-items: end;
  }
  .comparison {
    display: grid;
    gap: 0.75rem;
    align-items: start;
  }
  .and,
  .or {
    font-weight: 700;
    font-size: 0.875rem;
    color: var(--ink-soft);
  }
  .check {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.75rem;
  }
  .check input {
    inline-size: 1.125rem;
    block-size: 1.125rem;
    margin: 0.1875rem 0 0;
    accent-color: var(--accent);
  }
  .weak {
    font-weight: 400;
  }
  .more .stack {
    padding-block-start: 0.75rem;
  }
  .versions {
    list-style: none;
    display: grid;
  }
  .versions li {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 0.75rem;
    align-items: center;
    padding-block: 0.625rem;
    border-block-start: 1px solid var(--line);
  }
  .versions li > p {
    flex: 1 1 12rem;
  }
  .versions button {
    min-block-size: 2.25rem;
    padding: 0.25rem 0.75rem;
    font-size: 0.875rem;
  }
  .problems {
    display: grid;
    gap: 0.25rem;
    padding-inline-start: 1.125rem;
    overflow-wrap: anywhere;
  }
  .save-bar {
    position: sticky;
    inset-block-end: 0.75rem;
    z-index: 5;
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
    justify-content: space-between;
    margin-block-start: 1.25rem;
    padding: 0.75rem 1rem;
    background: var(--surface);
    border: 1px solid var(--accent);
    border-radius: 14px;
    box-shadow: var(--shadow);
  }
  @media (min-width: 48rem) {
    .head {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .row {
      align-items: start;
    }
    .row > button {
      margin-block-start: 2rem;
    }
    .row.pair {
      grid-template-columns: 13rem minmax(0, 1fr) auto;
    }
    .row:not(.pair) {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .comparison {
      grid-template-columns: minmax(0, 1fr) 11rem minmax(0, 1fr);
    }
  }
  @media (min-width: 72rem) {
    .editor {
      grid-template-columns: 19rem minmax(0, 1fr);
    }
    .outline {
      position: sticky;
      inset-block-start: 1.25rem;
      max-block-size: calc(100dvh - 2.5rem);
      overflow-y: auto;
    }
  }
`;
