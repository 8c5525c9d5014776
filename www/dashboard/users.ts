import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import "../elements/notice.ts";
import "../elements/spinner.ts";
import { controls } from "../lib/controls.ts";
import { text, type Json } from "../lib/json.ts";
import { call, objects } from "./api.ts";
import { Asking } from "./asking.ts";
import { parts } from "./style.ts";
import { failureNotice } from "./views/failure.ts";

interface Account {
  readonly id: string;
  readonly organization: string;
  readonly status: string;
  readonly who: string;
  readonly type: string;
  readonly externalId: string | undefined;
  readonly connectedAt: Date;
  readonly failingTriggers: readonly FailingTrigger[];
}

/** A workflow that Azure DevOps does not tell of its work items. */
interface FailingTrigger {
  readonly workflow: string;
  readonly message: string;
  readonly nextTry: Date | undefined;
}

interface User {
  readonly id: string;
  readonly label: string | undefined;
  readonly accounts: readonly Account[];
}

/** How an account's status is shown. */
const STATUS: Readonly<Record<string, readonly [tone: string, words: string]>> = {
  VALID: ["good", "Connected"],
  INVALID: ["bad", "Needs reconnect"],
  PENDING: ["warn", "Setup incomplete"],
};

/** How long typing pauses before a search begins, in milliseconds. */
const PAUSE = 250;

/** The users of a project who connected accounts. */
export class UsersElement extends LitElement {
  static override properties = { project: { type: String }, rights: { attribute: false } };
  static override styles = [
    controls,
    parts,
    css`
      ul {
        list-style: none;
      }
      .user {
        display: grid;
        gap: 0.75rem;
        padding: 1rem 0;
        border-block-end: 1px solid var(--line);
      }
      .user:first-child {
        padding-block-start: 0;
      }
      .user:last-child {
        padding-block-end: 0;
        border-block-end: 0;
      }
      .account {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 1rem;
        align-items: center;
        padding: 0.625rem 0.875rem;
        background: var(--sunken);
        border-radius: calc(var(--radius) - 2px);
      }
      .account > p {
        flex: 1 1 14rem;
        min-inline-size: 0;
      }
      .account > pc-notice {
        flex: 1 1 100%;
      }
    `,
  ];

  declare project: string;
  declare rights: readonly string[];
  #users: readonly User[] | undefined;
  #next: string | undefined;
  #search = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = new Asking(this);
  #disconnecting = new Asking(this);
  /** The account that is disconnected on the next press. */
  #confirming: string | undefined;
  #news = "";

