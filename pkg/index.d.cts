/** The public contract of paragon-connect-wasm. */

export interface ServiceUrls {
  ZEUS_PUBLIC_URL?: string;
  HERMES_PUBLIC_URL?: string;
  WORKER_PROXY_PUBLIC_URL?: string;
  API_TRIGGER_KIT_PUBLIC_URL?: string;
  CONNECT_PUBLIC_URL?: string;
  DASHBOARD_PUBLIC_URL?: string;
  CDN_PUBLIC_URL?: string;
  PASSPORT_PUBLIC_URL?: string;
  PASSPORT_PRODUCTION_URL?: string;
}

export interface PersistenceOption {
  /** Where the session is kept over a reload; in memory unless said otherwise. */
  persistence?: "memory" | "session" | "local";
}

export interface HostOptions extends PersistenceOption {
  /** Each service is on its subdomain of this host. */
  host: string;
}

export interface GatewayOptions extends PersistenceOption {
  /** Origin of a self-hosted gateway, such as `https://connect.example.com`. */
  gateway: string;
}

export interface CredentialConfiguration {
  id: string;
  connectCredentialId: string;
  isDefault: boolean;
  externalId?: string;
  sharedSettings?: Record<string, unknown>;
  workflowSettings?: Record<string, { enabled?: boolean; settings?: Record<string, unknown> }>;
  [field: string]: unknown;
}

export interface Credential {
  id: string;
  integrationId: string;
  status: "PENDING" | "INVALID" | "VALID";
  externalId?: string;
  providerId?: string;
  providerData?: Record<string, unknown>;
  configurations: CredentialConfiguration[];
  [field: string]: unknown;
}

export interface UserIntegration {
  enabled: boolean;
  credentialId?: string;
  credentialStatus?: "PENDING" | "INVALID" | "VALID";
  credentialConfigId?: string;
  allCredentials: Credential[];
  allConfigurations: CredentialConfiguration[];
  [field: string]: unknown;
}

export type User =
  | { authenticated: false }
  | {
      authenticated: true;
      userId: string;
      integrations: Record<string, UserIntegration | undefined>;
      meta: Record<string, unknown>;
      resources: unknown[];
    };

export interface AuthenticateOptions {
  metadata?: Record<string, unknown>;
}

export interface RequestOptions {
  method?: string;
  /** Objects are sent as JSON; text, forms, blobs, bytes and streams as they are. */
  body?: unknown;
  headers?: HeadersInit;
  /** Credential to use: its id, `ext:{externalId}`, or an external id. */
  selectedCredentialId?: string;
  /** Aborts this call; another call that shares the request goes on. */
  signal?: AbortSignal;
  /** Milliseconds. */
  timeout?: number;
  responseType?: "json" | "text" | "blob" | "arrayBuffer" | "stream" | "response";
}

export interface Request {
  (integration: string, path: string, options: RequestOptions & { responseType: "text" }): Promise<string>;
  (integration: string, path: string, options: RequestOptions & { responseType: "blob" }): Promise<Blob>;
  (integration: string, path: string, options: RequestOptions & { responseType: "arrayBuffer" }): Promise<ArrayBuffer>;
  (integration: string, path: string, options: RequestOptions & { responseType: "stream" }): Promise<ReadableStream<Uint8Array>>;
  (integration: string, path: string, options: RequestOptions & { responseType: "response" }): Promise<Response>;
  <T = any>(integration: string, path: string, options?: RequestOptions): Promise<T>;
}

export interface CredentialSelection {
  selectedCredentialId?: string;
  selectedConfigurationId?: string;
}

export interface WorkflowOptions extends CredentialSelection {
  body?: unknown;
  query?: Record<string, string>;
  headers?: Record<string, string>;
}

export interface InstallEvent {
  integrationId: string;
  integrationType: string;
  credentialId?: string;
  credential?: Credential;
}

export interface WorkflowChangeEvent {
  integrationId: string;
  workflowId: string;
  workflowStateChange: { enabled: boolean };
}

export interface InstallResult {
  integrationId: string;
  integrationType: string;
  credentialId: string;
  credential: Credential;
}

/** Where a connect flow stands. */
export interface FlowStatusReport {
  status: "pending" | "opened" | "provider" | "organization" | "connected" | "failed" | "cancelled" | "expired";
  /** The popup looks closed; it may still be open behind a sign-in page. Offer "open again" and "cancel". */
  popupClosed: boolean;
  /** The last attempt to open the popup was blocked. */
  blocked: boolean;
  /** Opens the popup again; call it in a click. */
  reopen(): void;
  cancel(): void;
}

export interface ConnectParams extends CredentialSelection {
  onInstall?(event: InstallEvent, user: User): void;
  onSuccess?(event: InstallEvent, user: User): void;
  onUninstall?(event: InstallEvent, user: User): void;
  onWorkflowChange?(event: WorkflowChangeEvent, user: User): void;
  onOpen?(event: InstallEvent, user: User): void;
  onClose?(event: InstallEvent, user: User): void;
  onError?(error: Error): void;
  onStatus?(status: FlowStatusReport): void;
  accountType?: string | string[];
  externalId?: string;
  overrideRedirectUrl?: string;
  mapObjectFields?: unknown;
  allowMultipleCredentials?: boolean;
  showPortalAfterInstall?: boolean;
  bypassPostOAuthPrompt?: boolean;
  isApiInstallation?: boolean;
  /** Aborting cancels the flow. */
  signal?: AbortSignal;
  /** Milliseconds after which the flow is given up. */
  oauthTimeout?: number;
  /** Rejects `connect` with `OAuthCancelledError` when the user closes the portal. */
  rejectOnClose?: boolean;
}

