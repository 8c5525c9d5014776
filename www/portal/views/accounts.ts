import { html, type TemplateResult } from "lit";
import type { Account } from "../model.ts";
import type { PortalSession } from "../session.ts";
import { settings } from "../settings/views/settings.ts";

const STATUS: Readonly<Record<Account["status"], { label: string; tone: string }>> = {
  VALID: { label: "Connected", tone: "good" },
  INVALID: { label: "Needs reconnect", tone: "bad" },
  PENDING: { label: "Setup incomplete", tone: "warn" },
};

/** The connected accounts, each with its state and what can be done with it. */
export function accounts(session: PortalSession): TemplateResult {
  const { portal } = session;
  const all = portal?.accounts ?? [];
  const current = all.find((account) => account.id === portal?.selectedId) ?? all[0];
  return html`<div class="stack">
    <ul class="accounts" aria-label="Connected accounts">
      ${all.map((account) => row(session, account, all.length > 1))}
    </ul>
    ${settings(session.settings)}
    <div class="actions closing">
      ${current?.status === "INVALID" ? null : html`<button class="primary" data-testid="finish" @click=${(): void => session.close()}>Done</button>`}
      ${portal?.allowMultiple === true ? html`<button data-testid="add" @click=${(): void => session.add(true)}>Add another account</button>` : null}
    </div>
  </div>`;
}

function row(session: PortalSession, account: Account, many: boolean): TemplateResult {
  const status = STATUS[account.status];
  const title = account.name ?? account.externalId ?? session.portal?.name ?? "Account";
  const current = many && account.id === session.portal?.selectedId;
  return html`<li class="account" data-testid="account">
    <div class="account-head">
      <div>
        <p class="account-name">${title}</p>
        <p class="small soft">
          ${account.organization === undefined ? null : html`Organization <strong>${account.organization}</strong>`}
          ${current ? html` · in use` : null}
        </p>
      </div>
      <span class="status ${status.tone}" data-testid="status">${status.label}</span>
    </div>
    ${
      account.status === "VALID" ? null : html`<p>${session.portal?.name} no longer accepts this sign-in, so the app cannot use the account. Sign in again.</p>`
    }
    ${session.confirming === account.id ? confirmation(session, account) : choices(session, account)}
  </li>`;
}

function choices(session: PortalSession, account: Account): TemplateResult {
  return html`<div class="actions">
    ${account.status === "VALID" ? null : html`<button class="primary" data-testid="reconnect" @click=${(): void => session.again(account)}>Reconnect</button>`}
    <button class="danger" data-testid="disconnect" @click=${(): void => session.confirm(account.id)}>Disconnect</button>
  </div>`;
}

function confirmation(session: PortalSession, account: Account): TemplateResult {
  const busy = session.busy === "disconnect";
  return html`<div class="confirm" role="group" aria-label="Confirm disconnecting">
    <p>
      <strong>Disconnect this account?</strong> The app loses access immediately. Nothing is deleted in
      ${session.portal?.name}.
    </p>
    <div class="actions">
      <button
        class="danger"
        data-testid="confirm-disconnect"
        data-focus
        aria-disabled=${busy ? "true" : "false"}
        @click=${(): void => void session.disconnect(account.id)}
      >
        ${busy ? html`<pc-spinner></pc-spinner>Disconnecting…` : "Yes, disconnect"}
      </button>
      <button class="quiet" ?disabled=${busy} @click=${(): void => session.confirm(undefined)}>Cancel</button>
    </div>
  </div>`;
}
