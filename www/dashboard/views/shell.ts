import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Operator, Project } from "../api.ts";
import { pathOf, VIEWS, type Route, type View } from "../route.ts";
import { mark } from "./sign-in.ts";

/** What stands around every view. */
export interface Shell {
  readonly operator: Operator;
  readonly projects: readonly Project[];
  readonly route: Route;
  readonly content: TemplateResult;
  readonly go: (route: Route) => void;
  readonly signOut: () => void;
}

/** Navigation, account and the view itself. */
export function shell(shell: Shell): TemplateResult {
  return html`<a class="skip" href="#content" @click=${toContent}>Skip to the content</a>
    <div class="frame">
      <header>
        <p class="brand">${mark()}Gateway</p>
        ${projectSwitch(shell)}
        <nav aria-label="Project">
          <ul>
            ${(Object.keys(VIEWS) as View[]).map((view) => link(shell, view))}
          </ul>
        </nav>
        <div class="account">
          <p class="who"><span data-testid="operator">${shell.operator.email}</span> <span class="role">${shell.operator.role}</span></p>
          <button class="sign-out" data-testid="sign-out" @click=${shell.signOut}>Sign out</button>
        </div>
      </header>
      <main id="content" tabindex="-1">${shell.content}</main>
    </div>`;
}

function projectSwitch({ projects, route, go }: Shell): TemplateResult | null {
  if (projects.length === 0) return null;
  const change = (event: Event): void => go({ ...route, project: (event.currentTarget as HTMLSelectElement).value });
  return html`<div class="field project">
    <label for="project" class="small">Project</label>
    <select id="project" data-testid="project" .value=${live(route.project ?? "")} @change=${change}>
      ${projects.map((one) => html`<option value=${one.id} ?selected=${one.id === route.project}>${one.name}</option>`)}
    </select>
  </div>`;
}

function link({ route, go }: Shell, view: View): TemplateResult {
  const target = { ...route, view };
  const press = (event: MouseEvent): void => {
    // Another tab or window is the browser's business.
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(target);
  };
  return html`<li>
    <a href=${pathOf(target)} aria-current=${view === route.view ? "page" : "false"} @click=${press}>${VIEWS[view]}</a>
  </li>`;
}

function toContent(event: Event): void {
  event.preventDefault();
  const root = (event.currentTarget as HTMLElement).getRootNode() as ShadowRoot;
  root.querySelector<HTMLElement>("main")?.focus();
}
