import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import "../elements/notice.ts";
import "../elements/spinner.ts";
import { controls } from "../lib/controls.ts";
import { readAudit, type AuditEntry } from "./api.ts";
import { Asking } from "./asking.ts";
import { actionWords, changeLines } from "./audit-words.ts";
import { parts } from "./style.ts";
import { failureNotice } from "./views/failure.ts";

/** Who did what, newest first, a page at a time. */
export class AuditLogElement extends LitElement {
  static override properties = { project: { type: String } };
  static override styles = [
    controls,
    parts,
    css`
      ol {
        list-style: none;
      }
      li {
        display: grid;
        gap: 0.25rem;
        padding: 0.75rem 0;
        border-block-end: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      li:first-child {
        padding-block-start: 0;
      }
      li:last-child {
        padding-block-end: 0;
        border-block-end: 0;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 0.125rem 1rem;
        justify-content: space-between;
      }
      .changes {
        display: grid;
        gap: 0.25rem;
        font-size: 0.875rem;
      }
      .changes div {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.5rem;
      }
      dt {
        color: var(--ink-soft);
      }
      del {
        color: var(--ink-soft);
      }
      ins {
        text-decoration: none;
        font-weight: 600;
      }
    `,
  ];

  declare project: string;
  #entries: readonly AuditEntry[] = [];
  #next: number | undefined;
  #asking = new Asking(this);

  constructor() {
    super();
    this.project = "";
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("project")) void this.#load(undefined);
  }

  override render(): TemplateResult {
    return html`<h1>Audit log</h1>
      <p class="soft">Sign-ins and changes in this project. Passwords and secrets are never recorded.</p>
      <section class="card" aria-label="Entries" aria-busy=${this.#asking.busy ? "true" : "false"}>${this.#content()}</section>`;
  }

  #content(): TemplateResult {
    const { busy, failure } = this.#asking;
    if (busy && this.#entries.length === 0) return html`<p class="progress"><pc-spinner></pc-spinner>Loading the audit log…</p>`;
    const more = (): void => void (busy || this.#load(this.#next));
    const failed = failureNotice(failure, this.#entries.length === 0 ? (): void => void this.#load(undefined) : more);
    if (this.#entries.length === 0) return failed ?? html`<p class="soft" data-testid="empty">No activity yet.</p>`;
    return html`<ol data-testid="entries">
        ${this.#entries.map(line)}
      </ol>
      ${failed}
      ${
        this.#next === undefined || failed !== null
          ? null
          : html`<div class="actions">
            <button data-testid="more" aria-disabled=${busy ? "true" : "false"} @click=${more}>
              ${busy ? html`<pc-spinner></pc-spinner>Loading…` : "Show older entries"}
            </button>
          </div>`
      }`;
  }

  #load(before: number | undefined): Promise<boolean> {
    if (before === undefined) this.#entries = [];
    return this.#asking.ask(
      () => readAudit(this.project, before),
      (page) => {
        this.#entries = [...this.#entries, ...page.entries];
        this.#next = page.next;
      },
    );
  }
}

function line(entry: AuditEntry): TemplateResult {
  const changes = changeLines(entry.before, entry.after);
  return html`<li>
    <div class="line">
      <p><strong>${entry.actor}</strong> ${actionWords(entry)}</p>
      <time class="small soft" datetime=${entry.at.toISOString()}>${entry.at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}</time>
    </div>
    ${
      changes.length === 0
        ? null
        : html`<dl class="changes">
          ${changes.map(
            ({ field, before, after }) => html`<div>
              <dt>${field}</dt>
              <dd>
                ${before === undefined ? null : html`<del><span class="visually-hidden">before: </span>${before}</del> `}
                <ins><span class="visually-hidden">now: </span>${after ?? "not set"}</ins>
              </dd>
            </div>`,
          )}
        </dl>`
    }
  </li>`;
}

customElements.define("dash-audit-log", AuditLogElement);
