import { html, type TemplateResult } from "lit";
import { isObject } from "../../../lib/json.ts";
import { conditionFields } from "./condition.ts";
import { actionButton, checkField, plainField, valueAt, type Form } from "./form.ts";

const EVERYBODY_ELSE = { any: [{ all: [{ left: "{{user.meta.plan}}", operator: "$stringExactlyMatches", right: "" }] }] };

/** Name, explanation, and who has it. */
export function generalForm(form: Form): TemplateResult {
  const isLimited = isObject(valueAt(form, ["permissions"]));
  return html`<div class="stack">
    ${plainField(form, ["description"], { label: "Name", required: true, hint: "Users read it in the portal." })}
    ${plainField(form, ["infoText"], { label: "Explanation", hint: "What it does, in a sentence or two." }, { kind: "area" })}
    ${checkField(form, ["defaultEnabled"], { label: "On from the start", hint: "Switched on for accounts that are connected from now on." })}
    ${checkField(form, ["hidden"], { label: "Hidden", hint: "Not shown in the portal; your app can still switch it." })}
    <fieldset class="group">
      <legend>Who may use it</legend>
      ${isLimited
        ? html`${conditionFields(form, ["permissions"], "Who may use it")} ${actionButton(form, "Everybody may use it", () => form.set(["permissions"], undefined))}`
        : html`<p class="small soft">Everybody who has connected an account.</p>
            ${actionButton(form, "Only some users …", () => form.set(["permissions"], EVERYBODY_ELSE))}`}
    </fieldset>
    <p class="small soft">Id in the API: <code>${String(valueAt(form, ["id"]))}</code></p>
  </div>`;
}
