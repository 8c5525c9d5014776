import { css } from "lit";

/** What the views have in common. */
export const parts = css`
  :host {
    min-inline-size: 0;
  }
  h1 {
    font-size: 1.5rem;
    letter-spacing: -0.01em;
  }
  h1:focus,
  main:focus {
    outline: none;
  }
  h2 {
    font-size: 1.0625rem;
  }
  code,
  pre {
    font-family: var(--mono);
    font-size: 0.9em;
  }
  pre {
    margin: 0.5rem 0 0;
    padding: 0.625rem 0.75rem;
    overflow-x: auto;
    background: var(--sunken);
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) - 2px);
  }
  .card {
    display: grid;
    gap: 1rem;
    padding: 1.25rem;
    margin-block-start: 1.25rem;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 14px;
    overflow-wrap: anywhere;
  }
  .card > * {
    min-inline-size: 0;
  }
  .narrow {
    inline-size: min(32rem, 100%);
  }
  details > summary {
    color: var(--accent);
    cursor: pointer;
    font-weight: 600;
    font-size: 0.9375rem;
    padding-block: 0.25rem;
  }
`;

/** The dashboard's frame and its sign-in view. */
export const style = [
  parts,
  css`
    .gate {
      display: grid;
      place-items: center;
      align-content: center;
      min-block-size: 100dvh;
      padding: 1rem;
    }
    .gate > .card {
      inline-size: min(26rem, 100%);
      margin: 0;
      padding: 1.75rem;
    }
    .gate h1 {
      font-size: 1.25rem;
      margin-block: 0.75rem 0.25rem;
    }
    .or {
      display: flex;
      gap: 0.75rem;
      align-items: center;
    }
    .or::before,
    .or::after {
      content: "";
      flex: 1;
      border-block-start: 1px solid var(--line);
    }
    .brand {
      display: flex;
      gap: 0.5rem;
      align-items: center;
      font-weight: 700;
      color: var(--accent);
    }
    .skip {
      position: absolute;
      inset-block-start: -4rem;
      inset-inline-start: 1rem;
      z-index: 1;
      padding: 0.625rem 1rem;
      background: var(--surface);
      border: 1px solid var(--line-strong);
      border-radius: 0 0 var(--radius) var(--radius);
    }
    .skip:focus {
      inset-block-start: 0;
    }
    .frame {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      min-block-size: 100dvh;
      align-content: start;
    }
    header {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 0.75rem;
      align-items: center;
      padding: 0.75rem 1rem 0;
      background: var(--surface);
      border-block-end: 1px solid var(--line);
    }
    .project {
      grid-column: 1 / -1;
    }
    .navs {
      grid-column: 1 / -1;
      display: flex;
      flex-wrap: wrap;
    }
    .nav-title {
      display: none;
    }
    nav ul {
      display: flex;
      flex-wrap: wrap;
      gap: 0.25rem;
      list-style: none;
    }
    nav a {
      display: block;
      padding: 0.6875rem 0.875rem;
      color: var(--ink);
      font-weight: 600;
      font-size: 0.9375rem;
      text-decoration: none;
      white-space: nowrap;
      border-block-end: 3px solid transparent;
    }
    nav a:hover {
      background: var(--sunken);
    }
    nav a[aria-current="page"] {
      color: var(--accent);
      border-block-end-color: var(--accent);
    }
    .account {
      grid-row: 1;
      grid-column: 2;
      display: flex;
      gap: 0.75rem;
      align-items: center;
    }
    .who {
      font-size: 0.875rem;
      overflow-wrap: anywhere;
    }
    .role {
      display: inline-block;
      padding: 0 0.5rem;
      border-radius: 999px;
      font-size: 0.8125rem;
      color: var(--ink-soft);
      background: var(--sunken);
      border: 1px solid var(--line);
    }
    main#content {
      inline-size: min(72rem, 100%);
      padding: clamp(1.25rem, 3vw, 2.25rem) clamp(1rem, 3vw, 2.5rem) 4rem;
    }
    @media (max-width: 40rem) {
      .who {
        display: none;
      }
    }
    @media (min-width: 60rem) {
      .frame {
        grid-template-columns: 15.5rem minmax(0, 1fr);
        align-content: stretch;
      }
      header {
        position: sticky;
        inset-block-start: 0;
        block-size: 100dvh;
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: auto auto 1fr auto;
        gap: 1.25rem;
        padding: 1.25rem 1rem;
        overflow-y: auto;
        border-block-end: 0;
        border-inline-end: 1px solid var(--line);
      }
      .navs {
        display: grid;
        gap: 1.25rem;
        align-self: start;
      }
      .nav-title {
        display: block;
        padding: 0 0.875rem 0.25rem;
      }
      nav ul {
        display: grid;
      }
      nav a {
        padding-block: 0.5rem;
        border-block-end: 0;
        border-radius: calc(var(--radius) - 2px);
      }
      nav a[aria-current="page"] {
        background: var(--accent-wash);
      }
      .account {
        grid-row: auto;
        grid-column: auto;
        display: grid;
        gap: 0.625rem;
        padding-block-start: 1rem;
        border-block-start: 1px solid var(--line);
      }
    }
  `,
];
