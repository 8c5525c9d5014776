// @ts-check
/**
 * Sending, and what comes back: an answer read as text, or the error of a request that got none.
 */
import { createError } from "./errors.js";

/**
 * Whether `fetch` or the reading of a body failed for want of a connection: then both reject with a `TypeError`
 * (Fetch standard, section 5.6).
 * @param {any} thrown
 */
export const noAnswer = (thrown) =>
  thrown?.name === "TypeError" ? createError("Error", thrown.message, { code: "network_error", cause: thrown }) : thrown;

/** An answer whose body was read as text. Several callers may hold the same one. */
export class Reply {
  /**
   * @param {Response} response
   * @param {string} text
   */
  constructor(response, text) {
    this.response = response;
    this.text = text;
    this.ok = response.ok;
    this.status = response.status;
    /** Declared as `application/json`; not `problem+json`, as in the reference. */
    this.isJson = Boolean(response.headers.get("content-type")?.includes("application/json"));
  }

  /** The parsed body, another value for each caller; undefined if it is empty or no JSON. */
  json() {
    try {
      return JSON.parse(this.text);
    } catch {
      return undefined;
    }
  }

  /**
   * What `request` resolves with: nothing, JSON without the proxy's envelope, or text.
   * @param {boolean} isEnveloped
   */
  value(isEnveloped) {
    if (!isEnveloped) return this.text;
    const body = this.isJson ? this.json() : undefined;
    if (body === undefined) return this.text || undefined;
    return typeof body === "object" && body && !Array.isArray(body) && Object.hasOwn(body, "output") ? body.output : body;
  }

  /**
   * What errors made from this answer carry. `retryAfter` is in seconds.
   * @param {any} body
   */
  fields(body) {
    const { headers } = this.response;
    const after = headers.get("retry-after");
    // Seconds, or a date (RFC 9110, section 10.2.3).
    const seconds = after === null ? NaN : Number(after);
    const wait = body?.retryAfterMs !== undefined ? body.retryAfterMs / 1000 : Number.isNaN(seconds) && after ? (Date.parse(after) - Date.now()) / 1000 : seconds;
    return {
      status: this.status,
      code: body?.code,
      requestId: body?.requestId ?? headers.get("x-request-id") ?? undefined,
      retryAfter: Number.isNaN(wait) ? undefined : Math.max(wait, 0),
      body: body ?? this.text,
    };
  }
}

/**
 * Sends a request; the answer's body is not read.
 * @param {string} url
 * @param {any} init
 * @param {AbortSignal} [signal]
 */
export const open = async (url, init, signal) => {
  try {
    init.signal = signal;
    return await fetch(url, init);
  } catch (thrown) {
    throw noAnswer(thrown);
  }
};

/**
 * Reads a body with the method `how` of its response; as `text` into a {@link Reply}.
 * @param {Response} response
 * @param {"text" | "blob" | "arrayBuffer"} how
 */
export const read = async (response, how) => {
  try {
    const body = await response[how]();
    return how === "text" ? new Reply(response, body) : body;
  } catch (thrown) {
    throw noAnswer(thrown);
  }
};
