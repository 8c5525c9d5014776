import { html, type TemplateResult } from "lit";
import type { WorkItem } from "../actions/list-work-items.ts";
import type { Desk } from "../desk.ts";
import { problem } from "./problem.ts";

/** Projects, their work items, and a new one: what the connection is for. */
export function workCard(desk: Desk): TemplateResult {
  return html`<section class="card" aria-labelledby="work-title">
    <h2 id="work-title">Work items</h2>
    ${projects(desk)} ${desk.project === undefined ? null : html`${items(desk)} ${createForm(desk)}`}
  </section>`;
}

function projects(desk: Desk): TemplateResult | null {
  const { projects } = desk;
  switch (projects.state) {
    case "idle":
      return html`<div class="actions">
        <button data-testid="load-projects" @click=${(): void => void desk.loadProjects()}>Load projects</button>
      </div>`;
    case "loading":
      return skeleton("Loading projects…");
    case "failed":
      return problem(
        projects.error,
        retry("projects-retry", () => void desk.loadProjects()),
      );
    case "ready":
      if (projects.value.length === 0) {
        return html`<p class="empty" data-testid="no-projects">You have no access to a project in this organization.</p>`;
      }
      return html`<div class="field">
        <label for="project">Project</label>
        <select id="project" data-testid="project" @change=${(event: Event): void => pick(event, desk)}>
          ${projects.value.map((project) => html`<option value=${project.id} ?selected=${project.id === desk.project?.id}>${project.name}</option>`)}
        </select>
      </div>`;
  }
}

function pick(event: Event, desk: Desk): void {
  const { value } = event.currentTarget as HTMLSelectElement;
  const project = desk.projects.state === "ready" ? desk.projects.value.find(({ id }) => id === value) : undefined;
  if (project !== undefined) void desk.openProject(project);
}

function items(desk: Desk): TemplateResult | null {
  const { items } = desk;
  switch (items.state) {
    case "idle":
      return null;
    case "loading":
      return skeleton("Loading work items…");
    case "failed":
      return problem(
        items.error,
        retry("items-retry", () => void desk.loadItems()),
      );
    case "ready":
      if (items.value.length === 0) {
        return html`<p class="empty" data-testid="no-items">No work items yet. Create the first one below.</p>`;
      }
      return html`<ul class="items" aria-label="Work items of ${desk.project?.name ?? "the project"}" data-testid="items">
        ${items.value.map(row)}
      </ul>`;
  }
}

function row(item: WorkItem): TemplateResult {
  const field = (name: string): string => String(item.fields[`System.${name}`] ?? "");
  return html`<li data-testid="item">
    <span class="number">#${item.id}</span>
    <span>${field("Title")}<br /><span class="small soft">${field("WorkItemType")}</span></span>
    <span class="status">${field("State")}</span>
  </li>`;
}

function createForm(desk: Desk): TemplateResult {
  return html`<form class="create" aria-labelledby="create-title" novalidate @submit=${(event: SubmitEvent): void => void send(event, desk)}>
    <h3 id="create-title">New work item from a ticket</h3>
    <div class="pair">
      <div class="field">
        <label for="title">Title</label>
        <input id="title" name="title" maxlength="255" autocomplete="off" aria-describedby="title-error" data-testid="title" @input=${clearError} />
        <span class="field-error" id="title-error"></span>
      </div>
      <div class="field">
        <label for="type">Type</label>
        <select id="type" name="type" data-testid="type"><option>Task</option><option>Bug</option><option>Issue</option></select>
      </div>
    </div>
    <div class="actions">
      <button class="primary" data-testid="create" ?disabled=${desk.creating}>
        ${desk.creating ? html`<pc-spinner></pc-spinner>Creating…` : "Create work item"}
      </button>
    </div>
    ${problem(desk.createProblem)}
    ${desk.created === undefined ? null : html`<pc-notice tone="good" data-testid="created">Work item #${desk.created.id} was created.</pc-notice>`}
  </form>`;
}

async function send(event: SubmitEvent, desk: Desk): Promise<void> {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const input = form.elements.namedItem("title") as HTMLInputElement;
  const type = form.elements.namedItem("type") as HTMLSelectElement;
  const title = input.value.trim();
  if (title === "") {
    markError(input, "Enter a title.");
    input.focus();
    return;
  }
  if (await desk.create(type.value, title)) input.value = "";
}

function clearError(event: Event): void {
  markError(event.currentTarget as HTMLInputElement, undefined);
}

function markError(input: HTMLInputElement, message: string | undefined): void {
  if (message === undefined) input.removeAttribute("aria-invalid");
  else input.setAttribute("aria-invalid", "true");
  const line = input.parentElement?.querySelector(".field-error");
  if (line) line.textContent = message ?? "";
}

function retry(testid: string, again: () => void): TemplateResult {
  return html`<div class="actions"><button data-testid=${testid} @click=${again}>Try again</button></div>`;
}

function skeleton(label: string): TemplateResult {
  return html`<div role="status"><span class="visually-hidden">${label}</span><div class="skeleton" aria-hidden="true"><i></i><i></i><i></i></div></div>`;
}
