// @ts-check
/**
 * The JavaScript face: the core is started at the first call, so importing does nothing.
 */
import { start } from "#start";
import { InstallFlow } from "./install_flow.js";
import { INSTANCE, PUBLIC, delegate, setTarget } from "./methods.js";
import { paginate } from "./paginate.js";
import { readyMade } from "./ready_made.js";

export * from "./exports.js";

/** Said to the constructor by the ready-made instance: wait for the first call. */
const LATER = {};

/** One SDK instance. */
export default class ConnectSDK {
  /**
   * @param {any} [environment] nothing, a host, an environments object, or `{gateway, persistence}`
   * @param {{ skipBootstrapWithLastKnownState?: boolean }} [flags] whether a kept session is left alone
   */
  constructor(environment, flags) {
    /** @type {import("#core").Paragon | undefined} */
    let core;
    const isLater = environment === LATER;
    const started = () => (core ??= new (start().Paragon)(isLater ? undefined : environment, !flags?.skipBootstrapWithLastKnownState));
    setTarget(this, started);
    this.installFlow = new InstallFlow(() => started().installFlow);
    if (!isLater) started();
  }

  /** @param {string} integration @param {string} path @param {Record<string, unknown>} [options] */
  paginate(integration, path, options) {
    return paginate(this, integration, path, options);
  }
}
delegate(ConnectSDK.prototype, [...PUBLIC, ...INSTANCE]);

export const connectSingleton = new ConnectSDK(LATER);
export const paragon = readyMade(connectSingleton);
export const { authenticate, request } = paragon;
