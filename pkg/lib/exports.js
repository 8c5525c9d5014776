// @ts-check
/** What every entry exports beside the SDK itself. */
export {
  BaseSDKError, HeadlessModeNotEnabledError, IntegrationNotFoundError, IntegrationNotInstalledError,
  NoActiveInstallFlowError, OAuthBlockedError, OAuthCancelledError, OAuthFailedError, OAuthTimeoutError, RequestError,
  TimeoutError, UserNotAuthenticatedError, getConnectSDKError, isRequestError, isSDKError,
} from "./errors.js";
export * from "./constants.js";
export { ExternalFilePicker } from "./file_picker.js";
export { InstallFlow } from "./install_flow.js";
