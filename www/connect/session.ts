import { HttpError, postJson } from "../lib/http.ts";
import { Departure } from "./departure.ts";
import { announceDone, announceNonce, askApp, GO_WAIT_MS, type PopupWindow } from "./opener.ts";
import {
  errorPage,
  isTicket,
  organizationsPage,
  readPageData,
  readTicketAnswer,
  type FlowRef,
  type OrganizationsPage,
  type PageData,
  type TicketAnswer,
} from "./page-data.ts";

/** What the popup shows: a page of the gateway, or a step of the start page. */
export type Screen =
  | { readonly kind: "page"; readonly data: PageData }
  | { readonly kind: "opening" }
  | { readonly kind: "ask"; readonly answer: TicketAnswer }
  | { readonly kind: "leaving"; readonly authorizationUrl: string }
  | { readonly kind: "refused"; readonly appName: string };

/** What the user chose: of the organizations that were found, or any other by name or URL. */
export type Choice = { readonly organizations: readonly string[] } | { readonly named: string };

/** How long "connected" stays to be read before the window closes itself or goes back, in milliseconds. */
const CLOSE_AFTER_MS = 900;

/** The popup's behavior; `onChange` runs after every change of a field. */
export class PopupSession {
  screen: Screen;
  /** The choice of an organization is on its way. */
  sending = false;
  /** Why the last choice did not go through. */
  problem: HttpError | undefined;

  readonly #window: PopupWindow & Pick<Window, "location" | "close">;
  readonly #onChange: () => void;
  readonly #departure = new Departure();
  readonly #handshake = new AbortController();

  constructor(window: PopupWindow & Pick<Window, "location" | "close">, data: PageData, onChange: () => void) {
    this.#window = window;
    this.#onChange = onChange;
    this.screen = data.view === "start" ? { kind: "opening" } : { kind: "page", data };
  }

  /** Does what the page is for; `ticket` is the fragment it was opened with, `organization` what its address names. */
  async run(ticket: string, organization?: string): Promise<void> {
    if (this.screen.kind === "opening") return this.#start(ticket, organization);
    if (this.screen.kind === "page") this.#enter(this.screen.data);
  }

  /** Goes on to the provider: the app or the user has said yes. */
  proceed(answer: TicketAnswer): void {
    if (this.screen.kind === "leaving") return;
    this.#handshake.abort();
    if (answer.authorizationUrl !== undefined) {
      this.#signIn(answer.authorizationUrl);
      return;
    }
    const data = organizationsPage(answer, answer.appName, { problem: answer.problem });
    this.#show({ kind: "page", data: data ?? errorPage("internal", "the server's answer could not be read") });
  }

  #signIn(authorizationUrl: string): void {
    this.#departure.report("provider");
    this.#show({ kind: "leaving", authorizationUrl });
    this.#window.location.replace(authorizationUrl);
  }

  /** The user did not start this. */
  refuse(answer: TicketAnswer): void {
    this.#handshake.abort();
    this.#departure.report("refused");
    this.#show({ kind: "refused", appName: answer.appName });
    this.leave(answer);
  }

  /** The user wants none of the organizations: the app learns why nothing was connected. */
  giveUp(page: OrganizationsPage): void {
    this.#departure.report("closed");
    this.#show({ kind: "refused", appName: page.appName });
    this.leave(page);
  }

  /** Sends the choice: the flow ends with it, or the user signs in once more, or is told why it leads nowhere. */
  async pick(flow: string, choice: Choice): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    this.problem = undefined;
    this.#onChange();
    try {
      const data = readPageData(JSON.stringify(await postJson("/connect/organizations", { flow, ...choice })));
      if (data.view === "signIn") this.#signIn(data.authorizationUrl);
      else {
        this.#show({ kind: "page", data });
        this.#enter(data);
      }
    } catch (error) {
      this.problem = asHttpError(error);
    }
    this.sending = false;
    this.#onChange();
  }

  /** A link of the page leads on: leaving is no giving up. */
  follow(): void {
    this.#departure.expect();
  }

  /** Gives the user back to the app: closes the popup, or goes back to the app's page. */
  leave(ref: FlowRef | undefined): void {
    if (ref?.returnTo === undefined) this.#window.close();
    else this.#window.location.replace(ref.returnTo);
  }

  async #start(ticket: string, organization: string | undefined): Promise<void> {
    if (!isTicket(ticket)) {
      return this.#fail(errorPage("attempt_failed", "this page was opened without a ticket, or was reloaded"));
    }
    try {
      const answer = readTicketAnswer(await postJson("/connect/ticket", { ticket, organization }));
      if (answer === undefined) return this.#fail(errorPage("internal", "the server's answer could not be read"));
      this.#departure.watch(answer.flow);
      this.#confirm(answer);
    } catch (error) {
      const { code, message, requestId } = asHttpError(error);
      this.#fail(errorPage(code, message, { requestId }));
    }
  }

  /** The app's yes goes on at any time, also while the user is being asked. */
  #confirm(answer: TicketAnswer): void {
    void askApp(this.#window, answer, this.#handshake.signal).then(() => {
      if (this.screen.kind !== "refused") this.proceed(answer);
    });
    const wait = this.#window.opener === null ? 0 : GO_WAIT_MS;
    setTimeout(() => {
      if (this.screen.kind === "opening") this.#show({ kind: "ask", answer });
    }, wait);
  }

  #enter(data: PageData): void {
    if (data.view === "organizations") this.#departure.watch(data.flow);
    else this.#departure.expect();
    if (data.view === "nonce" && !announceNonce(this.#window, data.origin)) {
      this.#fail(errorPage("attempt_failed", "the window that opened this one is gone"));
    }
    if (data.view === "error" && data.flow !== undefined) announceDone(this.#window, data.flow);
    if (data.view === "done") {
      announceDone(this.#window, data);
      setTimeout(() => this.leave(data), CLOSE_AFTER_MS);
    }
  }

  #fail(data: PageData): void {
    this.#show({ kind: "page", data });
  }

  #show(screen: Screen): void {
    this.screen = screen;
    this.#onChange();
  }
}

function asHttpError(error: unknown): HttpError {
  return error instanceof HttpError ? error : new HttpError("unexpected failure", { status: 0, code: "internal" });
}
