import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { Operator, Project } from "../api.ts";
import { GATEWAY_VIEWS, pathOf, PROJECT_VIEWS, titleOf, type Route, type View } from "../route.ts";
import { mark } from "./sign-in.ts";

/** The frame around every view. */
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
  return html`<a class="skip" href="#content" @click=${toContent}>Skip to content</a>
    <div class="frame">
      <header>
        <p class="brand">${mark()}Gateway</p>
        ${projectSwitch(shell)}
        <div class="navs"><nav aria-label="Project">
          <ul>
            ${views(PROJECT_VIEWS).map((view) => link(shell, view))}
          </ul>
        </nav>
        <nav aria-label="Gateway">
          <p class="small soft nav-title">Gateway</p>
          <ul>
            ${views(GATEWAY_VIEWS)
              .filter((view) => view !== "operators" || shell.operator.rights.includes("manage_operators"))
              .map((view) => link(shell, view))}
          </ul>
        </nav></div>
        <div class="account">
          <p class="who"><span data-testid="operator">${shell.operator.email}</span> <span class="role">${shell.operator.role}</span></p>
          <button class="sign-out" data-testid="sign-out" @click=${shell.signOut}>Sign out</button>
        </div>
      </header>
      <main id="content" tabindex="-1">${shell.content}</main>
    </div>`;
}

function views(titles: Partial<Record<View, string>>): View[] {
  return Object.keys(titles) as View[];
}

function projectSwitch({ projects, route, go }: Shell): TemplateResult | null {
  if (projects.length === 0) return null;
  const change = (event: Event): void => {
    const view = Object.hasOwn(GATEWAY_VIEWS, route.view) ? "integration" : route.view;
    go({ view, project: (event.currentTarget as HTMLSelectElement).value });
  };
  return html`<div class="field project">
    <label for="project" class="small">Project</label>
    <select id="project" data-testid="project" .value=${live(route.project ?? "")} @change=${change}>
      ${projects.map((one) => html`<option value=${one.id} ?selected=${one.id === route.project}>${one.name}</option>`)}
    </select>
  </div>`;
}

function link({ route, go }: Shell, view: View): TemplateResult {
  const target = { project: route.project, view };
  const press = (event: MouseEvent): void => {
    // Another tab or window is the browser's business.
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(target);
  };
  return html`<li>
    <a href=${pathOf(target)} aria-current=${view === route.view || (view === "workflows" && route.view === "new-workflow") ? "page" : "false"} @click=${press}>${titleOf(view)}</a>
  </li>`;
}

function toContent(event: Event): void {
  event.preventDefault();
  const root = (event.currentTarget as HTMLElement).getRootNode() as ShadowRoot;
  root.querySelector<HTMLElement>("main")?.focus();
}
