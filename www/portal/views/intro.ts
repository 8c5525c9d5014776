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
    <div class="actions">
      <button class="primary" data-testid="connect" @click=${(): void => session.connect()}>
        ${again ? "Reconnect" : "Connect"} ${session.portal?.name}
      </button>
      ${session.adding === undefined ? null : html`<button class="quiet" @click=${(): void => session.add(undefined)}>Back</button>`}
    </div>
    <p class="small soft">A new window opens for the sign-in. The app never sees your password.</p>
  </div>`;
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
