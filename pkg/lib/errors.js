// @ts-check
/**
 * The error classes of the package. Every failure is one of them or a plain `Error`; all have a `code`.
 */

/** Base of the SDK's own errors. */
export class BaseSDKError extends Error {
  /**
   * @param {string} message
   * @param {Record<string, unknown>} [fields] `code`, `cause` and what else the error carries
   */
  constructor(message, fields) {
    super(message);
    Object.assign(this, fields);
  }
}

/**
 * @param {string} name
 * @param {string} code
 */
const define = (name, code) => {
  const ErrorClass = class extends BaseSDKError {};
  Object.defineProperty(ErrorClass, "name", { value: name });
  Object.assign(ErrorClass.prototype, { name, code });
  return ErrorClass;
};

export const UserNotAuthenticatedError = define("UserNotAuthenticatedError", "user_not_authenticated");
export const NoActiveInstallFlowError = define("NoActiveInstallFlowError", "no_active_install_flow");
export const IntegrationNotFoundError = define("IntegrationNotFoundError", "integration_not_found");
export const IntegrationNotInstalledError = define("IntegrationNotInstalledError", "integration_not_installed");
export const HeadlessModeNotEnabledError = define("HeadlessModeNotEnabledError", "headless_mode_not_enabled");
export const OAuthBlockedError = define("OAuthBlockedError", "popup_blocked");
export const OAuthTimeoutError = define("OAuthTimeoutError", "oauth_timeout");
export const OAuthCancelledError = define("OAuthCancelledError", "oauth_cancelled");
export const OAuthFailedError = define("OAuthFailedError", "oauth_failed");
export const TimeoutError = define("TimeoutError", "timeout");

/** An HTTP error answer. Its `name` is `Error`, as in the client this one stands in for. */
export class RequestError extends BaseSDKError {}

/** @type {Record<string, new (message: string, fields?: any) => Error>} */
const classes = {
  UserNotAuthenticatedError,
  NoActiveInstallFlowError,
  IntegrationNotFoundError,
  IntegrationNotInstalledError,
  HeadlessModeNotEnabledError,
  OAuthBlockedError,
  OAuthTimeoutError,
  OAuthCancelledError,
  OAuthFailedError,
  TimeoutError,
  RequestError,
};

/**
 * Called by the core: an instance of the class `kind`, or a plain `Error`, with these fields.
 * @param {string} kind
 * @param {string} message
 * @param {Record<string, unknown>} fields
 */
export const createError = (kind, message, fields) =>
  classes[kind] ? new classes[kind](message, fields) : Object.assign(new Error(message), fields);

/**
 * Whether `error` was made by this package.
 * @param {unknown} error
 */
export const isSDKError = (error) => error instanceof BaseSDKError;

/**
 * Whether `error` is an HTTP error answer, with `status`, `code`, `requestId`, `retryAfter` and `body`.
 * @param {unknown} error
 */
export const isRequestError = (error) => error instanceof RequestError;

/**
 * The plain object that `onError` of an install flow gets.
 * @param {any} error
 */
export const getConnectSDKError = (error) =>
  error instanceof BaseSDKError && !(error instanceof RequestError)
    ? { name: error.name, message: error.message, meta: error.meta ?? null, code: error.code }
    : { name: "UnknownError", message: error?.message ?? String(error), originalError: error };
