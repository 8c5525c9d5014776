// @ts-check
/** An instance whose SDK may not be loaded yet, and its calls that wait. */
import { INSTALL_FLOW, INSTANCE, PUBLIC } from "./methods.js";
import { checkListener, noInstallFlow, signedOut } from "./signed_out.js";

/** Methods that return nothing: nobody waits for them, and the SDK is not loaded for their sake. */
const EFFECTS = [
  "cancelOAuthFlow", "closePortal", "configureGlobal", "logout", "onClose", "onOpen", "reopenOAuthFlow",
  "setDataSources", "setHeadless", "setModalState", "triggerSDKEvent", "updateAuthenticatedUser",
  "updateContainerStyle",
];

/**
 * @typedef {(sdk: any) => unknown} Call
 * @typedef {{ call: Call, resolve?: (value: unknown) => void, reject?: (error: unknown) => void, listens?: unknown[] }} Waiting
 * @typedef {Record<string, (...values: any[]) => unknown>} Methods
 */

/**
 * @param {string[]} names
 * @param {(name: string, values: unknown[]) => unknown} run
 * @returns {Methods}
 */
const methods = (names, run) => Object.fromEntries(names.map((name) => [name, (...values) => run(name, values)]));

/** One instance of `lazy.js`. */
export class Later {
  /** The calls that wait, in their order. @type {Waiting[]} */
  #calls = [];
  #load;
  #create;
  /** @type {any} */
  #sdk;

  /**
   * @param {() => Promise<void>} load
   * @param {() => any} create makes the instance, or gives nothing before the SDK is loaded
   */
  constructor(load, create) {
    this.#load = load;
    this.#create = create;
  }

  /** The object that has the methods: the loaded instance, or its stand-in. */
  get methods() {
    return this.loaded() ?? this.#methods;
  }

  /** The same for an install flow. */
  get installFlow() {
    return this.loaded()?.installFlow ?? this.#installFlow;
  }

  /** The loaded instance, after the calls that waited were made; undefined before the SDK is loaded. */
  loaded() {
    if (!this.#sdk) {
      this.#sdk = this.#create();
      if (this.#sdk) this.#make(this.#sdk);
    }
    return this.#sdk;
  }

  /** @type {Methods} */
  #methods = {
    ...methods([...PUBLIC, ...INSTANCE], (name, values) => this.#wait((sdk) => sdk[name](...values))),
    ...methods(EFFECTS, (name, values) => void this.#calls.push({ call: (sdk) => sdk[name](...values) })),
    ...signedOut,
    subscribe: (event, listener) => {
      checkListener(event, listener, `no listener is provided for ${event}`);
      this.#calls.push({ call: (sdk) => sdk.subscribe(event, listener), listens: [event, listener] });
      return () => this.methods.unsubscribe(event, listener);
    },
    unsubscribe: (event, listener) => {
      checkListener(event, listener, "listener is required for unsubscription");
      const others = this.#calls.filter(({ listens }) => !(listens?.[0] === event && listens?.[1] === listener));
      const isFound = others.length < this.#calls.length;
      this.#calls = others;
      return isFound;
    },
  };

  /** @type {Methods} */
  #installFlow = {
    ...methods(INSTALL_FLOW, (name, values) => this.#wait((sdk) => sdk.installFlow[name](...values))),
    ...noInstallFlow,
    // Callbacks report its outcome.
    start: (...values) => void this.#wait((sdk) => sdk.installFlow.start(...values)),
  };

  /** @param {Call} call */
  #wait(call) {
    const waiting = new Promise((resolve, reject) => this.#calls.push({ call, resolve, reject }));
    this.#load().then(() => this.loaded()).catch((error) => this.#fail(error));
    return waiting;
  }

  /**
   * Rejects the calls that somebody waits for; the others stay for the next try.
   * @param {unknown} error
   */
  #fail(error) {
    const calls = this.#calls;
    this.#calls = calls.filter(({ reject }) => !reject);
    for (const { reject } of calls) reject?.(error);
  }

  /**
   * Makes the calls. If one that returned nothing fails, the calls after it that somebody waits for fail as well: an app
   * whose configuration is invalid must not sign in with another.
   * @param {any} sdk
   */
  #make(sdk) {
    const calls = this.#calls;
    this.#calls = [];
    /** @type {{ error: unknown, isReported: boolean } | undefined} */
    let failed;
    for (const { call, resolve, reject } of calls) {
      try {
        if (failed && reject) {
          failed.isReported = true;
          throw failed.error;
        }
        const value = call(sdk);
        resolve?.(value);
      } catch (error) {
        if (reject) reject(error);
        else failed ??= { error, isReported: false };
      }
    }
    // Nobody waits: an uncaught error.
    if (failed && !failed.isReported) Promise.reject(failed.error);
  }
}
