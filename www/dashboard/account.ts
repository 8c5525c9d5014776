import { html, LitElement, type TemplateResult } from "lit";
import "../elements/notice.ts";
import "../elements/spinner.ts";
import { controls } from "../lib/controls.ts";
import { check, clear, fieldOf } from "../lib/fields.ts";
import { call, type Operator } from "./api.ts";
import { Asking, tellSignedOut } from "./asking.ts";
import { parts } from "./style.ts";
import { failureNotice } from "./views/failure.ts";

/** The operator's own account: who they are, and their password. */
export class AccountElement extends LitElement {
  static override properties = { operator: { attribute: false } };
  static override styles = [controls, parts];

  declare operator: Operator | undefined;
  #asking = new Asking(this);

  override render(): TemplateResult {
    const { busy, failure } = this.#asking;
    return html`<h1>Your account</h1>
      <p class="soft">${this.operator?.email}, ${this.operator?.role}</p>
      <form class="card narrow" novalidate aria-labelledby="password-title" @submit=${(event: Event): void => void this.#send(event)}>
        <div>
          <h2 id="password-title">Change your password</h2>
          <p class="small soft">Changing it ends all your sessions. Sign in again with the new password.</p>
        </div>
        ${failureNotice(failure && { ...failure, title: "The password was not changed" })}
        <input type="text" name="user" autocomplete="username" .value=${this.operator?.email ?? ""} hidden />
        ${passwordField("present", "Current password", "current-password")} ${passwordField("next", "New password", "new-password")}
        ${passwordField("again", "Confirm new password", "new-password")}
        <div class="actions">
          <button class="primary" data-testid="change-password" aria-disabled=${busy ? "true" : "false"}>
            ${busy ? html`<pc-spinner></pc-spinner>Changing…` : "Change password"}
          </button>
        </div>
      </form>`;
  }

  async #send(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const next = fieldOf(form, "next").value;
    const isRight = check(form, {
      present: (value) => (value === "" ? "Enter your current password." : ""),
      next: passwordProblem,
      again: (value) => (value === next ? "" : "The passwords do not match."),
    });
    if (!isRight || this.#asking.busy) return;
    const present = fieldOf(form, "present").value;
    await this.#asking.ask(
      () => call("POST", "/password", { present, next }),
      () => tellSignedOut(this),
    );
  }
}

/** A field for a password with its error line. */
export function passwordField(name: string, label: string, autocomplete: "current-password" | "new-password"): TemplateResult {
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <input id=${name} name=${name} type="password" autocomplete=${autocomplete} aria-required="true" aria-describedby="${name}-error" @input=${clear} />
    <span class="field-error" id="${name}-error"></span>
  </div>`;
}

/** What is wrong with a new password; the gateway has the last word. */
export function passwordProblem(password: string): string {
  return [...password].length < 12 ? "At least 12 characters." : "";
}

customElements.define("dash-account", AccountElement);
