import { begin, follow, type Attempt } from "./attempt.ts";
import { SdkCallError, type Update } from "./channel.ts";
import { readFailure, type Failure } from "./failure.ts";
import { readPortal, type Account, type AccountType, type Portal } from "./model.ts";
import type { Invoke } from "./settings/loading.ts";
import { SettingsSession } from "./settings/session.ts";

/** How long an account or an error may take after the SDK's flow is over, in milliseconds. */
const OUTCOME_WAIT_MS = 1500;

/**
 * What the portal knows and what its buttons do; the element draws it.
 *
 * `onChange` runs after every change of a field.
 */
export class PortalSession {
  portal: Portal | undefined;
  attempt: Attempt | undefined;
  failure: Failure | undefined;
  /** Account type the user picked; undefined means the first one. */
  chosenType: string | undefined;
  /** The user wants another account beside those connected; a credential id means that one again. */
  adding: true | { readonly again: string } | undefined;
  /** The organization that the user named, as it was entered. */
  organization = "";
  /** Credential whose removal waits for a yes. */
  confirming: string | undefined;
  /** A call whose answer the user waits for. */
  busy: "form" | "disconnect" | undefined;
  /** Last thing that went well, for the status line. */
  news = "";
  /** The last attempt ended without an account and without an error: the user gave it up, most likely. */
  unfinished = false;
  /** The SDK has put the frame on the screen; before that nothing in it can take the keyboard. */
  displayed = false;
  /** The user wants to leave, and settings are not saved. */
  leaving = false;
  /** Settings and workflows of the account that is shown. */
  readonly settings: SettingsSession;

  readonly #invoke: Invoke;
  readonly #onChange: () => void;
  #shown: boolean | undefined;
  #staleError: string | undefined;

  constructor(invoke: Invoke, onChange: () => void) {
    this.#invoke = invoke;
    this.#onChange = onChange;
    this.settings = new SettingsSession(invoke, onChange);
  }

  /** Whether the dialog is on the screen. */
  get open(): boolean {
    return this.portal !== undefined && !this.portal.hidden;
  }

  /** The account type in use. */
  get type(): AccountType | undefined {
    const types = this.portal?.accountTypes ?? [];
    return types.find((type) => type.id === this.chosenType) ?? types[0];
  }

  /** Takes in the SDK's next state. */
  update(update: Update): void {
    const before = this.portal;
    const next = readPortal(update);
    this.portal = next;
    if (next === undefined || before?.integrationId !== next.integrationId) this.#reset();
    this.settings.update(next);
    if (next !== undefined) {
      this.#followAttempt(next);
      this.#takeError(next);
    }
    this.#show(this.open);
    this.#onChange();
  }

  choose(type: string): void {
    this.chosenType = type;
    this.failure = undefined;
    this.unfinished = false;
    this.#onChange();
  }

  /** Shows the connect form for one more account, for a credential again, or (undefined) goes back. */
  add(adding: PortalSession["adding"]): void {
    this.adding = adding;
    this.failure = undefined;
    this.confirming = undefined;
    this.#onChange();
  }

  /** Connects an account again: at once where a sign-in is enough, else after its values are given. */
  again(account: Account): void {
    this.chosenType = account.accountType;
    this.add({ again: account.id });
    const single = (this.portal?.accountTypes.length ?? 0) <= 1;
    const known = this.type?.id === account.accountType || single;
    if (known && this.type?.usesWindow !== false && (this.type?.inputs.length ?? 0) === 0) this.connect();
  }

  confirm(credential: string | undefined): void {
    this.confirming = credential;
    this.#onChange();
  }

  /**
   * Starts signing in in another window.
   *
   * The call goes out in the click's own task, before anything is awaited: the parent's `window.open` needs the click.
   */
  connect(values: Readonly<Record<string, string>> = {}): void {
    const { portal, type } = this;
    if (portal === undefined) return;
    this.attempt = begin(portal);
    const options = this.#options(type, this.#target());
    const supplied = Object.keys(values).length > 0 ? { endUserSuppliedValues: values } : {};
    const started = this.#invoke("startOAuthFlow", portal.type, { ...options, ...supplied });
    started.then(
      () => this.#checkOpened(),
      (error: unknown) => this.#refuse(error),
    );
    this.#forgetError(portal);
    this.#onChange();
  }

  /** Opens the sign-in window again. */
  reopen(): void {
    if (this.portal?.flow === undefined) {
      this.connect();
      return;
    }
    this.#invoke("reopenOAuthFlow").catch((error: unknown) => this.#refuse(error));
  }

  /** Gives the attempt up. */
  cancel(): void {
    this.attempt = undefined;
    if (this.portal?.reportsFlow === true) this.#invoke("cancelOAuthFlow").catch(() => undefined);
    this.unfinished = true;
    this.#onChange();
  }

  /** Connects with values instead of a sign-in, such as a personal access token. */
  async submit(values: Readonly<Record<string, string>>): Promise<void> {
    const { portal, type } = this;
    if (portal === undefined || type === undefined || this.busy !== undefined) return;
    if (type.usesWindow) return this.connect(values);
    this.busy = "form";
    this.#forgetError(portal);
    this.#onChange();
    const answer = { integrationId: portal.integrationId, payload: { accountType: type.id, ...values } };
    const installOptions = this.#options(type, this.#target());
    try {
      const saved = await this.#invoke("_oauthCallback", answer, undefined, { installOptions });
      if (saved === undefined || saved === null) this.failure ??= readFailure(this.portal?.error);
      else this.#connected();
    } catch (error) {
      this.failure = readFailure(error);
    }
    this.busy = undefined;
    this.#onChange();
  }

