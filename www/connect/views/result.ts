import { html, type TemplateResult } from "lit";
import { adviceOn, explain, isExplained, sentence } from "../../lib/messages.ts";
import type { ErrorPage, FlowRef, PageData } from "../page-data.ts";
import type { PopupSession } from "../session.ts";

/** The account is connected; the window closes itself where the browser lets it. */
export function done(session: PopupSession, data: Extract<PageData, { view: "done" }>): TemplateResult {
  return html`<div class="tick" aria-hidden="true">
      <svg width="28" height="28" viewBox="0 0 28 28" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">
        <path d="M6 15l5.5 5.5L22 9" />
      </svg>
    </div>
    <h1 tabindex="-1">Account connected</h1>
    <p>
      ${
        data.organization === undefined
          ? html`${data.appName} can use your account now.`
          : html`${data.appName} can use <strong>${data.organization}</strong> now.`
      }
    </p>
    ${data.returnTo === undefined ? html`<p class="soft">Close this window and return to ${data.appName}.</p>` : null}
    <div class="actions">${leave(session, data, data.appName)}</div>`;
}

/** It did not work: what happened, what to do, and the number to quote. */
export function failed(session: PopupSession, data: ErrorPage): TemplateResult {
  const { title } = explain(data.code);
  const isTold = data.helpUrl !== undefined && data.message !== "";
  return html`<h1 tabindex="-1">${title}</h1>
    <pc-notice tone="bad">${isTold ? sentence(data.message) : adviceOn(data.code, data.message)}</pc-notice>
    ${isTold || (isExplained(data.code) && data.code !== "attempt_failed") ? null : html`<p class="small soft">${data.message === "" ? "" : sentence(data.message)}</p>`}
    <div class="actions">
      ${data.adminConsentUrl === undefined ? null : link(session, data.adminConsentUrl, "Open the approval page", "admin-consent")}
      ${data.retryUrl === undefined ? null : link(session, data.retryUrl, "Try again", "retry", data.adminConsentUrl === undefined)}
      ${leave(session, data.flow, data.appName ?? "the app")}
    </div>
    ${data.adminConsentUrl === undefined ? null : approvalLink(data.adminConsentUrl)}
    ${data.helpUrl === undefined ? null : help(session, data.helpUrl)}
    ${data.requestId === undefined ? null : html`<p class="small soft">Reference: <span data-testid="request-id">${data.requestId}</span></p>`}`;
}

/** The way back to the app. */
function leave(session: PopupSession, ref: FlowRef | undefined, appName: string): TemplateResult {
  const label = ref?.returnTo === undefined ? "Close window" : `Back to ${appName}`;
  return html`<button data-testid="leave" @click=${(): void => session.leave(ref)}>${label}</button>`;
}

function link(session: PopupSession, href: string, label: string, testid: string, primary = true): TemplateResult {
  return html`<a class="button ${primary ? "primary" : ""}" data-testid=${testid} href=${href} rel="noreferrer" @click=${(): void => session.follow()}>${label}</a>`;
}

/** An administrator is usually somebody else: the link can be copied. */
function approvalLink(href: string): TemplateResult {
  return html`<div class="field">
    <label for="approval">Link for your administrator</label>
    <input id="approval" readonly .value=${href} @focus=${(event: FocusEvent): void => (event.currentTarget as HTMLInputElement).select()} />
  </div>`;
}

/** Whoever has to act is helped by Microsoft's own words. */
function help(session: PopupSession, href: string): TemplateResult {
  return html`<p class="small soft">
    For your administrator:
    <a data-testid="help" href=${href} rel="noreferrer" @click=${(): void => session.follow()}>Microsoft's documentation of this error</a>
  </p>`;
}
