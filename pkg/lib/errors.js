// @ts-check
/**
 * The error classes of the package. Every failure is one of them or a plain `Error`; all have a `code`.
 *
 * Properties are defined, never assigned: where an app has frozen `Error.prototype`, assigning one that it has throws.
 */

/** Base of the SDK's own errors. */
export class BaseSDKError extends Error {
  /** @type {string} */
  name;
  /** @type {Record<string, unknown> | null} */
  meta;

  /** @param {{ name: string, message: string, meta?: Record<string, unknown> | null }} error */
  constructor({ name, message, meta = null }) {
    super(message);
    this.name = name;
    this.meta = meta;
  }
}

/**
 * Gives `target` these properties, as an assignment to a plain object would.
 * @template {object} T
 * @param {T} target
 * @param {object} fields
 */
const defineAll = (target, fields) => {
  // A message stays hidden, as every error's is.
  for (const [key, value] of Object.entries(fields)) {
    Object.defineProperty(target, key, { value, configurable: true, writable: true, enumerable: key !== "message" });
  }
  return target;
};

/**
 * Names a class, whose own name the build shortens, and gives all its instances `code`.
 * @template {new (...values: any[]) => BaseSDKError} T
 * @param {T} ErrorClass
 * @param {string} name
 * @param {string} [code]
 */
const label = (ErrorClass, name, code) => {
  Object.defineProperty(ErrorClass, "name", { value: name });
  if (code) defineAll(ErrorClass.prototype, { code });
  return ErrorClass;
};
label(BaseSDKError, "BaseSDKError");

/**
 * @param {string} name
 * @param {string} code
 * @param {string} [text] what every instance says, whatever it is made with; without it an instance says what it is given
 */
const define = (name, code, text) =>
  label(
    class extends BaseSDKError {
      /** @param {string} [message] */
      constructor(message) {
        super({ name, message: /** @type {string} */ (text ?? message) });
      }
    },
    name,
    code,
  );

/**
 * An error about one integration: made with its name.
 * @param {string} name
 * @param {string} code
 * @param {(integrationName: string) => string} describe
 */
const defineFor = (name, code, describe) =>
  label(
    class extends BaseSDKError {
      /** @type {string} */
      integrationName;

      /** @param {string} integrationName */
      constructor(integrationName) {
        super({ name, message: describe(integrationName), meta: { integrationName } });
        this.integrationName = integrationName;
      }
    },
    name,
    code,
  );

export const UserNotAuthenticatedError = define("UserNotAuthenticatedError", "user_not_authenticated", "User not authenticated, Call paragon.authenticate(<projectId>, <user token>) before using the SDK.");
export const NoActiveInstallFlowError = define("NoActiveInstallFlowError", "no_active_install_flow", "No active install flow, make sure you call installFlow.start(<integrationName>, ...args) before calling any other method");
export const IntegrationNotFoundError = defineFor("IntegrationNotFoundError", "integration_not_found", (name) => `Integration with name ${name} not found`);
export const IntegrationNotInstalledError = defineFor("IntegrationNotInstalledError", "integration_not_installed", (name) => `Integration "${name}" is not installed.`);
export const HeadlessModeNotEnabledError = define("HeadlessModeNotEnabledError", "headless_mode_not_enabled", "Headless mode is not enabled. Make sure you call `paragon.setHeadless(true)` as early as possible in your code.");
export const OAuthBlockedError = define("OAuthBlockedError", "popup_blocked", "Popup was blocked by the browser.");
export const OAuthTimeoutError = define("OAuthTimeoutError", "oauth_timeout", "OAuth timeout");
export const OAuthCancelledError = define("OAuthCancelledError", "oauth_cancelled", "the connection was cancelled");
export const OAuthFailedError = define("OAuthFailedError", "oauth_failed");
export const TimeoutError = define("TimeoutError", "timeout");

/** An HTTP error answer. Its `name` is `Error`, as in the client this one stands in for. */
export class RequestError extends BaseSDKError {
  /** @param {string} message */
  constructor(message) {
    super({ name: "Error", message });
  }
}
label(RequestError, "RequestError");

/** @type {Record<string, new (message: string) => Error>} */
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
 * @param {Record<string, any>} fields
 */
export const createError = (kind, message, fields) =>
  defineAll(Object.hasOwn(classes, kind) ? new classes[kind](fields.integrationName ?? message) : new Error(message), fields);

/**
 * A plain `Error` with this code.
 * @param {string} code
 * @param {string} message
 * @param {object} [fields]
 */
export const failure = (code, message, fields) => defineAll(new Error(message), { code, ...fields });

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
    ? { name: error.name, message: error.message, meta: error.meta ?? null, code: Reflect.get(error, "code"), ...("retry" in error && { retry: error.retry }) }
    : { name: "UnknownError", message: error?.message ?? "An unknown error occurred", originalError: error };
