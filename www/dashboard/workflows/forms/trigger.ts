import { html, type TemplateResult } from "lit";
import { isObject } from "../../../lib/json.ts";
import { TRIGGERS } from "../triggers.ts";
import { choiceField, jsonField, plainField, templateField, valueAt, type Form } from "./form.ts";

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
      { label: "Trigger", required: true, ...(known === undefined ? {} : { hint: known.hint }) },
      [...none, ...TRIGGERS.map((one): [string, string] => [one.type, one.title])],
      choose,
    )}
    ${type === "appEvent" ? plainField(form, ["trigger", "event"], { label: "Event name", required: true, example: "Ticket Created" }) : null}
    ${type === "schedule" ? schedule(form) : null} ${typeof type === "string" && type.startsWith("workItem") ? workItems(form, type) : null}
    ${
      type === "appEvent" || type === "request"
        ? jsonField(form, ["trigger", "sample"], {
            label: type === "request" ? "Sample body" : "Sample payload",
            hint: "JSON. The {{ menu shows its fields, and step tests use it.",
            example: '{ "title": "The crane does not stop" }',
          })
        : null
    }
  </div>`;
}

function schedule(form: Form): TemplateResult {
  return html`${plainField(form, ["trigger", "cron"], {
    label: "Times",
    required: true,
    example: "0 0 9 * * MON-FRI",
    hint: "Cron expression: second, minute, hour, day of month, month, day of week.",
  })}
  ${plainField(form, ["trigger", "timeZone"], { label: "Time zone", required: true, example: "Europe/Berlin", hint: "IANA time zone name. Daylight saving time is applied." })}`;
}

function workItems(form: Form, type: string): TemplateResult {
  return html`${templateField(form, ["trigger", "project"], { label: "Project", required: true, hint: "Name of the project, or a reference to a workflow input. The account needs permission to edit subscriptions." })}
  ${templateField(form, ["trigger", "workItemType"], { label: "Work item type", hint: "Only work items of this type." })}
  ${templateField(form, ["trigger", "areaPath"], { label: "Area", hint: "Only work items in this area or below." })}
  ${type === "workItemUpdated" ? templateField(form, ["trigger", "changedField"], { label: "Changed field", example: "System.State", hint: "Only when this field changes." }) : null}`;
}
