import { isObject, type Json } from "../../lib/json.ts";

/** The way to a part of a definition. */
export type Path = readonly (string | number)[];

/** A list of steps and its place. */
export interface StepList {
  readonly path: Path;
  /** Of which way of a conditional; undefined for the others. */
  readonly label: string | undefined;
}

/** The part of `value` at the end of `path`. */
export function part(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((found, key) => (Array.isArray(found) ? found[Number(key)] : isObject(found) ? found[key] : undefined), value);
}

/** `value` with `next` at the end of `path`; undefined takes the part out. Nothing is changed in place. */
export function withPart(value: unknown, path: Path, next: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return next;
  const inner = rest.length === 0 ? next : withPart(part(value, [key]), rest, next);
  if (typeof key === "number") {
    const list = Array.isArray(value) ? [...(value as unknown[])] : [];
    if (inner === undefined) list.splice(key, 1);
    else list[key] = inner;
    return list;
  }
  const { [key]: _, ...others } = isObject(value) ? value : {};
  if (inner === undefined) return others;
  return isObject(value) && Object.hasOwn(value, key) ? { ...value, [key]: inner } : { ...others, [key]: inner };
}

/** JSON pointer (RFC 6901) of a path. */
export function pointer(path: Path): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The steps of a list. */
export function stepsAt(definition: Json, path: Path): Json[] {
  const list = part(definition, path);
  return Array.isArray(list) ? list.filter(isObject) : [];
}

/** The lists of steps inside a step. */
export function innerLists(step: Json, path: Path): StepList[] {
  const work = isObject(step.do) ? step.do : {};
  if (work.type === "fanOut") return [{ path: [...path, "do", "steps"], label: "For each item" }];
  if (work.type !== "conditional") return [];
  const branches = Array.isArray(work.branches) ? work.branches : [];
  return [
    ...branches.map(
      (branch: unknown, at): StepList => ({
        path: [...path, "do", "branches", at, "steps"],
        label: (isObject(branch) && typeof branch.title === "string" && branch.title) || `If ${at + 1}`,
      }),
    ),
    { path: [...path, "do", "otherwise"], label: "Otherwise" },
  ];
}

/** The ids of all steps. */
export function stepIds(definition: Json, path: Path = ["steps"]): string[] {
  return stepsAt(definition, path).flatMap((step, at) => [
    String(step.id),
    ...innerLists(step, [...path, at]).flatMap((list) => stepIds(definition, list.path)),
  ]);
}

/** The path of the step with this id. */
export function findStep(definition: Json, id: string, path: Path = ["steps"]): Path | undefined {
  for (const [at, step] of stepsAt(definition, path).entries()) {
    const here = [...path, at];
    if (step.id === id) return here;
    for (const list of innerLists(step, here)) {
      const found = findStep(definition, id, list.path);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** An id that begins with `word` and that no step has. */
export function freeId(definition: Json, word: string): string {
  const taken = new Set([...stepIds(definition), "trigger", "settings", "user", "secrets"]);
  if (!taken.has(word)) return word;
  for (let number = 2; ; number += 1) if (!taken.has(`${word}-${number}`)) return `${word}-${number}`;
}

/** The definition with `step` at a place of the list at `path`. */
export function insertStep(definition: Json, path: Path, at: number, step: Json): Json {
  const list = stepsAt(definition, path);
  return withPart(definition, path, [...list.slice(0, at), step, ...list.slice(at)]) as Json;
}

/** The definition with the step at `path` moved by `by` places in its list. */
export function moveStep(definition: Json, path: Path, by: number): Json {
  const [list, at] = [path.slice(0, -1), Number(path.at(-1))];
  const steps = stepsAt(definition, list);
  const [step] = steps.splice(at, 1);
  if (step !== undefined) steps.splice(Math.max(0, Math.min(steps.length, at + by)), 0, step);
  return withPart(definition, list, steps) as Json;
}

/** The definition with a step's id changed, there and in every reference to it. */
export function renameStep(definition: Json, path: Path, id: string): Json {
  const old = part(definition, [...path, "id"]);
  const renamed = withPart(definition, [...path, "id"], id) as Json;
  if (typeof old !== "string" || old === "" || stepIds(definition).filter((one) => one === old).length !== 1) return renamed;
  const escaped = old.replace(/[^\w]/g, "\\$&");
  const reference = new RegExp(`(?<!\\\\)(\\{\\{\\s*)${escaped}(?=\\.(?:output|item|index)\\b)`, "g");
  return mapTexts(renamed, (text) => text.replace(reference, `$1${id}`)) as Json;
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, change)]));
}

/** A new workflow that does nothing yet. */
export function newWorkflow(id: string): Json {
  return { id, description: "", trigger: { type: "appEvent", event: "" }, steps: [] };
}

/** A text as an id: letters and digits, joined by hyphens. */
export function idOf(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return (
    plain
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 48)
      .replace(/-+$/, "") || "workflow"
  );
}
