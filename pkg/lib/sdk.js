// @ts-check
/**
 * The JavaScript face: the core is started at the first call, so importing does nothing.
 */
import { Client } from "#core";
import { start } from "#start";

export {
  BaseSDKError, HeadlessModeNotEnabledError, IntegrationNotFoundError, IntegrationNotInstalledError,
  NoActiveInstallFlowError, OAuthBlockedError, OAuthCancelledError, OAuthFailedError, OAuthTimeoutError, RequestError,
  TimeoutError, UserNotAuthenticatedError, getConnectSDKError, isRequestError, isSDKError,
} from "./errors.js";
export * from "./constants.js";

/** What the ready-made `paragon` object has. */
const PUBLIC = [
  "authenticate", "closePortal", "configureGlobal", "connect", "event", "getIntegrationConfig",
  "getIntegrationMetadata", "getUser", "getVersion", "installIntegration", "request", "setHeadless", "setUserMetadata",
  "subscribe", "uninstallIntegration", "unsubscribe", "workflow",
];
/** On instances of the class only. */
const INSTANCE = [
  "_oauthCallback", "cancelOAuthFlow", "logout", "onClose", "onOpen", "reopenOAuthFlow", "sendConnectRequest", "setModalState",
  "startOAuthFlow", "triggerSDKEvent", "updateAuthenticatedUser", "updateContainerStyle",
];

/** Said to the constructor by the ready-made instance: wait for the first call. */
const LAZY = {};

/** The core behind each instance. */
const cores = new WeakMap();

/**
 * @param {ConnectSDK} instance
 * @param {unknown} [environment]
 */
const startCore = (instance, environment) => {
  start();
  const core = new Client(environment);
  cores.set(instance, core);
  return core;
};

/** One SDK instance. */
export default class ConnectSDK {
  /** @param {unknown} [environment] nothing, a host, an environments object, or `{gateway, persistence}` */
  constructor(environment) {
    if (environment !== LAZY) startCore(this, environment);
  }
}

for (const name of [...PUBLIC, ...INSTANCE]) {
  Object.defineProperty(ConnectSDK.prototype, name, {
    configurable: true,
    writable: true,
    value: /** @this {ConnectSDK} @param {unknown[]} values */ function (...values) {
      return (cores.get(this) ?? startCore(this)).call(name, values);
    },
  });
}

export const connectSingleton = /** @type {any} */ (new ConnectSDK(LAZY));

/** The ready-made instance: its functions can be passed around on their own. */
export const paragon = /** @type {any} */ (
  Object.fromEntries(PUBLIC.map((name) => [name, /** @param {unknown[]} values */ (...values) => connectSingleton[name](...values)]))
);

export const { authenticate, request } = paragon;
