// @ts-check
/**
 * Requests on the wire. The core says what is sent and what an answer means; `fetch`, its sharing and its limits are
 * here, since they are the engine's: in WebAssembly each step of them would cross the border several times.
 */
import { TimeoutError, createError } from "./errors.js";

/** Version of the protocol. */
export const VERSION = "2.4.0";

/** For how long an answer of the API is kept for the portal's calls that accept one. */
const KEPT_MS = 5_000;

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
 * @param {string} token
 * @param {{ method: string, headers?: any, body?: any, type?: string, credential?: string, configuration?: string, isRaw?: boolean }} call
 */
const prepare = (token, { method, headers: given, body, type, credential, configuration, isRaw }) => {
  // Property by property: spreading costs as much as all the rest of a small request.
  /** @type {Record<string, string>} */
  const own = { Accept: "application/json", "X-Paragon-SDK-Version": VERSION };
  if (type) own["Content-Type"] = type;
  if (credential) own["X-Paragon-Credential"] = credential;
  if (configuration) own["X-Paragon-Configuration-Id"] = configuration;
  if (isRaw) own["X-Paragon-Use-Raw-Response"] = "true";
  const Authorization = `Bearer ${token}`;
  /** @type {any} */
  const init = { method, body, headers: own, signal: undefined };
  // Streams go out while they are made, which `fetch` wants to be told.
  if (body?.getReader) init.duplex = "half";
  const isGiven = typeof given === "object" && given;
  // What the app gives may be no header: said here, since `fetch` would say it as if there were no connection.
  if (isGiven || credential || configuration) {
    init.headers = new Headers(isGiven ? given : undefined);
    for (const name of Object.keys(own)) if (!init.headers.has(name)) init.headers.set(name, own[name]);
    init.headers.set("Authorization", Authorization);
  } else own.Authorization = Authorization;
  return init;
};

/**
 * The same text for requests that are equal but for their URL, another one for others.
 * @param {any} init
 */
const keyOf = ({ method, body, headers }) => [method, body, ...(headers instanceof Headers ? headers : Object.entries(headers))].join("\n");

/**
 * A body of `request` and its type: what the engine can send goes out as it is, other objects as JSON.
 * @param {any} body
 */
const bodyAndType = (body) => {
  if (body === undefined || typeof body === "string") return { body, type: "auto" };
  const kind = ArrayBuffer.isView(body) ? "ArrayBuffer" : Object.prototype.toString.call(body).slice(8, -1);
  if (["FormData", "URLSearchParams", "Blob", "File"].includes(kind)) return { body };
  if (["ArrayBuffer", "SharedArrayBuffer", "ReadableStream"].includes(kind)) return { body, type: "application/octet-stream" };
  return { body: JSON.stringify(body), type: "auto" };
};

/**
 * What `request` of the app sends, and as what it wants the answer.
 * @param {string} token
 * @param {any} options
 */
const prepareRequest = (token, options) => {
  const { method, headers, responseType = "json", selectedCredentialId } = options ?? {};
  const { body, type } = bodyAndType(options?.body);
  const init = prepare(token, { method: `${method || "GET"}`.toUpperCase(), headers, body, type, credential: selectedCredentialId || undefined, isRaw: responseType !== "json" });
  return { init, type: responseType };
};

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

/**
 * The signal for a request that also ends after `ms`; `end` when it is over.
 * @param {AbortSignal} [signal]
 * @param {number} [ms]
 */
