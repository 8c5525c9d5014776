import { isObject, parseJson, text } from "../lib/json.ts";
import { adviceOn, explain, isExplained, sentence, type Explanation } from "../lib/messages.ts";

/** An error as the portal shows it. */
export interface Failure extends Explanation {
  readonly code: string | undefined;
  readonly requestId: string | undefined;
}

/**
 * Reads what the SDK passes on as `connectionError`, or what a call of it was refused with: an error object, the data
 * of a window message, or text that may be the JSON body of an answer. `other` explains codes that are not known.
 */
export function readFailure(error: unknown, other?: Explanation): Failure {
  const facts = flatten(error);
  const known = other === undefined || isExplained(facts.code) ? explain(facts.code) : other;
  const own = facts.message;
  const advice = isExplained(facts.code) ? adviceOn(facts.code, own) : own === undefined ? known.advice : sentence(own);
  return { title: known.title, advice, code: facts.code, requestId: facts.requestId };
}

interface Facts {
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly requestId: string | undefined;
}

function flatten(error: unknown, depth = 0): Facts {
  const none: Facts = { code: undefined, message: undefined, requestId: undefined };
  if (depth > 3) return none;
  if (typeof error === "string") {
    const parsed = parseJson(error);
    return isObject(parsed) ? flatten(parsed, depth + 1) : { ...none, message: text(error) };
  }
  if (!isObject(error)) return error instanceof Error ? flatten({ message: error.message }, depth + 1) : none;
  const inner = flatten(error.errorResponse ?? error.message ?? error.error, depth + 1);
  return {
    code: text(error.code) ?? inner.code,
    message: inner.message,
    requestId: text(error.requestId) ?? inner.requestId,
  };
}
