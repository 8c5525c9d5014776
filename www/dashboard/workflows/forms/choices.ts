import type { Json } from "../../../lib/json.ts";
import type { Choice } from "../api.ts";
import type { Path } from "../definition.ts";
import { valueAt, type Form } from "./form.ts";

/** Where the choices of an action's parameter come from; undefined where there are none. */
export function choicesOf(form: Form, path: Path, schema: Json): (() => Promise<readonly Choice[]>) | undefined {
  const name = path.at(-1);
  const source =
    name === "project"
      ? "projects"
      : name === "workItemType"
        ? "workItemTypes"
        : name === "System.State"
          ? "states"
          : schema.format === "azure-devops-field"
            ? "fields"
            : undefined;
  if (source === undefined) return undefined;
  const narrowing = source === "projects" ? [] : source === "workItemTypes" ? ["project"] : ["project", "workItemType"];
  return () => form.choices(source, parametersOf(form, path, narrowing));
}

/** Values beside the parameter that are texts without references: those of references are not known yet. */
function parametersOf(form: Form, path: Path, names: readonly string[]): Record<string, string> {
  const parameters = path.slice(0, path.indexOf("parameters") + 1);
  const given = names.map((name): [string, unknown] => [name, valueAt(form, [...parameters, name])]);
  return Object.fromEntries(given.filter((entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "" && !entry[1].includes("{{")));
}
