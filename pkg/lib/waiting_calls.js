// @ts-check
/** The calls that one instance got before the SDK was loaded. */
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

/** The calls that wait, in their order. */
export class WaitingCalls {
  /** @type {Waiting[]} */
  #calls = [];
  #load;
  /** The loaded instance, which has got the calls. @type {any} */
  #sdk;

  /** @param {() => Promise<unknown>} load loads the SDK, and makes the calls that wait */
  constructor(load) {
    this.#load = load;
  }

  /** @type {Methods} */
  methods = {
    ...methods([...PUBLIC, ...INSTANCE], (name, values) => this.#wait((sdk) => sdk[name](...values))),
    ...methods(EFFECTS, (name, values) => void this.#calls.push({ call: (sdk) => sdk[name](...values) })),
    ...signedOut,
    subscribe: (event, listener) => {
      checkListener(event, listener, `no listener is provided for ${event}`);
      this.#calls.push({ call: (sdk) => sdk.subscribe(event, listener), listens: [event, listener] });
      return () => (this.#sdk ?? this.methods).unsubscribe(event, listener);
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
  installFlow = {
    ...methods(INSTALL_FLOW, (name, values) => this.#wait((sdk) => sdk.installFlow[name](...values))),
    ...noInstallFlow,
    /** Its outcome is told to callbacks. */
    start: (...values) => void this.#wait((sdk) => sdk.installFlow.start(...values)),
  };

  /** @param {Call} call */
  #wait(call) {
    const waiting = new Promise((resolve, reject) => this.#calls.push({ call, resolve, reject }));
    this.#load().catch((error) => this.#fail(error));
    return waiting;
  }

  /**
   * The SDK could not be loaded: what returned nothing waits on, for the next try.
   * @param {unknown} error
   */
  #fail(error) {
    const calls = this.#calls;
    this.#calls = calls.filter(({ reject }) => !reject);
    for (const { reject } of calls) reject?.(error);
  }

  /**
   * Makes the calls. When one that returned nothing fails, so do those after it that somebody waits for: an app that
   * gave a wrong configuration must not sign in with another.
   * @param {any} sdk
   */
  make(sdk) {
    const calls = this.#calls;
    this.#calls = [];
    this.#sdk = sdk;
    /** @type {{ error: unknown, isTold: boolean } | undefined} */
    let failed;
    for (const { call, resolve, reject } of calls) {
      try {
        if (failed && reject) {
          failed.isTold = true;
          throw failed.error;
        }
        const value = call(sdk);
        resolve?.(value);
      } catch (error) {
        if (reject) reject(error);
        else failed ??= { error, isTold: false };
      }
    }
    // As an uncaught error of the app.
    if (failed && !failed.isTold) Promise.reject(failed.error);
  }
}
