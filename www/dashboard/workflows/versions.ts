import { html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import "../../elements/spinner.ts";
import "./code/compare.ts";
import { controls } from "../../lib/controls.ts";
import type { Json } from "../../lib/json.ts";
import { failureOf, type Failure } from "../failure.ts";
import { parts } from "../style.ts";
import { failureNotice } from "../views/failure.ts";
import { readVersion, type Version, type WholeWorkflow } from "./api.ts";
import { style } from "./style.ts";

/** The versions of a workflow: deploy them, and compare them with the draft. */
export class VersionsElement extends LitElement {
  static override properties = {
    project: { type: String },
    whole: { attribute: false },
    draft: { attribute: false },
    mayEdit: { type: Boolean },
    deploy: { attribute: false },
    restore: { attribute: false },
  };
  static override styles = [controls, parts, style];

  declare project: string;
  declare whole: WholeWorkflow | undefined;
  declare draft: Json;
  declare mayEdit: boolean;
  declare deploy: (version: number) => void;
  declare restore: (definition: Json) => void;
  #compared: { readonly version: number; readonly definition: Json } | undefined;
  #loading: number | undefined;
  #failure: Failure | undefined;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("whole") && changed.get("whole")?.id !== this.whole?.id) this.#compared = undefined;
  }

  override render(): TemplateResult {
    const { whole } = this;
    if (whole === undefined) return html``;
    const compared = this.#compared;
    return html`<div class="stack">
      <ul class="versions">
        ${whole.versions.map((version) => this.#row(whole, version))}
      </ul>
      ${failureNotice(this.#failure)}
      ${
        compared === undefined
          ? null
          : html`<h3 tabindex="-1" id="compared">Version ${compared.version}compared with the draft</h3>
            <dash-compare .older=${compared.definition} .newer=${this.draft} .label=${`Changes since version ${compared.version}`}></dash-compare>
            ${this.mayEdit ? html`<div class="actions"><button @click=${(): void => this.restore(compared.definition)}>Restore version ${compared.version}</button></div>` : null}`
      }
    </div>`;
  }

  #row(whole: WholeWorkflow, { version, savedAt, savedBy }: Version): TemplateResult {
    const isDeployed = whole.deployedVersion === version;
    return html`<li>
      <p>
        <strong>Version ${version}</strong>
        <span class="small soft">${savedAt.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}${savedBy === undefined ? ", configuration file" : ` by ${savedBy}`}</span>
      </p>
      ${isDeployed ? html`<span class="status good">Deployed</span>` : null}
      <button aria-label="Compare with version ${version}" aria-busy=${this.#loading === version ? "true" : "false"} @click=${(): void => void this.#compare(version)}>Compare</button>
      ${this.mayEdit && !isDeployed && !whole.isInFile ? html`<button aria-label="Deploy version ${version}" @click=${(): void => this.deploy(version)}>Deploy</button>` : null}
    </li>`;
  }

  async #compare(version: number): Promise<void> {
    if (this.whole === undefined) return;
    this.#loading = version;
    this.#failure = undefined;
    this.requestUpdate();
    try {
      this.#compared = { version, definition: await readVersion(this.project, this.whole.id, version) };
    } catch (error) {
      this.#failure = failureOf(error);
    }
    this.#loading = undefined;
    this.requestUpdate();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#compared")?.focus();
  }
}

customElements.define("dash-versions", VersionsElement);
