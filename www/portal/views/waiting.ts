import { html, type TemplateResult } from "lit";
import type { PortalSession } from "../session.ts";

const STEPS: Readonly<Record<string, string>> = {
  pending: "Opening the sign-in window…",
  opened: "The sign-in window is open.",
  provider: "Sign in with Microsoft in the other window.",
  organization: "Choose your organization in the other window.",
};

/** The account is being connected in another window; that window may be hidden, closed or blocked. */
export function waiting(session: PortalSession): TemplateResult {
  const flow = session.portal?.flow;
  const blocked = session.attempt?.blocked === true;
  if (blocked) return blockedWindow(session);
  const step = (flow === undefined ? undefined : STEPS[flow.status]) ?? "Finish the sign-in in the other window.";
  return html`<div class="stack" data-testid="waiting">
    <p class="progress"><pc-spinner></pc-spinner><strong>Finish in the other window</strong></p>
    <p>${step}</p>
    ${
      flow?.popupClosed === true
        ? html`<p class="soft">
          The window seems to be closed. If it is still open, continue there. Otherwise open it again.
        </p>`
        : html`<p class="soft">If you cannot see it, look behind this window.</p>`
    }
    <div class="actions">
      <button data-testid="reopen" @click=${(): void => session.reopen()}>Open again</button>
      <button class="quiet" data-testid="cancel" @click=${(): void => session.cancel()}>Cancel</button>
    </div>
  </div>`;
}

function blockedWindow(session: PortalSession): TemplateResult {
  return html`<div class="stack" data-testid="blocked">
    <pc-notice tone="warn" heading="Your browser blocked the sign-in window">
      Select the button to open it. If that does not help, allow pop-ups for this site.
    </pc-notice>
    <div class="actions">
      <button class="primary" data-testid="reopen" @click=${(): void => session.reopen()}>Open sign-in window</button>
      <button class="quiet" data-testid="cancel" @click=${(): void => session.cancel()}>Cancel</button>
    </div>
  </div>`;
}
