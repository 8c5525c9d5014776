// @ts-check
/**
 * The usual request, sent without the core: after a pause of the page all code is cold, and each call into WebAssembly
 * costs as much as the rest of a small request. What is not usual is the core's, which alone refuses.
 */

/**
 * Paths that `src/path.rs` takes as they are, and no URL parser changes: no segment starts with a dot, and nothing is
 * encoded before the query.
 */
const PLAIN = /^\/?\w[\w.~-]*(\/\w[\w.~-]*)*\/?(\?[\w.~%&=+,:$/-]*)?$/;

/**
 * The promise of the answer; undefined for what is the core's: without a user, for the user's first request of an
 * integration, and for all but plain paths and options.
 * @param {any} state of an instance (`src/sdk.rs`)
 * @param {any} integration
 * @param {any} path
 * @param {any} options
 */
export const usualRequest = (state, integration, path, options) => {
  try {
    const { prefixes, token } = state.auth;
    const { timeout, retry, responseType } = options ?? {};
    if ((timeout ?? retry ?? responseType) !== undefined || typeof integration !== "string" || !Object.hasOwn(prefixes, integration)) return;
    if (typeof path !== "string" || !PLAIN.test(path)) return;
    return state.wire.request(prefixes[integration] + (path[0] === "/" ? "" : "/") + path, token, options);
  } catch {
    // Nothing was sent: the core says what is wrong.
  }
};
