import type { Json } from "../../lib/json.ts";

/** Triggers with what a new one begins with, and how they are called. */
export const TRIGGERS: readonly { readonly type: string; readonly title: string; readonly hint: string; readonly blank: Json }[] = [
  { type: "appEvent", title: "App event", hint: "The app sends it with paragon.event.", blank: { event: "" } },
  { type: "request", title: "Request", hint: "The app asks with paragon.workflow, and a Response step answers.", blank: {} },
  { type: "schedule", title: "Schedule", hint: "At times that you write down, for each account that has it on.", blank: { cron: "0 0 9 * * MON-FRI", timeZone: "UTC" } },
  { type: "workItemCreated", title: "Work item created", hint: "Azure DevOps tells when one is created in the user's project.", blank: { project: "" } },
  { type: "workItemUpdated", title: "Work item changed", hint: "Azure DevOps tells when one is changed in the user's project.", blank: { project: "" } },
  { type: "workItemDeleted", title: "Work item deleted", hint: "Azure DevOps tells when one is moved to the recycle bin.", blank: { project: "" } },
  { type: "integrationEnabled", title: "Switched on", hint: "A user switches the workflow on, or connects an account with it.", blank: {} },
];

/** How a trigger is called. */
export function triggerTitle(trigger: Json | undefined): string {
  const title = TRIGGERS.find(({ type }) => type === trigger?.type)?.title ?? (trigger === undefined ? "No trigger" : String(trigger.type));
  const detail = trigger?.type === "appEvent" ? trigger.event : trigger?.type === "schedule" ? trigger.cron : undefined;
  return typeof detail === "string" && detail !== "" ? `${title}: ${detail}` : title;
}
