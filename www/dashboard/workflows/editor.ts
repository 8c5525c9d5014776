import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import "../../elements/notice.ts";
import "../../elements/spinner.ts";
import "./code/json-field.ts";
import "./step-test.ts";
import "./versions.ts";
import { controls } from "../../lib/controls.ts";
import { isObject, text, type Json } from "../../lib/json.ts";
import { pathOf, type Route } from "../route.ts";
import { tellSignedOut } from "../asking.ts";
import { parts } from "../style.ts";
import { failureNotice } from "../views/failure.ts";
import { moveStep, part, stepsAt, withPart, type Path } from "./definition.ts";
import type { Form } from "./forms/form.ts";
import { generalForm } from "./forms/general.ts";
import { inputsForm } from "./forms/inputs.ts";
import { kindOf } from "./forms/kinds.ts";
import { stepForm } from "./forms/step.ts";
import { triggerForm } from "./forms/trigger.ts";
import { handOver } from "./handed-over.ts";
import { statusOf } from "./list.ts";
import { outline } from "./outline.ts";
import { EditorState } from "./state.ts";
import { style } from "./style.ts";

/** Fields of work items that are wanted most. */
const FIELDS = [
  "System.Title",
  "System.Description",
  "System.State",
  "System.AssignedTo",
  "System.Tags",
  "System.AreaPath",
  "System.IterationPath",
  "System.History",
  "Microsoft.VSTS.Common.Priority",
  "Microsoft.VSTS.Common.Severity",
  "Microsoft.VSTS.TCM.ReproSteps",
  "Microsoft.VSTS.Common.AcceptanceCriteria",
];

/** The editor of one workflow. */
export class WorkflowElement extends LitElement {
  static override properties = { project: { type: String }, workflow: { type: String }, rights: { attribute: false }, go: { attribute: false } };
  static override styles = [controls, parts, style];

  declare project: string;
  /** Id; undefined for one that is not there yet. */
  declare workflow: string | undefined;
  declare rights: readonly string[];
  declare go: (route: Route) => void;
  #state: EditorState | undefined;
  #adding: string | undefined;
  #isRemoving = false;
  #shown = "";
  #tick = 0;

  constructor() {
    super();
    this.project = "";
    this.rights = [];
    this.go = (): void => {};
  }

