/** The public contract of paragon-connect-wasm. */
import type { DynamicFieldMappingLoaderType } from "./types/constants.js";
import type { AccountType, DataSource, IntegrationConnectInput, IntentInputKeyConfig, SerializedConnectInput } from "./types/inputs.js";
import type {
  CompleteInstallOptions,
  ConnectParams,
  EventInfo,
  ExternalFilePickerConstruct,
  InstallFlow,
  InstallIntegrationOptions,
  InstallOptions,
  InstallResult,
  OauthCallbackResponse,
  OAuthFlowCallbacks,
  OAuthFlowOptions,
  Subscribe,
} from "./types/install.js";
import type { Props } from "./types/portal.js";
import type {
  ConnectRequestInit,
  ConstructorFlags,
  GatewayOptions,
  HostOptions,
  Paginate,
  Request,
  ServiceUrls,
  WorkflowOptions,
} from "./types/settings.js";
import type {
  ConditionalSource,
  FieldOptions,
  GetFieldOptionsRequest,
  InputSources,
  LoadCustomDropdownOptionsResult,
  OptionsPage,
  SetDataSourcesConfig,
  SingleSource,
} from "./types/sources.js";
import type {
  AuthenticateOptions,
  AuthenticatedConnectUser,
  CreateConfigurationOptions,
  Credential,
  CredentialConfiguration,
  CredentialSelection,
  DeleteConfigurationOptions,
  GetIntegrationAccountOptions,
  GetTriggerTypesResponse,
  IConnectIntegrationWithCredentialInfo,
  IntegrationConfig,
  IntegrationMetadata,
  PersonaMeta,
  UninstallOptions,
  UpdateConfigurationOptions,
  UpdateSettingsResponse,
  UpdateWorkflowStateResponse,
  User,
} from "./types/user.js";

export * from "./types/constants.js";
export * from "./types/errors.js";
export * from "./types/input-constants.js";
export * from "./types/inputs.js";
export * from "./types/install.js";
export * from "./types/portal.js";
export * from "./types/settings.js";
export * from "./types/sources.js";
export * from "./types/user.js";

