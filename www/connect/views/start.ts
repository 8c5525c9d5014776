import { html, type TemplateResult } from "lit";
import { hostOf } from "../../lib/links.ts";
import type { TicketAnswer } from "../page-data.ts";
import type { PopupSession } from "../session.ts";

/** The ticket is being handed in. */
export function opening(): TemplateResult {
  return html`<p class="busy"><pc-spinner></pc-spinner>Preparing the sign-in…</p>`;
}

/** The reference client steers this window. */
export function nonce(): TemplateResult {
  return html`<p class="busy"><pc-spinner></pc-spinner>Opening the sign-in page…</p>
    <p class="soft">If nothing happens, close this window and try again from the app.</p>`;
}

/** On the way to the provider. The link helps where the browser refuses to go by itself. */
export function leaving(authorizationUrl: string): TemplateResult {
  return html`<p class="busy"><pc-spinner></pc-spinner>Opening the sign-in page…</p>
    <p class="soft">
      Nothing happens? <a href=${authorizationUrl} rel="noreferrer">Continue to ${hostOf(authorizationUrl)}</a>
    </p>`;
}

/** The app did not answer for this window, so the user decides. */
export function ask(session: PopupSession, answer: TicketAnswer): TemplateResult {
  return html`<h1 tabindex="-1">Did you start this?</h1>
    <p>
      An app wants to connect <strong>${answer.integrationName}</strong>. Continue only if you selected Connect in this app
      yourself, just now. If somebody sent you a link to this page, press No: your account would end up in theirs.
    </p>
    <dl class="facts">
      <dt>App</dt>
      <dd data-testid="app-name">${answer.appName}</dd>
      <dt>Site</dt>
      <dd data-testid="app-site">${hostOf(answer.origin)}</dd>
      ${
        answer.userLabel === undefined
          ? null
          : html`<dt>Signed in as</dt>
            <dd><bdi data-testid="user-label">${answer.userLabel}</bdi></dd>`
      }
    </dl>
    <div class="actions">
      <button class="primary" data-testid="yes" @click=${(): void => session.proceed(answer)}>Yes, continue</button>
      <button data-testid="no" @click=${(): void => session.refuse(answer)}>No, cancel</button>
    </div>`;
}

/** The user said no. */
export function refused(appName: string): TemplateResult {
  return html`<h1 tabindex="-1">Canceled</h1>
    <p>Nothing was connected to ${appName}. You can close this window.</p>`;
}
