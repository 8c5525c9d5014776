import { html, type TemplateResult } from "lit";
import { isObject } from "../../../lib/json.ts";
import { TRIGGERS } from "../triggers.ts";
import { choiceField, jsonField, plainField, valueAt, type Form } from "./form.ts";

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
