import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import "../../elements/notice.ts";
import "../../elements/spinner.ts";
import { controls } from "../../lib/controls.ts";
import { isObject, parseJson } from "../../lib/json.ts";
import { Asking } from "../asking.ts";
import { pathOf, type Route } from "../route.ts";
import { parts } from "../style.ts";
import { failureNotice } from "../views/failure.ts";
import { listWorkflows, type ListedWorkflow } from "./api.ts";
import { triggerTitle } from "./triggers.ts";
import { handOver } from "./handed-over.ts";

/** The workflows of a project. */
export class WorkflowsElement extends LitElement {
  static override properties = { project: { type: String }, rights: { attribute: false }, go: { attribute: false } };
  static override styles = [
    controls,
    parts,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 0.75rem;
        align-items: center;
        justify-content: space-between;
      }
      ul {
        list-style: none;
        display: grid;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        align-items: center;
        padding-block: 0.875rem;
      }
      li + li {
        border-block-start: 1px solid var(--line);
      }
      li > div {
        flex: 1 1 16rem;
        min-inline-size: 0;
      }
      li a {
        font-weight: 600;
      }
      pc-notice {
        display: block;
        margin-block-start: 1rem;
      }
      .empty {
        text-align: center;
        padding: 2rem 1rem;
        display: grid;
        gap: 0.75rem;
        justify-items: center;
      }
    `,
  ];

  declare project: string;
  declare rights: readonly string[];
  declare go: (route: Route) => void;
  #workflows: readonly ListedWorkflow[] | undefined;
  #asking = new Asking(this);
  #fault = "";

  constructor() {
    super();
    this.project = "";
    this.rights = [];
    this.go = (): void => {};
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("project")) void this.#load();
  }

  override render(): TemplateResult {
    const mayEdit = this.rights.includes("edit_workflows");
    return html`<div class="head">
        <h1>Workflows</h1>
        ${mayEdit ? this.#buttons() : null}
      </div>
      ${this.#fault === "" ? null : html`<pc-notice tone="bad" heading="Import failed" role="alert">${this.#fault}</pc-notice>`}
      <div class="card" aria-busy=${this.#asking.busy ? "true" : "false"}>
        ${failureNotice(this.#asking.failure, () => void this.#load()) ?? this.#list(mayEdit)}
      </div>`;
  }

  #buttons(): TemplateResult {
    return html`<div class="actions">
      <label class="button" for="import">Import…</label>
      <input class="visually-hidden" type="file" id="import" accept="application/json,.json" @change=${this.#import} />
      <a class="button primary" href=${pathOf(this.#blank)} data-testid="new-workflow" @click=${this.#follow(this.#blank)}>New workflow</a>
    </div>`;
  }

  #list(mayEdit: boolean): TemplateResult {
    const workflows = this.#workflows;
    if (workflows === undefined) return html`<p class="progress"><pc-spinner></pc-spinner>Loading workflows…</p>`;
    if (workflows.length === 0) {
      return html`<div class="empty">
        <h2>No workflows yet</h2>
        <p class="soft">A workflow automates work in your users' Azure DevOps. For example, an event in your app creates or updates a work item.</p>
        ${mayEdit ? html`<a class="button primary" href=${pathOf(this.#blank)} @click=${this.#follow(this.#blank)}>Create workflow</a>` : null}
      </div>`;
    }
    return html`<ul>
      ${workflows.map((workflow) => this.#row(workflow))}
    </ul>`;
  }

  #row(workflow: ListedWorkflow): TemplateResult {
    const route: Route = { project: this.project, view: "workflows", item: workflow.id };
    const [tone, words] = statusOf(workflow);
    return html`<li>
      <div>
        <a href=${pathOf(route)} @click=${this.#follow(route)}>${workflow.description}</a>
        <p class="small soft">
          ${triggerTitle(workflow.trigger)} · ${workflow.isInFile ? "in the configuration file" : html`version ${workflow.savedVersion}, saved ${workflow.savedAt.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })} by ${workflow.savedBy}`}
        </p>
      </div>
      <span class="status ${tone}">${words}</span>
    </li>`;
  }

  get #blank(): Route {
    return { project: this.project, view: "new-workflow" };
  }

  #follow(route: Route): (event: MouseEvent) => void {
    return (event) => {
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.go(route);
    };
  }

  #import = async (event: Event): Promise<void> => {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    if (file === undefined) return;
    const definition = file.size > 200_000 ? undefined : parseJson(await file.text());
    input.value = "";
    this.#fault = isObject(definition) ? "" : `“${file.name}” is not a JSON object of at most 200 kB. Export a workflow to see the format.`;
    if (isObject(definition)) {
      handOver(definition);
      this.go(this.#blank);
    }
    this.requestUpdate();
  };

  #load(): Promise<boolean> {
    this.#workflows = undefined;
    return this.#asking.ask(
      () => listWorkflows(this.project),
      (workflows) => (this.#workflows = workflows),
    );
  }
}

/** Status of a workflow: tone and label. */
export function statusOf(workflow: ListedWorkflow): readonly [tone: string, words: string] {
  if (workflow.deployedVersion === undefined) return ["", "Not deployed"];
  if (workflow.isInFile || workflow.deployedVersion === workflow.savedVersion) return ["good", "Deployed"];
  return ["warn", `Version ${workflow.deployedVersion} deployed`];
}

customElements.define("dash-workflows", WorkflowsElement);
