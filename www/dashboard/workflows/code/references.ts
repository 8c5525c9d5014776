import type { Group, Variable } from "../api.ts";

/** A reference in a text: `{{…}}`. */
export interface Found {
  /** UTF-16 units before the braces, and before what is behind them. */
  readonly from: number;
  readonly to: number;
  /** The text between the braces. */
  readonly inner: string;
}

/** The references of a text; `\{{` is none. */
export function findReferences(text: string): Found[] {
  return [...text.matchAll(/(\\*)\{\{([^{}]*)\}\}/g)].flatMap(({ index, 0: whole, 1: slashes = "", 2: inner = "" }) =>
    slashes.length % 2 === 1 ? [] : [{ from: index + slashes.length, to: index + whole.length, inner: inner.trim() }],
  );
}

/** Where an open `{{` before `at` begins what is being written; undefined when none is open. */
export function openAt(text: string, at: number): number | undefined {
  const match = /(\\*)\{\{([^{}]*)$/.exec(text.slice(0, at));
  if (match === null || (match[1]?.length ?? 0) % 2 === 1) return undefined;
  return at - (match[2]?.length ?? 0);
}

/** How a reference reads: `Look for a bug › workItems[0].id`. */
export function readable(inner: string, groups: readonly Group[]): string {
  const group = groups.find(({ root }) => inner === root || inner.startsWith(`${root}.`) || inner.startsWith(`${root}[`));
  if (group === undefined) return inner;
  const title = group.variables.find(({ reference }) => reference === inner)?.title;
  const rest = inner.slice(group.root.length).replace(/^\./, "");
  return [group.title, title ?? rest].filter((one) => one !== "").join(" › ");
}

/** What a variable is, behind its name: `text · The pump leaks`. */
export function about({ types, sample }: Variable): string {
  const names: Record<string, string> = { string: "text", integer: "number", boolean: "yes or no", array: "list" };
  const type = [...new Set(types.map((type) => names[type] ?? type))].join(" or ");
  return [type, sample === undefined ? "" : shorten(sample)].filter((one) => one !== "").join(" · ");
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

/** UTF-16 units before the character with this number. */
export function unitsBefore(text: string, characters: number): number {
  return [...text].slice(0, characters).join("").length;
}
