import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import "../../elements/spinner.ts";
import "./plot.ts";
import { controls } from "../../lib/controls.ts";
import { Asking } from "../asking.ts";
import type { Route } from "../route.ts";
import { parts } from "../style.ts";
import { failureNotice } from "../views/failure.ts";
import { failures, failuresStyle } from "./failures.ts";
import { figures, figuresStyle } from "./figures.ts";
import { linkWith, type LinkTo } from "./link.ts";
import { patternStyle } from "./looks.ts";
import { readOverview, windowOf, WINDOWS, type Overview, type Window } from "./model.ts";
import { callsPlot, callsTable, runsPlot, runsTable } from "./plots.ts";
import { table, tableStyle } from "./table.ts";
import { CALL_PARTS, RUN_PARTS, total } from "./words.ts";

/** Stands in the place of the time of the figures, which stay readable until the new ones are there. */
const COUNTING = html`<p class="progress"><pc-spinner></pc-spinner>Counting…</p>`;

/** What ran and was called in a project, in numbers and plots. */
export class OverviewElement extends LitElement {
  static override properties = { project: { type: String }, search: { type: String }, go: { attribute: false } };
  static override styles = [
    controls,
    parts,
    figuresStyle,
    patternStyle,
    failuresStyle,
    tableStyle,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem 1.25rem;
        align-items: center;
        justify-content: space-between;
      }
      .windows {
        display: flex;
        gap: 0.25rem;
        padding: 0.25rem;
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      .windows button {
        min-block-size: 2.25rem;
        padding: 0.25rem 0.75rem;
        border-color: transparent;
        background: transparent;
        font-size: 0.875rem;
      }
      .windows button[aria-pressed="true"] {
        color: var(--on-accent);
        background: var(--accent);
      }
      .about {
        display: flex;
        flex-wrap: wrap;
        gap: 0 1.25rem;
        align-items: center;
        margin-block-start: 0.5rem;
      }
      .about button {
        margin-inline-start: -0.75rem;
        min-block-size: 2.25rem;
        padding: 0.25rem 0.75rem;
        font-size: inherit;
      }
      .empty {
        justify-items: center;
        padding: 2.5rem 1rem;
        text-align: center;
      }
    `,
  ];

  declare project: string;
  /** Query of the address: which time is looked at. */
  declare search: string | undefined;
  declare go: (route: Route) => void;
  #shown: Overview | undefined;
  #asking = new Asking(this);

  constructor() {
    super();
    this.project = "";
    this.search = undefined;
    this.go = () => undefined;
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("project") && !changed.has("search")) return;
    if (changed.has("project")) this.#shown = undefined;
    void this.#load();
  }

  override render(): TemplateResult {
    return html`<div class="head">
        <h1>Overview</h1>
        ${this.#windows()}
      </div>
      ${this.#content()}`;
  }

  #windows(): TemplateResult {
    const chosen = windowOf(this.search);
    return html`<div class="windows" role="group" aria-label="Period">
      ${(Object.keys(WINDOWS) as Window[]).map((window) => html`<button aria-pressed=${window === chosen ? "true" : "false"} @click=${(): void => this.#choose(window)}>${WINDOWS[window]}</button>`)}
    </div>`;
  }

  #content(): TemplateResult {
    const overview = this.#shown;
    const { busy, failure } = this.#asking;
    if (failure !== undefined) return html`<div class="card">${failureNotice(failure, () => void this.#load())}</div>`;
    if (overview === undefined) return html`<div class="card" aria-busy="true">${COUNTING}</div>`;
    const hasCalls =
      total(
        overview.calls,
        CALL_PARTS.map(({ key }) => key),
      ) > 0;
    if (!overview.hasRuns && !hasCalls) return this.#nothing();
    return html`<div aria-busy=${busy ? "true" : "false"} data-testid="overview" data-window=${overview.window}>
      <div class="about small soft">
        ${busy ? COUNTING : html`<p>${this.#about(overview)}</p>`}
        <button class="quiet" data-testid="refresh" @click=${(): void => void this.#load()}>Refresh</button>
      </div>
      ${figures(overview, this.project, this.#link)} ${this.#runs(overview)} ${this.#failures(overview)} ${this.#calls(overview, hasCalls)}
    </div>`;
  }

  #about({ readAt, isByDay, historyDays, calls }: Overview): string {
    const at = readAt.toLocaleTimeString(undefined, { timeStyle: "short" });
    const kept = isByDay && historyDays < calls.length ? ` The gateway keeps ${historyDays} days of history.` : "";
    return `As of ${at}; ${isByDay ? "days" : "hours"} in your time zone; the last one is incomplete.${kept}`;
  }

  #nothing(): TemplateResult {
    return html`<div class="card empty" data-testid="empty">
      <h2>No activity yet</h2>
      <p class="soft">Workflow runs and proxy calls of your app are counted here.</p>
      ${this.#link({ project: this.project, view: "workflows" }, "View workflows")}
    </div>`;
  }

  #runs(overview: Overview): TemplateResult {
    const per = overview.isByDay ? "day" : "hour";
    const isNothing =
      total(
        overview.runs,
        RUN_PARTS.map(({ key }) => key),
      ) === 0;
    const plot = (): TemplateResult =>
      html`<dash-plot data-testid="runs-plot" .plot=${runsPlot(overview)}></dash-plot>${table(`Runs per ${per}`, ...runsTable(overview))}`;
    const none = overview.hasRuns
      ? html`No runs in this period.`
      : html`No workflow has run yet. ${this.#link({ project: this.project, view: "workflows" }, "View workflows")}`;
    return html`<section class="card" aria-labelledby="runs"><h2 id="runs">Runs per ${per}</h2>${isNothing ? html`<p class="soft">${none}</p>` : plot()}</section>`;
  }

  #failures(overview: Overview): TemplateResult {
    return html`<section class="card" aria-labelledby="failed"><h2 id="failed">Failures by step</h2>${failures(overview, this.project, this.#link)}</section>`;
  }

  #calls(overview: Overview, hasCalls: boolean): TemplateResult {
    const per = overview.isByDay ? "day" : "hour";
    const plot =
      (): TemplateResult => html`<p class="small soft">Time from the request to the first byte of the response. The lines show the median (p50) and the 95th percentile (p95), estimated from a histogram.</p>
      <dash-plot data-testid="calls-plot" .plot=${callsPlot(overview)}></dash-plot>${table(`Proxy calls per ${per}`, ...callsTable(overview))}`;
    return html`<section class="card" aria-labelledby="calls"><h2 id="calls">Proxy calls per ${per}</h2>${hasCalls ? plot() : html`<p class="soft">No proxy calls in this period.</p>`}</section>`;
  }

  #link: LinkTo = linkWith((route) => this.go(route));

  #choose(window: Window): void {
    this.go({ project: this.project, view: "overview", search: window === "24h" ? undefined : `?window=${window}` });
  }

  #load(): Promise<boolean> {
    return this.#asking.ask(
      () => readOverview(this.project, windowOf(this.search)),
      (overview) => (this.#shown = overview),
    );
  }
}

customElements.define("dash-overview", OverviewElement);
