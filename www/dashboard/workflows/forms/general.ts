import { html, type TemplateResult } from "lit";
import { isObject } from "../../../lib/json.ts";
import { conditionFields } from "./condition.ts";
import { actionButton, checkField, plainField, valueAt, type Form } from "./form.ts";

const EVERYBODY_ELSE = { any: [{ all: [{ left: "{{user.meta.plan}}", operator: "$stringExactlyMatches", right: "" }] }] };

/** Name, explanation, and who has it. */
export function generalForm(form: Form): TemplateResult {
  const isLimited = isObject(valueAt(form, ["permissions"]));
  return html`<div class="stack">
    ${plainField(form, ["description"], { label: "Name", required: true, hint: "Shown to users in the Connect Portal." })}
    ${plainField(form, ["infoText"], { label: "Description", hint: "What the workflow does, in one or two sentences." }, { kind: "area" })}
    ${checkField(form, ["defaultEnabled"], { label: "Enabled by default", hint: "Switched on for newly connected accounts." })}
    ${checkField(form, ["hidden"], { label: "Hidden", hint: "Not shown in the Connect Portal. Your app can still switch it on and off." })}
    <fieldset class="group">
      <legend>Access</legend>
      ${
        isLimited
          ? html`${conditionFields(form, ["permissions"], "Access")} ${actionButton(form, "Allow all users", () => form.set(["permissions"], undefined))}`
          : html`<p class="small soft">All users with a connected account.</p>
            ${actionButton(form, "Restrict access…", () => form.set(["permissions"], EVERYBODY_ELSE))}`
      }
    </fieldset>
    <p class="small soft">Workflow ID: <code>${String(valueAt(form, ["id"]))}</code></p>
  </div>`;
}
