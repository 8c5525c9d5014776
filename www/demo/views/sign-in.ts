import { html, type TemplateResult } from "lit";
import type { Desk } from "../desk.ts";
import { problem } from "./problem.ts";

const PEOPLE = [
  { id: "ada", name: "Ada", role: "Leads the support team" },
  { id: "grace", name: "Grace", role: "Answers tickets at night" },
] as const;

/** Selects a user, in place of the host app's own sign-in. */
export function signInView(desk: Desk): TemplateResult {
  return html`<div class="welcome stack">
    <div>
      <h1 tabindex="-1">Sign in to Harbor Desk</h1>
      <p class="soft">A support desk that sends bugs to your developers. Each user connects their own account.</p>
    </div>
    ${problem(desk.problem)}
    <div class="people">
      ${PEOPLE.map(
        (person) => html`<button
          class="person"
          data-testid="sign-in-${person.id}"
          ?disabled=${desk.signingIn !== undefined}
          @click=${(): void => void desk.signIn(person.id)}
        >
          <span class="face" aria-hidden="true">${person.name.charAt(0)}</span>
          <span>${desk.signingIn === person.id ? "Signing in…" : `Continue as ${person.name}`}<small>${person.role}</small></span>
        </button>`,
      )}
    </div>
  </div>`;
}

/** Name of a user as it is shown. */
export function nameOf(user: string): string {
  return PEOPLE.find((person) => person.id === user)?.name ?? user;
}
