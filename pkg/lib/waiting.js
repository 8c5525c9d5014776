// @ts-check
/**
 * Limits, pauses, and leaving what one waits for.
 */
import { TimeoutError } from "./errors.js";

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
export const unlessAborted = (work, signal, leave) => {
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
