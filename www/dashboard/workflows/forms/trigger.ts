import { html, type TemplateResult } from "lit";
import { isObject, type Json } from "../../../lib/json.ts";
import { choiceField, jsonField, plainField, valueAt, type Form } from "./form.ts";

/** Triggers with what a new one begins with, and how they are called. */
export const TRIGGERS: readonly { readonly type: string; readonly title: string; readonly hint: string; readonly blank: Json }[] = [
  { type: "appEvent", title: "App event", hint: "The app sends it with paragon.event.", blank: { event: "" } },
  { type: "request", title: "Request", hint: "The app asks with paragon.workflow, and a Response step answers.", blank: {} },
  { type: "integrationEnabled", title: "Switched on", hint: "A user switches the workflow on, or connects an account with it.", blank: {} },
];

/** How a trigger is called. */
export function triggerTitle(trigger: Json | undefined): string {
  const title = TRIGGERS.find(({ type }) => type === trigger?.type)?.title ?? (trigger === undefined ? "No trigger" : String(trigger.type));
  return trigger?.type === "appEvent" && typeof trigger.event === "string" && trigger.event !== "" ? `${title}: ${trigger.event}` : title;
}

/** What starts the workflow. */
export function triggerForm(form: Form): TemplateResult {
  const trigger = valueAt(form, ["trigger"]);
  const type = isObject(trigger) ? trigger.type : undefined;
  const known = TRIGGERS.find((one) => one.type === type);
  const choose = (chosen: unknown): void => {
    const found = TRIGGERS.find((one) => one.type === chosen);
    form.set(["trigger"], found === undefined ? undefined : { type: found.type, ...found.blank });
  };
  const none: [undefined, string][] = known === undefined ? [[undefined, "None"]] : [];
  return html`<div class="stack">
    ${choiceField(
      form,
      ["trigger", "type"],
      { label: "What starts it", required: true, ...(known === undefined ? {} : { hint: known.hint }) },
      [...none, ...TRIGGERS.map((one): [string, string] => [one.type, one.title])],
      choose,
    )}
    ${type === "appEvent" ? plainField(form, ["trigger", "event"], { label: "Name of the event", required: true, example: "Ticket Created" }) : null}
    ${type === "appEvent" || type === "request"
      ? jsonField(form, ["trigger", "sample"], {
          label: type === "request" ? "Sample of the body" : "Sample of what the app sends",
          hint: "JSON. The menu behind {{ shows its fields, and steps are tried with it.",
          example: '{ "title": "The crane does not stop" }',
        })
      : null}
  </div>`;
}
