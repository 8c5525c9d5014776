import type { Json } from "../../lib/json.ts";

/** Triggers with what a new one begins with, and how they are called. */
export const TRIGGERS: readonly { readonly type: string; readonly title: string; readonly hint: string; readonly blank: Json }[] = [
  { type: "appEvent", title: "App event", hint: "The app sends it with paragon.event.", blank: { event: "" } },
  { type: "request", title: "Request", hint: "The app calls paragon.workflow, and a Response step responds.", blank: {} },
  {
    type: "schedule",
    title: "Schedule",
    hint: "At scheduled times, for each account with the workflow switched on.",
    blank: { cron: "0 0 9 * * MON-FRI", timeZone: "UTC" },
  },
  {
    type: "workItemCreated",
    title: "Work item created",
    hint: "A service hook fires when a work item is created in the user's project.",
    blank: { project: "" },
  },
  {
    type: "workItemUpdated",
    title: "Work item updated",
    hint: "A service hook fires when a work item is updated in the user's project.",
    blank: { project: "" },
  },
  { type: "workItemDeleted", title: "Work item deleted", hint: "A service hook fires when a work item is moved to the recycle bin.", blank: { project: "" } },
  { type: "integrationEnabled", title: "Integration enabled", hint: "A user switches the workflow on, or connects an account with it.", blank: {} },
];

/** How a trigger is called. */
export function triggerTitle(trigger: Json | undefined): string {
  const title = TRIGGERS.find(({ type }) => type === trigger?.type)?.title ?? (trigger === undefined ? "No trigger" : String(trigger.type));
  const detail = trigger?.type === "appEvent" ? trigger.event : trigger?.type === "schedule" ? trigger.cron : undefined;
  return typeof detail === "string" && detail !== "" ? `${title}: ${detail}` : title;
}
