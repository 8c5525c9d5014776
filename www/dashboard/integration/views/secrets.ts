import { html, type TemplateResult } from "lit";
import { clear, fieldOf, mark } from "../../../lib/fields.ts";
import { expiryOf } from "../expiry.ts";
import type { ClientSecret, Settings } from "../model.ts";
import type { IntegrationState } from "../state.ts";
import { failureNotice } from "../../views/failure.ts";

/** Client secrets: added and removed, never shown. */
export function secretsCard(state: IntegrationState, settings: Settings, mayManage: boolean): TemplateResult {
  const { stored, limit } = settings.secrets;
  return html`<section class="card" aria-labelledby="secrets">
    <div>
      <h2 id="secrets">Client secret</h2>
      <p class="small soft">Stored encrypted and never shown again. You can store two, to rotate them without downtime.</p>
    </div>
    ${present(settings)}
    ${
      stored.length === 0
        ? null
        : html`<ul class="secrets" data-testid="secrets">
          ${stored.map((secret) => row(state, secret, mayManage, stored.length > 1))}
        </ul>`
    }
    ${failureNotice(state.problems.secret)}
    ${
      !mayManage
        ? html`<p class="small soft">Only admins can add and remove client secrets.</p>`
        : stored.length < limit
          ? addForm(state, stored.length > 0)
          : html`<p class="small soft">The limit of ${limit} secrets is reached. Remove an unused secret to add another.</p>`
    }
  </section>`;
}

function present({ secrets, clientId }: Settings): TemplateResult | null {
  const unused = clientId.source === "default" && secrets.stored.length > 0;
  if (unused) return html`<pc-notice>The secrets below are not used while the development keys are in use. Save a client ID.</pc-notice>`;
  switch (secrets.source) {
    case "file":
      return html`<p class="small source"><span class="badge">From the file</span> The secret is defined in the gateway's configuration file. A secret added here overrides it.</p>`;
    case "nowhere":
      return html`<pc-notice tone="warn" heading="No client secret yet" data-testid="no-secret">Users cannot connect until you add a secret for this client ID.</pc-notice>`;
    default:
      return null;
  }
}

function row(state: IntegrationState, secret: ClientSecret, mayManage: boolean, hasOther: boolean): TemplateResult {
  const expiry = expiryOf(secret.daysLeft);
  const name = `the secret added on ${day(secret.createdAt)}`;
  return html`<li>
    <div class="secret-line">
      <p>
        <strong>Added on ${day(secret.createdAt)}</strong>
        ${secret.isUsedFirst && hasOther ? html`<span class="badge">Primary</span>` : null}<br />
        <span class="small soft">by ${secret.createdBy}${secret.expiresAt === undefined ? null : html` · until ${day(secret.expiresAt)}`}</span>
      </p>
      <span class="status ${expiry.tone}">${expiry.words}</span>
      ${
        mayManage && state.removing !== secret.id
          ? html`<button class="danger" data-testid="remove-secret" aria-label="Remove ${name}" @click=${(): void => state.askToRemove(secret.id)}>Remove</button>`
          : null
      }
    </div>
    ${state.removing === secret.id ? confirmation(state, secret, hasOther) : null}
  </li>`;
}

function confirmation(state: IntegrationState, secret: ClientSecret, hasOther: boolean): TemplateResult {
  const busy = state.busy === "secret";
  return html`<div class="confirm" role="group" aria-label="Remove this secret?">
    <p>${hasOther ? "Remove this secret? The other one is used instead." : "Remove this secret? Users cannot connect without one."}</p>
    <div class="actions">
      <button class="danger" data-testid="confirm-remove" data-focus aria-disabled=${busy ? "true" : "false"} @click=${(): void => void state.removeSecret(secret.id)}>
        ${busy ? html`<pc-spinner></pc-spinner>Removing…` : "Remove"}
      </button>
      <button class="quiet" @click=${(): void => state.askToRemove(undefined)}>Cancel</button>
    </div>
  </div>`;
}

function addForm(state: IntegrationState, isAnother: boolean): TemplateResult {
  const busy = state.busy === "secret";
  return html`<form class="add-secret" aria-label="Add a client secret" novalidate @submit=${(event: Event): void => void send(event, state)}>
    <div class="field grow">
      <label for="secret">${isAnother ? "Another client secret" : "Client secret"}</label>
      <span class="small soft" id="secret-hint">The Value that the portal shows once, not the Secret ID.</span>
      <input id="secret" name="secret" type="password" autocomplete="off" spellcheck="false" aria-describedby="secret-hint secret-error" @input=${clear} />
      <span class="field-error" id="secret-error"></span>
    </div>
    <div class="field">
      <label for="expires">Expires on <span class="soft">(optional)</span></label>
      <span class="small soft" id="expires-hint">The dashboard warns you before this date.</span>
      <input id="expires" name="expires" type="date" aria-describedby="expires-hint" />
    </div>
    <div class="actions">
      <button data-testid="add-secret" aria-disabled=${busy ? "true" : "false"}>${busy ? html`<pc-spinner></pc-spinner>Adding…` : "Add secret"}</button>
    </div>
  </form>`;
}

async function send(event: Event, state: IntegrationState): Promise<void> {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const [secret, expires] = [fieldOf(form, "secret"), fieldOf(form, "expires")];
  const isEmpty = secret.value.trim() === "";
  mark(secret, isEmpty ? "Enter the client secret." : "");
  if (isEmpty) secret.focus();
  else if (await state.addSecret(secret.value, expires.value)) form.reset();
}

function day(date: Date): string {
  return date.toLocaleDateString(undefined, { dateStyle: "medium" });
}
