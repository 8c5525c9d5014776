import { html, type TemplateResult } from "lit";
import { isObject, text, type Json } from "../../../lib/json.ts";
import { renameStep, type Path } from "../definition.ts";
import { conditionFields } from "./condition.ts";
import { actionButton, checkField, choiceField, jsonField, numberOf, plainField, templateField, valueAt, type Form } from "./form.ts";
import { kindOf } from "./kinds.ts";
import { objectFields } from "./schema.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"].map((method): [string, string] => [method, method]);
const UNITS: [string, string][] = [
  ["SECONDS", "seconds"],
  ["MINUTES", "minutes"],
  ["HOURS", "hours"],
  ["DAYS", "days"],
];

/** The form of one step. `replace` puts another definition in place. */
export function stepForm(form: Form, path: Path, replace: (definition: Json) => void): TemplateResult {
  const step = valueAt(form, path);
  if (!isObject(step)) return html``;
  const work = isObject(step.do) ? step.do : {};
  const kind = kindOf(form.catalog, work);
  return html`<div class="stack">
    <p class="soft">${kind?.description}</p>
    ${plainField(form, [...path, "title"], { label: "Step name", example: kind?.title ?? "", hint: "Shown here and in the run history." })}
    ${workFields(form, [...path, "do"], work)}
    <details class="more">
      <summary>Step ID and error handling</summary>
      <div class="stack">
        ${plainField(
          form,
          [...path, "id"],
          { label: "Step ID", required: true, hint: "Used in references, which are updated when you change it." },
          { change: (id) => replace(renameStep(form.definition, path, id)) },
        )}
        ${checkField(form, [...path, "retry"], { label: "Retry automatically", hint: "Up to five attempts within half a minute. When Azure DevOps limits the request rate, the step is always retried later." }, true)}
        ${checkField(form, [...path, "continueOnError"], { label: "Continue on error", hint: `Later steps can read {{${text(step.id) ?? "id"}.output.error.code}}.` })}
      </div>
    </details>
  </div>`;
}

function workFields(form: Form, path: Path, work: Json): TemplateResult {
  switch (work.type) {
    case "action": {
      const action = form.catalog.actions.find(({ name }) => name === work.action);
      return action === undefined
        ? html`<p>The gateway has no action <code>${String(work.action)}</code>.</p>`
        : objectFields(form, [...path, "parameters"], action.parameters);
    }
    case "integrationRequest":
      return html`${method(form, path, work)}
        ${templateField(form, [...path, "path"], { label: "Path", required: true, hint: "Relative to the organization, including the query string. Inserted values are URL-encoded." })}
        ${choiceField(form, [...path, "contentType"], { label: "Content type" }, [
          [undefined, "application/json"],
          ["application/json-patch+json", "application/json-patch+json (work items)"],
        ])}
        ${body(form, path, work)}`;
    case "request":
      return html`${method(form, path, work)} ${templateField(form, [...path, "url"], { label: "URL", required: true, hint: "A public HTTPS URL." })}
        ${jsonField(form, [...path, "headers"], { label: "Headers", hint: 'An object of strings, such as {"authorization": "Bearer {{secrets.KEY}}"}.' })} ${body(form, path, work)}`;
    case "conditional":
      return ways(form, path, work);
    case "fanOut":
      return html`${templateField(form, [...path, "over"], { label: "List", required: true, example: "{{", hint: "A reference to a list. Inside the fan-out, the menu shows the current item." })}
        ${templateField(form, [...path, "atOnce"], { label: "Parallelism", example: "5", hint: "From 1 to 20." }, { read: numberOf })}`;
    case "delay":
      return html`${templateField(form, [...path, "amount"], { label: "How long", required: true }, { read: numberOf })}
        ${choiceField(form, [...path, "unit"], { label: "Unit", required: true }, UNITS)}`;
    case "response":
      return html`${templateField(form, [...path, "status"], { label: "Status", example: "200" }, { read: numberOf })} ${jsonField(form, [...path, "body"], { label: "Body" }, { takesText: true })}`;
    default:
      return html`<p>Steps of the type <code>${String(work.type)}</code> are edited as JSON.</p>`;
  }
}

function method(form: Form, path: Path, work: Json): TemplateResult {
  const choose = (method: unknown): void => {
    const { body: _, ...rest } = work;
    form.set(path, method === "GET" ? { ...rest, method } : { ...work, method });
  };
  return choiceField(form, [...path, "method"], { label: "Method", required: true }, METHODS, choose);
}

function body(form: Form, path: Path, work: Json): TemplateResult | null {
  if (work.method === undefined || work.method === "GET") return null;
  return jsonField(form, [...path, "body"], { label: "Body", hint: "JSON. Strings can contain references." }, { takesText: true });
}

function ways(form: Form, path: Path, work: Json): TemplateResult {
  const branches = Array.isArray(work.branches) ? work.branches : [];
  const add = (): void =>
    form.set([...path, "branches"], [...branches, { when: { any: [{ all: [{ left: "", operator: "$stringExactlyMatches", right: "" }] }] }, steps: [] }]);
  const remove = (at: number): void =>
    form.set(
      [...path, "branches"],
      branches.filter((_, index) => index !== at),
    );
  return html`<p class="small soft">The first branch whose condition is true runs; otherwise the branch “Otherwise”. The steps of each branch are in the outline.</p>
    ${branches.map((branch: unknown, at) => {
      const name = (isObject(branch) && text(branch.title)) || `If ${at + 1}`;
      const steps = isObject(branch) && Array.isArray(branch.steps) ? branch.steps.length : 0;
      return html`<fieldset class="group">
        <legend>${name}</legend>
        ${plainField(form, [...path, "branches", at, "title"], { label: `Name of branch ${at + 1}`, example: `If ${at + 1}` })} ${conditionFields(form, [...path, "branches", at, "when"], name)}
        ${branches.length > 1 && steps === 0 ? actionButton(form, "Remove branch", () => remove(at), { label: `Remove ${name}` }) : null}
      </fieldset>`;
    })}
    ${actionButton(form, "Add branch", add)}`;
}
