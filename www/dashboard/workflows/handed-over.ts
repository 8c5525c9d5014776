import type { Json } from "../../lib/json.ts";

let draft: Json | undefined;

/** Keeps a definition for the editor that is opened next: a copy, or an imported one. */
export function handOver(definition: Json): void {
  draft = definition;
}

/** The definition that was kept, once. */
export function takeOver(): Json | undefined {
  const taken = draft;
  draft = undefined;
  return taken;
}