/** The methods that the ready-made `paragon` object and the class share. */
export interface IConnectSDK {
  authenticate(projectId: string, token: string, options?: AuthenticateOptions): Promise<void>;
  closePortal(): void;
  /** Finishes an installation that began in the provider's marketplace. */
  completeInstall(integration: string, options: CompleteInstallOptions): Promise<void>;
  configureGlobal(options: HostOptions | GatewayOptions, overrides?: ServiceUrls): void;
  connect(integration: string, params?: ConnectParams): Promise<InstallResult>;
  /** Connects to a resource of the project. */
  connectAction(resource: string, payload: Record<string, unknown>): Promise<Credential>;
  createConfiguration(options: CreateConfigurationOptions): Promise<CredentialConfiguration>;
  destroyConfiguration(options: DeleteConfigurationOptions): Promise<void>;
  updateConfiguration(options: UpdateConfigurationOptions): Promise<CredentialConfiguration>;
  enableWorkflow(workflowId: string, options?: CredentialSelection): Promise<void>;
  disableWorkflow(workflowId: string, options?: CredentialSelection): Promise<void>;
  /** Switches workflows one after another; what fails is in `errors`. */
  updateWorkflowState(changes: Record<string, boolean>, options?: CredentialSelection): Promise<UpdateWorkflowStateResponse>;
  updateIntegrationUserSettings(integration: string, patch: Record<string, any>, options?: CredentialSelection): Promise<UpdateSettingsResponse>;
  updateWorkflowUserSettings(integration: string, workflowId: string, patch: Record<string, any>, options?: CredentialSelection): Promise<UpdateSettingsResponse>;
  event(name: string, payload: unknown, options?: CredentialSelection): Promise<void>;
  getAccountTypeOptions(integration: string): AccountType[];
  /** Inputs needed before an account of this type (`default` unless said) can be connected. */
  getPreOptions(integration: string, accountTypeId?: string): IntegrationConnectInput[];
  /** Inputs asked after an account was connected. */
  getPostOptions(integration: string): IntegrationConnectInput[];
  getAssetUrl(name: string): string;
  /** Where a user's own webhook calls the workflow. */
  getCustomWebhookUserManualUrl(workflowId: string, credentialId?: string): Promise<string>;
  getDataSourceOptions(integration: string, key: string): Promise<DataSource | undefined>;
  getFieldOptions(request: GetFieldOptionsRequest): Promise<FieldOptions>;
  getIntegrationAccount(integration: string, options?: GetIntegrationAccountOptions): Promise<IConnectIntegrationWithCredentialInfo>;
  getIntegrationConfig(integration: string): IntegrationConfig;
  getIntegrationId(integration: string): string;
  getIntegrationMetadata(): IntegrationMetadata[];
  getIntegrationMetadata(integration: string): IntegrationMetadata;
  getIntegrationMetadata(integration?: string): IntegrationMetadata | IntegrationMetadata[];
  getSourcesForActionInput(input: IntentInputKeyConfig): SingleSource | ConditionalSource | null;
  getSourcesForInput(integration: string, input: SerializedConnectInput): InputSources | null;
  getTriggers(integration: string, options?: UninstallOptions): Promise<GetTriggerTypesResponse>;
  getUser(): User;
  /** Version of the protocol. */
  getVersion(): string;
  installIntegration(integration: string, params?: InstallIntegrationOptions): Promise<InstallResult>;
  /** Connects an account step by step on the app's own pages. */
  installFlow: InstallFlow;
  request: Request;
  /** The items of all pages of a list. */
  paginate: Paginate;
  /** Registers the app's own options, loaders and fields; takes the place of those before. */
  setDataSources(config: SetDataSourcesConfig): void;
  setHeadless(headless: boolean): void;
  setUserMetadata(meta: PersonaMeta): Promise<AuthenticatedConnectUser>;
  startOAuthFlow(integration: string, options?: OAuthFlowOptions, callbacks?: OAuthFlowCallbacks): void;
  subscribe: Subscribe<() => boolean>;
  uninstallIntegration(integration: string, options?: UninstallOptions): Promise<void>;
  unsubscribe: Subscribe<boolean>;
  workflow<T extends object = any>(workflowId: string, options?: WorkflowOptions): Promise<T | undefined>;
  _loadCustomDropdownOptions(key: string, cursor?: string, search?: string): LoadCustomDropdownOptionsResult;
  _oauthCallback(
    answer: OauthCallbackResponse,
    credentialId?: string,
    options?: { installOptions?: InstallOptions },
  ): Promise<InstallResult | undefined>;
  _oauthErrorCallback(message: string | object, event?: MessageEvent): Promise<void>;
}

/** What the ready-made `paragon` object has; its functions may be passed around on their own. */
export interface Paragon extends IConnectSDK {
  /** Works with and without `new`. */
  ExternalFilePicker: ExternalFilePickerConstruct;
}

/** One SDK instance. */
declare class ConnectSDK {
  constructor(environment?: string | ServiceUrls | HostOptions | GatewayOptions, flags?: ConstructorFlags);
}
interface ConnectSDK extends IConnectSDK {
  logout(): void;
  cancelOAuthFlow(): void;
  reopenOAuthFlow(): void;
  sendConnectRequest<T = any>(path: string, init?: ConnectRequestInit, prefixWithProjectPath?: boolean): Promise<T | undefined>;
  /** Throws unless the integration is known, set up and active. */
  validateAction(integration: string): void;
  setModalState(part: Partial<Props>): void;
  updateAuthenticatedUser(part: Partial<AuthenticatedConnectUser>): void;
  updateContainerStyle(style: { isModalShown: boolean }): void;
  onOpen(): void;
  onClose(force?: boolean): void;
  triggerSDKEvent(event: EventInfo): void;
  _fetchBYOFieldMappingOptions(
    integration: string,
    kind: DynamicFieldMappingLoaderType,
    key: string,
    options?: { objectType?: string; cursor?: string; search?: string },
  ): Promise<OptionsPage>;
}
export default ConnectSDK;

export declare const paragon: Paragon;
export declare const connectSingleton: ConnectSDK;
export declare const authenticate: IConnectSDK["authenticate"];
export declare const request: Request;
/** Takes the instance as third argument. */
export declare const ExternalFilePicker: {
  new (integration: string, options: import("./types/install.js").FilePickerOptions, sdk: ConnectSDK): import("./types/install.js").IFilePicker;
};
