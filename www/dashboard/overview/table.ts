import { css, html, type TemplateResult } from "lit";

/** The numbers of a plot as a table that can be opened; the first cell of each row is its heading. */
export function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): TemplateResult {
  return html`<details>
    <summary>Show as table</summary>
    <div class="table" tabindex="0" role="region" aria-label=${`Table: ${caption}`}>
      <table>
        <caption class="visually-hidden">${caption}</caption>
        <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
        <tbody>
          ${rows.map(([first, ...others]) => html`<tr><th scope="row">${first}</th>${others.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
  </details>`;
}

/** A table that scrolls by itself where it has no room. */
export const tableStyle = css`
  .table {
    position: relative;
    overflow: auto;
    max-block-size: 24rem;
    margin-block-start: 0.5rem;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) - 2px);
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 0.875rem;
    font-variant-numeric: tabular-nums;
    overflow-wrap: normal;
  }
  th,
  td {
    padding: 0.375rem 0.75rem;
    text-align: end;
    border-block-end: 1px solid var(--line);
  }
  th {
    font-weight: 600;
  }
  th:first-child {
    text-align: start;
  }
  tbody th {
    font-weight: 400;
  }
  thead th,
  td {
    white-space: nowrap;
  }
  tbody th {
    min-inline-size: 9rem;
  }
  tr:last-child > * {
    border-block-end: 0;
  }
`;
