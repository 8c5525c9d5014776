import { isObject, parseJson, text } from "./json.ts";

/** An answer of the gateway that is not 2xx, or no answer at all (`code` `unreachable`). */
export class HttpError extends Error {
  override readonly name = "HttpError";
  /** HTTP status; 0 when nothing was answered. */
  readonly status: number;
  /** The gateway's error code. */
  readonly code: string;
  /** Id of the gateway's log line. */
  readonly requestId: string | undefined;
  /** Milliseconds after which another try makes sense. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, facts: { status: number; code: string; requestId?: string | undefined; retryAfterMs?: number | undefined }) {
    super(message);
    this.status = facts.status;
    this.code = facts.code;
    this.requestId = facts.requestId;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/**
 * Posts JSON to the page's own origin and gives the parsed answer.
 *
 * @throws {HttpError} on every answer outside 2xx, on an unreadable one, and when the gateway cannot be reached.
 */
export function postJson(path: string, body: unknown): Promise<unknown> {
  return callJson("POST", path, body);
}

/**
 * Calls the page's own origin and gives the parsed answer; undefined for one without a body.
 *
 * @throws {HttpError} as {@link postJson}.
 */
export async function callJson(method: string, path: string, body?: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { "content-type": "application/json", accept: "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new HttpError("the server could not be reached", { status: 0, code: "unreachable" });
  }
  if (response.status === 204) return undefined;
  const answer = parseJson(await response.text());
  if (response.ok && answer !== undefined) return answer;
  throw errorOf(response, answer);
}

function errorOf(response: Response, answer: unknown): HttpError {
  const body = isObject(answer) ? answer : {};
  return new HttpError(text(body.message) ?? `the server answered with status ${response.status}`, {
    status: response.status,
    code: text(body.code) ?? "internal",
    retryAfterMs: typeof body.retryAfterMs === "number" ? body.retryAfterMs : undefined,
    requestId: text(body.requestId) ?? response.headers.get("x-request-id") ?? undefined,
  });
}
