// @ts-check
/**
 * The JavaScript face: the core is started at the first call, so importing does nothing.
 */
import { Client } from "#core";
import { start } from "#start";
import { ExternalFilePicker } from "./file_picker.js";
import { InstallFlow } from "./install_flow.js";
import { paginate } from "./paginate.js";

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
  "installIntegration", "request", "setDataSources", "setHeadless", "setUserMetadata", "startOAuthFlow", "subscribe",
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

/** The core behind each instance. */
const cores = new WeakMap();

/**
 * @param {ConnectSDK} instance
 * @param {unknown} [environment]
 * @param {{ skipBootstrapWithLastKnownState?: boolean }} [flags]
 */
const startCore = (instance, environment, flags) => {
  start();
  const core = new Client(environment, !flags?.skipBootstrapWithLastKnownState);
  cores.set(instance, core);
  return core;
};

/**
 * Calls a method of the core behind `instance`, which is started if it has to be.
 * @param {ConnectSDK} instance
 * @param {string} name
 * @param {unknown[]} values
 */
const call = (instance, name, values) => (cores.get(instance) ?? startCore(instance)).call(name, values);

/** One SDK instance. */
export default class ConnectSDK {
  installFlow = new InstallFlow((name, values) => call(this, name, values));

  /**
   * @param {unknown} [environment] nothing, a host, an environments object, or `{gateway, persistence}`
   * @param {{ skipBootstrapWithLastKnownState?: boolean }} [flags] whether a kept session is left alone
   */
  constructor(environment, flags) {
    if (environment !== LAZY) startCore(this, environment, flags);
  }
}

for (const name of [...PUBLIC, ...INSTANCE]) {
  Object.defineProperty(ConnectSDK.prototype, name, {
    configurable: true,
    writable: true,
    value: /** @this {ConnectSDK} @param {unknown[]} values */ function (...values) {
      return call(this, name, values);
    },
  });
}

ConnectSDK.prototype.paginate = function (integration, path, options) {
  return paginate(this, integration, path, options);
};

export const connectSingleton = /** @type {any} */ (new ConnectSDK(LAZY));

/** The ready-made instance: its functions can be passed around on their own. */
export const paragon = /** @type {any} */ ({
  ...Object.fromEntries([...PUBLIC, "paginate"].map((name) => [name, /** @param {unknown[]} values */ (...values) => connectSingleton[name](...values)])),
  installFlow: connectSingleton.installFlow,
  /** Works with and without `new`. @param {string} type @param {object} options */
  ExternalFilePicker: function (type, options) {
    return new ExternalFilePicker(type, options, connectSingleton);
  },
});

export const { authenticate, request } = paragon;
