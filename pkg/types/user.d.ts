/** The signed-in user, what is connected, and the project's integrations. */
import type { BillingPlan, ConnectAddOn, CredentialStatus, TriggerModel } from "./constants.js";
import type {
  AccountType,
  AuthenticationScheme,
  ConnectInputValue,
  DataSource,
  IntegrationConnectInput,
  IntentInputKeyConfig,
  OrConditions,
  SerializedConnectInput,
} from "./inputs.js";

export type IntegrationSharedInputStateMap = { [inputId: string]: ConnectInputValue | undefined };
export interface IntegrationWorkflowState {
  enabled: boolean;
  settings: { [inputId: string]: ConnectInputValue | undefined };
}
export type IntegrationWorkflowStateMap = { [workflowId: string]: IntegrationWorkflowState | undefined };
export type ConnectCredentialConfigMeta = { isIntegrationEnableTriggered?: boolean } & Record<string, unknown>;
export type ConnectCredentialProviderData = Record<string, string | number | boolean>;

/** Settings of an account; a credential has one or more. */
export interface CredentialConfiguration {
  id: string;
  connectCredentialId: string;
  isDefault: boolean;
  externalId?: string;
  sharedSettings: IntegrationSharedInputStateMap;
  workflowSettings: IntegrationWorkflowStateMap;
  configMeta: ConnectCredentialConfigMeta;
  /** ISO 8601. */
  dateCreated: any;
  dateUpdated: any;
  [field: string]: unknown;
}
export type IConnectCredentialConfig = CredentialConfiguration;

/** The selected configuration of a connected integration. */
export interface SDKConnectCredentialConfig {
  sharedSettings?: IntegrationSharedInputStateMap;
  workflowSettings?: IntegrationWorkflowStateMap;
  configMeta?: ConnectCredentialConfigMeta;
  externalId?: string;
  /** The same as `workflowSettings`. */
  configuredWorkflows?: IntegrationWorkflowStateMap;
}

/** A connected account. */
export interface Credential {
  id: string;
  projectId: string;
  integrationId: string;
  personaId: string;
  status: CredentialStatus;
  externalId?: string;
  providerId: string;
  providerData: ConnectCredentialProviderData;
  configurations: CredentialConfiguration[];
  config?: SDKConnectCredentialConfig;
  isPreviewCredential: boolean;
  refreshFailureCount: number;
  accountAuth?: Record<string, string>;
  /** ISO 8601. */
  dateCreated: any;
  dateUpdated: any;
  dateRefreshed: any;
  dateValidUntil?: any;
  [field: string]: unknown;
}
export type IConnectCredential = Credential;

/** What the user has of one integration; the settings are those of the selected configuration. */
export interface UserIntegration extends SDKConnectCredentialConfig {
  enabled: boolean;
  credentialId?: string;
  credentialStatus?: CredentialStatus;
  credentialConfigId?: string;
  providerId?: string;
  providerData?: ConnectCredentialProviderData;
  allCredentials: Credential[];
  allConfigurations: CredentialConfiguration[];
}
export type SDKIntegration = UserIntegration;
export type SDKIntegrationState = Partial<Record<string, UserIntegration>>;

export interface SDKResourceState {
  id: string;
  slug: string;
  credentialId?: string;
  credentialStatus?: CredentialStatus;
  integrationId?: string;
}
export type PersonaMeta = { Name?: string; Email?: string } & { [key: string]: unknown };

export interface AuthenticatedConnectUser {
  authenticated: true;
  userId: string;
  integrations: SDKIntegrationState;
  meta: PersonaMeta;
  resources: SDKResourceState[];
  /** Never there: tokens are not handed out. */
  token?: undefined;
}
export type User = { authenticated: false } | AuthenticatedConnectUser;
export type ConnectUser = User;
export type IConnectUser = Omit<AuthenticatedConnectUser, "token">;
export interface IConnectSDKProject {
  id: string;
  billingPlan: BillingPlan;
  accessibleFeatures: ConnectAddOn[];
}
export type IConnectUserWithProject = IConnectUser & { project: IConnectSDKProject };

