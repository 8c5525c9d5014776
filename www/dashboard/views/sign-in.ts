import { html, type TemplateResult } from "lit";
import type { Failure } from "../failure.ts";
import type { Ways } from "../sign-in.ts";
import { check, clear, fieldOf } from "../../lib/fields.ts";
import { failureNotice } from "./failure.ts";

/** What the sign-in view shows. */
export interface SignInState {
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  /** The session ended while the page was open. */
  readonly ended: boolean;
  readonly ways: Ways;
}

/** What an operator may do there. */
export interface SignInActions {
  readonly password: (email: string, password: string) => void;
  /** Goes to the identity provider. */
  readonly provider: () => void;
}

/** The ways in which an operator signs in. */
export function signInView(state: SignInState, actions: SignInActions): TemplateResult {
  const { passwords, provider } = state.ways;
  return html`<main class="gate">
    <div class="card stack">
      <div>
        <p class="brand">${mark()}Gateway</p>
        <h1 tabindex="-1">Sign in to the dashboard</h1>
      </div>
      ${
        state.ended && state.failure === undefined
          ? html`<pc-notice tone="warn" heading="Your session has ended">Sign in again to continue where you left off.</pc-notice>`
          : null
      }
      ${failureNotice(state.failure)}
      ${provider === undefined ? null : providerButton(provider, state.busy, !passwords, actions.provider)}
      ${provider === undefined || !passwords ? null : html`<p class="or small soft" aria-hidden="true">or</p>`}
      ${passwords ? passwordForm(state.busy, actions.password) : null}
    </div>
  </main>`;
}

function providerButton(provider: string, busy: boolean, isOnly: boolean, go: () => void): TemplateResult {
  return html`<button id="provider" class=${isOnly ? "primary" : ""} data-testid="provider" aria-disabled=${busy ? "true" : "false"} @click=${go}>Sign in with ${provider}</button>`;
}

function passwordForm(busy: boolean, submit: SignInActions["password"]): TemplateResult {
  return html`<form class="stack" novalidate aria-label="Sign in with a password" @submit=${(event: Event): void => send(event, submit)}>
    <div class="field">
      <label for="email">Email address</label>
      <input id="email" name="email" type="email" autocomplete="username" autocapitalize="none" spellcheck="false" aria-required="true" aria-describedby="email-error" @input=${clear} />
      <span class="field-error" id="email-error"></span>
    </div>
    <div class="field">
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" aria-required="true" aria-describedby="password-error" @input=${clear} />
      <span class="field-error" id="password-error"></span>
    </div>
    <button class="primary" data-testid="sign-in" aria-disabled=${busy ? "true" : "false"}>${busy ? html`<pc-spinner></pc-spinner>Signing in…` : "Sign in"}</button>
    <details>
      <summary>No account, or forgot your password?</summary>
      <p class="small soft">An administrator creates your account on the gateway's machine:</p>
      <pre class="small"><code>paragon-gateway operator add you@example.com --role editor
paragon-gateway operator set-password you@example.com</code></pre>
    </details>
  </form>`;
}

/** The gateway's mark. */
export function mark(): TemplateResult {
  return html`<svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round">
    <path d="M6 23V12a8 8 0 0 1 16 0v11" />
    <path d="M14 23v-8" />
    <circle cx="14" cy="11" r="1.5" fill="currentColor" stroke="none" />
  </svg>`;
}

function send(event: Event, submit: (email: string, password: string) => void): void {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const isRight = check(form, {
    email: (value) => (value.trim() === "" ? "Enter your email address." : ""),
    password: (value) => (value === "" ? "Enter your password." : ""),
  });
  if (isRight) submit(fieldOf(form, "email").value, fieldOf(form, "password").value);
}
