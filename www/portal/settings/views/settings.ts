import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { chevron } from "../../../elements/signs.ts";
import type { Account } from "../../model.ts";
import type { SettingsForm } from "../form.ts";
import type { Workflow } from "../model.ts";
import type { SettingsSession } from "../session.ts";
import { settingsForm } from "./form.ts";

/** What can be set for the account that is shown: the shared settings, then each workflow. Nothing where nothing is offered. */
export function settings(session: SettingsSession): TemplateResult | null {
  const { account } = session;
  if (!session.isOffered || account === undefined) return null;
  return html`<div class="settings" data-testid="settings">
    ${session.accounts.length > 1 ? accountChoice(session, account) : null}
    ${account.status === "VALID" ? body(session) : html`<p class="soft" data-testid="settings-unavailable">${UNAVAILABLE[account.status]}</p>`}
  </div>`;
}

const UNAVAILABLE: Readonly<Record<Account["status"], string>> = {
  VALID: "",
  INVALID: "Reconnect this account to change its settings. The current settings are kept.",
  PENDING: "Finish the setup of this account to change its settings.",
};

function body(session: SettingsSession): TemplateResult {
  const { shared, workflows } = session;
  return html`${
    shared === undefined
      ? null
      : html`<section aria-labelledby="shared-title" data-testid="shared-settings">
        <h2 id="shared-title">Settings</h2>
        ${settingsForm(session, shared, "Settings", "Save settings")}
      </section>`
  }
  ${
    workflows.length === 0
      ? null
      : html`<section aria-labelledby="workflows-title">
        <h2 id="workflows-title">Workflows</h2>
        <ul class="workflows">
          ${workflows.map((workflow) => row(session, workflow))}
        </ul>
      </section>`
  }`;
}

function accountChoice(session: SettingsSession, account: Account): TemplateResult {
  const choose = (event: Event): void => session.choose((event.currentTarget as HTMLSelectElement).value);
  return html`<div class="field">
    <label for="settings-account">Settings for</label>
    <span class="select">
      <select id="settings-account" data-testid="settings-account" .value=${live(account.id)} @change=${choose}>
        ${session.accounts.map((one) => html`<option value=${one.id} ?selected=${one.id === account.id}>${nameOf(one)}</option>`)}
      </select>
      ${chevron}
    </span>
  </div>`;
}

function nameOf({ name, organization, externalId, id }: Account): string {
  return [name, organization, externalId].filter((part) => part !== undefined).join(" · ") || id;
}

function row(session: SettingsSession, workflow: Workflow): TemplateResult {
  const form = session.form(workflow);
  return html`<li class="workflow" data-testid="workflow">
    <div class="workflow-head">
      <div>
        <h3><label for="switch-${workflow.id}">${workflow.name}</label></h3>
        ${workflow.info === "" ? null : html`<p class="small soft" id="info-${workflow.id}">${workflow.info}</p>`}
      </div>
      ${toggle(session, workflow)}
    </div>
    ${reports(session, workflow)} ${form === undefined ? null : panel(session, workflow, form)}
  </li>`;
}

/** The workflow's own settings, closed until they are asked for. */
function panel(session: SettingsSession, workflow: Workflow, form: SettingsForm): TemplateResult {
  const opened = session.opened === workflow.id;
  const submit = session.wanting(workflow) === undefined ? "Save settings" : "Save and switch on";
  return html`<button
      type="button"
      class="quiet disclosure"
      id="settings-of-${workflow.id}"
      data-testid="workflow-settings"
      aria-expanded=${opened ? "true" : "false"}
      aria-controls="panel-${workflow.id}"
      @click=${(): void => session.toggleForm(workflow)}
    >
      <span class="mark">${chevron}</span>
      Settings<span class="visually-hidden"> of ${workflow.name}</span>
      ${form.changed && !opened ? html`<span class="small soft">not saved</span>` : null}
    </button>
    <div class="panel" id="panel-${workflow.id}" ?hidden=${!opened}>
      ${opened ? settingsForm(session, form, `Settings of ${workflow.name}`, submit) : null}
    </div>`;
}

function toggle(session: SettingsSession, workflow: Workflow): TemplateResult {
  const busy = session.isSwitching(workflow);
  // The gateway decides: the switch moves when the answer is there.
  const press = (event: Event): void => {
    event.preventDefault();
    void session.toggle(workflow);
  };
  return html`<span class="toggle">
    ${busy ? html`<pc-spinner></pc-spinner>` : null}
    <input
      id="switch-${workflow.id}"
      type="checkbox"
      role="switch"
      class="switch"
      data-testid="workflow-switch"
      aria-describedby="${workflow.info === "" ? "" : `info-${workflow.id} `}report-${workflow.id}"
      aria-disabled=${busy ? "true" : "false"}
      .checked=${live(session.isOn(workflow))}
      @click=${press}
    />
  </span>`;
}

/** Why the workflow is not as the user wants it. */
function reports(session: SettingsSession, workflow: Workflow): TemplateResult {
  const wanting = session.wanting(workflow);
  const failure = session.failure(workflow);
  const place = wanting?.shared === true ? " in the settings above" : "";
  return html`<div class="reports" id="report-${workflow.id}">
    ${
      wanting === undefined
        ? null
        : html`<pc-notice tone="warn" heading="Not switched on yet" data-testid="missing">
          Fill in ${quoted(wanting.titles)}${place} first. The workflow is switched on when you save.
        </pc-notice>`
    }
    ${
      failure === undefined
        ? null
        : html`<pc-notice tone="bad" .heading=${failure.title} data-testid="switch-error">
          ${failure.advice} ${failure.requestId === undefined ? null : html`<br /><span class="small">Reference: ${failure.requestId}</span>`}
        </pc-notice>`
    }
  </div>`;
}

/** “A”, “B” and “C”. */
function quoted(titles: readonly string[]): string {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(titles.map((title) => `“${title}”`));
}
