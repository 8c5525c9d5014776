/** What the SDK and the portal's frame say to each other, for those who host a portal of their own. */
import type ConnectSDK from "../index.js";
import type { ModalView } from "./constants.js";
import type { AccountType } from "./inputs.js";
import type { FlowStatusReport, InstallOptions, UserProvidedIntegrationConfig } from "./install.js";
import type { ServiceUrls } from "./settings.js";
import type { AuthenticatedConnectUser, IConnectIntegrationWithCredentialInfo, IConnectSDKProject, ModalConfig } from "./user.js";

/** What the portal shows. */
export interface Props {
  /** Null while the portal is closed. */
  integration: IConnectIntegrationWithCredentialInfo | null;
  customIntegration?: Record<string, any>;
  config?: ModalConfig;
  contentStyle?: Record<string, any>;
  overlayStyle?: Record<string, any>;
  popupProps?: Record<string, string>;
  hideCross?: boolean;
  tabView?: ModalView;
  isPreviewMode?: boolean;
  onBeforeEnableIntegration?: () => void | Promise<void>;
  onClose?: () => void;
  onOpen?: () => void;
  onTabViewChange?: (view: ModalView) => void;
  previewSettings?: { isEnabling: boolean };
  apiInstallationOptions?: InstallOptions & {
    selectedAccountConfig?: AccountType;
    selectedMultipleAccountTypes?: string[];
  };
  /** Name, text and code of an error, or the message of the cloud's popup. */
  connectionError?: { code?: string; message?: string; name?: string; status?: number; meta?: object; [field: string]: unknown } | null;
  /** The sign-in under way; null without one. */
  flow?: Omit<FlowStatusReport, "reopen" | "cancel"> | null;
  selectedCredentialId?: string;
  shouldShowPortalAfterInstall?: boolean;
}

export type FunctionPropertyNames<T> = { [K in keyof T]: T[K] extends Function ? K : never }[keyof T];
export type NonFunctionProperties<T> = Pick<T, { [K in keyof T]: T[K] extends Function ? never : K }[keyof T]>;
export type UnwrapPromise<T> = T extends PromiseLike<infer Inner> ? Inner : T;
export type NonNullUndefinedField<T> = { [K in keyof T]-?: NonNullUndefinedField<NonNullable<T[K]>> };

/** The state, sent to the frame at every change. */
export interface UIUpdateMessage {
  messageType: "UI_UPDATE";
  nextContext: {
    /** With the token for the cloud's portal only. */
    user: { authenticated: false } | (Omit<AuthenticatedConnectUser, "token"> & { token?: string });
    projectId?: string;
    project?: IConnectSDKProject;
    environments: ServiceUrls;
    endUserIntegrationConfig: UserProvidedIntegrationConfig;
  };
  nextModalState: NonFunctionProperties<Props>;
}
type Method<Name> = Name extends keyof ConnectSDK ? Extract<ConnectSDK[Name], (...values: any[]) => any> : never;
/** The frame calls a method of the SDK's fixed list. */
export interface SDKFunctionInvocationMessage<Name extends FunctionPropertyNames<ConnectSDK> = never> {
  messageType: "SDK_FUNCTION_INVOCATION";
  type: Name;
  parameters: Parameters<Method<Name>>;
  id: string;
}
export interface SDKFunctionResponseMessage<Name extends FunctionPropertyNames<ConnectSDK> = never> {
  messageType: "SDK_FUNCTION_RESPONSE";
  type: Name;
  result: UnwrapPromise<ReturnType<Method<Name>>>;
  id: string;
}
export interface SDKFunctionErrorMessage {
  messageType: "SDK_FUNCTION_ERROR";
  error: true;
  message: string;
  code?: string;
  id: string;
}
export type SDKReceivedMessage = SDKFunctionInvocationMessage;
