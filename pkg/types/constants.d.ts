/** Constants: each name is the constant, the type of its values, and a type for each. */

export declare namespace SDK_EVENT {
  type ON_INTEGRATION_INSTALL = "onIntegrationInstall"; type ON_INTEGRATION_UNINSTALL = "onIntegrationUninstall";
  type ON_WORKFLOW_CHANGE = "onWorkflowChange"; type ON_PORTAL_OPEN = "onPortalOpen";
  type ON_PORTAL_CLOSE = "onPortalClose";
}
export declare const SDK_EVENT: {
  readonly ON_INTEGRATION_INSTALL: SDK_EVENT.ON_INTEGRATION_INSTALL;
  readonly ON_INTEGRATION_UNINSTALL: SDK_EVENT.ON_INTEGRATION_UNINSTALL;
  readonly ON_WORKFLOW_CHANGE: SDK_EVENT.ON_WORKFLOW_CHANGE; readonly ON_PORTAL_OPEN: SDK_EVENT.ON_PORTAL_OPEN;
  readonly ON_PORTAL_CLOSE: SDK_EVENT.ON_PORTAL_CLOSE;
};
export type SDK_EVENT = (typeof SDK_EVENT)[keyof typeof SDK_EVENT];

export declare namespace CredentialStatus { type PENDING = "PENDING"; type INVALID = "INVALID"; type VALID = "VALID"; }
export declare const CredentialStatus: {
  readonly PENDING: CredentialStatus.PENDING; readonly INVALID: CredentialStatus.INVALID;
  readonly VALID: CredentialStatus.VALID;
};
export type CredentialStatus = (typeof CredentialStatus)[keyof typeof CredentialStatus];

export declare namespace ModalView { type OVERVIEW = "overview"; type CONFIGURATION = "configuration"; }
export declare const ModalView: {
  readonly OVERVIEW: ModalView.OVERVIEW; readonly CONFIGURATION: ModalView.CONFIGURATION;
};
export type ModalView = (typeof ModalView)[keyof typeof ModalView];

export declare namespace TriggerModel { type POLLING = "POLLING"; type WEBHOOK = "WEBHOOK"; }
export declare const TriggerModel: { readonly POLLING: TriggerModel.POLLING; readonly WEBHOOK: TriggerModel.WEBHOOK; };
export type TriggerModel = (typeof TriggerModel)[keyof typeof TriggerModel];

export declare namespace DynamicFieldMappingLoaderType {
  type OBJECT_TYPES = "objectTypes"; type INTEGRATION_FIELDS = "integrationFields";
}
export declare const DynamicFieldMappingLoaderType: {
  readonly OBJECT_TYPES: DynamicFieldMappingLoaderType.OBJECT_TYPES;
  readonly INTEGRATION_FIELDS: DynamicFieldMappingLoaderType.INTEGRATION_FIELDS;
};
export type DynamicFieldMappingLoaderType = (typeof DynamicFieldMappingLoaderType)[keyof typeof DynamicFieldMappingLoaderType];

export declare namespace DocumentLoadingState {
  type LOADING = "loading"; type INTERACTIVE = "interactive"; type COMPLETE = "complete";
}
export declare const DocumentLoadingState: {
  readonly LOADING: DocumentLoadingState.LOADING; readonly INTERACTIVE: DocumentLoadingState.INTERACTIVE;
  readonly COMPLETE: DocumentLoadingState.COMPLETE;
};
export type DocumentLoadingState = (typeof DocumentLoadingState)[keyof typeof DocumentLoadingState];

export declare namespace FilePickerStatus { type LOADING = "loading"; type FAILED = "failed"; type LOADED = "loaded"; }
export declare const FilePickerStatus: {
  readonly LOADING: FilePickerStatus.LOADING; readonly FAILED: FilePickerStatus.FAILED;
  readonly LOADED: FilePickerStatus.LOADED;
};
export type FilePickerStatus = (typeof FilePickerStatus)[keyof typeof FilePickerStatus];

export declare namespace NODE_ENV {
  type PRODUCTION = "production"; type DEVELOPMENT = "development"; type TEST = "test";
}
export declare const NODE_ENV: {
  readonly PRODUCTION: NODE_ENV.PRODUCTION; readonly DEVELOPMENT: NODE_ENV.DEVELOPMENT; readonly TEST: NODE_ENV.TEST;
};
export type NODE_ENV = (typeof NODE_ENV)[keyof typeof NODE_ENV];

