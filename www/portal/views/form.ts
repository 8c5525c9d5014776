import { html, nothing, type TemplateResult } from "lit";
import { clear, mark } from "../../lib/fields.ts";
import type { AccountInput, AccountType } from "../model.ts";
import { normalize, problem } from "../inputs.ts";
import type { PortalSession } from "../session.ts";

/** Fields for an account type that asks for values, with help on where to find them. */
export function inputForm(session: PortalSession, type: AccountType): TemplateResult {
  const busy = session.busy === "form";
  return html`<form class="stack" novalidate aria-label=${type.label} @submit=${(event: Event): void => send(event, session, type)}>
    ${type.inputs.map(field)} ${type.id === "personal_access_token" ? tokenHelp() : null}
    <div class="actions">
      <button class="primary" data-testid="connect" aria-disabled=${busy ? "true" : "false"}>
        ${busy ? html`<pc-spinner></pc-spinner>Checking…` : html`Connect ${session.portal?.name}`}
      </button>
      ${session.adding === undefined ? null : html`<button type="button" class="quiet" @click=${(): void => session.add(undefined)}>Back</button>`}
    </div>
  </form>`;
}

function field(input: AccountInput): TemplateResult {
  const id = `input-${input.id}`;
  const hint = hintOf(input);
  return html`<div class="field">
    <label for=${id}>${input.title}${input.required ? null : html` <span class="soft">(optional)</span>`}</label>
    ${hint === undefined ? null : html`<span class="small soft" id="${id}-hint">${hint}</span>`}
    <input
      id=${id}
      name=${input.id}
      type=${input.secret ? "password" : "text"}
      autocomplete="off"
      autocapitalize="none"
      spellcheck="false"
      aria-describedby=${hint === undefined ? nothing : `${id}-hint ${id}-error`}
      aria-required=${input.required ? "true" : "false"}
      @input=${clear}
    />
    <span class="field-error" id="${id}-error"></span>
  </div>`;
}

function hintOf(input: AccountInput): string | undefined {
  if (input.id === "ORGANIZATION") return "The part of the URL after dev.azure.com/, such as contoso.";
  if (input.id === "PERSONAL_ACCESS_TOKEN") return "Stored encrypted and never shown again.";
  return undefined;
}

function tokenHelp(): TemplateResult {
  return html`<details>
    <summary>Where do I find these?</summary>
    <ol class="small">
      <li>Open <strong>dev.azure.com</strong> and select your organization. Its name is in the address bar.</li>
      <li>Select the <strong>User settings</strong> icon (a person with a gear) next to your picture.</li>
      <li>Select <strong>Personal access tokens</strong>, then <strong>New Token</strong>.</li>
      <li>
        Under Scopes, select <strong>Work Items: Read &amp; write</strong> and
        <strong>Project and Team: Read</strong>.
      </li>
      <li>Create the token and copy it. Azure DevOps shows it only once.</li>
    </ol>
    <p class="small">
      <a href="https://dev.azure.com/" target="_blank" rel="noopener noreferrer">Open Azure DevOps<span
          class="visually-hidden"> (in a new tab)</span></a>
    </p>
  </details>`;
}

/** Checks every field, moves the focus to the first wrong one, and hands the values on when all are right. */
function send(event: Event, session: PortalSession, type: AccountType): void {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const values: Record<string, string> = {};
  let firstWrong: HTMLInputElement | undefined;
  for (const input of type.inputs) {
    const element = form.elements.namedItem(input.id) as HTMLInputElement;
    element.value = normalize(input, element.value);
    const message = problem(input, element.value);
    mark(element, message ?? "");
    if (message !== undefined) firstWrong ??= element;
    if (element.value !== "") values[input.id] = element.value;
  }
  if (firstWrong !== undefined) firstWrong.focus();
  else void session.submit(values);
}
