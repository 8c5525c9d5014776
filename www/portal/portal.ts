import { html, LitElement, type TemplateResult } from "lit";
import { comboboxStyle } from "../elements/combobox.ts";
import { cross } from "../elements/signs.ts";
import "../elements/integration-icon.ts";
import "../elements/markdown-text.ts";
import "../elements/notice.ts";
import "../elements/spinner.ts";
import { controls } from "../lib/controls.ts";
import { Channel } from "./channel.ts";
import type { Failure } from "./failure.ts";
import { PortalSession } from "./session.ts";
import { settingsStyle } from "./settings/style.ts";
import { style } from "./style.ts";
import { unsaved } from "./views/unsaved.ts";
import { accounts } from "./views/accounts.ts";
import { intro } from "./views/intro.ts";
import { waiting } from "./views/waiting.ts";

const FOCUSABLE = "button:not(:disabled), input:not(:disabled), select, textarea, summary, a[href]";

/** The Connect Portal: a dialog in the SDK's frame. Outside of a frame it only says what it is. */
export class PortalElement extends LitElement {
  static override styles = [controls, comboboxStyle, style, settingsStyle];

  readonly #session: PortalSession;
  #view = "";
  #failureShown: Failure | undefined;
  #pressedBackdrop = false;

  constructor() {
    super();
    const channel = new Channel(window as ConstructorParameters<typeof Channel>[0], (update) => this.#session.update(update));
    this.#session = new PortalSession(
      (method, ...parameters) => channel.invoke(method, ...parameters),
      () => this.requestUpdate(),
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("keydown", this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("keydown", this.#key);
  }

  override render(): TemplateResult | null {
    if (window.parent === window) return this.#alone();
    const { portal, open } = this.#session;
    if (portal === undefined || !open) return null;
    return html`<div class="backdrop" @pointerdown=${this.#press} @click=${this.#clickBackdrop}>
      <div role="dialog" aria-modal="true" aria-labelledby="title" tabindex="-1">
        <header>
          <pc-integration-icon .type=${portal.type}></pc-integration-icon>
          <div>
            <h1 id="title">${portal.name}</h1>
            ${portal.description === "" ? null : html`<p class="small soft">${portal.description}</p>`}
          </div>
          <button class="close quiet" aria-label="Close" data-testid="close" @click=${this.#close}>
            ${cross}
          </button>
        </header>
        <div class="body">${this.#failure()} ${this.#content()}</div>
        <p class="visually-hidden" role="status" aria-live="polite">${this.#news()}</p>
      </div>
    </div>`;
  }

  /** Moves the focus into the dialog when it opens, and to what is new when the view changes. */
  override updated(): void {
    this.#revealFailure();
    this.#moveFocus();
    const view = this.#session.displayed ? this.#viewName() : "";
    if (view === this.#view) return;
    this.#view = view;
    if (view === "") return;
    // A frame of another origin is drawn a moment after it is shown: until then it runs no animation frame. Whoever
    // moved the focus in that moment keeps it.
    requestAnimationFrame(() => {
      const wanted = this.renderRoot.querySelector<HTMLElement>("[data-focus]");
      (wanted ?? (this.#hasFocus() ? undefined : this.#dialog()))?.focus();
    });
  }

  /** Takes the focus to what the user has to see next; the field of a combobox is there a moment after its form. */
  #moveFocus(): void {
    const { settings } = this.#session;
    const { focus } = settings;
    if (focus === undefined) return;
    const target = (this.renderRoot as ShadowRoot).getElementById(focus);
    if (target === null) return;
    settings.focus = undefined;
    target.focus();
  }

  /** The error is at the top; the button that caused it may be far below. */
  #revealFailure(): void {
    const { failure } = this.#session;
    if (failure === this.#failureShown) return;
    this.#failureShown = failure;
    this.renderRoot.querySelector("pc-notice[data-testid=error]")?.scrollIntoView({ block: "nearest" });
  }

  #content(): TemplateResult {
    const session = this.#session;
    switch (this.#viewName()) {
      case "waiting":
        return waiting(session);
      case "intro":
        return intro(session);
      default:
        return html`${this.#session.leaving ? unsaved(session) : null} ${accounts(session)}`;
    }
  }

  #viewName(): string {
    const { open, attempt, adding, portal, confirming, leaving } = this.#session;
    if (!open) return "";
    if (leaving) return "unsaved";
    if (attempt !== undefined) return "waiting";
    if (adding !== undefined || portal?.accounts.length === 0) return "intro";
    return confirming === undefined ? "accounts" : `confirm ${confirming}`;
  }

  #failure(): TemplateResult | null {
    const { failure } = this.#session;
    if (failure === undefined) return this.#unfinished();
    return html`<pc-notice tone="bad" .heading=${failure.title} data-testid="error">
      ${failure.advice} ${failure.requestId === undefined ? null : html`<br /><span class="small">Reference: ${failure.requestId}</span>`}
    </pc-notice>`;
  }

  #unfinished(): TemplateResult | null {
    if (!this.#session.unfinished || this.#session.attempt !== undefined) return null;
    return html`<pc-notice data-testid="unfinished">The sign-in was not finished. Nothing was changed.</pc-notice>`;
  }

  #news(): string {
    const { attempt, news, settings } = this.#session;
    return attempt === undefined ? `${news} ${settings.news}`.trim() : "Waiting for the other window.";
  }

  #alone(): TemplateResult {
    return html`<p class="body">This page opens inside the app that connects your account.</p>`;
  }

  #close = (): void => this.#session.close();

  #press = (event: PointerEvent): void => {
    this.#pressedBackdrop = event.target === event.currentTarget;
  };

  /** Closes only when the press began outside too: a text selection that ends outside closes nothing. */
  #clickBackdrop = (event: MouseEvent): void => {
    if (this.#pressedBackdrop && event.target === event.currentTarget) this.#close();
  };

  #key = (event: KeyboardEvent): void => {
    if (!this.#session.open) return;
    if (event.key === "Escape") this.#escape();
    else if (event.key === "Tab") this.#trap(event);
  };

  #escape(): void {
    if (this.#session.leaving) this.#session.stay();
    else this.#close();
  }

  #trap(event: KeyboardEvent): void {
    const stops = [...this.renderRoot.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => stop.checkVisibility());
    const active = (this.renderRoot as ShadowRoot).activeElement ?? this.#dialog();
    const [edge, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (active !== edge && active !== this.#dialog()) return;
    if (active === this.#dialog() && !event.shiftKey) return;
    event.preventDefault();
    other?.focus();
  }

  #hasFocus(): boolean {
    const active = (this.renderRoot as ShadowRoot).activeElement;
    return active?.isConnected === true;
  }

  #dialog(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>("[role=dialog]");
  }
}

customElements.define("connect-portal", PortalElement);
