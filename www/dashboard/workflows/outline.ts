import { html, type TemplateResult } from "lit";
import { text, type Json } from "../../lib/json.ts";
import { innerLists, insertStep, pointer, stepsAt, type Path } from "./definition.ts";
import { kindOf, kindsOf, newStep, type Kind } from "./forms/kinds.ts";
import { triggerTitle } from "./triggers.ts";
import type { EditorState, Selection } from "./state.ts";

/** What the outline asks of the editor. */
export interface OutlineView {
  readonly mayEdit: boolean;
  /** Pointer of the list to which a step is being added. */
  readonly adding: string | undefined;
  readonly setAdding: (list: string | undefined) => void;
}

/** The workflow from its trigger to its last step; each entry shows itself beside. */
export function outline(state: EditorState, view: OutlineView): TemplateResult {
  return html`<nav class="outline" aria-label="Parts of the workflow">
    <ul>
      ${entry(state, { view: "general" }, "Name and access", "", ["/id", "/description", "/infoText", "/permissions", "/hidden", "/defaultEnabled"])}
      ${entry(state, { view: "inputs" }, "Workflow inputs", "", ["/inputs"])}
      ${entry(state, { view: "trigger" }, "Trigger", triggerTitle(state.draft.trigger as Json | undefined), ["/trigger"])}
    </ul>
    <p class="outline-title" id="steps-title">Steps</p>
    ${list(state, ["steps"], view)}
    <ul class="rest">
      ${entry(state, { view: "json" }, "JSON", "the whole definition", [])} ${state.whole === undefined ? null : entry(state, { view: "versions" }, "Versions", "compare, deploy", [])}
    </ul>
  </nav>`;
}

function list(state: EditorState, path: Path, view: OutlineView): TemplateResult {
  const steps = stepsAt(state.draft, path);
  return html`<ol>
    ${steps.map((step, at) => {
      const here = [...path, at];
      const kind = kindOf(state.catalog ?? { actions: [], operators: [], sources: [] }, step.do as Json);
      const lists = innerLists(step, here);
      const own = lists.map((inner) => pointer(inner.path));
      return html`${entry(state, { view: "step", id: String(step.id) }, text(step.title) ?? kind?.title ?? String(step.id), String(step.id), [pointer(here)], own)}
      ${lists.map(
        (inner) => html`<li class="way">
          <p class="small soft">${inner.label}</p>
          ${list(state, inner.path, view)}
        </li>`,
      )}`;
    })}
    ${view.mayEdit ? html`<li>${adder(state, path, view)}</li>` : steps.length === 0 ? html`<li class="small soft">Nothing</li>` : null}
  </ol>`;
}

function entry(
  state: EditorState,
  selection: Selection,
  title: string,
  detail: string,
  places: readonly string[],
  without: readonly string[] = [],
): TemplateResult {
  const is = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);
  const count = state.inspection.problems.filter(
    ({ path }) => places.some((place) => is(path, place)) && !without.some((place) => is(path, place) && path !== place),
  ).length;
  const isShown = JSON.stringify(selection) === JSON.stringify(state.selection);
  return html`<li>
    <button type="button" class="entry-button" aria-current=${isShown ? "true" : "false"} data-testid="entry-${selection.view === "step" ? selection.id : selection.view}" @click=${(): void => state.select(selection)}>
      <span class="entry-title">${title}</span>
      ${detail === "" || detail === title ? null : html`<span class="small soft entry-detail">${detail}</span>`}
      ${count === 0 ? null : html`<span class="count-wrong"><span aria-hidden="true">${count}</span><span class="visually-hidden">, ${count} ${count === 1 ? "problem" : "problems"}</span></span>`}
    </button>
  </li>`;
}

function adder(state: EditorState, path: Path, view: OutlineView): TemplateResult {
  const place = pointer(path);
  const isOpen = view.adding === place;
  const add = (kind: Kind): void => {
    const step = newStep(state.draft, kind);
    state.replace(insertStep(state.draft, path, stepsAt(state.draft, path).length, step));
    view.setAdding(undefined);
    state.select({ view: "step", id: String(step.id) });
  };
  const close = (event: KeyboardEvent): void => {
    if (event.key === "Escape") view.setAdding(undefined);
  };
  return html`<div @keydown=${close}>
    <button type="button" class="add" aria-expanded=${isOpen ? "true" : "false"} data-testid="add-step${place.replaceAll("/", "-")}" @click=${(): void => view.setAdding(isOpen ? undefined : place)}>+ Add a step</button>
    ${
      isOpen && state.catalog !== undefined
        ? html`<ul class="kinds">
          ${kindsOf(state.catalog).map(
            (kind) => html`<li>
              <button type="button" class="kind" data-testid="kind-${kind.key}" @click=${(): void => add(kind)}>
                <strong>${kind.title}</strong><span class="small soft">${kind.description}</span>
              </button>
            </li>`,
          )}
        </ul>`
        : null
    }
  </div>`;
}