export const limit = (signal, ms) => {
  if (ms === undefined) return { signal, end: /** @param {boolean} _ */ (_) => {} };
  const controller = new AbortController();
  const abort = () => controller.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  const timer = setTimeout(() => controller.abort(new TimeoutError("the request took longer than its timeout allows")), ms);
  return {
    signal: controller.signal,
    /** @param {boolean} isFollowed whether an abort of the app counts still */
    end(isFollowed) {
      clearTimeout(timer);
      if (!isFollowed) signal?.removeEventListener("abort", abort);
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

/** The present state of a flow comes at once; a proxy that holds events back gives nothing. */
const FIRST_EVENT_MS = 5_000;
/** The gateway sends a comment every 15 s; two missing mean a dead connection. */
const SILENCE_MS = 40_000;
/** Length of the longest event that is kept; a longer one is dropped. */
const MAX_EVENT = 64 * 1024;

/**
 * Values of the field `name` of a server-sent event, as one.
 * @param {string[]} lines
 * @param {string} name
 */
const field = (lines, name) =>
  lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length).replace(/^ /, "")).join("\n");

/** Parses server-sent events: bytes in any slices, the data of each `flow` event out. */
export const flowEvents = () => {
  const decoder = new TextDecoder();
  let rest = "";
  /** @param {Uint8Array} bytes */
  return (bytes) => {
    const blocks = (rest + decoder.decode(bytes, { stream: true }).replaceAll("\r", "")).split("\n\n");
    rest = /** @type {string} */ (blocks.pop());
    if (rest.length > MAX_EVENT) rest = "";
    return blocks.map((block) => block.split("\n")).filter((lines) => field(lines, "event:") === "flow").map((lines) => field(lines, "data:"));
  };
};

/** @typedef {{ init: any, reply: Promise<any>, waiting: number, controller?: AbortController }} Flight a request on the wire */

/** The requests of one instance. */
export class Wire {
  /** Those in flight that others can share, by URL: keys are made only where two have the same. @type {Map<string, Flight[]>} */
  #flights = new Map();
  /** Answers of the API, and until when they are kept. @type {Map<string, { reply: Reply, until: number }>} */
  #kept = new Map();
  /** What a bad answer to `request` means: the core says it. @type {any} */
  refused;

  /** See {@link VERSION}. */
  version() {
    return VERSION;
  }

  /** See {@link pause}. @param {number} ms @param {AbortSignal} [signal] */
  pause(ms, signal) {
    return pause(ms, signal);
  }

  /**
   * Sends a read with just these headers.
   * @param {string} url
   * @param {Record<string, string>} headers
   */
  ask(url, headers) {
    return this.#exchange(url, { headers }, false);
  }

  /**
   * Reads the event stream of a flow, until it ends or is silent for too long; gives whether it was of any use.
   * @param {string} url
   * @param {string} token
   * @param {{ after: number, signal: AbortSignal, heard: (data: string) => void }} job `after`: version seen, if any
   */
  async follow(url, token, { after, signal, heard }) {
    const controller = new AbortController();
    const abort = () => controller.abort();
    signal.addEventListener("abort", abort, { signal: controller.signal });
    /** @type {any} */
    let timer;
    /** @param {number} ms */
    const within = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(abort, ms);
    };
    let patience = FIRST_EVENT_MS;
    try {
      within(SILENCE_MS);
      const headers = { Accept: "text/event-stream", ...(after && { "Last-Event-ID": `${after}` }) };
      const response = await open(url, prepare(token, { method: "GET", headers }), controller.signal);
      // The long poll reads the same answer as JSON, and its errors.
      if (!response.ok || !response.headers.get("content-type")?.startsWith("text/event-stream")) return false;
      try {
        const reader = /** @type {any} */ (response.body).getReader();
        for (const parse = flowEvents(); ; ) {
          within(patience);
          const { value } = await reader.read();
          if (!value) return true;
          for (const data of parse(value)) {
            patience = SILENCE_MS;
            heard(data);
          }
          // What was heard may have been the end.
          if (controller.signal.aborted) return true;
        }
      } catch {
        return patience === SILENCE_MS;
      }
    } finally {
      clearTimeout(timer);
      abort();
    }
  }

  /** Another user: what was answered is not for them. */
  clear() {
    this.#kept.clear();
  }

  /**
   * Sends a call of the API and reads its answer as text. Identical reads are one request on the wire.
   * @param {string} url
   * @param {string} token
   * @param {any} call see `src/api.rs`
   */
  async send(url, token, call) {
    const init = prepare(token, { type: "application/json", ...call });
    // Those that accept an answer of before leave theirs for the next; no other is kept.
    const isShared = call.cacheResult || (init.method === "GET" && !call.isFresh);
    const key = call.cacheResult && `${url}\n${keyOf(init)}`;
    const known = call.cacheResult && this.#kept.get(key);
    const now = Date.now();
    if (known && known.until > now) {
      known.until = now + KEPT_MS;
      return known.reply;
    }
    const reply = await this.#exchange(url, init, isShared);
    if (call.cacheResult && reply.ok) this.#keep(key, reply);
    return reply;
  }

  /**
   * `request` of the app.
   * @param {string} url
   * @param {string} token
   * @param {any} options those of the app
   */
  request(url, token, options) {
    const { init, type } = prepareRequest(token, options);
    return this.#requestOnce(url, init, type, options?.signal);
  }

  /**
   * {@link Wire.request} that ends after `timeout` milliseconds. Whether a failure is to be repeated, and after how
   * many milliseconds, is asked of `wait`.
   * @param {string} url
   * @param {string} token
   * @param {[any, number?, ((failure: [any, number]) => number | undefined)?]} job
   */
  async requestWithin(url, token, [options, timeout, wait]) {
    const { init, type } = prepareRequest(token, options);
    const limited = limit(options.signal, timeout);
    try {
      for (let repeat = 0; ; repeat++) {
        try {
          return await this.#requestOnce(url, init, type, limited.signal);
        } catch (error) {
          const ms = wait?.([error, repeat]);
          if (ms === undefined) throw error;
          await pause(ms, limited.signal);
        }
      }
    } finally {
      // The body of these is still to be read, and the app may want to end that.
      limited.end(type === "stream" || type === "response");
    }
  }

  /**
   * @param {string} url
   * @param {any} init
   * @param {string} type
   * @param {AbortSignal | undefined} signal
   */
  #requestOnce(url, init, type, signal) {
    if (type !== "json" && type !== "text") return this.#requestRaw(url, init, type, signal);
    return this.#exchange(url, init, init.method === "GET", signal).then((reply) => (reply.ok ? reply.value(type === "json") : this.refused(reply)));
  }

  /**
   * @param {string} url
   * @param {any} init
   * @param {string} type
   * @param {AbortSignal | undefined} signal
   */
  async #requestRaw(url, init, type, signal) {
    const response = await open(url, init, signal);
    if (!response.ok) return this.refused(await read(response, "text"));
    if (type === "response") return response;
    return type === "stream" ? response.body : read(response, /** @type {any} */ (type));
  }

  /**
   * Sends a request and reads its answer as text. Those that are `isShared` and equal are one, which ends when the last
   * caller has left.
   * @param {string} url
   * @param {any} init
   * @param {boolean} isShared
   * @param {AbortSignal} [signal]
   */
  #exchange(url, init, isShared, signal) {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const known = isShared && this.#flights.get(url)?.find((flight) => keyOf(flight.init) === keyOf(init));
    const flight = known || this.#start(url, init, isShared, signal);
    flight.waiting++;
    if (!signal) return flight.reply;
    return unlessAborted(flight.reply, signal, () => {
      if (--flight.waiting > 0) return;
      flight.controller?.abort();
      this.#forget(url, flight);
    });
  }

  /**
   * @param {string} url
   * @param {any} init
   * @param {boolean} isShared
   * @param {AbortSignal | undefined} signal
   * @returns {Flight}
   */
  #start(url, init, isShared, signal) {
    // Without a signal the first caller never leaves, and the request never ends early.
    const controller = signal && new AbortController();
    /** @type {any} */
    const flight = { init, waiting: 0, controller };
    const others = isShared && this.#flights.get(url);
    if (isShared) this.#flights.set(url, others ? [...others, flight] : [flight]);
    flight.reply = this.#load(url, init, controller?.signal, flight);
    return flight;
  }

  /**
   * {@link open} and {@link read} as text, in one: most requests are this.
   * @param {string} url
   * @param {any} init
   * @param {AbortSignal | undefined} signal
   * @param {Flight} flight
   */
  async #load(url, init, signal, flight) {
    try {
      init.signal = signal;
      const response = await fetch(url, init);
      return new Reply(response, await response.text());
    } catch (thrown) {
      throw noAnswer(thrown);
    } finally {
      this.#forget(url, flight);
    }
  }

  /**
   * @param {string} url
   * @param {Flight} flight
   */
  #forget(url, flight) {
    const known = this.#flights.get(url);
    if (!known?.includes(flight)) return;
    if (known.length > 1) this.#flights.set(url, known.filter((one) => one !== flight));
    else this.#flights.delete(url);
  }

  /**
   * @param {string} key
   * @param {Reply} reply
   */
  #keep(key, reply) {
    const now = Date.now();
    for (const [old, { until }] of this.#kept) if (until <= now) this.#kept.delete(old);
    this.#kept.set(key, { reply, until: now + KEPT_MS });
  }
}
