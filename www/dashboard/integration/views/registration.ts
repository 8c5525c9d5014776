import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import "../../../elements/copy-field.ts";
import type { Settings } from "../model.ts";
import type { IntegrationState } from "../state.ts";

/** Redirect URL and client id. */
export function registrationCard(state: IntegrationState, settings: Settings, mayEdit: boolean): TemplateResult {
  const { clientId } = settings;
  const change = (event: Event): void => state.change({ clientId: (event.currentTarget as HTMLInputElement).value });
  return html`<section class="card" aria-labelledby="registration">
    <h2 id="registration">App registration</h2>
    <div class="field">
      <span class="label">Redirect URL</span>
      <span class="small soft">Register it in the Azure portal under Authentication, platform Web.</span>
      <pc-copy-field label="the redirect URL" .value=${settings.redirectUrl}></pc-copy-field>
    </div>
    <div class="field">
      <label for="client-id">Client ID</label>
      <span class="small soft" id="client-id-hint">Application (client) ID on the app's Overview page. ${blankMeans(settings)}</span>
      <input
        id="client-id"
        name="client-id"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        ?readonly=${!mayEdit}
        aria-describedby="client-id-hint"
        placeholder=${clientId.inFile ?? nothing}
        .value=${live(state.draft.clientId)}
        @input=${change}
      />
    </div>
    ${sourceLine(settings)} ${otherApp(state, settings)}
  </section>`;
}

function blankMeans({ clientId }: Settings): string {
  if (clientId.inFile !== undefined) return "If blank, the client ID in the configuration file is used.";
  if (clientId.hasDevelopmentKeys) return "If blank, the development keys are used.";
  return "Users cannot connect without it.";
}

function sourceLine({ clientId }: Settings): TemplateResult | null {
  switch (clientId.source) {
    case "file":
      return html`<p class="small source"><span class="badge">From the file</span> <code>${clientId.value}</code> is defined in the gateway's configuration file. A value saved here overrides it.</p>`;
    case "default":
      return html`<pc-notice heading="Development keys are in use" data-testid="development">
        They work only with the Microsoft simulator of <code>paragon-gateway dev</code>. Enter a client ID and a client secret to use your own app.
      </pc-notice>`;
    default:
      return null;
  }
}

/** Who connected with another app has a grant of that app. */
function otherApp({ draft }: IntegrationState, { clientId }: Settings): TemplateResult | null {
  const next = draft.clientId.trim() === "" ? (clientId.inFile ?? "") : draft.clientId.trim();
  if (next === clientId.value || clientId.source === "nowhere" || clientId.source === "default") return null;
  return html`<pc-notice tone="warn" heading="App registration changes">
    Users connected with the current app registration must reconnect, and its client secrets do not work with the new one.
  </pc-notice>`;
}
