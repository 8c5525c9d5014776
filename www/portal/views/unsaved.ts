import { html, type TemplateResult } from "lit";
import type { PortalSession } from "../session.ts";

/** Asked before settings that are not saved are lost. */
export function unsaved(session: PortalSession): TemplateResult {
  return html`<pc-notice tone="warn" heading="Some settings are not saved" data-testid="unsaved">
    What you changed is lost when you close.
    <div class="actions notice-actions">
      <button data-testid="stay" data-focus @click=${(): void => session.stay()}>Keep editing</button>
      <button class="quiet" data-testid="leave" @click=${(): void => session.leave()}>Close without saving</button>
    </div>
  </pc-notice>`;
}
