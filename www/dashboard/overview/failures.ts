import { css, html, type TemplateResult } from "lit";
import type { Route } from "../route.ts";
import type { LinkTo } from "./link.ts";
import { fillOf, patterns } from "./looks.ts";
import type { Failing, Overview } from "./model.ts";
import { table } from "./table.ts";
import { count, counted } from "./words.ts";

/** Failed runs by step as horizontal bars; each leads to the failed runs of its workflow. */
export function failures({ failures, otherFailures }: Overview, project: string, link: LinkTo): TemplateResult {
  if (failures.length === 0) return html`<p class="soft" data-testid="no-failures">No failed runs in this period.</p>`;
  const most = Math.max(...failures.map(({ runs }) => runs));
  return html`<ol class="failures" data-testid="failures">
      ${failures.map((one, at) => html`<li>${link(failedRuns(project, one), html`${one.workflow} <span aria-hidden="true">›</span><span class="visually-hidden">, step</span> ${stepOf(one)}`)}<span class="number">${count(one.runs)}</span>${bar(one.runs / most, at === 0)}</li>`)}
    </ol>
    ${otherFailures === 0 ? null : html`<p class="small soft">and ${counted(otherFailures, "failed run")} in other steps</p>`}
    ${table(
      "Failed runs by step",
      ["Workflow and step", "Failed runs"],
      failures.map((one) => [`${one.workflow} › ${stepOf(one)}`, count(one.runs)]),
    )}`;
}

function failedRuns(project: string, { workflowId }: Failing): Route {
  return { project, view: "runs", search: `?${new URLSearchParams({ workflow: workflowId, status: "failed" })}` };
}

function stepOf({ step }: Failing): string {
  return step ?? "not in a step";
}

/** A bar that fills `share` of the width; the first brings the patterns along. */
function bar(share: number, isFirst: boolean): TemplateResult {
  return html`<svg class="share" aria-hidden="true" width="100%" height="10">
    ${isFirst ? patterns() : null}<rect class="track" width="100%" height="10" rx="2" /><rect fill=${fillOf("bad")} width="${Math.max(1, share * 100)}%" height="10" rx="2" />
  </svg>`;
}

/** The bars and their texts. */
export const failuresStyle = css`
  .failures {
    list-style: none;
    display: grid;
    gap: 0.875rem;
  }
  .failures li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.25rem 1rem;
  }
  .failures .number {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .failures svg {
    grid-column: 1 / -1;
    display: block;
  }
  .failures .track {
    fill: var(--sunken);
  }
`;
