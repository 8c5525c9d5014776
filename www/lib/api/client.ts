import createClient from "openapi-fetch";
import { HttpError } from "../http.ts";
import type { components, paths } from "./schema.d.ts";

/** The types of the gateway's API, generated from `docs/openapi.json`. */
export type Schemas = components["schemas"];

/** The gateway's API. Every change says that it is JSON, also without a body: the gateway wants that of its pages. */
export const api = createClient<paths>({
  baseUrl: "",
  headers: { "content-type": "application/json", accept: "application/json" },
  fetch: (request) => fetch(request),
});

/** What a call gives, as far as it is looked at here. */
interface Called<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * The answer of a call.
 *
 * @throws {HttpError} on every answer outside 2xx, on an unreadable one, and when the gateway cannot be reached.
 */
export async function answer<T>(call: Promise<Called<T>>): Promise<T> {
  let called: Called<T>;
  try {
    called = await call;
  } catch (error) {
    // An answer that is no JSON did not come from the gateway.
    if (error instanceof SyntaxError) throw new HttpError("the server's answer cannot be read", { status: 502, code: "internal" });
    throw new HttpError("the server could not be reached", { status: 0, code: "unreachable" });
  }
  const { data, error, response } = called;
  if (response.ok) return data as T;
  const body = error as Partial<Schemas["ErrorBody"]> | undefined;
  throw new HttpError(body?.message ?? `the server answered with status ${response.status}`, {
    status: response.status,
    code: body?.code ?? "internal",
    retryAfterMs: body?.retryAfterMs ?? undefined,
    requestId: body?.requestId ?? response.headers.get("x-request-id") ?? undefined,
  });
}
