import { html, LitElement, type TemplateResult } from "lit";
import "../elements/integration-icon.ts";
import "../elements/notice.ts";
import "../elements/spinner.ts";
import "./code-panel.ts";
import { controls } from "../lib/controls.ts";
import { Desk } from "./desk.ts";
import { style } from "./style.ts";
import { connectionCard } from "./views/connection.ts";
import { problem } from "./views/problem.ts";
import { nameOf, signInView } from "./views/sign-in.ts";
import { workCard } from "./views/work.ts";

/** Harbor Desk: a small support product whose users connect their Azure DevOps account in its settings. */
export class HarborDeskElement extends LitElement {
  static override styles = [controls, style];

  readonly #desk = new Desk(() => this.requestUpdate());
  #user: string | undefined;

  override render(): TemplateResult {
    const desk = this.#desk;
    return html`<header class="bar">
        <div class="brand">${logo()}Harbor Desk</div>
        ${desk.user === undefined ? null : this.#sessionBar(desk, desk.user)}
      </header>
      <aside class="simulated" aria-label="About this demo">
        <strong>Demo.</strong> Microsoft is simulated on this machine. You need no account, and no data leaves this machine.
      </aside>
      <main>${desk.user === undefined ? signInView(desk) : this.#settings(desk)}</main>`;
  }

  /** The page's heading takes the focus when another page begins. */
  override updated(): void {
    if (this.#user === this.#desk.user) return;
    this.#user = this.#desk.user;
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
  }

  #sessionBar(desk: Desk, user: string): TemplateResult {
    return html`<div class="session">
      <span data-testid="user">Signed in as <strong>${nameOf(user)}</strong></span>
      ${desk.tokenExpires === undefined ? null : html`<span class="soft" data-testid="token-expires">user token until ${time(desk.tokenExpires)}</span>`}
      <button data-testid="switch-user" @click=${(): void => desk.leave()}>Switch user</button>
    </div>`;
  }

  #settings(desk: Desk): TemplateResult {
    return html`<p class="crumb">Settings</p>
      <h1 tabindex="-1">Integrations</h1>
      <div class="columns">
        <div class="stack">
          ${problem(desk.problem)} ${connectionCard(desk)} ${desk.connection.status !== "connected" ? null : workCard(desk)}
        </div>
        <aside aria-label="Code of the last step"><hd-code-panel .trace=${desk.trace}></hd-code-panel></aside>
      </div>`;
  }
}

function logo(): TemplateResult {
  return html`<svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
    <path d="M13 2l7 15H6z" fill="var(--buoy)" />
    <path d="M2 21c2.2 0 2.2 1.8 4.4 1.8s2.2-1.8 4.4-1.8 2.2 1.8 4.4 1.8 2.2-1.8 4.4-1.8 2.2 1.8 4.4 1.8" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
  </svg>`;
}

function time(date: Date): string {
  return date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

customElements.define("harbor-desk", HarborDeskElement);
