import { html, type TemplateResult } from "lit";
import type { SettingsForm } from "../form.ts";
import { fieldId, type SettingsSession } from "../session.ts";
import { settingField } from "./field.ts";

/** A form of settings with its buttons; `submit` is what saving does, in words. */
export function settingsForm(session: SettingsSession, form: SettingsForm, label: string, submit: string): TemplateResult {
  const { busy, failure, changed } = form;
  const isOfWorkflow = form.place.kind === "workflow";
  const send = (event: Event): void => {
    event.preventDefault();
    void session.save(form);
  };
  return html`<form class="stack settings-form" novalidate aria-label=${label} @submit=${send}>
    ${form.inputs.map((input) => settingField(form, input))}
    <div id=${fieldId(form.place, "failure")} tabindex="-1" ?hidden=${failure === undefined}>
      ${
        failure === undefined
          ? null
          : html`<pc-notice tone="bad" .heading=${failure.title} data-testid="settings-error">
            ${failure.advice} ${failure.requestId === undefined ? null : html`<br /><span class="small">Reference: ${failure.requestId}</span>`}
          </pc-notice>`
      }
    </div>
    ${
      isOfWorkflow || changed || busy || form.saved
        ? html`<div class="actions">
          <button class="primary" data-testid="save-settings" aria-disabled=${busy ? "true" : "false"}>
            ${busy ? html`<pc-spinner></pc-spinner>Saving…` : submit}
          </button>
          ${
            isOfWorkflow || changed
              ? html`<button type="button" class="quiet" data-testid="discard-settings" ?disabled=${busy} @click=${(): void => session.discard(form)}>
                ${changed ? "Discard changes" : "Close"}
              </button>`
              : null
          }
          ${form.saved ? html`<span class="saved small" data-testid="saved">✓ Saved</span>` : null}
        </div>`
        : null
    }
  </form>`;
}
