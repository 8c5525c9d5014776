import type { Json } from "../../lib/json.ts";

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