  /** Whether something would be lost by leaving. */
  get hasChanges(): boolean {
    return this.#state?.hasChanges ?? false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("beforeunload", this.#beforeLeaving);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("beforeunload", this.#beforeLeaving);
    this.#state?.stop();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("project") && !changed.has("workflow")) return;
    if (this.#state !== undefined && this.#state.project === this.project && this.#state.id === this.workflow) return;
    this.#state?.stop();
    const state: EditorState = new EditorState(
      this.project,
      this.workflow,
      () => {
        this.#tick += 1;
        if (this.#state === state) this.requestUpdate();
      },
      () => tellSignedOut(this),
    );
    this.#state = state;
    void state.load();
  }

  /** What was chosen in the outline is read out and, if it is below, scrolled into view. */
  override updated(): void {
    const shown = JSON.stringify(this.#state?.selection);
    if (shown === this.#shown) return;
    const first = this.#shown === "";
    this.#shown = shown;
    if (!first) this.renderRoot.querySelector<HTMLElement>("#panel-title")?.focus();
  }

  override render(): TemplateResult {
    const state = this.#state;
    if (state?.catalog === undefined || (state.id !== undefined && state.whole === undefined)) return this.#waiting(state);
    const mayEdit = this.rights.includes("edit_workflows") && !state.isInFile;
    return html`${this.#head(state, mayEdit)} ${failureNotice(state.problem)} ${this.#advice(state)}
      <div class="editor">
        ${outline(state, { mayEdit, adding: this.#adding, setAdding: (list) => this.#setAdding(list) })}
        <section class="card panel" aria-labelledby="panel-title">${keyed(JSON.stringify(state.selection.view === "step" ? state.stepPath : state.selection), this.#panel(state, mayEdit))}</section>
      </div>
      ${this.#saveBar(state, mayEdit)}
      <p class="visually-hidden" role="status" aria-live="polite" data-testid="news">${state.news}</p>
      <datalist id="work-item-fields">
        ${FIELDS.map((name) => html`<option value=${name}></option>`)}
      </datalist>`;
  }

  #waiting(state: EditorState | undefined): TemplateResult {
    return html`<h1>Workflow</h1>
      <div class="card" aria-busy="true">
        ${state?.failure === undefined ? html`<p class="progress"><pc-spinner></pc-spinner>Loading the workflow…</p>` : failureNotice(state.failure, () => void state.load())}
      </div>`;
  }

  #head(state: EditorState, mayEdit: boolean): TemplateResult {
    const list: Route = { project: this.project, view: "workflows" };
    const { whole } = state;
    const back = (event: MouseEvent): void => {
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.go(list);
    };
    return html`<p><a href=${pathOf(list)} @click=${back}>All workflows</a></p>
      <div class="head">
        <div>
          <h1>${text(state.draft.description) ?? "New workflow"}</h1>
          ${whole === undefined ? null : html`<p class="state"><span class="status ${statusOf(whole)[0]}" data-testid="state">${statusOf(whole)[1]}</span></p>`}
        </div>
        <div class="actions">
          ${this.#deployButtons(state, mayEdit)}
          <button data-testid="export" @click=${(): void => this.#export(state)}>Export</button>
          ${this.rights.includes("edit_workflows") && whole !== undefined ? html`<button @click=${(): void => this.#copy(state)}>Copy</button>` : null}
        </div>
      </div>`;
  }

  #deployButtons(state: EditorState, mayEdit: boolean): TemplateResult | null {
    const { whole } = state;
    if (!mayEdit || whole === undefined) return null;
    const isBusy = state.busy === "deploy" ? "true" : "false";
    const isNewest = whole.deployedVersion === whole.savedVersion;
    return html`${
      isNewest || state.hasChanges
        ? null
        : html`<button class="primary" data-testid="deploy" aria-disabled=${isBusy} @click=${(): void => void state.deploy(whole.savedVersion)}>Deploy version ${whole.savedVersion}</button>`
    }
    ${
      whole.deployedVersion === undefined
        ? this.#isRemoving
          ? html`<button class="danger" data-testid="confirm-remove" @click=${(): void => void this.#remove(state)}>Remove permanently</button>
            <button @click=${(): void => this.#askToRemove(false)}>Cancel</button>`
          : html`<button @click=${(): void => this.#askToRemove(true)}>Remove</button>`
        : html`<button data-testid="withdraw" aria-disabled=${isBusy} @click=${(): void => void state.withdraw()}>Undeploy</button>`
    }`;
  }

  #advice(state: EditorState): TemplateResult | null {
    if (state.isInFile) {
      return html`<pc-notice heading="Defined in the configuration file">Change this workflow in the gateway's configuration file, or copy it to edit the copy here.</pc-notice>`;
    }
    return this.rights.includes("edit_workflows")
      ? null
      : html`<pc-notice>This workflow is read-only for you. Changing it requires the role editor or admin.</pc-notice>`;
  }

  #panel(state: EditorState, mayEdit: boolean): TemplateResult {
    const form: Form = {
      definition: state.draft,
      catalog: state.catalog as NonNullable<EditorState["catalog"]>,
      mayEdit,
      problems: state.inspection.problems,
      groups: state.groups,
      choices: (source, parameters) => state.choices.of(source, parameters),
      set: (path, value) => state.change(path, value),
    };
    switch (state.selection.view) {
      case "general":
        return html`${title("Name and access")} ${generalForm(form)}`;
      case "inputs":
        return html`${title("Workflow inputs")} ${inputsForm(form)}`;
      case "trigger":
        return html`${title("Trigger")} ${triggerForm(form)}`;
      case "json":
        return html`${title("JSON")}
          <dash-json .label=${"Definition"} .required=${true} .value=${state.draft} .readonly=${!mayEdit} @json-change=${({
            detail,
          }: CustomEvent<unknown>): void => {
            if (isObject(detail)) state.replace(state.id === undefined ? detail : { ...detail, id: state.id });
          }}></dash-json>`;
      case "versions":
        return html`${title("Versions")}
          <dash-versions
            .project=${this.project}
            .whole=${state.whole}
            .draft=${state.draft}
            .mayEdit=${mayEdit}
            .deploy=${(version: number): void => void state.deploy(version)}
            .restore=${(definition: Json): void => state.replace(definition)}
          ></dash-versions>`;
      case "step":
        return this.#step(state, form);
    }
  }

  #step(state: EditorState, form: Form): TemplateResult {
    const path = state.stepPath;
    const step = path === undefined ? undefined : part(state.draft, path);
    if (path === undefined || !isObject(step)) return html`${title("Step not found")}`;
    const name = text(step.title) ?? kindOf(form.catalog, isObject(step.do) ? step.do : {})?.title ?? String(step.id);
    return html`<div class="panel-head">${title(name)} ${form.mayEdit ? this.#moves(state, path, name) : null}</div>
      ${form.mayEdit && isObject(step.do) && ["action", "integrationRequest"].includes(String(step.do.type)) ? accountField(state) : null}
      ${stepForm(form, path, (definition) => state.replace(definition))}
      ${form.mayEdit ? html`<dash-step-test .state=${state} .step=${String(step.id)} .tick=${this.#tick}></dash-step-test>` : null}`;
  }

  #moves(state: EditorState, path: Path, name: string): TemplateResult {
    const count = stepsAt(state.draft, path.slice(0, -1)).length;
    const at = Number(path.at(-1));
    const move = (by: number): void => state.replace(moveStep(state.draft, path, by));
    const remove = (): void => {
      state.select({ view: "general" });
      state.replace(withPart(state.draft, path, undefined) as Json);
    };
    return html`<div class="actions">
      <button aria-label="Move ${name} up" ?disabled=${at === 0} @click=${(): void => move(-1)}>↑</button>
      <button aria-label="Move ${name} down" ?disabled=${at === count - 1} @click=${(): void => move(1)}>↓</button>
      <button class="danger" aria-label="Remove ${name}" @click=${remove}>Remove</button>
    </div>`;
  }

