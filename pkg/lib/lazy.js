// @ts-check
/**
 * `./lazy`: the same SDK, loaded at the first call that needs it. Until then nobody is signed in, and the instances
 * here answer like that; afterwards every call goes straight to the loaded one.
 */
import { failure } from "./errors.js";
import { InstallFlow } from "./install_flow.js";
import { Later } from "./later.js";
import { INSTANCE, PUBLIC, delegate, setTarget } from "./methods.js";
import { paginate } from "./paginate.js";
import { readyMade } from "./ready_made.js";

export * from "./exports.js";

/** The package's main file. @type {typeof import("./sdk.js") | undefined} */
let main;
/** @type {Promise<void> | undefined} */
let loading;

/** Loads the SDK now, so that later calls need not wait. After a failure the next call tries again. */
export const load = () =>
  (loading ??= import("./sdk.js").then(
    (loaded) => {
      main = loaded;
    },
    (cause) => {
      loading = undefined;
      throw failure("sdk_not_loaded", "the SDK could not be loaded; is there a connection?", { cause });
    },
  ));

/** Said to the constructor by the ready-made instance: what is loaded has one. */
const READY_MADE = {};

/** One SDK instance. */
export default class ConnectSDK {
  /**
   * @param {any} [environment] nothing, a host, an environments object, or `{gateway, persistence}`
   * @param {{ skipBootstrapWithLastKnownState?: boolean }} [flags] whether a kept session is left alone
   */
  constructor(environment, flags) {
    const isReadyMade = environment === READY_MADE;
    const later = new Later(load, () => main && (isReadyMade ? main.connectSingleton : new main.default(environment, flags)));
    setTarget(this, () => later.methods);
    this.installFlow = new InstallFlow(() => later.installFlow);
    // An invalid environment throws here if it can.
    if (!isReadyMade) later.loaded();
  }

  /** @param {string} integration @param {string} path @param {Record<string, unknown>} [options] */
  paginate(integration, path, options) {
    return paginate(this, integration, path, options);
  }
}
delegate(ConnectSDK.prototype, [...PUBLIC, ...INSTANCE]);

export const connectSingleton = new ConnectSDK(READY_MADE);
export const paragon = readyMade(connectSingleton);
export const { authenticate, request } = paragon;
