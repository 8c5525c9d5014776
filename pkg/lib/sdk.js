// @ts-check
/**
 * The JavaScript face: the core is started at the first call, so importing does nothing.
 */
import { call, name, open } from "#core";
import { start } from "#start";
import { ExternalFilePicker } from "./file_picker.js";
import { InstallFlow } from "./install_flow.js";
import { paginate } from "./paginate.js";
import { usualRequest } from "./usual_request.js";
import { enter, put } from "./values.js";
import { Wire } from "./wire.js";

export {
  BaseSDKError, HeadlessModeNotEnabledError, IntegrationNotFoundError, IntegrationNotInstalledError,
  NoActiveInstallFlowError, OAuthBlockedError, OAuthCancelledError, OAuthFailedError, OAuthTimeoutError, RequestError,
  TimeoutError, UserNotAuthenticatedError, getConnectSDKError, isRequestError, isSDKError,
} from "./errors.js";
export * from "./constants.js";
export { ExternalFilePicker, InstallFlow };

/** What the ready-made `paragon` object has. */
const PUBLIC = [
  "_loadCustomDropdownOptions", "_oauthCallback", "_oauthErrorCallback", "authenticate", "closePortal", "completeInstall",
  "configureGlobal", "connect", "connectAction", "createConfiguration", "destroyConfiguration", "disableWorkflow", "enableWorkflow", "event",
  "getAccountTypeOptions", "getAssetUrl", "getCustomWebhookUserManualUrl", "getDataSourceOptions", "getFieldOptions",
  "getIntegrationAccount", "getIntegrationConfig", "getIntegrationId", "getIntegrationMetadata", "getPostOptions",
  "getPreOptions", "getSourcesForActionInput", "getSourcesForInput", "getTriggers", "getUser", "getVersion",
  "installIntegration", "setDataSources", "setHeadless", "setUserMetadata", "startOAuthFlow", "subscribe",
  "uninstallIntegration", "unsubscribe", "updateConfiguration", "updateIntegrationUserSettings", "updateWorkflowState",
  "updateWorkflowUserSettings", "workflow",
];
/** On instances of the class only. */
const INSTANCE = [
  "_fetchBYOFieldMappingOptions", "cancelOAuthFlow", "logout", "onClose", "onOpen", "reopenOAuthFlow",
  "sendConnectRequest", "setModalState", "triggerSDKEvent", "updateAuthenticatedUser", "updateContainerStyle",
  "validateAction",
];

/** Said to the constructor by the ready-made instance: wait for the first call. */
const LAZY = {};

/** The state of each instance, as the core keeps it. @type {WeakMap<ConnectSDK, object>} */
const states = new WeakMap();
/** The core's methods: their numbers by name. @type {Map<string, number>} */
const methods = new Map();

const nameMethods = () => {
  for (let index = 0, known; (known = enter(() => name(index))) !== undefined; index++) methods.set(known, index);
};

/**
 * @param {ConnectSDK} instance
 * @param {unknown} [environment]
 * @param {{ skipBootstrapWithLastKnownState?: boolean }} [flags]
 */
const startCore = (instance, environment, flags) => {
  start();
  if (methods.size === 0) nameMethods();
  const state = enter(() => open(put(environment), Number(!flags?.skipBootstrapWithLastKnownState), put(new Wire())));
  states.set(instance, state);
  return state;
};

/**
 * Calls a method of the core for `instance`, whose state is made if it has to be.
 * @param {ConnectSDK} instance
 * @param {string} method
 * @param {unknown} [a] @param {unknown} [b] @param {unknown} [c] @param {unknown} [d]
 */
const invoke = (instance, method, a, b, c, d) => {
  const state = states.get(instance) ?? startCore(instance);
  return enter(() => call(/** @type {number} */ (methods.get(method)), put(state), put(a), put(b), put(c), put(d)));
};

/** One SDK instance. */
export default class ConnectSDK {
  installFlow = new InstallFlow((name, a, b) => invoke(this, name, a, b));

  /**
   * @param {unknown} [environment] nothing, a host, an environments object, or `{gateway, persistence}`
   * @param {{ skipBootstrapWithLastKnownState?: boolean }} [flags] whether a kept session is left alone
   */
  constructor(environment, flags) {
    if (environment !== LAZY) startCore(this, environment, flags);
  }

  /** @param {string} integration @param {string} path @param {any} [options] */
  request(integration, path, options) {
    return usualRequest(states.get(this), integration, path, options) ?? invoke(this, "request", integration, path, options);
  }
}

for (const name of [...PUBLIC, ...INSTANCE]) {
  Object.defineProperty(ConnectSDK.prototype, name, {
    configurable: true,
    writable: true,
    value: /** @this {ConnectSDK} @param {unknown} a @param {unknown} b @param {unknown} c @param {unknown} d */ function (a, b, c, d) {
      return invoke(this, name, a, b, c, d);
    },
  });
}

ConnectSDK.prototype.paginate = function (integration, path, options) {
  return paginate(this, integration, path, options);
};

export const connectSingleton = /** @type {any} */ (new ConnectSDK(LAZY));

/** The ready-made instance: its functions can be passed around on their own. */
export const paragon = /** @type {any} */ ({
  ...Object.fromEntries([...PUBLIC, "request", "paginate"].map((name) => [name, /** @param {unknown} a @param {unknown} b @param {unknown} c @param {unknown} d */ (a, b, c, d) => connectSingleton[name](a, b, c, d)])),
  installFlow: connectSingleton.installFlow,
  /** Works with and without `new`. @param {string} type @param {object} options */
  ExternalFilePicker: function (type, options) {
    return new ExternalFilePicker(type, options, connectSingleton);
  },
});

export const { authenticate, request } = paragon;
