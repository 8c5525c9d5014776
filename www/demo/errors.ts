import { isObject, parseJson, text } from "../lib/json.ts";
import { explain, isExplained } from "../lib/messages.ts";

/** An error in words, for the person at the screen. */
export interface Readable {
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | undefined;
}

/** Turns whatever the SDK threw into something to read: known codes first, then the provider's own words. */
export function readable(error: unknown): Readable {
  const facts = isObject(error) || error instanceof Error ? (error as unknown as Record<string, unknown>) : {};
  const body = bodyOf(facts);
  const code = text(facts.code) ?? text(body.code);
  const requestId = text(facts.requestId) ?? text(body.requestId);
  const own = text(body.message) ?? text(facts.message) ?? String(error);
  if (isExplained(code)) return { title: explain(code).title, detail: explain(code).advice, requestId };
  return { title: "The request failed", detail: own, requestId };
}

/** The answer behind an error: `response` of a proxied request, or JSON in the message. */
function bodyOf(facts: Record<string, unknown>): Record<string, unknown> {
  for (const candidate of [facts.response, facts.body, parseJson(text(facts.message) ?? "")]) {
    if (isObject(candidate)) return candidate;
  }
  return {};
}

/** What the panel shows of an error: the fields an app would look at. */
export function errorFacts(error: unknown): unknown {
  if (!isObject(error) && !(error instanceof Error)) return { error: String(error) };
  const { name, code, message, status, requestId } = error as unknown as Record<string, unknown>;
  return Object.fromEntries(Object.entries({ name, code, message, status, requestId }).filter(([, value]) => value !== undefined));
}
