import { css } from "lit";

/** The settings and workflows of an account. */
export const settingsStyle = css`
  .settings,
  .settings section {
    display: grid;
    gap: 0.875rem;
    min-inline-size: 0;
  }
  .settings {
    gap: 1.5rem;
    padding-block-start: 0.25rem;
  }
  h2 {
    font-size: 1.0625rem;
  }
  h3 {
    font-size: 0.9375rem;
    text-wrap: pretty;
  }
  .field {
    min-inline-size: 0;
  }
  .optional {
    font-weight: 400;
  }
  .yes-or-no {
    display: flex;
    gap: 0.75rem;
    align-items: center;
    min-block-size: 2.25rem;
  }
  .yes-or-no.at-end {
    flex-direction: row-reverse;
    justify-content: space-between;
  }
  .yes-or-no input[type="checkbox"]:not(.switch) {
    flex: none;
    inline-size: 1.25rem;
    block-size: 1.25rem;
    margin: 0;
    accent-color: var(--accent);
  }
  .workflows,
  .rows {
    list-style: none;
  }
  .workflows {
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) - 2px);
  }
  .workflow {
    display: grid;
    gap: 0.5rem;
    padding: 0.875rem;
    overflow-wrap: anywhere;
  }
  .workflow + .workflow {
    border-block-start: 1px solid var(--line);
  }
  .workflow-head {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 1rem;
    align-items: start;
  }
  .workflow-head > div {
    display: grid;
    gap: 0.25rem;
  }
  .toggle {
    display: flex;
    gap: 0.5rem;
    align-items: center;
  }
  .disclosure {
    justify-self: start;
    margin-inline-start: -0.5rem;
    min-block-size: 2.25rem;
    padding: 0.25rem 0.5rem;
  }
  .mark {
    display: grid;
    rotate: -90deg;
    transition: rotate 0.12s;
  }
  .mark .arrow {
    position: static;
    color: inherit;
  }
  .disclosure[aria-expanded="true"] .mark {
    rotate: 0deg;
  }
  .panel {
    padding-block: 0.25rem;
  }
  .saved {
    align-self: center;
    color: var(--good);
    font-weight: 600;
  }
  .no-choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 0.75rem;
    align-items: center;
    justify-content: space-between;
    color: var(--bad);
  }
  .no-choices > span {
    flex: 1 1 12rem;
  }
  .small-button {
    min-block-size: 2.25rem;
    padding: 0.25rem 0.75rem;
    font-size: 0.875rem;
  }
  .mapping {
    gap: 0.625rem;
    padding: 0.75rem;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) - 2px);
  }
  .mapping legend {
    padding-inline: 0.25rem;
    margin-inline-start: -0.25rem;
  }
  .rows {
    display: grid;
    gap: 0.5rem;
  }
  .reports {
    display: contents;
  }
  .rows li {
    display: grid;
    grid-template-columns: minmax(0, 2fr) auto minmax(0, 3fr);
    gap: 0.5rem;
    align-items: center;
    overflow-wrap: anywhere;
  }
  .rows li:has(.remove) {
    grid-template-columns: minmax(0, 2fr) auto minmax(0, 3fr) auto;
  }
  .rows label {
    font-weight: 400;
  }
  .remove {
    inline-size: 2.75rem;
    padding: 0;
    color: var(--ink-soft);
  }
  .adders {
    display: grid;
    gap: 0.5rem;
  }
  .create {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.5rem;
  }
  @media (max-width: 30rem) {
    .rows li,
    .rows li:has(.remove) {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .rows li > div:last-child {
      grid-column: 1 / -1;
    }
    .rows li > .soft {
      display: none;
    }
    .rows li > label {
      grid-column: 1 / -1;
    }
  }
`;
