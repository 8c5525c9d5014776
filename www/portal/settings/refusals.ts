import type { Place } from "./form.ts";

/** A setting that the gateway did not take. */
export interface Refusal {
  readonly id: string;
  /** What it must be, such as "must be a number". */
  readonly problem: string;
}

/**
 * Reads the gateway's `errors`, each `{place}.{setting}: {problem}`, such as `sharedSettings.limit: must be a number`.
 * Those of other places are left out: all settings are sent along, also what another page has set.
 */
export function readRefusals(place: Place, errors: readonly string[]): Refusal[] {
  const prefix = place.kind === "shared" ? "sharedSettings." : `workflowSettings.${place.id}.settings.`;
  return errors.flatMap((error) => {
    const end = error.indexOf(": ");
    if (!error.startsWith(prefix) || end < 0) return [];
    return [{ id: error.slice(prefix.length, end), problem: error.slice(end + 2) }];
  });
}
