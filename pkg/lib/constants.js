// @ts-check
/** Constants that apps import by name. */

export const SDK_EVENT = {
  ON_INTEGRATION_INSTALL: "onIntegrationInstall",
  ON_INTEGRATION_UNINSTALL: "onIntegrationUninstall",
  ON_WORKFLOW_CHANGE: "onWorkflowChange",
  ON_PORTAL_OPEN: "onPortalOpen",
  ON_PORTAL_CLOSE: "onPortalClose",
};
export const CredentialStatus = { PENDING: "PENDING", INVALID: "INVALID", VALID: "VALID" };
export const SELECTED_CREDENTIAL_ID_HEADER = "X-Paragon-Credential";
export const SELECTED_CREDENTIAL_CONFIG_ID_HEADER = "X-Paragon-Configuration-Id";
export const SDK_VERSION_HEADER = "X-Paragon-SDK-Version";
export const INFER_CONTENT_TYPE_FROM_CONNECT_OPTIONS = "auto";
/** What the body's `overflow` is saved as where it has none. */
export const PARAGON_OVERFLOW_EMPTY_VALUE = "PARAGON_OVERFLOW_EMPTY_VALUE";
export const ModalView = { OVERVIEW: "overview", CONFIGURATION: "configuration" };
