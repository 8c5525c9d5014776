import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import "../../elements/notice.ts";
import "../../elements/spinner.ts";
import { controls } from "../../lib/controls.ts";
import { Asking } from "../asking.ts";
import { pathOf, type Route } from "../route.ts";
import { parts } from "../style.ts";
import { failureNotice } from "../views/failure.ts";
import { duration, filterOf, readRuns, STATUS, statusOf, type Filter, type Run } from "./model.ts";

/** How long typing pauses before the list is read, in milliseconds. */
const PAUSE = 300;

/** Runs of a project's workflows, newest first. */
export class RunsElement extends LitElement {
  static override properties = { project: { type: String }, search: { type: String }, go: { attribute: false } };
  static override styles = [
    controls,
    parts,
    css`
      form {
        display: grid;
        gap: 0.75rem;
        grid-template-columns: repeat(auto-fit, minmax(min(12rem, 100%), 1fr));
      }
      ol {
        list-style: none;
      }
      li {
        border-block-end: 1px solid var(--line);
      }
      li:last-child {
        border-block-end: 0;
      }
      a {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0.125rem 1rem;
        padding: 0.75rem 0.5rem;
        margin-inline: -0.5rem;
        color: inherit;
        text-decoration: none;
        border-radius: calc(var(--radius) - 2px);
      }
      a:hover {
        background: var(--sunken);
      }
      .why {
        grid-column: 1 / -1;
        color: var(--bad);
      }
    `,
  ];

  declare project: string;
  /** Query of the address: the filter to begin with. */
  declare search: string | undefined;
  declare go: (route: Route) => void;
  #runs: readonly Run[] | undefined;
  #workflows: ReadonlyMap<string, string> = new Map();
  #next: string | undefined;
  #filter: Filter = filterOf(undefined);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = new Asking(this);

  constructor() {
    super();
    this.project = "";
    this.search = undefined;
    this.go = () => undefined;
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("project") && !changed.has("search")) return;
    this.#filter = filterOf(this.search);
    this.#runs = undefined;
    void this.#load(undefined);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    return html`<h1>Run history</h1>
      <p class="soft">Workflow runs of this project, newest first.</p>
      <section class="card" aria-label="Runs">
        ${this.#filters()} ${failureNotice(this.#asking.failure, (): void => void this.#load(undefined))} ${this.#list()}
      </section>`;
  }

  #filters(): TemplateResult {
    const choose =
      (name: keyof Filter) =>
      (event: Event): void =>
        this.#change({ [name]: (event.currentTarget as HTMLInputElement).value }, name === "user");
    return html`<form @submit=${(event: Event): void => event.preventDefault()}>
      <div class="field">
        <label for="workflow">Workflow</label>
        <select id="workflow" @change=${choose("workflow")}>
          <option value="">All workflows</option>
          ${[...this.#workflows].map(([id, name]) => html`<option value=${id} ?selected=${id === this.#filter.workflow}>${name}</option>`)}
        </select>
      </div>
      <div class="field">
        <label for="status">Status</label>
        <select id="status" @change=${choose("status")}>
          <option value="">All statuses</option>
          ${Object.entries(STATUS).map(([id, [, words]]) => html`<option value=${id} ?selected=${id === this.#filter.status}>${words}</option>`)}
        </select>
      </div>
      <div class="field">
        <label for="user">User ID</label>
        <input id="user" type="search" autocomplete="off" spellcheck="false" .value=${this.#filter.user} @input=${choose("user")} />
      </div>
    </form>`;
  }

  #list(): TemplateResult | null {
    if (this.#runs === undefined) return this.#asking.failure === undefined ? html`<p class="progress"><pc-spinner></pc-spinner>Loading runs…</p>` : null;
    if (this.#runs.length === 0) {
      const isFiltered = Object.values(this.#filter).some((value) => value !== "");
      return html`<p class="soft" data-testid="empty">${isFiltered ? "No matching runs." : "No workflow has run yet."}</p>`;
    }
    return html`<ol data-testid="runs">
        ${this.#runs.map((run) => html`<li>${this.#run(run)}</li>`)}
      </ol>
      ${this.#next === undefined ? null : html`<div class="actions"><button data-testid="more" @click=${(): void => void this.#load(this.#next)}>Show older runs</button></div>`}`;
  }

  #run(run: Run): TemplateResult {
    const target: Route = { project: this.project, view: "runs", item: run.id };
    const open = (event: MouseEvent): void => {
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.go(target);
    };
    const [tone, words] = statusOf(run.status);
    return html`<a href=${pathOf(target)} @click=${open}>
      <strong>${this.#workflows.get(run.workflow) ?? run.workflow}</strong> <span class="status ${tone}">${words}</span>
      <span class="small soft">${run.user} · version ${run.version}${run.replayOf === undefined ? null : " · replay"}</span>
      <span class="small soft">
        <time datetime=${run.createdAt.toISOString()}>${run.createdAt.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" })}</time>
        · ${duration(run.createdAt, run.endedAt)}
      </span>
      ${run.error === undefined ? null : html`<span class="small why">${run.error.message}</span>`}
    </a>`;
  }

  #change(change: Partial<Filter>, isTyped: boolean): void {
    this.#filter = { ...this.#filter, ...change };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(undefined), isTyped ? PAUSE : 0);
  }

  #load(before: string | undefined): Promise<boolean> {
    return this.#asking.ask(
      () => readRuns(this.project, this.#filter, before),
      (page) => {
        this.#runs = before === undefined ? page.runs : [...(this.#runs ?? []), ...page.runs];
        this.#workflows = page.workflows;
        this.#next = page.next;
      },
    );
  }
}

customElements.define("dash-runs", RunsElement);