  constructor() {
    super();
    this.project = "";
    this.rights = [];
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has("project")) return;
    this.#search = "";
    this.#users = undefined;
    void this.#load(undefined);
  }

  override render(): TemplateResult {
    return html`<h1>Connected users</h1>
      <p class="soft">Users of this project with a connected Azure DevOps account.</p>
      <section class="card" aria-label="Users">
        <div class="field">
          <label for="search">Search by user, name, email, or organization</label>
          <input id="search" type="search" autocomplete="off" spellcheck="false" .value=${this.#search} @input=${this.#type} />
        </div>
        ${failureNotice(this.#reading.failure ?? this.#disconnecting.failure, (): void => void this.#load(undefined))} ${this.#list()}
      </section>
      <p class="visually-hidden" role="status" aria-live="polite" data-testid="news">${this.#news}</p>`;
  }

  #list(): TemplateResult | null {
    if (this.#users === undefined) return this.#reading.failure === undefined ? html`<p class="progress"><pc-spinner></pc-spinner>Loading users…</p>` : null;
    if (this.#users.length === 0) {
      return html`<p class="soft" data-testid="empty">${this.#search === "" ? "No connected users yet." : "No matching users."}</p>`;
    }
    return html`<ul data-testid="users">
        ${this.#users.map((user) => this.#user(user))}
      </ul>
      ${this.#next === undefined ? null : html`<div class="actions"><button data-testid="more" @click=${(): void => void this.#load(this.#next)}>Show more users</button></div>`}`;
  }

  #user(user: User): TemplateResult {
    return html`<li class="user">
      <p><strong><bdi>${user.id}</bdi></strong>${user.label === undefined ? null : html` <span class="small soft">also known as <bdi>${user.label}</bdi></span>`}</p>
      ${user.accounts.map((account) => this.#account(user, account))}
    </li>`;
  }

  #account(user: User, account: Account): TemplateResult {
    const [tone, words] = (Object.hasOwn(STATUS, account.status) ? STATUS[account.status] : undefined) ?? ["warn", account.status];
    const name = `${account.organization} of ${user.id}`;
    return html`<div class="account">
      <p>
        <strong>${account.organization}</strong> ${account.who}<br />
        <span class="small soft">
          ${account.type === "personal_access_token" ? "Personal access token" : "Microsoft account"}${account.externalId === undefined ? null : html` · ${account.externalId}`}
          · since ${account.connectedAt.toLocaleDateString(undefined, { dateStyle: "medium" })}
        </span>
      </p>
      <span class="status ${tone}">${words}</span>
      ${
        !this.rights.includes("manage_users")
          ? null
          : this.#confirming === account.id
            ? html`<button class="danger" data-testid="confirm-disconnect" @click=${(): void => void this.#disconnect(account.id, name)}>
                Disconnect permanently<span class="visually-hidden"> ${name}</span>
              </button>
              <button class="quiet" @click=${(): void => this.#ask(undefined)}>Keep</button>`
            : html`<button class="danger" data-testid="disconnect" @click=${(): void => this.#ask(account.id)}>Disconnect<span class="visually-hidden"> ${name}</span></button>`
      }
      ${account.failingTriggers.map(failingTrigger)}
    </div>`;
  }

  #ask(id: string | undefined): void {
    this.#confirming = id;
    this.requestUpdate();
  }

  #type = (event: Event): void => {
    this.#search = (event.currentTarget as HTMLInputElement).value;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(undefined), PAUSE);
  };

  #load(after: string | undefined): Promise<boolean> {
    const query = new URLSearchParams({ search: this.#search, ...(after === undefined ? {} : { after }) });
    return this.#reading.ask(
      () => call("GET", `/projects/${encodeURIComponent(this.project)}/users?${query}`),
      (answer) => {
        const users = objects(answer.users).map(userOf);
        this.#users = after === undefined ? users : [...(this.#users ?? []), ...users];
        this.#next = text(answer.next);
        if (this.#search !== "" && after === undefined) this.#news = `${users.length} users found.`;
      },
    );
  }

  async #disconnect(id: string, name: string): Promise<void> {
    const isDone = await this.#disconnecting.ask(
      () => call("DELETE", `/projects/${encodeURIComponent(this.project)}/accounts/${encodeURIComponent(id)}`),
      () => (this.#confirming = undefined),
    );
    if (!isDone) return;
    await this.#load(undefined);
    this.#news = `${name} was disconnected.`;
    this.requestUpdate();
  }
}

function failingTrigger({ workflow, message, nextTry }: FailingTrigger): TemplateResult {
  const again = nextTry === undefined ? null : html` The next attempt is at ${nextTry.toLocaleTimeString(undefined, { timeStyle: "short" })}.`;
  return html`<pc-notice tone="warn" heading=${`“${workflow}” is not triggered by work items`} data-testid="failing-trigger">${message}${again}</pc-notice>`;
}

function userOf(one: Json): User {
  const id = text(one.id) ?? "";
  return { id, label: text(one.name) ?? text(one.email), accounts: objects(one.accounts).map(accountOf) };
}

function accountOf(one: Json): Account {
  return {
    id: text(one.id) ?? "",
    organization: text(one.organization) ?? "No organization yet",
    status: text(one.status) ?? "",
    who: text(one.displayName) ?? text(one.emailAddress) ?? "",
    type: text(one.accountType) ?? "",
    externalId: text(one.externalId),
    connectedAt: new Date(text(one.connectedAt) ?? 0),
    failingTriggers: objects(one.failingTriggers).map((trigger) => {
      const nextTry = text(trigger.nextTry);
      return { workflow: text(trigger.workflow) ?? "", message: text(trigger.message) ?? "", nextTry: nextTry === undefined ? undefined : new Date(nextTry) };
    }),
  };
}

customElements.define("dash-users", UsersElement);
