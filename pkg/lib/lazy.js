// @ts-check
/**
 * `./lazy`: the same SDK, loaded at the first call that needs it. Until then nobody is signed in, and the instances
 * here answer like that; afterwards every call goes straight to the loaded one.
 */
import { failure } from "./errors.js";
import { InstallFlow } from "./install_flow.js";
import { INSTANCE, PUBLIC, delegate } from "./methods.js";
import { paginate } from "./paginate.js";
import { readyMade } from "./ready_made.js";
import { WaitingCalls } from "./waiting_calls.js";

export * from "./exports.js";

/** @typedef {typeof import("./sdk.js")} Main the package's main file */

/** @type {Main | undefined} */
let main;
/** @type {Promise<void> | undefined} */
let loading;

/** Loads the SDK now, so that later calls need not wait. After a failure the next call tries again. */
export const load = () =>
  (loading ??= import("./sdk.js").then(
    (loaded) => void (main = loaded),
    (cause) => {
      loading = undefined;
      throw failure("sdk_not_loaded", "the SDK could not be loaded; is there a connection?", { cause });
    },
  ));

/** Said to the constructor by the ready-made instance: what is loaded has one. */
const READY_MADE = {};

/** One SDK instance. */
export default class ConnectSDK {
  /** @type {InstanceType<Main["default"]> | undefined} */
  #sdk;
  #create;
  #waiting = new WaitingCalls(async () => {
    await load();
    this.#loaded();
  });

  installFlow = new InstallFlow(() => (this.#loaded() ?? this.#waiting).installFlow);

  static {
    delegate(this.prototype, [...PUBLIC, ...INSTANCE], (sdk) => sdk.#loaded() ?? sdk.#waiting.methods);
  }

  /**
   * @param {unknown} [environment] nothing, a host, an environments object, or `{gateway, persistence}`
   * @param {{ skipBootstrapWithLastKnownState?: boolean }} [flags] whether a kept session is left alone
   */
  constructor(environment, flags) {
    this.#create = /** @param {Main} main */ (main) => (environment === READY_MADE ? main.connectSingleton : new main.default(environment, flags));
    if (environment !== READY_MADE) this.#loaded();
  }

  /** @param {string} integration @param {string} path @param {Record<string, unknown>} [options] */
  paginate(integration, path, options) {
    return paginate(this, integration, path, options);
  }

  /** The loaded instance, once there is one; it has then got the calls that waited. */
  #loaded() {
    if (!this.#sdk && main) {
      this.#sdk = this.#create(main);
      this.#waiting.make(this.#sdk);
    }
    return this.#sdk;
  }
}

export const connectSingleton = new ConnectSDK(READY_MADE);
export const paragon = readyMade(connectSingleton);
export const { authenticate, request } = paragon;