export interface IntegrationMetadata {
  type: string;
  name: string;
  brandColor: string;
  icon: string;
}

export interface IntegrationConfig {
  shortDescription?: string;
  longDescription?: string;
  availableUserSettings?: unknown[];
  availableWorkflows: Record<string, unknown>[];
  hiddenWorkflows: Record<string, unknown>[];
}

export declare const SDK_EVENT: {
  readonly ON_INTEGRATION_INSTALL: "onIntegrationInstall";
  readonly ON_INTEGRATION_UNINSTALL: "onIntegrationUninstall";
  readonly ON_WORKFLOW_CHANGE: "onWorkflowChange";
  readonly ON_PORTAL_OPEN: "onPortalOpen";
  readonly ON_PORTAL_CLOSE: "onPortalClose";
};
export type SDKEvent = (typeof SDK_EVENT)[keyof typeof SDK_EVENT];

export interface Subscribe<Result> {
  (name: "onWorkflowChange", listener: (event: WorkflowChangeEvent, user: User) => void): Result;
  (name: Exclude<SDKEvent, "onWorkflowChange">, listener: (event: InstallEvent, user: User) => void): Result;
}

/** What the ready-made `paragon` object has; its functions may be passed around on their own. */
export interface Paragon {
  authenticate(projectId: string, token: string, options?: AuthenticateOptions): Promise<void>;
  closePortal(): void;
  configureGlobal(options: HostOptions | GatewayOptions, overrides?: ServiceUrls): void;
  connect(integration: string, params?: ConnectParams): Promise<InstallResult>;
  event(name: string, payload: unknown, options?: CredentialSelection): Promise<void>;
  getIntegrationConfig(integration: string): IntegrationConfig;
  getIntegrationMetadata(): IntegrationMetadata[];
  getIntegrationMetadata(integration: string): IntegrationMetadata;
  getUser(): User;
  /** Version of the protocol. */
  getVersion(): string;
  installIntegration(integration: string, params?: ConnectParams): Promise<InstallResult>;
  request: Request;
  setHeadless(headless: boolean): void;
  setUserMetadata(meta: Record<string, unknown>): Promise<User>;
  subscribe: Subscribe<() => boolean>;
  uninstallIntegration(integration: string, options?: { selectedCredentialId?: string }): Promise<void>;
  unsubscribe: Subscribe<boolean>;
  workflow<T = any>(workflowId: string, options?: WorkflowOptions): Promise<T | undefined>;
}

/** One SDK instance. */
declare class ConnectSDK {
  constructor(environment?: string | ServiceUrls | HostOptions | GatewayOptions);
}
interface ConnectSDK extends Paragon {
  logout(): void;
  startOAuthFlow(integration: string, options?: ConnectParams, callbacks?: { onSuccess?(result: InstallResult): void; onError?(error: Error): void; oauthTimeout?: number }): Promise<void>;
  cancelOAuthFlow(): Promise<void>;
  reopenOAuthFlow(): Promise<void>;
  sendConnectRequest(path: string, init?: { method?: string; body?: unknown; headers?: Record<string, string> }, prefixWithProjectPath?: boolean): Promise<any>;
}
export default ConnectSDK;

export declare const paragon: Paragon;
export declare const connectSingleton: ConnectSDK;
export declare const authenticate: Paragon["authenticate"];
export declare const request: Request;

/** Base of the SDK's own errors. */
export declare class BaseSDKError extends Error {
  constructor(message: string, fields?: Record<string, unknown>);
  readonly code?: string;
  readonly meta?: Record<string, unknown>;
}
export declare class UserNotAuthenticatedError extends BaseSDKError {}
export declare class NoActiveInstallFlowError extends BaseSDKError {}
export declare class IntegrationNotFoundError extends BaseSDKError {}
export declare class IntegrationNotInstalledError extends BaseSDKError {
  readonly integrationName: string;
}
export declare class HeadlessModeNotEnabledError extends BaseSDKError {}
/** The browser blocked the popup. */
export declare class OAuthBlockedError extends BaseSDKError {
  /** Tries again; call it in the next click. */
  retry(): Promise<InstallResult>;
}
export declare class OAuthTimeoutError extends BaseSDKError {}
export declare class OAuthCancelledError extends BaseSDKError {}
/** The server says the connection failed; `code` says why. */
export declare class OAuthFailedError extends BaseSDKError {}
export declare class TimeoutError extends BaseSDKError {}
/** An HTTP error answer. */
export declare class RequestError extends BaseSDKError {
  readonly status: number;
  readonly requestId?: string;
  /** Seconds. */
  readonly retryAfter?: number;
  /** The parsed body, or its text. */
  readonly body: any;
  /** Proxy errors: the parsed body without `headers`, or the `Response` when it is no JSON. */
  readonly response?: any;
}
export declare function isSDKError(error: unknown): error is BaseSDKError;
export declare function isRequestError(error: unknown): error is RequestError;
export declare function getConnectSDKError(error: unknown): { name: string; message: string; meta?: unknown; originalError?: unknown };

export declare const CredentialStatus: { readonly PENDING: "PENDING"; readonly INVALID: "INVALID"; readonly VALID: "VALID" };
export declare const ModalView: { readonly OVERVIEW: "overview"; readonly CONFIGURATION: "configuration" };
export declare const SELECTED_CREDENTIAL_ID_HEADER: string;
export declare const SELECTED_CREDENTIAL_CONFIG_ID_HEADER: string;
export declare const SDK_VERSION_HEADER: string;
export declare const INFER_CONTENT_TYPE_FROM_CONNECT_OPTIONS: "auto";
