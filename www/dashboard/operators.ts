import { css, html, LitElement, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import "../elements/notice.ts";
import "../elements/spinner.ts";
import { controls } from "../lib/controls.ts";
import { check, clear, fieldOf } from "../lib/fields.ts";
import { text, type Json } from "../lib/json.ts";
import { passwordField, passwordProblem } from "./account.ts";
import { call, objects } from "./api.ts";
import { Asking } from "./asking.ts";
import { parts } from "./style.ts";
import { failureNotice } from "./views/failure.ts";

interface Row {
  readonly id: string;
  readonly email: string;
  readonly role: string;
  readonly isYou: boolean;
}

/** What each role may do, in words. */
const ROLES: Readonly<Record<string, string>> = {
  viewer: "Viewer: views settings and the audit log",
  editor: "Editor: also changes settings",
  admin: "Admin: also manages secrets and operators",
};

/** Who may sign in to the dashboard, for admins. */
export class OperatorsElement extends LitElement {
  static override properties = { rights: { attribute: false } };
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
        padding: 0.75rem 0;
        border-block-end: 1px solid var(--line);
      }
      li:first-child {
        padding-block-start: 0;
      }
      li:last-child {
        padding-block-end: 0;
        border-block-end: 0;
      }
      li > p {
        flex: 1 1 14rem;
      }
      li select {
        inline-size: auto;
      }
    `,
  ];

  declare rights: readonly string[];
  #rows: readonly Row[] | undefined;
  #asking = new Asking(this);
  #removing: string | undefined;
  #news = "";

  constructor() {
    super();
    this.rights = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#run("", async () => undefined);
  }

  override render(): TemplateResult {
    return html`<h1>Operators</h1>
      <p class="soft">Who can sign in to this dashboard. Changing an operator's role or password ends all their sessions.</p>
      <section class="card" aria-label="Operators">
        ${failureNotice(this.#asking.failure, this.#rows === undefined ? (): void => void this.#run("", async () => undefined) : undefined)}
        ${
          this.#rows === undefined
            ? this.#asking.failure === undefined
              ? html`<p class="progress"><pc-spinner></pc-spinner>Loading operators…</p>`
              : null
            : html`<ul data-testid="operators">
              ${this.#rows.map((row) => this.#row(row))}
            </ul>`
        }
      </section>
      ${this.#rows === undefined ? null : this.#addForm()}
      <p class="visually-hidden" role="status" aria-live="polite" data-testid="news">${this.#news}</p>`;
  }

  #row(row: Row): TemplateResult {
    const setRole = (event: Event): void => {
      const role = (event.currentTarget as HTMLSelectElement).value;
      void this.#run(`${row.email} is now ${role}.`, () => call("PATCH", `/operators/${row.id}`, { role }));
    };
    return html`<li>
      <p><strong>${row.email}</strong>${row.isYou ? html` <span class="small soft">(you)</span>` : null}</p>
      <select aria-label="Role of ${row.email}" .value=${live(row.role)} @change=${setRole}>
        ${Object.keys(ROLES).map((role) => html`<option value=${role} ?selected=${role === row.role}>${role}</option>`)}
      </select>
      ${
        this.#removing === row.id
          ? html`<button
              class="danger"
              data-testid="confirm-remove"
              @click=${(): void => void this.#run(`${row.email} was removed.`, () => call("DELETE", `/operators/${row.id}`))}
            >
              Remove permanently<span class="visually-hidden"> ${row.email}</span>
            </button>
            <button class="quiet" @click=${(): void => this.#ask(undefined)}>Keep</button>`
          : html`<button class="danger" @click=${(): void => this.#ask(row.id)}>Remove<span class="visually-hidden"> ${row.email}</span></button>`
      }
    </li>`;
  }

  #addForm(): TemplateResult {
    return html`<form class="card narrow" novalidate aria-labelledby="add-title" @submit=${(event: Event): void => void this.#add(event)}>
      <h2 id="add-title">Add an operator</h2>
      <div class="field">
        <label for="email">Email address</label>
        <input id="email" name="email" type="email" autocomplete="off" autocapitalize="none" spellcheck="false" aria-required="true" aria-describedby="email-error" @input=${clear} />
        <span class="field-error" id="email-error"></span>
      </div>
      <div class="field">
        <label for="role">Role</label>
        <select id="role" name="role">
          ${Object.entries(ROLES).map(([role, words]) => html`<option value=${role}>${words}</option>`)}
        </select>
      </div>
      ${passwordField("password", "Initial password", "new-password")}
      <p class="small soft">Share it privately. The operator can change it under Your account.</p>
      <div class="actions">
        <button class="primary" data-testid="add-operator" aria-disabled=${this.#asking.busy ? "true" : "false"}>Add operator</button>
      </div>
    </form>`;
  }

  #ask(id: string | undefined): void {
    this.#removing = id;
    this.requestUpdate();
  }

  async #add(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const isRight = check(form, { email: (value) => (value.includes("@") ? "" : "Enter an email address."), password: passwordProblem });
    if (!isRight) return;
    const [email, role, password] = ["email", "role", "password"].map((name) => fieldOf(form, name).value);
    const isAdded = await this.#run(`${email} was added.`, () => call("POST", "/operators", { email, role, password }));
    if (isAdded) form.reset();
  }

  /** Does something, then reads the list again. @returns whether it worked. */
  async #run(done: string, action: () => Promise<unknown>): Promise<boolean> {
    if (this.#asking.busy) return false;
    this.#news = "";
    const question = async (): Promise<Json> => {
      await action();
      return call("GET", "/operators");
    };
    return this.#asking.ask(question, ({ operators }) => {
      this.#removing = undefined;
      this.#rows = objects(operators).map(rowOf);
      this.#news = done;
    });
  }
}

function rowOf(one: Json): Row {
  return { id: text(one.id) ?? "", email: text(one.email) ?? "", role: text(one.role) ?? "viewer", isYou: one.isYou === true };
}

customElements.define("dash-operators", OperatorsElement);
