import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import "../elements/notice.ts";
import "../elements/spinner.ts";
import { controls } from "../lib/controls.ts";
import { text, type Json } from "../lib/json.ts";
import { claimsOf } from "../lib/jwt.ts";
import { sentence } from "../lib/messages.ts";
import { call, objects } from "./api.ts";
import { Asking } from "./asking.ts";
import { parts } from "./style.ts";
import { failureNotice } from "./views/failure.ts";

interface Key {
  /** Undefined for those of the configuration file. */
  readonly id: string | undefined;
  readonly title: string;
  readonly detail: string;
  readonly publicKey: string | undefined;
}

type Way = "generate" | "publicKey" | "jwksUrl";

const WAYS: readonly (readonly [Way, string, string])[] = [
  ["generate", "Generate a key pair", "The gateway stores the public key. You copy the private key to your backend; it is shown once."],
  ["publicKey", "Paste a public key", "The public key of your backend's key pair: RSA, P-256 or Ed25519, in PEM format."],
  ["jwksUrl", "Enter a JWKS URL", "The gateway fetches the keys that your backend publishes there."],
];

/** The keys that user tokens of a project are verified with. */
export class KeysElement extends LitElement {
  static override properties = { project: { type: String }, rights: { attribute: false } };
  static override styles = [
    controls,
    parts,
    css`
      ul {
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 1rem;
        align-items: center;
        padding-block: 0.75rem;
      }
      li + li {
        border-block-start: 1px solid var(--line);
      }
      li > div {
        flex: 1 1 14rem;
        min-inline-size: 0;
      }
      .way {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.625rem;
        padding-block: 0.375rem;
      }
      .way input {
        margin-block-start: 0.1875rem;
      }
      .way label {
        display: block;
      }
      textarea {
        font-family: var(--mono);
        font-size: 0.875rem;
      }
      pre {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];

  declare project: string;
  declare rights: readonly string[];
  #keys: readonly Key[] | undefined;
  #audience: string | undefined;
  #asking = new Asking(this);
  #trying = new Asking(this);
  #way: Way = "generate";
  #privateKey: string | undefined;
  #removing: string | undefined;
  #news = "";
  #trial: Json | undefined;
  #claims: Json | undefined;

  constructor() {
    super();
    this.project = "";
    this.rights = [];
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("project")) return;
    this.#keys = undefined;
    this.#privateKey = undefined;
    this.#trial = undefined;
    void this.#load();
  }

  override render(): TemplateResult {
    const mayManage = this.rights.includes("manage_secrets");
    const { failure } = this.#asking;
    return html`<h1>Signing keys</h1>
      <p class="soft">Your backend signs a user token for each user. The gateway accepts tokens signed with one of these keys.</p>
      ${failureNotice(failure ?? this.#trying.failure, this.#keys === undefined ? (): void => void this.#load() : undefined)} ${this.#made()}
      <section class="card" aria-labelledby="keys-title" aria-busy=${this.#keys === undefined && failure === undefined ? "true" : "false"}>
        <h2 id="keys-title">Keys in use</h2>
        ${this.#list(mayManage)}
      </section>
      ${mayManage ? this.#addForm() : html`<pc-notice>These keys are read-only for you. Adding and removing keys requires the role admin.</pc-notice>`} ${this.#playground()}
      <p class="visually-hidden" role="status" aria-live="polite" data-testid="news">${this.#news}</p>`;
  }

  /** The private half, as long as the page is open. */
  #made(): TemplateResult | null {
    if (this.#privateKey === undefined) return null;
    return html`<section class="card" aria-labelledby="made-title">
      <h2 id="made-title" tabindex="-1">The private key</h2>
      <pc-notice tone="warn" heading="Shown only once">Copy it to your backend's secrets now. The gateway does not store it.</pc-notice>
      <pre data-testid="private-key" tabindex="0">${this.#privateKey}</pre>
      <div class="actions">
        <button class="primary" @click=${(): void => void this.#copy()}>Copy</button>
        <button data-testid="forget" @click=${(): void => this.#forget()}>I have stored it</button>
      </div>
    </section>`;
  }

  #list(mayManage: boolean): TemplateResult {
    const keys = this.#keys;
    if (keys === undefined) return this.#asking.failure === undefined ? html`<p class="progress"><pc-spinner></pc-spinner>Loading keys…</p>` : html``;
    if (keys.length === 0) return html`<p>No signing keys yet. Every user token is refused until you add one.</p>`;
    return html`<ul>
      ${keys.map((key) => this.#row(key, mayManage))}
    </ul>`;
  }

  #row(key: Key, mayManage: boolean): TemplateResult {
    const { id } = key;
    return html`<li>
      <div>
        <strong>${key.title}</strong>
        <p class="small soft">${key.detail}</p>
        ${
          key.publicKey === undefined
            ? null
            : html`<details>
              <summary>Public key<span class="visually-hidden"> ${key.title}, ${key.detail}</span></summary>
              <pre tabindex="0">${key.publicKey}</pre>
            </details>`
        }
      </div>
      ${
        id === undefined || !mayManage
          ? null
          : this.#removing === id
            ? html`<button class="danger" data-testid="confirm-remove" @click=${(): void => void this.#remove(id)}>Remove permanently</button>
              <button class="quiet" @click=${(): void => this.#ask(undefined)}>Keep</button>`
            : html`<button class="danger" data-testid="remove-key" @click=${(): void => this.#ask(id)}>Remove<span class="visually-hidden"> ${key.title}, ${key.detail}</span></button>`
      }
    </li>`;
  }

  #addForm(): TemplateResult {
    return html`<form class="card" aria-labelledby="add-title" @submit=${(event: Event): void => void this.#add(event)}>
      <h2 id="add-title">Add a key</h2>
      <fieldset>
        <legend class="visually-hidden">How</legend>
        ${WAYS.map(
          ([way, title, hint]) => html`<div class="way">
            <input type="radio" name="way" id="way-${way}" .checked=${this.#way === way} aria-describedby="hint-${way}" @change=${(): void => this.#choose(way)} />
            <div>
              <label for="way-${way}">${title}</label>
              <p class="small soft" id="hint-${way}">${hint}</p>
            </div>
          </div>`,
        )}
      </fieldset>
      ${
        this.#way === "generate"
          ? html`<div class="field narrow">
            <label for="value">Algorithm</label>
            <select id="value" name="value">
              <option>RS256</option>
              <option>ES256</option>
              <option>EdDSA</option>
            </select>
          </div>`
          : this.#way === "publicKey"
            ? html`<div class="field">
              <label for="value">Public key</label>
              <textarea id="value" name="value" rows="6" spellcheck="false" placeholder="-----BEGIN PUBLIC KEY-----"></textarea>
            </div>`
            : html`<div class="field">
              <label for="value">Address</label>
              <input id="value" name="value" type="url" autocomplete="off" placeholder="https://app.example.com/.well-known/jwks.json" />
            </div>`
      }
      <div class="actions"><button class="primary" data-testid="add-key" aria-disabled=${this.#asking.busy ? "true" : "false"}>${this.#way === "generate" ? "Generate key pair" : "Add key"}</button></div>
    </form>`;
  }

  #playground(): TemplateResult {
    const trial = this.#trial;
    return html`<form class="card" aria-labelledby="try-title" @submit=${(event: Event): void => void this.#try(event)}>
      <h2 id="try-title">Test a token</h2>
      <p class="small soft">
        Paste a user token from your backend. It requires the claims <code>sub</code> (the user ID) and <code>exp</code>; its
        <code>aud</code> is ${this.#audience === undefined ? html`omitted, or <code>${this.project}</code>` : html`<code>${this.#audience}</code>`}. The token is not stored.
      </p>
      <div class="field">
        <label for="token">User token</label>
        <textarea id="token" name="token" rows="4" spellcheck="false" autocomplete="off"></textarea>
      </div>
      <div class="actions"><button data-testid="try" aria-disabled=${this.#trying.busy ? "true" : "false"}>Test token</button></div>
      ${
        trial === undefined
          ? null
          : trial.accepted === true
            ? html`<pc-notice tone="good" heading="Token accepted" data-testid="trial">It identifies the user <code>${text(trial.userId)}</code>.</pc-notice>`
            : html`<pc-notice tone="bad" heading="Token refused" data-testid="trial">${sentence(text(trial.message) ?? "")} <span class="small">(${text(trial.code)})</span></pc-notice>`
      }
      ${
        trial === undefined || this.#claims === undefined
          ? null
          : html`<div>
            <p class="label">Claims</p>
            <pre tabindex="0">${JSON.stringify(this.#claims, null, 2)}</pre>
          </div>`
      }
    </form>`;
  }

  #path(below = ""): string {
    return `/projects/${encodeURIComponent(this.project)}/signing-keys${below}`;
  }

  #choose(way: Way): void {
    this.#way = way;
    this.requestUpdate();
  }

  #ask(id: string | undefined): void {
    this.#removing = id;
    this.requestUpdate();
  }

  #forget(): void {
    this.#privateKey = undefined;
    this.requestUpdate();
  }

  async #copy(): Promise<void> {
    await navigator.clipboard.writeText(this.#privateKey ?? "");
    this.#news = "Copied.";
    this.requestUpdate();
  }

  async #add(event: Event): Promise<void> {
    event.preventDefault();
    const value = fieldValue(event, "value");
    const isMade = this.#way === "generate";
    const done = isMade ? "The key pair was generated." : "The key was added.";
    await this.#change(done, () => call("POST", this.#path(), { [this.#way]: value }));
    await this.updateComplete;
    if (isMade && this.#privateKey !== undefined) this.renderRoot.querySelector<HTMLElement>("#made-title")?.focus();
  }

  async #remove(id: string): Promise<void> {
    await this.#change("The key was removed. Tokens signed with it are refused.", () => call("DELETE", this.#path(`/${encodeURIComponent(id)}`)));
    this.#ask(undefined);
  }

  async #try(event: Event): Promise<void> {
    event.preventDefault();
    const token = fieldValue(event, "token").trim();
    if (this.#trying.busy || token === "") return;
    this.#trial = undefined;
    this.#claims = claimsOf(token);
    await this.#trying.ask(
      () => call("POST", this.#path("/try"), { token }),
      (trial) => {
        this.#trial = trial;
        this.#news = trial.accepted === true ? "The token is accepted." : `The token is refused: ${text(trial.message) ?? ""}`;
      },
    );
  }

  #load(): Promise<boolean> {
    return this.#asking.ask(() => call("GET", this.#path()), this.#take);
  }

  async #change(done: string, change: () => Promise<Json>): Promise<void> {
    if (this.#asking.busy) return;
    this.#news = "";
    await this.#asking.ask(change, (answer) => {
      this.#take(answer);
      this.#privateKey = text(answer.privateKey) ?? this.#privateKey;
      this.#news = done;
    });
  }

  #take = (answer: Json): void => {
    this.#keys = objects(answer.keys).map(keyOf);
    this.#audience = text(answer.audience);
  };
}

function keyOf(one: Json): Key {
  const [url, kid, by] = [text(one.jwksUrl), text(one.kid), text(one.addedBy)];
  const added =
    by === undefined
      ? "In the configuration file"
      : `Added ${new Date(text(one.addedAt) ?? 0).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })} by ${by}`;
  return {
    id: text(one.id),
    title: url ?? `${text(one.algorithm) ?? ""} key${kid === undefined ? "" : ` “${kid}”`}`,
    detail: added,
    publicKey: text(one.publicKey),
  };
}

function fieldValue(event: Event, name: string): string {
  const field = (event.currentTarget as HTMLFormElement).elements.namedItem(name);
  return field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement ? field.value : "";
}

customElements.define("dash-keys", KeysElement);
