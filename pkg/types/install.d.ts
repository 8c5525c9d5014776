/** Connecting an account: the portal, the popup, headless installation, events, file pickers. */
import type { SDK_EVENT } from "./constants.js";
import type { InstallFlowError } from "./errors.js";
import type { AccountType, ConnectInputValue, IntegrationConnectInput } from "./inputs.js";
import type { DropdownOptions, MapObjectFields } from "./sources.js";
import type { AuthenticatedConnectUser, Credential, CredentialSelection, IntegrationWorkflowState } from "./user.js";

export interface InstallEvent {
  integrationId: string;
  integrationType: string;
  credentialId?: string;
  credential?: Credential;
}
export type IntegrationInstallEvent = InstallEvent;
export type IntegrationUninstallEvent = InstallEvent;
export interface PortalOpenEvent {
  integrationId: string;
  integrationType: string;
}
export type PortalCloseEvent = PortalOpenEvent;
export interface WorkflowChangeEvent {
  integrationId: string;
  workflowId: string;
  workflowStateChange: Partial<IntegrationWorkflowState>;
}
export type WorkflowStateChangeEvent = WorkflowChangeEvent;
export interface EventInfo {
  type: SDK_EVENT;
  integrationId: string;
  integrationType: string;
  workflowId?: string;
  workflowStateChange?: Partial<IntegrationWorkflowState>;
}

type Listener<Event> = (event: Event, user: AuthenticatedConnectUser) => void;
export interface SDKEventListenerMap {
  onIntegrationInstall: Listener<InstallEvent>[];
  onIntegrationUninstall: Listener<InstallEvent>[];
  onWorkflowChange: Listener<WorkflowChangeEvent>[];
  onPortalOpen: Listener<PortalOpenEvent>[];
  onPortalClose: Listener<PortalCloseEvent>[];
}
export type ListenerFunction = SDKEventListenerMap[SDK_EVENT][number];
export type SDKEvent = SDK_EVENT;
export interface Subscribe<Result> {
  <Name extends SDK_EVENT>(name: Name, listener: SDKEventListenerMap[Name][number]): Result;
  (name: SDK_EVENT, listener: ListenerFunction): Result;
}

export interface InstallResult {
  integrationId: string;
  integrationType: string;
  credentialId: string;
  credential: Credential;
}

/** Progress of a connect flow. */
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

/** The app's callbacks; each runs at most once. */
export interface CallbackMap {
  onInstall?: Listener<InstallEvent>;
  onSuccess?: Listener<InstallEvent>;
  onUninstall?: Listener<InstallEvent>;
  onWorkflowChange?: Listener<WorkflowChangeEvent>;
  onOpen?: Listener<PortalOpenEvent>;
  onClose?: Listener<PortalCloseEvent>;
  onError?: (error: Error) => void;
}
export interface InstallOptions {
  isApiInstallation?: boolean;
  showPortalAfterInstall?: boolean;
  bypassPostOAuthPrompt?: boolean;
  accountType?: string | string[];
  allowMultipleCredentials?: boolean;
  /** The Azure DevOps organization to connect: its name, or any URL of it. A gateway signs in to its directory. */
  organization?: string;
  overrideRedirectUrl?: string;
  /** Labels the new credential; not together with `selectedCredentialId`. */
  externalId?: string;
}
export interface UserProvidedIntegrationConfig {
  overrideRedirectUrl?: string;
  mapObjectFields?: MapObjectFields;
}
/** What only this SDK has. */
export interface FlowOptions {
  onStatus?(status: FlowStatusReport): void;
  /** Aborting cancels the flow, and rejects `connect` with `OAuthCancelledError` also before there is one. */
  signal?: AbortSignal;
  /** Milliseconds after which the flow times out. */
  oauthTimeout?: number;
  /** Rejects `connect` with `OAuthCancelledError` when the user closes the portal. */
  rejectOnClose?: boolean;
}
export interface ConnectParams
  extends CallbackMap,
    UserProvidedIntegrationConfig,
    InstallOptions,
    CredentialSelection,
    DropdownOptions,
    FlowOptions {}
export type InstallIntegrationOptions = Omit<ConnectParams, "isApiInstallation" | "dropdowns">;

export interface CompleteInstallOptions {
  authorizationCode: string;
  /** True unless said otherwise. */
  showPortalAfterInstall?: boolean;
  redirectUrl?: string;
  /** Sent as they are. */
  integrationOptions?: { installOptions?: InstallOptions & Record<string, unknown>; [field: string]: unknown };
}
/** The provider's answer, or what the user entered in its place. */
export interface OauthCallbackResponse {
  integrationId: string;
  payload: Record<string, any>;
}
export type OAuthFlowOptions = InstallOptions &
  CredentialSelection &
  FlowOptions & {
    endUserSuppliedValues?: Record<string, ConnectInputValue>;
    userProvidedIntegrationConfig?: UserProvidedIntegrationConfig;
  };
