import { html, LitElement, type TemplateResult } from "lit";
import "../elements/notice.ts";
import "../elements/spinner.ts";
import { controls } from "../lib/controls.ts";
import { errorPage, type PageData } from "./page-data.ts";
import { PopupSession, type Screen } from "./session.ts";
import { style } from "./style.ts";
import { ask, leaving, nonce, opening, refused } from "./views/start.ts";
import { done, failed } from "./views/result.ts";
import { organizations } from "./views/organizations.ts";

/** The window in which an account is connected: every view of it. */
export class PopupElement extends LitElement {
  static override styles = [controls, style];

  #session = new PopupSession(window, errorPage("internal", ""), () => this.requestUpdate());
  #view = "";

  /** Defines the element and starts the page. */
  static begin(page: { data: PageData; ticket: string; organization?: string | undefined }): void {
    customElements.define("connect-popup", PopupElement);
    const element = document.querySelector<PopupElement>("connect-popup");
    element?.start(page.data, page.ticket, page.organization);
  }

  start(data: PageData, ticket: string, organization?: string): void {
    this.#session = new PopupSession(window, data, () => this.requestUpdate());
    this.requestUpdate();
    void this.#session.run(ticket, organization);
  }

  override render(): TemplateResult {
    return html`<main aria-live="polite"><div class="card" data-testid=${this.#name()}>${this.#content()}</div></main>`;
  }

  /** Each view begins at its heading, for keyboards and screen readers. */
  override updated(): void {
    const view = this.#name();
    if (view === this.#view) return;
    this.#view = view;
    const heading = this.renderRoot.querySelector<HTMLElement>("h1");
    if (heading === null) return;
    document.title = heading.textContent?.trim() ?? document.title;
    heading.focus();
  }

  #name(): string {
    const { screen } = this.#session;
    return screen.kind === "page" ? screen.data.view : screen.kind;
  }

  #content(): TemplateResult {
    const session = this.#session;
    const screen: Screen = session.screen;
    switch (screen.kind) {
      case "opening":
        return opening();
      case "ask":
        return ask(session, screen.answer);
      case "leaving":
        return leaving(screen.authorizationUrl);
      case "refused":
        return refused(screen.appName);
      case "page":
        return this.#page(session, screen.data);
    }
  }

  #page(session: PopupSession, data: PageData): TemplateResult {
    switch (data.view) {
      case "start":
        return opening();
      case "nonce":
        return nonce();
      case "organizations":
        return organizations(session, data);
      case "signIn":
        return leaving(data.authorizationUrl);
      case "done":
        return done(session, data);
      case "error":
        return failed(session, data);
    }
  }
}
