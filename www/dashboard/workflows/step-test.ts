import { html, LitElement, type TemplateResult } from "lit";
import "../../elements/notice.ts";
import "../../elements/spinner.ts";
import "./code/json-field.ts";
import { controls } from "../../lib/controls.ts";
import { isObject, type Json } from "../../lib/json.ts";
import { parts } from "../style.ts";
import { part } from "./definition.ts";
import type { EditorState } from "./state.ts";
import { style } from "./style.ts";

/** Tries the step that is shown: what it would send, and on request what comes back. */
export class StepTestElement extends LitElement {
  static override properties = { state: { attribute: false }, step: { type: String }, tick: { type: Number } };
  static override styles = [controls, parts, style];

  declare state: EditorState;
  declare step: string;
  /** Changes with the state. */
  declare tick: number;
  #outputs: Json = {};
  #settings: Json = {};

  override render(): TemplateResult {
    const { state } = this;
    const path = state.stepPath;
    const type = path === undefined ? undefined : part(state.draft, [...path, "do", "type"]);
    const calls = type === "action" || type === "integrationRequest" || type === "request";
    const isBusy = state.busy === "test";
    return html`<details class="more">
      <summary>Test step</summary>
      <div class="stack">
        <dash-json
          .label=${"Sample data"}
          .hint=${'Outputs by step, such as {"trigger": {"title": "…"}}. Missing values come from the trigger’s sample, from steps you tested, and from recent runs.'}
          .value=${Object.keys(this.#outputs).length === 0 ? undefined : this.#outputs}
          @json-change=${({ detail }: CustomEvent<unknown>): void => void ((this.#outputs = isObject(detail) ? detail : {}))}
        ></dash-json>
        <dash-json
          .label=${"Settings"}
          .hint=${'What a user would have filled in, such as {"project": "Fabrikam"}.'}
          .value=${Object.keys(this.#settings).length === 0 ? undefined : this.#settings}
          @json-change=${({ detail }: CustomEvent<unknown>): void => void ((this.#settings = isObject(detail) ? detail : {}))}
        ></dash-json>
        <div class="actions">
          <button data-testid="look" aria-disabled=${isBusy ? "true" : "false"} @click=${(): void => this.#try(false)}>Preview ${calls ? "request" : "result"}</button>
          ${
            calls
              ? html`<button class="primary" data-testid="carry-out" aria-disabled=${isBusy ? "true" : "false"} @click=${(): void => this.#try(true)}>
                ${isBusy ? html`<pc-spinner></pc-spinner>Running…` : "Run step"}
              </button>`
              : null
          }
        </div>
        ${calls ? html`<p class="small soft">Running the step makes real changes in the selected account and is recorded in the audit log.</p>` : null}
        ${this.#outcome()}
      </div>
    </details>`;
  }

  #outcome(): TemplateResult | null {
    const { outcome } = this.state;
    if (outcome === undefined) return null;
    const { error, input, output, isCarriedOut } = outcome;
    return html`<div class="stack" data-testid="outcome">
      ${
        error === undefined
          ? html`<pc-notice tone=${isCarriedOut ? "good" : "info"} heading=${isCarriedOut ? "Step succeeded" : "Preview"}>${isCarriedOut ? "" : "Nothing was sent. The step would receive this input."}</pc-notice>`
          : html`<pc-notice tone="bad" heading="Step failed">${error.message} (${error.code}${error.requestId === undefined ? "" : `, request ${error.requestId}`})</pc-notice>`
      }
      ${shown("Input", input)} ${shown("Output", output)}
    </div>`;
  }

  #try(carryOut: boolean): void {
    const { account } = this.state.choices;
    void this.state.test(
      {
        step: this.step,
        settings: this.#settings,
        carryOut,
        ...(account === undefined ? {} : { account: { userId: account.userId, credentialId: account.credentialId } }),
      },
      this.#outputs,
    );
  }
}

function shown(name: string, content: unknown): TemplateResult | null {
  if (content === undefined || content === null) return null;
  return html`<div>
    <p class="label">${name}</p>
    <pre tabindex="0">${JSON.stringify(content, null, 2)}</pre>
  </div>`;
}

customElements.define("dash-step-test", StepTestElement);
