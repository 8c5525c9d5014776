import type { Json } from "../../lib/json.ts";
import { isMapped, mappingProblem, readMapping, writeMapping, type Mapping } from "./mapping.ts";
import type { SettingInput } from "./model.ts";

/** What a field holds while it is filled in: the text as typed, a choice's value, yes or no, a mapping. */
export type Draft = string | boolean | Mapping;

/** One `@` with something on both sides; only a letter sent there proves more. */
const MAIL_ADDRESS = /^[^\s@]+@[^\s@]+$/;

/** The draft that a stored value, else the default, begins with. */
export function draftOf(input: SettingInput, stored: unknown): Draft {
  const value = stored ?? input.defaultValue;
  switch (input.kind) {
    case "checkbox":
    case "switch":
      return value === true;
    case "mapping":
      return readMapping(value, input.source);
    default:
      return typeof value === "string" || typeof value === "number" ? String(value) : "";
  }
}

/** The value to be stored; null takes the setting away. */
export function toValue(input: SettingInput, draft: Draft): string | number | boolean | Json | null {
  if (typeof draft === "boolean") return draft;
  if (typeof draft !== "string") return writeMapping(draft);
  const text = input.kind === "password" ? draft : draft.trim();
  if (text === "") return null;
  return input.kind === "number" ? Number(text) : text;
}

/** What is wrong with a draft, in words for the user; undefined when nothing is. */
export function problemOf(input: SettingInput, draft: Draft): string | undefined {
  if (typeof draft === "boolean") return undefined;
  if (typeof draft !== "string") return mappingProblem(draft, input.required);
  const text = draft.trim();
  if (text === "") return input.required ? emptyProblem(input) : undefined;
  if (input.kind === "number" && !Number.isFinite(Number(text))) return "Enter a number, such as 5 or 2.5.";
  if (input.kind === "email" && !MAIL_ADDRESS.test(text)) return "Enter an email address, such as ada@example.com.";
  if (input.kind === "url" && !isWebAddress(text)) return "Enter a URL, such as https://example.com.";
  return undefined;
}

/** The inputs that must be filled in and are not. */
export function missing(inputs: readonly SettingInput[], stored: Json): SettingInput[] {
  return inputs.filter((input) => input.required && !isFilledIn(input, stored[input.id] ?? input.defaultValue));
}

function isFilledIn(input: SettingInput, value: unknown): boolean {
  if (input.kind === "checkbox" || input.kind === "switch") return true;
  if (input.kind === "mapping") return isMapped(value);
  return value !== undefined && value !== null && value !== "";
}

function emptyProblem(input: SettingInput): string {
  return input.kind === "choice" ? `Choose a value for “${input.title}”.` : `Fill in “${input.title}”.`;
}

function isWebAddress(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    return (protocol === "http:" || protocol === "https:") && hostname !== "";
  } catch {
    return false;
  }
}