export declare namespace PLATFORM_ENV {
  type PRODUCTION = "production"; type PRODUCTION_MIRROR_1 = "p-m1"; type STAGING = "staging";
  type STAGING_MIRROR_1 = "s-m1"; type DEVELOPMENT = "dev"; type TEST = "test"; type SANDBOX = "sandbox";
  type RELEASE = "release"; type ENTERPRISE = "enterprise";
}
export declare const PLATFORM_ENV: {
  readonly PRODUCTION: PLATFORM_ENV.PRODUCTION; readonly PRODUCTION_MIRROR_1: PLATFORM_ENV.PRODUCTION_MIRROR_1;
  readonly STAGING: PLATFORM_ENV.STAGING; readonly STAGING_MIRROR_1: PLATFORM_ENV.STAGING_MIRROR_1;
  readonly DEVELOPMENT: PLATFORM_ENV.DEVELOPMENT; readonly TEST: PLATFORM_ENV.TEST;
  readonly SANDBOX: PLATFORM_ENV.SANDBOX; readonly RELEASE: PLATFORM_ENV.RELEASE;
  readonly ENTERPRISE: PLATFORM_ENV.ENTERPRISE;
};
export type PLATFORM_ENV = (typeof PLATFORM_ENV)[keyof typeof PLATFORM_ENV];

export declare namespace BillingPlan {
  type ClassicFree = "free"; type ClassicStarter = "starter"; type ClassicBusiness = "business";
  type ClassicPremium = "premium"; type ClassicEnterprise = "enterprise"; type ConnectTrial = "connect_trial";
  type ConnectBasic = "basic"; type ConnectPro = "pro"; type ConnectEnterprise = "connect_enterprise";
}
export declare const BillingPlan: {
  readonly ClassicFree: BillingPlan.ClassicFree; readonly ClassicStarter: BillingPlan.ClassicStarter;
  readonly ClassicBusiness: BillingPlan.ClassicBusiness; readonly ClassicPremium: BillingPlan.ClassicPremium;
  readonly ClassicEnterprise: BillingPlan.ClassicEnterprise; readonly ConnectTrial: BillingPlan.ConnectTrial;
  readonly ConnectBasic: BillingPlan.ConnectBasic; readonly ConnectPro: BillingPlan.ConnectPro;
  readonly ConnectEnterprise: BillingPlan.ConnectEnterprise;
};
export type BillingPlan = (typeof BillingPlan)[keyof typeof BillingPlan];

export declare namespace ConnectAddOn {
  type CustomIntegrationBuilder = "byo"; type DynamicFieldMapper = "dfm"; type HeadlessConnectPortal = "headless-cp";
  type TaskHistoryAPI = "th-api"; type Monitoring = "monitoring"; type RoleBasedAccessControl = "rbac";
  type UserMetadata = "user-metadata"; type WhiteLabeling = "whitelabel";
  type WorkflowPermission = "workflow-permissions";
}
export declare const ConnectAddOn: {
  readonly CustomIntegrationBuilder: ConnectAddOn.CustomIntegrationBuilder;
  readonly DynamicFieldMapper: ConnectAddOn.DynamicFieldMapper;
  readonly HeadlessConnectPortal: ConnectAddOn.HeadlessConnectPortal;
  readonly TaskHistoryAPI: ConnectAddOn.TaskHistoryAPI; readonly Monitoring: ConnectAddOn.Monitoring;
  readonly RoleBasedAccessControl: ConnectAddOn.RoleBasedAccessControl;
  readonly UserMetadata: ConnectAddOn.UserMetadata; readonly WhiteLabeling: ConnectAddOn.WhiteLabeling;
  readonly WorkflowPermission: ConnectAddOn.WorkflowPermission;
};
export type ConnectAddOn = (typeof ConnectAddOn)[keyof typeof ConnectAddOn];

export type ConnectNonTrialBillingPlan =
  | BillingPlan.ConnectBasic
  | BillingPlan.ConnectPro
  | BillingPlan.ConnectEnterprise;
export declare const CONNECT_PLAN_FEATURE_MAP: Record<ConnectNonTrialBillingPlan, ConnectAddOn[]>;
export declare const overrideActionAlias: Partial<Record<string, string>>;
export type ALLOWED_FIELDS = "accessTokenPath" | "domain";
export declare const AUTH_TOKEN_ALLOWED_INTEGRATIONS: Record<string, Partial<Record<ALLOWED_FIELDS, string>>>;
export declare const SELECTED_CREDENTIAL_ID_HEADER: "X-Paragon-Credential";
export declare const SELECTED_CREDENTIAL_CONFIG_ID_HEADER: "X-Paragon-Configuration-Id";
export declare const SDK_VERSION_HEADER: "X-Paragon-SDK-Version";
export declare const INFER_CONTENT_TYPE_FROM_CONNECT_OPTIONS: "auto";
export declare const PARAGON_OVERFLOW_EMPTY_VALUE: "PARAGON_OVERFLOW_EMPTY_VALUE";
