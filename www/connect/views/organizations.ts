import { html, type TemplateResult } from "lit";
import { explain, sentence } from "../../lib/messages.ts";
import type { OrganizationsPage, Problem } from "../page-data.ts";
import type { PopupSession } from "../session.ts";

/** From this many organizations on, a filter helps more than it disturbs. */
const FILTER_FROM = 9;
/** What the gateway reads at most. */
const LONGEST = 2048;

/** Where a problem can be solved, by its code. */
const PLACES: Readonly<Record<string, string>> = {
  not_a_member: "Users of the organization",
  provider_forbidden: "Policies of the organization",
  sign_in_blocked: "Policies of the organization",
  organization_without_directory: "Directory of the organization",
};

/** Which organization shall the app use? One that was found, or any other that the user names. */
export function organizations(session: PopupSession, data: OrganizationsPage): TemplateResult {
  const found = data.organizations.length > 0;
  return html`<h1 tabindex="-1">${found ? heading(data) : titleOf(data.problem)}</h1>
    ${found ? html`<p>${data.appName} can access only the ${data.several ? "organizations" : "organization"} you choose.</p>` : null}
    ${data.account === undefined ? null : html`<p class="small soft">Signed in as <bdi data-testid="account">${data.account}</bdi></p>`}
    ${data.problem === undefined ? null : told(data.problem, found)} ${unsent(session)} ${found ? list(session, data) : null}
    ${found ? html`<details class="other"><summary data-testid="not-listed">Not listed? Enter its URL</summary>${other(session, data, false)}</details>` : other(session, data, true)}
    ${found ? null : html`<div class="actions"><button data-testid="leave" @click=${(): void => session.giveUp(data)}>${data.returnTo === undefined ? "Close window" : `Back to ${data.appName}`}</button></div>`}`;
}

function heading(data: OrganizationsPage): string {
  return data.several ? "Choose organizations" : "Choose an organization";
}

function titleOf(problem: Problem | undefined): string {
  if (problem === undefined || problem.code === "invalid_request") return "Enter an organization";
  return explain(problem.code).title;
}

/** What the gateway says of the last choice, and where somebody can change it. */
function told(problem: Problem, found: boolean): TemplateResult {
  return html`<pc-notice tone="bad" data-testid="problem" .heading=${found ? titleOf(problem) : ""}>
    ${sentence(problem.message).replaceAll("`", "")}
    ${
      problem.link === undefined
        ? null
        : html`<br /><a data-testid="problem-link" href=${problem.link} target="_blank" rel="noreferrer noopener">${PLACES[problem.code] ?? "Open the settings"}</a>`
    }
  </pc-notice>`;
}

/** The last choice did not reach the gateway, or was refused by it. */
function unsent(session: PopupSession): TemplateResult | null {
  if (session.problem === undefined) return null;
  return html`<pc-notice tone="bad" .heading=${explain(session.problem.code).title}>
    ${explain(session.problem.code).advice}
    ${session.problem.requestId === undefined ? null : html`<br /><span class="small">Reference: ${session.problem.requestId}</span>`}
  </pc-notice>`;
}

function list(session: PopupSession, data: OrganizationsPage): TemplateResult {
  const kind = data.several ? "checkbox" : "radio";
  return html`<form @submit=${(event: SubmitEvent): void => send(event, session, data.flow)}>
    <div class="inner">
      ${data.organizations.length < FILTER_FROM ? null : filter()}
      <fieldset class="choices" ?disabled=${session.sending} tabindex="-1">
        <legend class="visually-hidden">${data.several ? "Organizations" : "Organization"}</legend>
        ${data.organizations.map(
          (name) => html`<label class="choice" data-name=${name.toLowerCase()}>
            <input type=${kind} name="organization" value=${name} ?required=${!data.several} /><span>${name}</span>
          </label>`,
        )}
      </fieldset>
      <div class="actions">
        <button class="primary" data-testid="pick" ?disabled=${session.sending}>
          ${session.sending ? html`<pc-spinner></pc-spinner>Connecting…` : data.several ? "Connect organizations" : "Connect organization"}
        </button>
      </div>
    </div>
  </form>`;
}

/** Any organization, by what is in the browser's address bar. */
function other(session: PopupSession, data: OrganizationsPage, primary: boolean): TemplateResult {
  return html`<form class="other" @submit=${(event: SubmitEvent): void => sendNamed(event, session, data.flow)}>
    <div class="field">
      <label for="named">Organization URL</label>
      <input
        id="named"
        name="named"
        required
        maxlength=${LONGEST}
        inputmode="url"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        placeholder="https://dev.azure.com/contoso"
        aria-describedby="named-hint"
      />
      <p class="small soft" id="named-hint">Any page of the organization in Azure DevOps, or its name.</p>
    </div>
    <div class="actions">
      <button class=${primary ? "primary" : ""} data-testid="name" ?disabled=${session.sending}>Continue</button>
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

/** A browser asks for one of several radio buttons by itself; for check boxes the first one is asked for. */
function send(event: SubmitEvent, session: PopupSession, flow: string): void {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const chosen = new FormData(form).getAll("organization").filter((name): name is string => typeof name === "string");
  if (chosen.length > 0) return void session.pick(flow, { organizations: chosen });
  form.querySelector<HTMLInputElement>("input[name=organization]")?.focus();
}

function sendNamed(event: SubmitEvent, session: PopupSession, flow: string): void {
  event.preventDefault();
  const named = new FormData(event.currentTarget as HTMLFormElement).get("named");
  if (typeof named === "string" && named.trim() !== "") void session.pick(flow, { named });
}
