/** The errors of the package. All have a machine-readable `code`, but an answer whose server gave none. */
import type { InstallResult } from "./install.js";

/** What the install flow's `onError` gets, told apart by `name`. */
export type ConnectSDKError =
  | { name: "UnknownError"; message: string; originalError: unknown }
  | { name: "IntegrationNotFoundError" | "IntegrationNotInstalledError"; message: string; meta: { integrationName: string }; code?: string }
  | {
      name: "OAuthBlockedError";
      message: string;
      code?: string;
      /** Opens the popup; call it in the next click. It resolves when the popup's step is over. */
      retry?: () => Promise<unknown>;
    }
  | {
      name:
        | "UserNotAuthenticatedError"
        | "NoActiveInstallFlowError"
        | "HeadlessModeNotEnabledError"
        | "OAuthTimeoutError"
        | "OAuthCancelledError"
        | "OAuthFailedError";
      message: string;
      code?: string;
    };
export type InstallFlowError = ConnectSDKError;

/** Base of the SDK's own errors. */
export declare class BaseSDKError extends Error {
  constructor(error: { name: string; message: string; meta?: Record<string, unknown> });
  readonly code?: string;
  readonly meta: Record<string, unknown> | null;
}
export declare class UserNotAuthenticatedError extends BaseSDKError {
  constructor();
}
export declare class NoActiveInstallFlowError extends BaseSDKError {
  constructor();
}
export declare class IntegrationNotFoundError extends BaseSDKError {
  constructor(integrationName: string);
  readonly integrationName: string;
}
export declare class IntegrationNotInstalledError extends BaseSDKError {
  constructor(integrationName: string);
  readonly integrationName: string;
}
export declare class HeadlessModeNotEnabledError extends BaseSDKError {
  constructor();
}
/** The browser blocked the popup. */
export declare class OAuthBlockedError extends BaseSDKError {
  constructor();
  /** Tries again; call it in the next click. On every one that the SDK makes. */
  retry(): Promise<InstallResult>;
  /**
   * Connects in this window instead, with no popup; only against a gateway. The page is left, and comes back to
   * `returnTo` (an absolute address on the page's own origin; absent: the page's address) whatever came of it.
   * Rejects if the gateway refuses; then the page stays.
   */
  redirect?(returnTo?: string): Promise<void>;
}
export declare class OAuthTimeoutError extends BaseSDKError {
  constructor();
}
export declare class OAuthCancelledError extends BaseSDKError {
  constructor();
}
/** The server says the connection failed; `code` says why. */
export declare class OAuthFailedError extends BaseSDKError {
  constructor(message: string);
}
export declare class TimeoutError extends BaseSDKError {
  constructor();
}
/** An HTTP error answer, or a failed `authenticate`, which may have another `cause`. */
export declare class RequestError extends BaseSDKError {
  constructor(message: string);
  /** Not there if no server answered. */
  readonly status?: number;
  readonly requestId?: string;
  /** Seconds. */
  readonly retryAfter?: number;
  /** The parsed body, or its text. */
  readonly body?: any;
  /** Proxy errors: the parsed body without `headers`, or the `Response` when it is no JSON. */
  readonly response?: any;
}
export declare function isSDKError(error: unknown): error is BaseSDKError;
export declare function isRequestError(error: unknown): error is RequestError;
export declare function getConnectSDKError(error: unknown): ConnectSDKError;
