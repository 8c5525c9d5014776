import { css, html, type TemplateResult } from "lit";
import type { LinkTo } from "./link.ts";
import type { Overview } from "./model.ts";
import { CALL_PARTS, count, RUN_PARTS, shareSucceeded, took, total } from "./words.ts";

/** The key figures on top of the page. */
export function figures(overview: Overview, project: string, link: LinkTo): TemplateResult {
  const runs = total(
    overview.runs,
    RUN_PARTS.map(({ key }) => key),
  );
  const waiting = link({ project, view: "runs", search: "?status=waiting" }, count(overview.waiting), `${count(overview.waiting)}, show them`);
  return html`<dl class="figures" data-testid="figures">
    ${figure("Runs", count(runs), "of workflows")}
    ${figure("Succeeded", shareSucceeded(overview.runs) ?? "–", "of completed runs")}
    ${figure("Waiting for reconnect", overview.waiting === 0 ? "0" : waiting, "now, regardless of period", overview.waiting === 0 ? "" : "warn")}
    ${figure(
      "Proxy calls",
      count(
        total(
          overview.calls,
          CALL_PARTS.map(({ key }) => key),
        ),
      ),
      "by your app",
    )}
    ${figure("Response time (p95)", overview.latency.p95 === undefined ? "–" : `≈ ${took(overview.latency.p95)}`, "95% of proxy calls took no longer (estimate)")}
  </dl>`;
}

function figure(name: string, value: unknown, note = "", tone = ""): TemplateResult {
  return html`<div class="figure ${tone}"><dt class="small">${name}</dt><dd><span class="large">${value}</span>${note === "" ? null : html`<span class="small soft">${note}</span>`}</dd></div>`;
}

/** Boxes beside each other, as many as there is room for. */
export const figuresStyle = css`
  .figures {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(9.5rem, 100%), 1fr));
    gap: 0.75rem;
    margin-block-start: 1.25rem;
  }
  .figure {
    display: grid;
    align-content: start;
    gap: 0.25rem;
    padding: 0.875rem 1rem;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: 14px;
  }
  @media (max-width: 40rem) {
    .figure:last-child {
      grid-column: 1 / -1;
    }
  }
  .figure.warn {
    border-color: var(--warn);
    background: var(--warn-wash);
  }
  .figure dt {
    font-weight: 600;
  }
  .figure dd {
    display: grid;
  }
  .large {
    font-size: 1.625rem;
    font-weight: 650;
    line-height: 1.25;
    letter-spacing: -0.01em;
    font-variant-numeric: tabular-nums;
  }
`;