  #saveBar(state: EditorState, mayEdit: boolean): TemplateResult | null {
    if (!mayEdit || !state.hasChanges) return null;
    const count = state.inspection.problems.length;
    const busy = state.busy === "save";
    return html`<div class="save-bar" role="group" aria-label="Unsaved changes">
      <p>
        <strong>You have unsaved changes</strong>
        ${count === 0 ? null : html`<span class="small soft" data-testid="problem-count">${count} ${count === 1 ? "problem" : "problems"} to fix</span>`}
      </p>
      <div class="actions">
        <button class="primary" data-testid="save" aria-disabled=${busy || count > 0 ? "true" : "false"} @click=${(): void => void this.#save(state)}>
          ${busy ? html`<pc-spinner></pc-spinner>Saving…` : "Save version"}
        </button>
        ${state.whole === undefined ? null : html`<button data-testid="discard" @click=${(): void => state.discard()}>Discard</button>`}
      </div>
      ${
        count === 0
          ? null
          : html`<details class="more">
            <summary>Problems</summary>
            <ul class="problems small">
              ${state.inspection.problems.map(({ path, message }) => html`<li><code>${path === "" ? "/" : path}</code> ${message}</li>`)}
            </ul>
          </details>`
      }
    </div>`;
  }

  async #save(state: EditorState): Promise<void> {
    if (state.inspection.problems.length > 0) return;
    const made = await state.save();
    if (made !== undefined) this.go({ project: this.project, view: "workflows", item: made });
  }

  #copy(state: EditorState): void {
    const { version: _, ...definition } = state.draft;
    handOver({ ...definition, id: `${String(definition.id).slice(0, 50)}-copy`, description: `${text(definition.description) ?? ""} (copy)` });
    this.go({ project: this.project, view: "new-workflow" });
  }

  #export(state: EditorState): void {
    const file = new Blob([`${JSON.stringify(state.draft, null, 2)}\n`], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${text(state.draft.id) ?? "workflow"}.json`;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  #askToRemove(asks: boolean): void {
    this.#isRemoving = asks;
    this.requestUpdate();
  }

  async #remove(state: EditorState): Promise<void> {
    if (await state.remove()) this.go({ project: this.project, view: "workflows" });
  }

  #setAdding(list: string | undefined): void {
    this.#adding = list;
    this.requestUpdate();
  }

  #beforeLeaving = (event: BeforeUnloadEvent): void => {
    if (this.hasChanges) event.preventDefault();
  };
}

/** The account whose projects, types, fields and states are offered, and that the step is tried with. */
function accountField(state: EditorState): TemplateResult {
  const { accounts, chosen } = state.choices;
  return html`<div class="field">
    <label for="account">Account <span class="soft weak">(for suggestions and step tests)</span></label>
    <select id="account" @change=${(event: Event): void => state.chooseAccount((event.currentTarget as HTMLSelectElement).value)}>
      <option value="">${accounts.length === 0 ? "No connected accounts" : "None"}</option>
      ${accounts.map(({ credentialId, title }) => html`<option value=${credentialId} ?selected=${credentialId === chosen}>${title}</option>`)}
    </select>
  </div>`;
}

function title(name: string): TemplateResult {
  return html`<h2 id="panel-title" tabindex="-1">${name}</h2>`;
}

customElements.define("dash-workflow", WorkflowElement);
