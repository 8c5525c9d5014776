import { html, type TemplateResult } from "lit";
import type { PortalSession } from "../session.ts";

/** Asked before settings that are not saved are lost. */
export function unsaved(session: PortalSession): TemplateResult {
  return html`<pc-notice tone="warn" heading="Unsaved changes" data-testid="unsaved">
    Your changes are lost when you close the portal.
    <div class="actions notice-actions">
      <button data-testid="stay" data-focus @click=${(): void => session.stay()}>Keep editing</button>
      <button class="quiet" data-testid="leave" @click=${(): void => session.leave()}>Close without saving</button>
    </div>
  </pc-notice>`;
}
