import { html, type TemplateResult } from "lit";
import type { Tone } from "../../../elements/notice.ts";
import { failureNotice } from "../../views/failure.ts";
import type { Settings, TestResult } from "../model.ts";
import type { IntegrationState } from "../state.ts";

const SHARED = ["organizations", "common", "consumers"];

/** Titles of what Entra ID can answer. */
const TITLES: Readonly<Record<string, string>> = {
  works: "Test succeeded",
  wrong_client_id: "The client ID is wrong",
  wrong_secret: "The client secret is wrong",
  expired_secret: "The client secret has expired",
  directory_needed: "A directory is needed",
  unknown_directory: "Directory not found",
  not_in_directory: "The app is not in this directory",
  refused: "Entra ID refused",
  unreachable: "Entra ID is unreachable",
};

/** Asks Entra ID about what is saved. */
export function testCard(state: IntegrationState, settings: Settings, mayEdit: boolean): TemplateResult {
  const busy = state.busy === "test";
  const needsDirectory = SHARED.includes(settings.tenant.toLowerCase());
  return html`<section class="card" aria-labelledby="test">
    <div>
      <h2 id="test">Connection test</h2>
      <p class="small soft">Checks the saved client ID and secret with Microsoft Entra ID. Nothing is changed.</p>
    </div>
    ${
      !mayEdit
        ? html`<p class="small soft">Editors and admins can run the test.</p>`
        : html`<form class="add-secret" novalidate aria-label="Test the settings" @submit=${(event: Event): void => send(event, state)}>
          ${
            needsDirectory
              ? html`<div class="field grow">
                <label for="directory">Directory in which the app is registered</label>
                <span class="small soft" id="directory-hint">Its Directory (tenant) ID or a domain, such as contoso.onmicrosoft.com.</span>
                <input id="directory" name="directory" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="directory-hint" />
              </div>`
              : html`<p class="grow small">Tested in the directory <code>${settings.tenant}</code>.</p>`
          }
          <div class="actions">
            <button data-testid="run-test" aria-disabled=${busy ? "true" : "false"}>${busy ? html`<pc-spinner></pc-spinner>Testing…` : "Test connection"}</button>
          </div>
        </form>`
    }
    ${state.hasChanges ? html`<p class="small soft">Unsaved changes are not tested.</p>` : null}
    ${failureNotice(state.problems.test)} ${state.results?.map((one) => result(one, settings))}
  </section>`;
}

function result(one: TestResult, settings: Settings): TemplateResult {
  const title = Object.hasOwn(TITLES, one.outcome) ? (TITLES[one.outcome] ?? "") : "Entra ID refused";
  const stored = settings.secrets.stored;
  const secret = stored.length > 1 ? stored.find(({ id }) => id === one.secretId) : undefined;
  return html`<pc-notice tone=${toneOf(one.outcome)} .heading=${title} data-testid="result" data-outcome=${one.outcome}>
    ${secret === undefined ? null : html`<span class="small">Secret added on ${secret.createdAt.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}</span><br />`}
    ${one.message} ${one.said === undefined ? null : html`<br /><span class="small">Response from Entra ID: <code>${one.said}</code></span>`}
  </pc-notice>`;
}

function toneOf(outcome: string): Tone {
  if (outcome === "works") return "good";
  return outcome === "directory_needed" ? "warn" : "bad";
}

function send(event: Event, state: IntegrationState): void {
  event.preventDefault();
  const field = (event.currentTarget as HTMLFormElement).elements.namedItem("directory") as HTMLInputElement | null;
  void state.test(field?.value ?? "");
}
