// @ts-check
/**
 * The JavaScript face: the core is started at the first call, so importing does nothing.
 */
import { start } from "#start";
import { InstallFlow } from "./install_flow.js";
import { INSTANCE, PUBLIC, delegate } from "./methods.js";
import { paginate } from "./paginate.js";
import { readyMade } from "./ready_made.js";

export * from "./exports.js";

/** Said to the constructor by the ready-made instance: wait for the first call. */
const LATER = {};

/** One SDK instance. */
export default class ConnectSDK {
  /** @type {import("#core").Paragon | undefined} */
  #core;

  installFlow = new InstallFlow(() => this.#started().installFlow);

  static {
    delegate(this.prototype, [...PUBLIC, ...INSTANCE], (sdk) => sdk.#started());
  }

  /**
   * @param {unknown} [environment] nothing, a host, an environments object, or `{gateway, persistence}`
   * @param {{ skipBootstrapWithLastKnownState?: boolean }} [flags] whether a kept session is left alone
   */
  constructor(environment, flags) {
    if (environment !== LATER) this.#started(environment, !flags?.skipBootstrapWithLastKnownState);
  }

  /** @param {string} integration @param {string} path @param {Record<string, unknown>} [options] */
  paginate(integration, path, options) {
    return paginate(this, integration, path, options);
  }

  /** @param {any} [environment] @param {boolean} [restores] */
  #started(environment, restores = true) {
    return (this.#core ??= new (start().Paragon)(environment, restores));
  }
}

export const connectSingleton = new ConnectSDK(LATER);
export const paragon = readyMade(connectSingleton);
export const { authenticate, request } = paragon;
