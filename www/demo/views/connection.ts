import { html, type TemplateResult } from "lit";
import type { Connection } from "../connection-state.ts";
import type { Desk } from "../desk.ts";
import type { Headless } from "../headless-state.ts";
import { problem } from "./problem.ts";

const CHIPS: Readonly<Record<Connection["status"], { label: string; tone: string }>> = {
  none: { label: "Not connected", tone: "" },
  connected: { label: "Connected", tone: "good" },
  broken: { label: "Needs reconnect", tone: "bad" },
};

/** The integration's card: its state, and the two ways to connect. */
export function connectionCard(desk: Desk): TemplateResult {
  const { connection } = desk;
  const chip = CHIPS[connection.status];
  return html`<section class="card" aria-labelledby="connection-title">
    <div class="head">
      <pc-integration-icon type="azuredevops"></pc-integration-icon>
      <div class="grow">
        <h2 id="connection-title">Azure DevOps</h2>
        <p class="small soft">Create work items from support tickets.</p>
      </div>
      <span class="status ${chip.tone}" data-testid="connection" role="status">${chip.label}</span>
    </div>
    ${connection.status === "none" ? unconnected(desk) : connected(desk)}
  </section>`;
}

function connected(desk: Desk): TemplateResult {
  const { connection } = desk;
  const names = [connection.account, connection.organization].filter((name) => name !== undefined);
  return html`${names.length === 0 ? null : html`<p data-testid="account">${names.join(" · ")}</p>`}
    ${
      connection.status === "broken"
        ? html`<pc-notice tone="warn" heading="Azure DevOps no longer accepts this sign-in">
          Open the portal and reconnect.
        </pc-notice>`
        : null
    }
    <div class="actions">
      <button data-testid="manage" @click=${(): void => desk.openPortal()}>
        ${connection.status === "broken" ? "Reconnect in portal" : "Manage"}
      </button>
      <button class="danger" data-testid="disconnect" ?disabled=${desk.disconnecting} @click=${(): void => void desk.disconnect()}>
        ${desk.disconnecting ? "Disconnecting…" : "Disconnect"}
      </button>
    </div>`;
}

function unconnected(desk: Desk): TemplateResult {
  const { headless } = desk;
  switch (headless.state) {
    case "waiting":
      return waiting(headless);
    case "blocked":
      return html`<pc-notice tone="warn" heading="Your browser blocked the sign-in window" data-testid="headless-blocked">
          Open it with this button. If that does not help, allow pop-ups for this site.
        </pc-notice>
        <div class="actions">
          <button class="primary" data-testid="headless-retry" @click=${(): void => desk.retryHeadless(headless.retry)}>
            Open sign-in window
          </button>
        </div>`;
    default:
      return html`${outcome(headless)}
        <div class="actions">
          <button class="primary" data-testid="connect-portal" @click=${(): void => desk.openPortal()}>Connect with portal</button>
          <button data-testid="connect-headless" @click=${(): void => desk.connectHeadless()}>Connect with own button</button>
        </div>`;
  }
}

function waiting(headless: Extract<Headless, { state: "waiting" }>): TemplateResult {
  const { status } = headless;
  return html`<div class="stack" data-testid="headless-waiting" data-status=${status?.status ?? "pending"}>
    <p class="busy" role="status"><pc-spinner></pc-spinner><strong>Finish in the other window</strong></p>
    <p class="soft">
      ${
        status?.popupClosed === true
          ? "The window seems to be closed. If it is still open, continue there. Otherwise open it again."
          : "If you cannot see it, look behind this window."
      }
    </p>
    <div class="actions">
      <button data-testid="headless-reopen" ?disabled=${status === undefined} @click=${(): void => status?.reopen()}>
        Open again
      </button>
      <button class="quiet" data-testid="headless-cancel" ?disabled=${status === undefined} @click=${(): void => status?.cancel()}>
        Cancel
      </button>
    </div>
  </div>`;
}

function outcome(headless: Headless): TemplateResult | null {
  switch (headless.state) {
    case "cancelled":
      return html`<pc-notice data-testid="headless-cancelled">Connecting was canceled. Nothing was changed.</pc-notice>`;
    case "timeout":
      return html`<pc-notice tone="warn" heading="The sign-in took too long" data-testid="headless-timeout">
        Nothing was changed. Connect again when you are ready.
      </pc-notice>`;
    case "failed":
      return problem(headless.error);
    default:
      return null;
  }
}
