import { html, type TemplateResult } from "lit";
import { explain } from "../../lib/messages.ts";
import type { PageData } from "../page-data.ts";
import type { PopupSession } from "../session.ts";

/** From this many organizations on, a filter helps more than it disturbs. */
const FILTER_FROM = 9;

/** The account belongs to several organizations: which one shall the app use? */
export function organizations(session: PopupSession, data: Extract<PageData, { view: "organizations" }>): TemplateResult {
  return html`<h1 tabindex="-1">Choose an organization</h1>
    <p>${data.appName} can access only the organization you choose.</p>
    ${
      session.problem === undefined
        ? null
        : html`<pc-notice tone="bad" .heading=${explain(session.problem.code).title}>
          ${explain(session.problem.code).advice}
          ${session.problem.requestId === undefined ? null : html`<br /><span class="small">Reference: ${session.problem.requestId}</span>`}
        </pc-notice>`
    }
    <form @submit=${(event: SubmitEvent): void => send(event, session, data.flow)}>
      <div class="inner">
        ${data.organizations.length < FILTER_FROM ? null : filter()}
        <fieldset class="choices" ?disabled=${session.sending} tabindex="-1">
          <legend class="visually-hidden">Organization</legend>
          ${data.organizations.map(
            (name) => html`<label class="choice" data-name=${name.toLowerCase()}>
              <input type="radio" name="organization" value=${name} required /><span>${name}</span>
            </label>`,
          )}
        </fieldset>
        <div class="actions">
          <button class="primary" data-testid="pick" ?disabled=${session.sending}>
            ${session.sending ? html`<pc-spinner></pc-spinner>Connecting…` : "Connect organization"}
          </button>
        </div>
      </div>
    </form>`;
}

function filter(): TemplateResult {
  return html`<div class="field">
    <label for="filter">Find</label>
    <input id="filter" type="search" autocomplete="off" spellcheck="false" @input=${narrow} />
  </div>`;
}

function narrow(event: Event): void {
  const input = event.currentTarget as HTMLInputElement;
  const wanted = input.value.trim().toLowerCase();
  for (const choice of input.form?.querySelectorAll<HTMLElement>(".choice") ?? []) {
    const chosen = choice.querySelector("input")?.checked === true;
    choice.hidden = !chosen && !(choice.dataset.name ?? "").includes(wanted);
  }
}

function send(event: SubmitEvent, session: PopupSession, flow: string): void {
  event.preventDefault();
  const choice = new FormData(event.currentTarget as HTMLFormElement).get("organization");
  if (typeof choice === "string") void session.pick(flow, choice);
}
