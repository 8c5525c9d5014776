import { html, type TemplateResult } from "lit";
import type { Settings } from "../model.ts";

/** How an app is registered in the Azure portal; closed where it would stand before everything else. */
export function guide(settings: Settings, isOpen: boolean): TemplateResult {
  return html`<aside class="guide" aria-labelledby="guide">
    <details ?open=${isOpen}>
      <summary><h2 id="guide">Register an app</h2></summary>
      <ol>
        <li>
          Open the
          <a href="https://portal.azure.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade" target="_blank" rel="noopener noreferrer">Azure portal<span class="visually-hidden"> (in a new tab)</span></a>,
          <strong>App registrations</strong>, and select <strong>New registration</strong>.
        </li>
        <li>Enter your product's name. Microsoft shows it to your users.</li>
        <li>Under Supported account types, select <strong>Accounts in any organizational directory</strong>.</li>
        <li>Under Redirect URI, select the platform <strong>Web</strong> and paste <code class="wrap">${settings.redirectUrl}</code>.</li>
        <li>Select Register. From the Overview page, copy <strong>Application (client) ID</strong> into Client ID here.</li>
        <li>
          Under <strong>API permissions</strong>, select Add a permission, then <strong>Azure DevOps</strong>, then delegated
          permissions, and the permissions selected here.
        </li>
        <li>
          Under <strong>Certificates &amp; secrets</strong>, select New client secret. Copy its <strong>Value</strong> here,
          with its expiry date. The portal shows it only once.
        </li>
        <li>Save here, then select <strong>Test connection</strong>.</li>
      </ol>
      <p class="small soft">
        An Azure DevOps organization must allow <em>Third-party application access via OAuth</em> (Organization settings,
        Policies). Otherwise its members can sign in, but calls fail.
      </p>
    </details>
  </aside>`;
}
