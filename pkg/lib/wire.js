// @ts-check
/**
 * Requests on the wire. The core says what is sent and what an answer means; `fetch`, its sharing and its limits are
 * here, since they are the engine's: in WebAssembly each step of them would cross the border several times.
 */
import { follow } from "./flow_events.js";
import { VERSION, keyOf, prepare, prepareRequest } from "./outgoing.js";
import { Reply, noAnswer, open, read } from "./reply.js";
import { limit, pause, unlessAborted } from "./waiting.js";

/** For how long an answer of the API is kept for the portal's calls that accept one. */
const KEPT_MS = 5_000;

/** @typedef {{ url: string, init: any, reply: Promise<any>, waiting: number, controller?: AbortController }} Flight a request on the wire */

/** The requests of one instance. */
export class Wire {
  /** Those in flight that others can share: they are few, and a small list is faster than a map. @type {Flight[]} */
  #flights = [];
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

  /** See {@link follow}. @param {string} url @param {string} token @param {any} job */
  follow(url, token, job) {
    return follow(url, token, job);
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
   * `request` of the app, with neither time limit nor repeats.
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
    const limited = limit(options?.signal, timeout);
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
    /** @type {any} */
    let flight = isShared && this.#flights.find((one) => one.url === url && keyOf(one.init) === keyOf(init));
    if (!flight) {
      // Without a signal the first caller never leaves, and the request never ends early.
      flight = { url, init, waiting: 0, controller: signal && new AbortController() };
      if (isShared) this.#flights.push(flight);
      flight.reply = this.#load(flight);
    }
    flight.waiting++;
    if (!signal) return flight.reply;
    return unlessAborted(flight.reply, signal, () => {
      if (--flight.waiting > 0) return;
      flight.controller?.abort();
      this.#forget(flight);
    });
  }

  /**
   * {@link open} and {@link read} as text, in one: most requests are this.
   * @param {Flight} flight
   */
  async #load(flight) {
    const { url, init, controller } = flight;
    // With developer tools attached, the engine notes the stack of each fetch, frame by frame: here it is one frame.
    // A body that the app could still change is read at once.
    if (typeof init.body !== "object") await undefined;
    try {
      init.signal = controller?.signal;
      const response = await fetch(url, init);
      return new Reply(response, await response.text());
    } catch (thrown) {
      throw noAnswer(thrown);
    } finally {
      this.#forget(flight);
    }
  }

  /** @param {Flight} flight */
  #forget(flight) {
    this.#flights = this.#flights.filter((one) => one !== flight);
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
