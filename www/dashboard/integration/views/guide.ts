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
          <strong>App registrations</strong>, and press <strong>New registration</strong>.
        </li>
        <li>Name it as your users know your product: Microsoft shows this name to them.</li>
        <li>Under supported account types choose <strong>Accounts in any organizational directory</strong>.</li>
        <li>Under Redirect URI choose the platform <strong>Web</strong> and paste <code class="wrap">${settings.redirectUrl}</code>.</li>
        <li>Register. From the Overview page copy <strong>Application (client) ID</strong> into Client ID here.</li>
        <li>
          Under <strong>API permissions</strong> press Add a permission, choose <strong>Azure DevOps</strong>, then delegated
          permissions, and tick those chosen here.
        </li>
        <li>
          Under <strong>Certificates &amp; secrets</strong> press New client secret. Copy its <strong>Value</strong> here at
          once, with the day it expires: the portal shows it one time only.
        </li>
        <li>Save here, then press <strong>Test</strong>.</li>
      </ol>
      <p class="small soft">
        An Azure DevOps organisation must allow <em>Third-party application access via OAuth</em> (Organization settings,
        Policies), else its members can sign in but not call.
      </p>
    </details>
  </aside>`;
}