export interface AuthenticateOptions {
  metadata?: PersonaMeta;
}

export interface IntegrationMetadata {
  type: string;
  name: string;
  brandColor: string;
  icon: string;
}

export interface IntegrationWorkflowMeta {
  id: string;
  description?: string;
  infoText?: string;
  defaultEnabled?: boolean;
  hidden?: boolean;
  order?: number;
  inputs: SerializedConnectInput[];
  permissions?: OrConditions;
}

/** How the portal shows an integration. */
export interface ModalConfig {
  accentColor?: string;
  paragonLink?: boolean;
  description?: string;
  overview?: string;
  workflowMeta?: { [id: string]: IntegrationWorkflowMeta };
  sharedMeta?: { inputs?: SerializedConnectInput[] };
}

export interface IntegrationConfig {
  shortDescription?: string;
  longDescription?: string;
  availableUserSettings?: SerializedConnectInput[];
  availableWorkflows: Omit<IntegrationWorkflowMeta, "order" | "permissions">[];
  hiddenWorkflows: Omit<IntegrationWorkflowMeta, "order" | "permissions">[];
}

export interface SDKIntegrationConfig {
  oauthInputs: IntegrationConnectInput[];
  accountTypes: AccountType[];
  authConfigInputs: IntegrationConnectInput[];
  postOauthInputs: IntegrationConnectInput[];
  dataSources: { [key: string]: DataSource };
  authSchemeOptions?: { packageInstallUrl?: string };
}

/** An integration of the project, as the server describes it. */
export interface IConnectIntegrationWithCredentialInfo {
  id: string;
  type: string;
  name: string;
  brandColor: string;
  projectId: string;
  isActive: boolean;
  authenticationType?: AuthenticationScheme;
  customIntegrationId?: string;
  customIntegration?: Record<string, any>;
  configs: { id: string; integrationId: string; values: ModalConfig; [field: string]: unknown }[];
  workflows: { id: string; description: string; customWebhookTriggerId?: string; resourceId?: string; [field: string]: unknown }[];
  noPermissionWorkflows?: string[];
  hasCredential: boolean;
  connectedUserLimitOnDevCred: number;
  connectedUserLimitReached: boolean;
  needPreOauthInputs: boolean;
  accountAuth?: Record<string, string>;
  sdkIntegrationConfig?: SDKIntegrationConfig | null;
  providerData?: Record<string, any>;
  dateCreated: any;
  dateUpdated: any;
}

export interface GetIntegrationAccountOptions {
  /** Asks for the access token; only some integrations give it. */
  includeAccountAuth?: boolean;
  selectedCredentialId?: string;
}

export interface TriggerDefinition {
  type: string;
  triggerModel: TriggerModel;
  title: string;
  description: string;
  parameters: IntentInputKeyConfig[];
}
export interface GetTriggerTypesResponse {
  triggers: Record<string, TriggerDefinition[]>;
  errors?: { type: string; message: string }[];
}

/** Names an account by id, `ext:{externalId}` or external id; a configuration likewise. */
export interface CredentialSelection {
  selectedCredentialId?: string;
  selectedConfigurationId?: string;
}
export type CredentialConfigOptions = CredentialSelection;
export type DisableWorkflowOptions = CredentialSelection;
export type UninstallOptions = Pick<CredentialSelection, "selectedCredentialId">;

export interface CreateConfigurationOptions {
  credentialId: string;
  externalId?: string;
}
export interface DeleteConfigurationOptions {
  id: string;
  credentialId: string;
}
export interface UpdateConfigurationOptions extends DeleteConfigurationOptions {
  meta: Record<string, unknown>;
}

export interface UpdateWorkflowStateError {
  workflowId: string;
  message: string;
}
export interface UpdateWorkflowStateResponse {
  user: User;
  errors: UpdateWorkflowStateError[];
}
export interface UpdateSettingsResponse {
  userState: AuthenticatedConnectUser;
  errors: string[];
}