  /** Removes a connected account. */
  async disconnect(credential: string): Promise<void> {
    const { portal } = this;
    if (portal === undefined || this.busy !== undefined) return;
    this.busy = "disconnect";
    this.failure = undefined;
    this.#onChange();
    try {
      await this.#invoke("uninstallIntegration", portal.type, { selectedCredentialId: credential });
      this.news = `${portal.name} was disconnected.`;
    } catch (error) {
      this.failure = readFailure(error);
    }
    this.busy = undefined;
    this.confirming = undefined;
    this.#onChange();
  }

  /** Closes the portal, but asks first whether what is not saved may go. */
  close(): void {
    if (!this.settings.changed) {
      this.leave();
      return;
    }
    this.leaving = true;
    this.#onChange();
  }

  /** The user goes on with what is not saved. */
  stay(): void {
    this.leaving = false;
    this.#onChange();
  }

  /** Closes the portal; a sign-in that is under way goes on in its window. */
  leave(): void {
    this.#invoke("onClose", true).catch(() => undefined);
  }

  #followAttempt(next: Portal): void {
    if (this.attempt === undefined && next.flow !== undefined && next.flow.status !== "connected") {
      this.attempt = begin(next);
    }
    if (this.attempt === undefined) return;
    const { attempt, outcome } = follow(this.attempt, next);
    this.attempt = attempt;
    if (outcome === "connected") this.#connected();
    if (outcome === "expired") this.failure = readFailure({ code: "expired" });
    if (outcome === "cancelled") this.unfinished = true;
    if (outcome === "unclear" && attempt !== undefined) setTimeout(() => this.#giveUp(attempt), OUTCOME_WAIT_MS);
  }

  /** The flow is over and nothing came of it: the user gets the button back. */
  #giveUp(attempt: Attempt): void {
    if (this.attempt !== attempt || this.portal?.flow !== undefined) return;
    this.attempt = undefined;
    this.unfinished = true;
    this.#onChange();
  }

  /** An SDK that reports its flow has done so before it answers; if not, it could open no window. */
  #checkOpened(): void {
    const { attempt, portal } = this;
    if (attempt === undefined || portal?.reportsFlow !== true || attempt.last !== undefined) return;
    this.attempt = { ...attempt, blocked: true };
    this.#onChange();
  }

  /** An error that was there before the present attempt is old news. */
  #takeError(next: Portal): void {
    const error = next.error === undefined ? undefined : JSON.stringify(next.error);
    if (error === undefined) this.#staleError = undefined;
    else if (error !== this.#staleError) this.failure = readFailure(next.error);
  }

  #forgetError(portal: Portal): void {
    this.failure = undefined;
    this.unfinished = false;
    this.news = "";
    if (portal.error === undefined) return;
    this.#staleError = JSON.stringify(portal.error);
    this.#invoke("setModalState", { connectionError: null }).catch(() => undefined);
  }

  #connected(): void {
    this.failure = undefined;
    this.unfinished = false;
    this.adding = undefined;
    this.news = `${this.portal?.name ?? "The account"} is connected.`;
  }

  #refuse(error: unknown): void {
    if (this.attempt === undefined) return;
    const { message, code } = error instanceof SdkCallError ? error : new SdkCallError(String(error));
    if (code === "popup_blocked" || /popup was blocked/i.test(message)) this.attempt = { ...this.attempt, blocked: true };
    else {
      this.attempt = undefined;
      this.failure = readFailure({ message, code });
    }
    this.#onChange();
  }

  /** The credential to connect again: the one the user pressed, or the only one when it is broken. */
  #target(): string | undefined {
    if (typeof this.adding === "object") return this.adding.again;
    const given = this.portal?.options.selectedCredentialId;
    return this.adding === undefined && typeof given === "string" ? given : undefined;
  }

  #options(type: AccountType | undefined, credential: string | undefined): Record<string, unknown> {
    const { selectedAccountConfig: _config, selectedMultipleAccountTypes: _types, ...given } = this.portal?.options ?? {};
    return {
      ...given,
      ...(type === undefined ? {} : { accountType: type.id }),
      ...(credential === undefined ? {} : { selectedCredentialId: credential }),
      ...(this.adding === true ? { allowMultipleCredentials: true } : {}),
      ...(this.organization === "" ? {} : { organization: this.organization }),
    };
  }

  #reset(): void {
    this.attempt = undefined;
    this.organization = "";
    this.failure = undefined;
    this.chosenType = undefined;
    this.adding = undefined;
    this.confirming = undefined;
    this.busy = undefined;
    this.leaving = false;
    this.news = "";
    this.unfinished = false;
    this.#staleError = undefined;
  }

  #show(shown: boolean): void {
    if (this.#shown === shown) return;
    const wasShown = this.#shown === true;
    this.#shown = shown;
    this.displayed = false;
    this.#invoke("updateContainerStyle", { isModalShown: shown }).then(
      () => {
        this.displayed = this.#shown === true;
        this.#onChange();
      },
      () => undefined,
    );
    if (shown && !wasShown) this.#invoke("onOpen").catch(() => undefined);
  }
}
