import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import "../../elements/integration-icon.ts";
import "../../elements/notice.ts";
import "../../elements/spinner.ts";
import { controls } from "../../lib/controls.ts";
import { tellSignedOut } from "../asking.ts";
import { parts } from "../style.ts";
import { failureNotice } from "../views/failure.ts";
import { expiryOf } from "./expiry.ts";
import type { Settings } from "./model.ts";
import { IntegrationState } from "./state.ts";
import { style } from "./style.ts";
import { guide } from "./views/guide.ts";
import { permissionsCard } from "./views/permissions.ts";
import { registrationCard } from "./views/registration.ts";
import { secretsCard } from "./views/secrets.ts";
import { testCard } from "./views/test.ts";

/** The settings of a project's Azure DevOps integration. */
export class IntegrationElement extends LitElement {
  static override properties = { project: { type: String }, rights: { attribute: false } };
  static override styles = [controls, parts, style];

  declare project: string;
  declare rights: readonly string[];
  #state: IntegrationState | undefined;
  #search = "";
  #removing: string | undefined;
  readonly #isWide = matchMedia("(min-width: 80rem)").matches;

  constructor() {
    super();
    this.project = "";
    this.rights = [];
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
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("project")) return;
    this.#search = "";
    const state: IntegrationState = new IntegrationState(
      this.project,
      () => this.#state === state && this.requestUpdate(),
      () => tellSignedOut(this),
    );
    this.#state = state;
    void state.load();
  }

  /** What is asked gets the focus; when it is answered, the list has it. */
  override updated(): void {
    const removing = this.#state?.removing;
    if (removing === this.#removing) return;
    const was = this.#removing;
    this.#removing = removing;
    if (removing !== undefined) this.renderRoot.querySelector<HTMLElement>("[data-focus]")?.focus();
    else if (was !== undefined) this.renderRoot.querySelector<HTMLElement>("[data-testid=remove-secret], #secret")?.focus();
  }

  override render(): TemplateResult {
    const state = this.#state;
    const settings = state?.settings;
    if (state === undefined || settings === undefined) return this.#waiting(state);
    const mayEdit = this.rights.includes("edit_settings");
    const view = {
      search: this.#search,
      setSearch: (search: string): void => {
        this.#search = search;
        this.requestUpdate();
      },
    };
    return html`${head(settings)} ${warnings(settings)}
      ${mayEdit ? null : html`<pc-notice class="gap">These settings are read-only for you. Changing them requires the role editor or admin.</pc-notice>`}
      <div class="columns">
        <div class="main">
          ${activeCard(state, mayEdit)} ${registrationCard(state, settings, mayEdit)}
          ${secretsCard(state, settings, this.rights.includes("manage_secrets"))} ${testCard(state, settings, mayEdit)}
          ${permissionsCard(state, settings, mayEdit, view)} ${saveBar(state)}
        </div>
        ${guide(settings, this.#isWide)}
      </div>
      <p class="visually-hidden" role="status" aria-live="polite" data-testid="news">${state.news}</p>`;
  }

  #waiting(state: IntegrationState | undefined): TemplateResult {
    return html`<h1>Integration</h1>
      <div class="card" aria-busy="true">
        ${
          state?.failure === undefined
            ? html`<p class="progress"><pc-spinner></pc-spinner>Loading settings…</p>`
            : failureNotice(state.failure, () => void state.load())
        }
      </div>`;
  }

  #beforeLeaving = (event: BeforeUnloadEvent): void => {
    if (this.hasChanges) event.preventDefault();
  };
}

function head(settings: Settings): TemplateResult {
  const { active, isSetUp } = settings;
  const [tone, words] = !active ? ["warn", "Switched off"] : isSetUp ? ["good", "Active"] : ["bad", "Not set up"];
  return html`<div class="head">
    <pc-integration-icon type="azuredevops"></pc-integration-icon>
    <div class="grow">
      <h1>Azure DevOps</h1>
      ${
        settings.updatedAt === undefined
          ? html`<p class="small soft">No changes saved yet.</p>`
          : html`<p class="small soft">Changed ${settings.updatedAt.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })} by ${settings.updatedBy}</p>`
      }
    </div>
    <span class="status ${tone}" data-testid="state">${words}</span>
  </div>`;
}

/** What needs the operator now. */
function warnings(settings: Settings): TemplateResult[] {
  const notices: TemplateResult[] = [];
  if (settings.refusal !== undefined) {
    notices.push(html`<pc-notice class="gap" tone="bad" heading="Entra ID refuses these settings" data-testid="refusal">
      Response: <code>${settings.refusal}</code>. User connections are kept, but access tokens are not refreshed until this is fixed. Run the test below.
    </pc-notice>`);
  }
  const first = settings.secrets.stored.find((secret) => secret.isUsedFirst);
  const expiry = first === undefined ? undefined : expiryOf(first.daysLeft);
  if (expiry?.tone === "warn" || expiry?.tone === "bad") {
    notices.push(html`<pc-notice class="gap" .tone=${expiry.tone} .heading=${`Client secret: ${expiry.words.toLowerCase()}`} data-testid="expiry">
      Create a new secret in the Azure portal and add it below before the current one expires. Both work until then.
    </pc-notice>`);
  }
  return notices;
}

function activeCard(state: IntegrationState, mayEdit: boolean): TemplateResult {
  const { active } = state.draft;
  return html`<section class="card switch-card" aria-labelledby="active-label">
    <div>
      <h2 id="active-label">Active</h2>
      <p class="small soft" id="active-hint">
        ${active ? "Users can connect their accounts, and your app can call Azure DevOps for them." : "Users cannot connect, and your app cannot call Azure DevOps. Connected accounts are kept and work again when you switch this on."}
      </p>
    </div>
    <input
      type="checkbox"
      role="switch"
      class="switch"
      aria-labelledby="active-label"
      aria-describedby="active-hint"
      ?disabled=${!mayEdit}
      .checked=${live(active)}
      @change=${(event: Event): void => state.change({ active: (event.currentTarget as HTMLInputElement).checked })}
    />
  </section>`;
}

function saveBar(state: IntegrationState): TemplateResult | null {
  const failed = failureNotice(state.problems.save, state.problems.save?.title.startsWith("Somebody") === true ? (): void => void state.load() : undefined);
  if (!state.hasChanges) return failed;
  const busy = state.busy === "save";
  return html`<div class="save-bar" role="group" aria-label="Unsaved changes">
    ${failed}
    <div class="save-line">
      <p><strong>You have unsaved changes</strong></p>
      <div class="actions">
        <button class="primary" data-testid="save" aria-disabled=${busy ? "true" : "false"} @click=${(): void => void state.save()}>
          ${busy ? html`<pc-spinner></pc-spinner>Saving…` : "Save"}
        </button>
        <button data-testid="discard" @click=${(): void => state.discard()}>Discard</button>
      </div>
    </div>
  </div>`;
}

customElements.define("dash-integration", IntegrationElement);
