/** Where the services are, and how requests are made. */
import type { NODE_ENV, PLATFORM_ENV } from "./constants.js";
import type { CredentialSelection } from "./user.js";

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
  /** Accepted for compatibility; the portal gets `production`. */
  NODE_ENV?: NODE_ENV | (string & {});
  PLATFORM_ENV?: PLATFORM_ENV | (string & {});
  VERSION?: string;
}
export type ConnectSdkEnvironments = ServiceUrls;

export interface PersistenceOption {
  /** Where the session is kept over a reload; in memory unless said otherwise. */
  persistence?: "memory" | "session" | "local";
}
/** The same by the name that wrappers use. */
export type SDKPersistence = NonNullable<PersistenceOption["persistence"]>;

export interface HostOptions extends PersistenceOption {
  /** Each service is on its subdomain of this host. */
  host: string;
}

export interface GatewayOptions extends PersistenceOption {
  /** Origin of a self-hosted gateway, such as `https://connect.example.com`. */
  gateway: string;
}

/** The second argument of the class. */
export interface ConstructorFlags {
  /** Leaves a kept session alone. */
  skipBootstrapWithLastKnownState?: boolean;
}

/** Whether a failed request is repeated, and how often; the pause grows up to `maxDelay` milliseconds. */
export type RetryOption = { attempts?: number; maxDelay?: number } | number | boolean;

export interface RequestOptions {
  method?: string;
  /** Objects are sent as JSON; text, forms, blobs, bytes and streams as they are. */
  body?: unknown;
  headers?: HeadersInit;
  /** Credential to use: its id, `ext:{externalId}`, or an external id. */
  selectedCredentialId?: string;
  /** Aborts this call; another call that shares the request goes on. */
  signal?: AbortSignal;
  /** Milliseconds; for `stream` and `response` up to the headers. */
  timeout?: number;
  retry?: RetryOption;
  responseType?: "json" | "text" | "blob" | "arrayBuffer" | "stream" | "response";
}
export type ProxyRequestOptions = RequestOptions;

export interface Request {
  (integration: string, path: string, options: RequestOptions & { responseType: "text" }): Promise<string>;
  (integration: string, path: string, options: RequestOptions & { responseType: "blob" }): Promise<Blob>;
  (integration: string, path: string, options: RequestOptions & { responseType: "arrayBuffer" }): Promise<ArrayBuffer>;
  (integration: string, path: string, options: RequestOptions & { responseType: "stream" }): Promise<ReadableStream<Uint8Array>>;
  (integration: string, path: string, options: RequestOptions & { responseType: "response" }): Promise<Response>;
  <T = any>(integration: string, path: string, options?: RequestOptions): Promise<T>;
}

/** The items of a list that the provider gives in pages; a page is asked for when its first item is wanted. */
export interface Pages<T> extends AsyncIterable<T> {
  byPage(): AsyncIterable<T[]>;
}
export type Paginate = <T = any>(integration: string, path: string, options?: Omit<RequestOptions, "responseType">) => Pages<T>;

export interface WorkflowOptions extends CredentialSelection {
  body?: unknown;
  query?: Record<string, string>;
  headers?: HeadersInit;
}
export type TriggerWorkflowRequest = WorkflowOptions;

/** A call of the API by its path. */
export interface ConnectRequestInit {
  method?: string;
  body?: unknown;
  headers?: HeadersInit;
  /** A good answer of the last five seconds will do. */
  cacheResult?: boolean;
  /** One of the configured service URLs. */
  baseURLOverride?: string;
  skipDefaultCredentialIdHeader?: boolean;
}
