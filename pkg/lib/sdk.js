// @ts-check
/**
 * The JavaScript face: the core is started at the first call, so importing does nothing.
 */
import { Paragon } from "#core";
import { start } from "#start";
import { ExternalFilePicker } from "./file_picker.js";
import { paginate } from "./paginate.js";

export {
  BaseSDKError, HeadlessModeNotEnabledError, IntegrationNotFoundError, IntegrationNotInstalledError,
  NoActiveInstallFlowError, OAuthBlockedError, OAuthCancelledError, OAuthFailedError, OAuthTimeoutError, RequestError,
  TimeoutError, UserNotAuthenticatedError, getConnectSDKError, isRequestError, isSDKError,
} from "./errors.js";
export * from "./constants.js";

/** What the ready-made `paragon` object has. */
const PUBLIC = [
  "_loadCustomDropdownOptions", "_oauthCallback", "_oauthErrorCallback", "authenticate", "closePortal", "completeInstall",
  "configureGlobal", "connect", "connectAction", "createConfiguration", "destroyConfiguration", "disableWorkflow", "enableWorkflow", "event",
  "getAccountTypeOptions", "getAssetUrl", "getCustomWebhookUserManualUrl", "getDataSourceOptions", "getFieldOptions",
  "getIntegrationAccount", "getIntegrationConfig", "getIntegrationId", "getIntegrationMetadata", "getPostOptions",
  "getPreOptions", "getSourcesForActionInput", "getSourcesForInput", "getTriggers", "getUser", "getVersion",
  "installIntegration", "setDataSources", "setHeadless", "setUserMetadata", "startOAuthFlow", "subscribe",
  "uninstallIntegration", "unsubscribe", "updateConfiguration", "updateIntegrationUserSettings", "updateWorkflowState",
  "updateWorkflowUserSettings", "workflow", "request",
];
const INSTANCE = [
  "_fetchBYOFieldMappingOptions", "cancelOAuthFlow", "logout", "onClose", "onOpen", "reopenOAuthFlow",
  "sendConnectRequest", "setModalState", "triggerSDKEvent", "updateAuthenticatedUser", "updateContainerStyle",
  "validateAction",
];
const FLOW = ["cancel", "getAccountTypeValue", "getPostOptionsValue", "getPreOptionsValue", "next", "setAccountType", "setPostOptions", "setPreOptions", "start"];
const LAZY = {};

export class InstallFlow {
  #core;
  constructor(core) {
    this.#core = core;
    for (const name of FLOW) this[name] = (...values) => this.#core().installFlow[name](...values);
  }
}

export default class ConnectSDK {
  #core;
  installFlow = new InstallFlow(() => this._core());
  constructor(environment, flags) {
    if (environment !== LAZY) this._core(environment, flags);
  }
  _core(environment, flags) {
    if (!this.#core) {
      start();
      this.#core = new Paragon(environment, !flags?.skipBootstrapWithLastKnownState);
    }
    return this.#core;
  }
}
for (const name of [...PUBLIC, ...INSTANCE]) {
  Object.defineProperty(ConnectSDK.prototype, name, {
    configurable: true,
    writable: true,
    value: function (...values) {
      return this._core()[name](...values);
    },
  });
}
ConnectSDK.prototype.paginate = function (integration, path, options) {
  return paginate(this, integration, path, options);
};
export { ExternalFilePicker };
export const connectSingleton = /** @type {any} */ (new ConnectSDK(LAZY));
export const paragon = /** @type {any} */ ({
  ...Object.fromEntries([...PUBLIC, "paginate"].map((name) => [name, (...values) => connectSingleton[name](...values)])),
  installFlow: connectSingleton.installFlow,
  ExternalFilePicker: function (type, options) {
    return new ExternalFilePicker(type, options, connectSingleton);
  },
});
export const { authenticate, request } = paragon;