export interface OAuthFlowCallbacks {
  onSuccess?: (event: InstallEvent) => void;
  onError?: (error: unknown) => void;
  oauthTimeout?: number;
}

export interface Link {
  type: "link";
  label: string;
  href: string;
}
export interface CopyButton {
  type: "copyButton";
  label: string;
  copyText: string;
}
export type CTA = Link | CopyButton;
export interface FinishButton {
  type: "finishButton";
  label: string;
  onClick: () => void;
}
export interface AccountTypeStage {
  stage: "accountType";
  options: AccountType[];
  done: false;
}
export interface InstructionStage {
  stage: "instruction";
  /** Markdown. */
  content: string;
  ctas: CTA[];
  finish: FinishButton;
  packageInstallUrl: string;
  done: false;
}
export type InstructionMetadata = Pick<InstructionStage, "content" | "ctas" | "finish" | "packageInstallUrl">;
export interface PreOptionsStage {
  stage: "preOptions";
  options: IntegrationConnectInput[];
  done: false;
}
export interface OAuthStage {
  stage: "oauth";
  done: false;
}
export interface PostOptionsStage {
  stage: "postOptions";
  options: IntegrationConnectInput[];
  done: false;
}
export interface DoneStage {
  stage: "done";
  done: true;
}
export type InstallFlowStage =
  | AccountTypeStage
  | InstructionStage
  | PreOptionsStage
  | OAuthStage
  | PostOptionsStage
  | DoneStage;
export interface OnErrorContext {
  /** The stage that failed. */
  stage: Exclude<InstallFlowStage["stage"], "done">;
}
export interface StartOptions extends Pick<FlowOptions, "oauthTimeout"> {
  onNext?: (stage: InstallFlowStage) => void;
  onComplete?: (event: InstallEvent) => void;
  /** `context` is null when `start` itself failed. */
  onError?: (error: InstallFlowError, context: OnErrorContext | null) => void;
  allowMultipleCredentials?: boolean;
  overrideRedirectUrl?: string;
  selectedCredentialId?: string;
  externalId?: string;
}
/** Connects an account step by step on the app's own pages; `setHeadless(true)` first. */
export declare class InstallFlow {
  private constructor();
  /** Starts a flow; its stages are reported through `onNext`. */
  start(integration: string, options?: StartOptions): void;
  /** The current stage. */
  next(): InstallFlowStage;
  setAccountType(id: string): Promise<void>;
  setPreOptions(values: Record<string, ConnectInputValue>): Promise<void>;
  setPostOptions(values: Record<string, ConnectInputValue>): Promise<void>;
  /** Ends the flow and removes the credential that it made. */
  cancel(): Promise<void>;
  getAccountTypeValue(): string | null;
  getPreOptionsValue(): Record<string, ConnectInputValue> | null;
  getPostOptionsValue(): Record<string, ConnectInputValue> | null;
}

export interface FilePickerOptions {
  allowedTypes?: string[];
  allowMultiSelect?: boolean;
  allowFolderSelect?: boolean;
  onOpen?: () => void;
  onClose?: () => void;
  onFileSelect?: (files: unknown) => void;
  onCancel?: () => void;
  integrationOptions?: {
    googledrive?: { viewMode?: any; includeFolders?: boolean; enableSharedDrives?: boolean };
    box?: {
      /** Puts the picker into a frame of its own, away from the page's styles. */
      scopeCSS?: boolean;
      container?: string;
      maxSelectable?: number;
      [can: `can${string}`]: boolean | undefined;
    };
  };
}
export interface FilePickerInitOptions {
  /** Google Drive needs it. */
  developerKey?: string;
  appId?: string;
  /** Box needs it. */
  folderId?: string;
  selectedCredentialId?: string;
}
export interface IFilePicker {
  /** Checks its options; rejects, since no vendor's script is loaded. */
  init(options: FilePickerInitOptions): Promise<boolean>;
  /** False: the picker cannot be shown. */
  open(): boolean;
  /** Null: there is no picker of the vendor's. */
  getInstance(): any;
}
export interface ExternalFilePickerConstruct {
  new (integration: string, options: FilePickerOptions): IFilePicker;
  (integration: string, options: FilePickerOptions): IFilePicker;
}
