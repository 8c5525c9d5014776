// @ts-check
/**
 * `installFlow`: connecting an account step by step, with pages of the app's own.
 */
import { getConnectSDKError } from "./errors.js";

const METHODS = [
  "cancel", "getAccountTypeValue", "getPostOptionsValue", "getPreOptionsValue", "next", "setAccountType",
  "setPostOptions", "setPreOptions",
];

/** How each flow calls the core. */
const callers = new WeakMap();

/** The install flow of an SDK instance. */
export class InstallFlow {
  /** @param {(name: string, a?: unknown, b?: unknown) => unknown} call calls a method of the core */
  constructor(call) {
    callers.set(this, call);
  }

  /**
   * Starts over, with this integration.
   * @param {string} type
   * @param {any} [options] callbacks and what is to be connected
   */
  start(type, options) {
    const onError = options?.onError;
    const plain = /** @param {unknown} error @param {unknown} context */ (error, context) => onError(getConnectSDKError(error), context);
    callers.get(this)("installFlow.start", type, typeof onError === "function" ? { ...options, onError: plain } : options);
  }
}

for (const name of METHODS) {
  Object.defineProperty(InstallFlow.prototype, name, {
    configurable: true,
    writable: true,
    value: /** @this {InstallFlow} @param {unknown} a @param {unknown} b */ function (a, b) {
      return callers.get(this)(`installFlow.${name}`, a, b);
    },
  });
}
