import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import "../../elements/notice.ts";
import "../../elements/spinner.ts";
import { controls } from "../../lib/controls.ts";
import { Asking } from "../asking.ts";
import { pathOf, type Route } from "../route.ts";
import { parts } from "../style.ts";
import { failureNotice } from "../views/failure.ts";
import { cancel, duration, readRun, replay, statusOf, type RunError, type Step, type WholeRun } from "./model.ts";

/** Milliseconds between reads of a run in progress. */
const AGAIN = 2000;

/** One run as a timeline of its steps. */
export class RunElement extends LitElement {
  static override properties = { project: { type: String }, run: { type: String }, rights: { attribute: false }, go: { attribute: false } };
  static override styles = [
    controls,
    parts,
    css`
      .top {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 1rem;
        align-items: center;
        margin-block-start: 0.75rem;
      }
      pc-notice {
        display: block;
        margin-block-start: 1rem;
      }
      ol {
        display: grid;
        list-style: none;
      }
      li {
        position: relative;
        display: grid;
        gap: 0.375rem;
        padding: 0 0 1.25rem 1.5rem;
        border-inline-start: 2px solid var(--line-strong);
        margin-inline-start: 0.4375rem;
      }
      li:last-child {
        border-color: transparent;
        padding-block-end: 0;
      }
      li::before {
        content: "";
        position: absolute;
        inset-inline-start: -0.5rem;
        inset-block-start: 0.25rem;
        inline-size: 0.875rem;
        block-size: 0.875rem;
        border-radius: 50%;
        background: var(--surface);
        border: 3px solid var(--line-strong);
        box-sizing: border-box;
      }
      li.succeeded::before {
        border-color: var(--good);
      }
      li.failed::before {
        border-color: var(--bad);
      }
      li.waiting::before {
        border-color: var(--warn);
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 0.125rem 0.75rem;
        align-items: baseline;
      }
      .why {
        color: var(--bad);
      }
      pre {
        max-block-size: 24rem;
        white-space: pre-wrap;
      }
    `,
  ];

  declare project: string;
  declare run: string;
  declare rights: readonly string[];
  declare go: (route: Route) => void;
  #shown: WholeRun | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = new Asking(this);
  /** Whether the run is being ended or repeated; that it is read again and again disturbs no button. */
  #isChanging = false;
  #news = "";

  constructor() {
    super();
    this.project = "";
    this.run = "";
    this.rights = [];
    this.go = () => undefined;
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("run") && !changed.has("project")) return;
    this.#shown = undefined;
    void this.#read(() => readRun(this.project, this.run));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render(): TemplateResult {
    const list: Route = { project: this.project, view: "runs", item: undefined };
    const back = (event: MouseEvent): void => {
      event.preventDefault();
      this.go(list);
    };
    return html`<p><a href=${pathOf(list)} @click=${back}>All runs</a></p>
      <h1>${this.#shown?.workflow ?? "Run"}</h1>
      ${failureNotice(this.#asking.failure, (): void => void this.#read(() => readRun(this.project, this.run)))}
      ${this.#shown === undefined ? (this.#asking.failure === undefined ? html`<p class="progress"><pc-spinner></pc-spinner>Loading the run…</p>` : null) : this.#whole(this.#shown)}
      <p class="visually-hidden" role="status" aria-live="polite">${this.#news}</p>`;
  }

  #whole(run: WholeRun): TemplateResult {
    const [tone, words] = statusOf(run.status);
    return html`<p class="soft">
        ${run.user} · version ${run.version} · ${run.createdAt.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" })} ·
        ${duration(run.createdAt, run.endedAt)}
      </p>
      <div class="top"><span class="status ${tone}" data-testid="status">${words}</span>${this.#buttons(run)}</div>
      ${run.error === undefined ? null : failed(run.error)}
      <section class="card" aria-label="Trigger">
        <h2>Trigger</h2>
        ${value(run.input)}
      </section>
      <section class="card" aria-label="Steps">
        <h2>Steps</h2>
        ${
          run.steps.length === 0
            ? html`<p class="soft">No steps have started.</p>`
            : html`<ol data-testid="steps">
              ${run.steps.map(step)}
            </ol>`
        }
      </section>`;
  }

  #buttons(run: WholeRun): TemplateResult | null {
    if (!this.rights.includes("manage_runs")) return null;
    return run.endedAt === undefined
      ? html`<button class="danger" data-testid="cancel" aria-disabled=${this.#isChanging ? "true" : "false"} @click=${(): void => void this.#cancel()}>Cancel run</button>`
      : html`<button data-testid="replay" aria-disabled=${this.#isChanging ? "true" : "false"} @click=${(): void => void this.#replay()}>Replay</button>`;
  }

  #cancel(): Promise<void> {
    return this.#change("The run was canceled.", () => this.#read(() => cancel(this.project, this.run)));
  }

  #replay(): Promise<void> {
    const repeat = (): Promise<WholeRun> => replay(this.project, this.run);
    return this.#change("The run was replayed. This is the new run.", () =>
      this.#asking.ask(repeat, ({ id }) => this.go({ project: this.project, view: "runs", item: id })),
    );
  }

  async #change(done: string, change: () => Promise<boolean>): Promise<void> {
    if (this.#isChanging) return;
    this.#isChanging = true;
    if (await change()) this.#news = done;
    this.#isChanging = false;
    this.requestUpdate();
  }

  #read(ask: () => Promise<WholeRun>): Promise<boolean> {
    clearTimeout(this.#timer);
    return this.#asking.ask(ask, (run) => {
      this.#shown = run;
      if (run.endedAt === undefined) this.#timer = setTimeout(() => void this.#read(() => readRun(this.project, this.run)), AGAIN);
    });
  }
}

function step(one: Step): TemplateResult {
  const [, words] = statusOf(one.status);
  const failures = one.attempts.filter((attempt) => attempt.error !== undefined);
  return html`<li class=${one.status}>
    <p class="line">
      <strong>${one.title ?? one.path}</strong>
      <span class="small soft">${one.path} · ${words.toLowerCase()} · ${duration(one.startedAt, one.endedAt)}${one.attempts.length > 1 ? ` · ${one.attempts.length} attempts` : null}</span>
    </p>
    ${failures.map((attempt) => html`<p class="small why">Attempt ${attempt.number}: ${sentence(attempt.error)}</p>`)}
    ${failures.length === 0 && one.error !== undefined ? html`<p class="small why">${sentence(one.error)}</p>` : null}
    ${part("Input", one.input)} ${part("Output", one.output)}
  </li>`;
}

function part(name: string, content: unknown): TemplateResult | null {
  return content === null || content === undefined
    ? null
    : html`<details>
        <summary>${name}</summary>
        ${value(content)}
      </details>`;
}

function value(content: unknown): TemplateResult {
  return html`<pre tabindex="0">${JSON.stringify(content, null, 2)}</pre>`;
}

function failed(error: RunError): TemplateResult {
  return html`<pc-notice tone="bad" heading=${error.step === undefined ? "Why" : `Step ${error.step} failed`}>${sentence(error)}</pc-notice>`;
}

function sentence(error: RunError | undefined): string {
  if (error === undefined) return "";
  return `${error.message} (${error.code}${error.requestId === undefined ? "" : `, request ${error.requestId}`})`;
}

customElements.define("dash-run", RunElement);
