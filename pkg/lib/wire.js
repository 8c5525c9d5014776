// @ts-check
/**
 * Requests on the wire. The core says what is sent and what an answer means; `fetch`, its sharing and its limits are
 * here, since they are the engine's: in WebAssembly each step of them would cross the border several times.
 */
import { TimeoutError, createError } from "./errors.js";

/**
 * Whether `fetch` or the reading of a body failed for want of a connection: then both reject with a `TypeError`
 * (Fetch standard, section 5.6).
 * @param {any} thrown
 */
const noAnswer = (thrown) =>
  thrown?.name === "TypeError" ? createError("Error", thrown.message, { code: "network_error", cause: thrown }) : thrown;

/** An answer whose body was read as text. Several callers may hold the same one. */
class Reply {
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
 * `RequestInit` of a call as the user: the caller's headers under the user's token, then ours that it did not set.
 * `key` is the same for equal headers.
 * @param {string} method
 * @param {string} token
 * @param {any} caller
 * @param {any} body
 * @param {string} version
 * @param {string} [contentType]
 * @param {string} [credential]
 * @param {string} [configuration]
 * @param {boolean} [isRaw]
 */
export const prepare = (method, token, caller, body, version, contentType, credential, configuration, isRaw) => {
  const own = {
    Accept: "application/json",
    "X-Paragon-SDK-Version": version,
    ...(contentType && { "Content-Type": contentType }),
    ...(credential && { "X-Paragon-Credential": credential }),
    ...(configuration && { "X-Paragon-Configuration-Id": configuration }),
    ...(isRaw && { "X-Paragon-Use-Raw-Response": "true" }),
  };
  const Authorization = `Bearer ${token}`;
  // Streams go out while they are made, which `fetch` wants to be told.
  const rest = { method, body, ...(body?.getReader && { duplex: "half" }) };
  if (typeof caller !== "object" || !caller) {
    return { ...rest, headers: new Headers({ ...own, Authorization }), key: [token, credential, configuration, isRaw].join("\n") };
  }
  const headers = new Headers(caller);
  headers.set("Authorization", Authorization);
  for (const [name, value] of Object.entries(own)) if (!headers.has(name)) headers.set(name, value);
  return { ...rest, headers, key: [...headers].join("\n") };
};

/**
 * Sends a request; the answer's body is not read.
 * @param {string} url
 * @param {any} init
 * @param {AbortSignal} [signal]
 */
export const open = async (url, init, signal) => {
  try {
    return await fetch(url, { ...init, signal });
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

/**
 * The signal for a request that also ends after `ms`; `end` when it is over. While its body is still to be read
 * (`hasBody`) the time limit is over, but the app's signal goes on ending it.
 * @param {AbortSignal} [signal]
 * @param {number} [ms]
 */
export const limit = (signal, ms) => {
  if (ms === undefined) return { signal, end: (_hasBody = false) => {} };
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  const timer = setTimeout(() => controller.abort(new TimeoutError("the request took longer than its timeout allows")), ms);
  return {
    signal: controller.signal,
    end(hasBody = false) {
      clearTimeout(timer);
      if (!hasBody) signal?.removeEventListener("abort", abort);
    },
  };
};

/**
 * `work`, unless `signal` aborts first: then `leave` is called and the reason is the rejection.
 * @template T
 * @param {Promise<T>} work
 * @param {AbortSignal | undefined} signal
 * @param {() => void} leave
 * @returns {Promise<T>}
 */
const unlessAborted = (work, signal, leave) => {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => {
      leave();
      reject(signal.reason);
    };
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
};

/**
 * Waits, unless `signal` aborts first.
 * @param {number} ms
 * @param {AbortSignal} [signal]
 */
export const pause = (ms, signal) => {
  /** @type {any} */
  let timer;
  return unlessAborted(new Promise((done) => (timer = setTimeout(done, ms))), signal, () => clearTimeout(timer));
};

/** For how long an answer that is kept serves identical requests; each of them makes it last as long again. */
const KEPT_MS = 5000;

/** The requests in flight of one instance. */
export class Wire {
  /** @type {Map<string, { reply: Promise<any>, waiting: number, controller?: AbortController }>} */
  #flights = new Map();
  /** @type {Map<string, { reply: Reply, at: number }>} */
  #kept = new Map();

  /**
   * Sends a request and reads its answer as text. Identical ones that are shared are one request on the wire, which
   * ends when the last caller has left. A good answer that is kept serves the identical ones of the next seconds.
   * @param {string} url
   * @param {any} init
   * @param {boolean} isShared
   * @param {AbortSignal} [signal]
   * @param {boolean} [isKept]
   */
  exchange(url, init, isShared, signal, isKept) {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const key = isKept ? [url, init.method, init.body, init.key].join("\n") : isShared ? `${url}\n${init.key}` : undefined;
    const kept = isKept && this.#again(key);
    if (kept) return Promise.resolve(kept);
    const flight = (key && this.#flights.get(key)) || this.#start(url, init, key, signal);
    if (isKept) flight.reply.then((reply) => reply.ok && this.#kept.set(/** @type {string} */ (key), { reply, at: Date.now() }), () => {});
    flight.waiting++;
    return unlessAborted(flight.reply, signal, () => {
      if (--flight.waiting > 0) return;
      flight.controller?.abort();
      this.#leave(key, flight);
    });
  }

  /** Forgets the answers that are kept. */
  forget() {
    this.#kept.clear();
  }

  /**
   * A whole `request` that is sent once: the value of a good answer; what a bad one means is asked of `refused`.
   * @param {string} url
   * @param {any} init
   * @param {boolean} isShared
   * @param {AbortSignal | undefined} signal
   * @param {number | undefined} ms time limit
   * @param {boolean} isEnveloped
   * @param {(reply: Reply) => any} refused
   */
  async request(url, init, isShared, signal, ms, isEnveloped, refused) {
    const limited = limit(signal, ms);
    try {
      const reply = await this.exchange(url, init, isShared, limited.signal);
      return reply.ok ? reply.value(isEnveloped) : await refused(reply);
    } finally {
      limited.end();
    }
  }

  /**
   * @param {string} url
   * @param {any} init
   * @param {string | undefined} key
   * @param {AbortSignal | undefined} signal
   */
  #start(url, init, key, signal) {
    // Without a signal the first caller never leaves, and the request never ends early.
    const controller = signal && new AbortController();
    const reply = open(url, init, controller?.signal).then((response) => read(response, "text"));
    const flight = { reply, waiting: 0, controller };
    if (key) {
      this.#flights.set(key, flight);
      const forget = () => this.#leave(key, flight);
      reply.then(forget, forget);
    }
    return flight;
  }

  /**
   * The answer that is kept under `key`.
   * @param {string | undefined} key
   */
  #again(key) {
    const now = Date.now();
    for (const [other, { at }] of this.#kept) if (now - at >= KEPT_MS) this.#kept.delete(other);
    const kept = key && this.#kept.get(key);
    if (!kept) return undefined;
    kept.at = now;
    return kept.reply;
  }

  /**
   * @param {string | undefined} key
   * @param {object} flight
   */
  #leave(key, flight) {
    if (key && this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
