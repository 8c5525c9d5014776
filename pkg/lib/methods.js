// @ts-check
/** The names of the methods. */

/** Those of the core that the ready-made `paragon` object has. */
export const PUBLIC = [
  "_loadCustomDropdownOptions", "_oauthCallback", "_oauthErrorCallback", "authenticate", "closePortal", "completeInstall",
  "configureGlobal", "connect", "connectAction", "createConfiguration", "destroyConfiguration", "disableWorkflow", "enableWorkflow", "event",
  "getAccountTypeOptions", "getAssetUrl", "getCustomWebhookUserManualUrl", "getDataSourceOptions", "getFieldOptions",
  "getIntegrationAccount", "getIntegrationConfig", "getIntegrationId", "getIntegrationMetadata", "getPostOptions",
  "getPreOptions", "getSourcesForActionInput", "getSourcesForInput", "getTriggers", "getUser", "getVersion",
  "installIntegration", "request", "setDataSources", "setHeadless", "setUserMetadata", "startOAuthFlow", "subscribe",
  "uninstallIntegration", "unsubscribe", "updateConfiguration", "updateIntegrationUserSettings", "updateWorkflowState",
  "updateWorkflowUserSettings", "workflow",
];

/** Those that only instances of the class have. */
export const INSTANCE = [
  "_fetchBYOFieldMappingOptions", "cancelOAuthFlow", "logout", "onClose", "onOpen", "reopenOAuthFlow",
  "sendConnectRequest", "setModalState", "triggerSDKEvent", "updateAuthenticatedUser", "updateContainerStyle",
  "validateAction",
];

/** Those of an install flow. */
export const INSTALL_FLOW = [
  "cancel", "getAccountTypeValue", "getPostOptionsValue", "getPreOptionsValue", "next", "setAccountType",
  "setPostOptions", "setPreOptions", "start",
];

/** Gives what has the methods. A property, no private field: frameworks call methods on proxies of an instance. */
const TARGET = Symbol("target");

/**
 * @param {object} instance of a class of {@link delegate}
 * @param {() => object} target gives what has the methods
 */
export const setTarget = (instance, target) => void Object.defineProperty(instance, TARGET, { value: target });

/**
 * Gives `prototype` methods that call those of the same names of an instance's target.
 * @param {object} prototype
 * @param {string[]} names
 */
export const delegate = (prototype, names) => {
  for (const name of names) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value: /** @this {any} @param {unknown[]} values */ function (...values) {
        return this[TARGET]()[name](...values);
      },
    });
  }
};
