import { css } from "lit";

/** Harbor Desk's pages. */
export const style = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1.25rem;
    align-items: center;
    padding: 0.625rem clamp(1rem, 3vw, 2rem);
    background: var(--bar);
    color: var(--on-bar);
  }
  .brand {
    display: flex;
    gap: 0.625rem;
    align-items: center;
    font-weight: 700;
    font-size: 1.0625rem;
    margin-inline-end: auto;
  }
  .bar .session {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 0.875rem;
    align-items: center;
    font-size: 0.9375rem;
  }
  .bar .soft {
    color: var(--on-bar-soft);
  }
  .bar button {
    min-block-size: 2.25rem;
    padding: 0.25rem 0.75rem;
    color: inherit;
    background: transparent;
    border-color: var(--on-bar-soft);
  }
  .bar button:hover {
    background: rgb(255 255 255 / 12%);
  }
  .bar :focus-visible {
    outline-color: var(--on-bar);
  }
  .simulated {
    padding: 0.5rem clamp(1rem, 3vw, 2rem);
    background: var(--warn-wash);
    color: var(--warn);
    font-size: 0.875rem;
    border-block-end: 1px solid var(--line);
  }
  main {
    inline-size: min(76rem, 100%);
    margin-inline: auto;
    padding: clamp(1.25rem, 3vw, 2.25rem) clamp(1rem, 3vw, 2rem) 4rem;
  }
  .crumb {
    font-size: 0.875rem;
    color: var(--ink-soft);
  }
  h1 {
    font-size: 1.625rem;
    letter-spacing: -0.01em;
  }
  h1:focus {
    outline: none;
  }
  h2 {
    font-size: 1.125rem;
  }
  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.25rem;
    margin-block-start: 1.25rem;
  }
  @media (min-width: 60rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      align-items: start;
    }
    .columns > aside {
      position: sticky;
      inset-block-start: 1.25rem;
    }
  }
  .card {
    display: grid;
    gap: 1rem;
    padding: 1.25rem;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 14px;
    overflow-wrap: anywhere;
  }
  .card > * {
    min-inline-size: 0;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 0.875rem;
    align-items: center;
  }
  .head > .grow {
    flex: 1 1 10rem;
  }
  .busy {
    display: flex;
    gap: 0.625rem;
    align-items: center;
  }
  .welcome {
    inline-size: min(34rem, 100%);
    margin-inline: auto;
  }
  .people {
    display: grid;
    gap: 0.625rem;
  }
  .person {
    justify-content: flex-start;
    text-align: start;
    padding: 0.75rem 0.875rem;
    gap: 0.875rem;
    border-color: var(--line);
  }
  .person small {
    display: block;
    font-weight: 400;
    font-size: 0.875rem;
    color: var(--ink-soft);
  }
  .face {
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 2.5rem;
    block-size: 2.5rem;
    border-radius: 50%;
    color: var(--on-accent);
    background: var(--accent);
    font-weight: 700;
  }
  .items {
    list-style: none;
    display: grid;
  }
  .items li {
    display: grid;
    grid-template-columns: 3.5rem minmax(0, 1fr) auto;
    gap: 0.125rem 0.75rem;
    align-items: baseline;
    padding-block: 0.625rem;
    border-block-start: 1px solid var(--line);
  }
  .items li:first-child {
    border: 0;
  }
  .number {
    font-variant-numeric: tabular-nums;
    color: var(--ink-soft);
    font-size: 0.875rem;
  }
  .empty {
    padding: 1.25rem;
    text-align: center;
    color: var(--ink-soft);
    background: var(--sunken);
    border-radius: var(--radius);
  }
  .create {
    display: grid;
    gap: 0.875rem;
    padding-block-start: 1rem;
    border-block-start: 1px solid var(--line);
  }
  .pair {
    display: grid;
    gap: 0.875rem;
    grid-template-columns: minmax(0, 1fr);
  }
  @media (min-width: 34rem) {
    .pair {
      grid-template-columns: minmax(0, 2fr) minmax(0, 1fr);
    }
  }
  .skeleton {
    display: grid;
    gap: 0.75rem;
  }
  .skeleton i {
    block-size: 1.125rem;
    border-radius: 6px;
    background: var(--sunken);
    animation: breathe 1.4s ease-in-out infinite alternate;
  }
  .skeleton i:nth-child(2) {
    inline-size: 82%;
  }
  .skeleton i:nth-child(3) {
    inline-size: 64%;
  }
  @keyframes breathe {
    to {
      background: var(--line);
    }
  }
  @media (max-width: 30rem) {
    .items li {
      grid-template-columns: 3rem minmax(0, 1fr);
    }
    .items li .status {
      grid-column: 2;
      justify-self: start;
    }
    .card .actions > button {
      flex: 1 1 auto;
    }
  }
`;
