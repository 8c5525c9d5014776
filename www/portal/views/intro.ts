import { html, nothing, type TemplateResult } from "lit";
import type { AccountType } from "../model.ts";
import type { PortalSession } from "../session.ts";
import { inputForm } from "./form.ts";

/** Nothing connected yet, or one more: what it is, how to sign in, the connect button. */
export function intro(session: PortalSession): TemplateResult {
  const { portal, type } = session;
  const again = typeof session.adding === "object";
  const form = type !== undefined && (type.inputs.length > 0 || !type.usesWindow);
  return html`
    ${session.adding === undefined && session.failure === undefined && portal?.overview ? html`<pc-markdown .source=${portal.overview}></pc-markdown>` : null}
    ${(portal?.accountTypes.length ?? 0) > 1 ? typeChoice(session, type) : null}
    ${form ? inputForm(session, type) : windowButton(session, again)}
  `;
}

function windowButton(session: PortalSession, again: boolean): TemplateResult {
  return html`<div class="stack">
    ${again ? null : organization(session)}
    <div class="actions">
      <button class="primary" data-testid="connect" @click=${(): void => session.connect()}>
        ${again ? "Reconnect" : "Connect"} ${session.portal?.name}
      </button>
      ${session.adding === undefined ? null : html`<button class="quiet" @click=${(): void => session.add(undefined)}>Back</button>`}
    </div>
    <p class="small soft">A new window opens for the sign-in. The app never sees your password.</p>
  </div>`;
}

/** Guests need it: a sign-in finds the organizations of one's own directory only. */
function organization(session: PortalSession): TemplateResult {
  return html`<details ?open=${session.organization !== ""}>
    <summary data-testid="organization-more">Connect a specific organization</summary>
    <div class="field">
      <label for="organization">Organization URL</label>
      <input
        id="organization"
        maxlength="2048"
        inputmode="url"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        placeholder="https://dev.azure.com/contoso"
        aria-describedby="organization-hint"
        .value=${session.organization}
        @input=${(event: InputEvent): void => void ((session.organization = (event.currentTarget as HTMLInputElement).value.trim()))}
      />
      <p class="small soft" id="organization-hint">Needed if you are a guest of another company. Any page of the organization, or its name.</p>
    </div>
  </details>`;
}

function typeChoice(session: PortalSession, chosen: AccountType | undefined): TemplateResult {
  return html`<fieldset class="choices">
    <legend>How do you want to sign in?</legend>
    ${session.portal?.accountTypes.map(
      (type) => html`<label class="choice">
        <input
          type="radio"
          name="account-type"
          value=${type.id}
          aria-labelledby="type-${type.id}"
          aria-describedby=${type.hint === "" ? nothing : `hint-${type.id}`}
          .checked=${type.id === chosen?.id}
          ?disabled=${session.busy !== undefined}
          @change=${(): void => session.choose(type.id)}
        />
        <span>
          <span id="type-${type.id}">${type.label}</span>
          ${type.hint === "" ? null : html`<span class="small soft hint" id="hint-${type.id}">${type.hint}</span>`}
        </span>
      </label>`,
    )}
  </fieldset>`;
}
