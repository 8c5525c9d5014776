// An app written for @useparagon/connect that uses every method, every constant and the types by name.
// It is compiled as it is, and again with the package's name replaced by ours: changing one import has to be enough.
import ConnectSDK, {
  AUTH_TOKEN_ALLOWED_INTEGRATIONS,
  BaseSDKError,
  BillingPlan,
  CONNECT_PLAN_FEATURE_MAP,
  ConnectAddOn,
  CredentialStatus,
  DataSourceType,
  DataType,
  DelayUnit,
  DocumentLoadingState,
  DynamicFieldMappingLoaderType,
  FilePickerStatus,
  HeadlessModeNotEnabledError,
  INFER_CONTENT_TYPE_FROM_CONNECT_OPTIONS,
  IntegrationNotFoundError,
  IntegrationNotInstalledError,
  ModalView,
  NODE_ENV,
  NoActiveInstallFlowError,
  OAuthBlockedError,
  OAuthTimeoutError,
  Operator,
  PLATFORM_ENV,
  SDK_EVENT,
  SDK_VERSION_HEADER,
  SELECTED_CREDENTIAL_CONFIG_ID_HEADER,
  SELECTED_CREDENTIAL_ID_HEADER,
  SidebarInputType,
  TokenType,
  TriggerModel,
  UserNotAuthenticatedError,
  VariableInputType,
  connectSingleton,
  getConnectSDKError,
  overrideActionAlias,
  paragon,
} from "@useparagon/connect";
import type {
  ALLOWED_FIELDS,
  AccountType,
  AccountTypeStage,
  AuthenticateOptions,
  AuthenticatedConnectUser,
  BooleanInput,
  CTA,
  CallbackMap,
  ComboInput,
  ComboInputDataSource,
  ComboSources,
  CompleteInstallOptions,
  ConditionalSource,
  ConnectInputValue,
  ConnectNonTrialBillingPlan,
  ConnectParams,
  ConnectSDKError,
  ConnectUser,
  CopyButton,
  CopyableButtonInput,
  CreateConfigurationOptions,
  CredentialConfigOptions,
  CustomDropdownField,
  CustomDropdownInput,
  CustomDropdownOptions,
  DataSource,
  DefaultFieldValueSources,
  DeleteConfigurationOptions,
  DisableWorkflowOptions,
  DoneStage,
  DropdownOptions,
  DynamicComboInput,
  DynamicComboInputDataSource,
  DynamicDataSource,
  DynamicDefaultInput,
  DynamicEnumInput,
  DynamicFieldMappingConfig,
  DynamicFieldMappingIntegrationFieldsLoader,
  DynamicFieldMappingLoaders,
  DynamicFieldMappingObjectTypesLoader,
  DynamicFieldMappingOptionsResult,
  DynamicInput,
  DynamicInputSource,
  DynamicMappingField,
  DynamicMappingOptions,
  EmailInput,
  EnumInput,
  EnumInputValue,
  EnumSection,
  EventInfo,
  ExternalFilePickerConstruct,
  FanoutStackEntry,
  FieldMapperDataSource,
  FieldMapperInput,
  FieldMapperSources,
  FileInput,
  FilePickerInitOptions,
  FilePickerOptions,
  FinishButton,
  FunctionPropertyNames,
  GetIntegrationAccountOptions,
  GetTriggerTypesResponse,
  GraphiteEnumInput,
  IConnectSDK,
  IConnectUser,
  IConnectUserWithProject,
  IFilePicker,
  InputSources,
  InstallFlowError,
  InstallFlowStage,
  InstallIntegrationOptions,
  InstallOptions,
  InstructionMetadata,
  InstructionStage,
  IntegrationConfig,
  IntegrationConnectInput,
  IntegrationInstallEvent,
  IntegrationMetadata,
  IntegrationSharedInputStateMap,
  IntegrationUninstallEvent,
  IntegrationWorkflowMeta,
  IntegrationWorkflowState,
  IntegrationWorkflowStateMap,
  IntentInputKeyConfig,
  KeyedSource,
  Link,
  ListenerFunction,
  LoadCustomDropdownOptionsResult,
  ModalConfig,
  NonFunctionProperties,
  NonNullUndefinedField,
  NumberInput,
  OAuthStage,
  OnErrorContext,
  OrConditions,
  PasswordInput,
  PermissionInput,
  PortalCloseEvent,
  PortalOpenEvent,
  PostOptionsStage,
  PreOptionsStage,
  Props,
  ProxyRequestOptions,
  SDKConnectCredentialConfig,
  SDKEventListenerMap,
  SDKFunctionErrorMessage,
  SDKFunctionInvocationMessage,
  SDKFunctionResponseMessage,
  SDKIntegration,
  SDKIntegrationConfig,
  SDKIntegrationState,
  SDKReceivedMessage,
  SDKResourceState,
  ScopeValue,
  SerializedConnectInput,
  SetDataSourcesConfig,
  SidebarInput,
  SingleSource,
  Source,
  StartOptions,
  StaticEnumDataSource,
  SupportedConnectInputType,
  SwitchInput,
  TokenizedSource,
  TriggerDefinition,
  TriggerWorkflowRequest,
  UIUpdateMessage,
  URLInput,
  UninstallOptions,
  UnwrapPromise,
  UpdateConfigurationOptions,
  UpdateWorkflowStateError,
  UpdateWorkflowStateResponse,
  UserProvidedIntegrationConfig,
  ValueTextInput,
  WorkflowStateChangeEvent,
} from "@useparagon/connect";
import { default as SDKClass, ExternalFilePicker, InstallFlow, PARAGON_OVERFLOW_EMPTY_VALUE } from "@useparagon/connect/ConnectSDK";

declare const token: string;
declare const show: (...values: unknown[]) => void;

/** Fails to compile when `Value` is `any`: a type that says nothing would pass everything else here. */
type Known<Value> = 0 extends 1 & Value ? never : Value;
function known<Value>(value: Known<Value>): Value {
  return value as Value;
}

// ── Setting up ──────────────────────────────────────────────────────────────────────────────────────────────────────
paragon.configureGlobal({ host: "example.com" });
paragon.configureGlobal(
  { host: "example.com" },
  { ZEUS_PUBLIC_URL: "https://zeus.example.com", VERSION: "latest", NODE_ENV: NODE_ENV.PRODUCTION, PLATFORM_ENV: PLATFORM_ENV.ENTERPRISE },
);
paragon.setHeadless(true);
const version: string = known(paragon.getVersion());
const asset: string = known(paragon.getAssetUrl("salesforce-install-package"));
show(version, asset);

const byHost = new ConnectSDK("example.com");
const byDefault: ConnectSDK = new ConnectSDK();
const bootless = new ConnectSDK(undefined, { skipBootstrapWithLastKnownState: true });
const singleton: ConnectSDK = connectSingleton;
const asInterface: IConnectSDK = singleton;
const bySecondEntry: ConnectSDK = new SDKClass("example.com");
const flow: InstallFlow = bySecondEntry.installFlow;
show(byHost, byDefault, bootless, asInterface, flow instanceof InstallFlow, ExternalFilePicker, PARAGON_OVERFLOW_EMPTY_VALUE.length);

// ── Session and user ────────────────────────────────────────────────────────────────────────────────────────────────
export async function session(): Promise<string> {
  const options: AuthenticateOptions = { metadata: { Name: "Ada", Email: "ada@example.com", plan: "pro" } };
  await paragon.authenticate("project", token);
  await paragon.authenticate("project", token, options);
  await connectSingleton.authenticate("project", token, { metadata: { Name: "Ada" } });
  const user: ConnectUser = known(paragon.getUser());
  if (!user.authenticated) return "nobody";
  const authenticated: AuthenticatedConnectUser = user;
  const { userId, meta, integrations, resources } = authenticated;
  const state: SDKIntegrationState = integrations;
  const azure: SDKIntegration | undefined = state.azuredevops;
  const resource: SDKResourceState | undefined = resources[0];
  const changed: AuthenticatedConnectUser = await paragon.setUserMetadata({ Name: "Grace", other: 1 });
  const sameUser: IConnectUser = changed;
  show(meta.Name?.trim(), meta.Email?.trim(), meta.anything, resource?.slug, resource?.credentialStatus === CredentialStatus.VALID, sameUser.userId);
  if (azure) {
    const { enabled, credentialId, credentialConfigId, credentialStatus, providerId, providerData, allCredentials, allConfigurations } = azure;
    const settings: SDKConnectCredentialConfig = azure;
    const shared: IntegrationSharedInputStateMap | undefined = settings.sharedSettings;
    const perWorkflow: IntegrationWorkflowStateMap | undefined = azure.workflowSettings;
    const one: IntegrationWorkflowState | undefined = perWorkflow?.["id"];
    const value: ConnectInputValue = one?.settings["input"];
    const first = allCredentials[0];
    const status: CredentialStatus | undefined = credentialStatus;
    show(
      enabled && first?.status === CredentialStatus.INVALID,
      status === CredentialStatus.PENDING,
      value,
      shared,
      credentialId?.length,
      credentialConfigId?.length,
    );
    show(first?.id.length, first?.externalId?.length, first?.providerId, first?.configurations[0]?.isDefault, first?.dateCreated, first?.integrationId.length);
    show(
      allConfigurations.map((configuration) => [configuration.id, configuration.connectCredentialId, configuration.externalId, configuration.workflowSettings]),
    );
    show(providerId, providerData?.["organization"], azure.externalId, azure.configMeta?.isIntegrationEnableTriggered, azure.configuredWorkflows);
    show(
      Object.entries(integrations)
        .filter(([, integration]) => integration?.enabled)
        .map(([name]) => name),
    );
  }
  connectSingleton.logout();
  return userId;
}

// ── Integrations ────────────────────────────────────────────────────────────────────────────────────────────────────
export async function integrations(): Promise<void> {
  const all: IntegrationMetadata[] = paragon.getIntegrationMetadata();
  const { type, name, icon, brandColor }: IntegrationMetadata = paragon.getIntegrationMetadata("azuredevops");
  show(
    all.map((one) => one.type),
    type.length,
    name.length,
    icon.length,
    brandColor.length,
  );
  const config: IntegrationConfig = known(paragon.getIntegrationConfig("azuredevops"));
  const inputs: SerializedConnectInput[] | undefined = config.availableUserSettings;
  for (const workflow of [...config.availableWorkflows, ...config.hiddenWorkflows]) {
    show(
      workflow.id.length,
      workflow.description,
      workflow.infoText,
      workflow.defaultEnabled,
      workflow.hidden,
      workflow.inputs.map((input) => input.id),
    );
  }
  show(config.shortDescription?.length, config.longDescription?.length, inputs?.[0]?.tooltip);
  const id: string = paragon.getIntegrationId("azuredevops");
  const options: GetIntegrationAccountOptions = { includeAccountAuth: true, selectedCredentialId: "ext:main" };
  const account = known(await paragon.getIntegrationAccount("azuredevops", options));
  await paragon.getIntegrationAccount("azuredevops");
  show(
    id,
    account.accountAuth?.["OAUTH_ACCESS_TOKEN"]?.length,
    account.providerData?.["x"],
    account.hasCredential,
    account.type.length,
    account.isActive,
    account.configs[0]?.values.accentColor,
  );
  const url: string = await paragon.getCustomWebhookUserManualUrl("workflow", "credential");
  show(url, await paragon.getCustomWebhookUserManualUrl("workflow"));
  const credential = known(await paragon.connectAction("warehouse", { key: "value" }));
  show(credential.id.length, credential.status === CredentialStatus.VALID);
}

// ── Requests, events, workflows, triggers ───────────────────────────────────────────────────────────────────────────
interface Projects {
  count: number;
  value: { id: string; name: string }[];
}

export async function requests(): Promise<number> {
  const options: ProxyRequestOptions = { method: "POST", body: { name: "x" }, headers: { "X-One": "1" }, selectedCredentialId: "ext:main" };
  const projects = await paragon.request<Projects>("azuredevops", "_apis/projects");
  const same: Projects | undefined = projects;
  await paragon.request("azuredevops", "_apis/projects", { method: "GET" });
  await paragon.request<Projects>("azuredevops", "_apis/projects", { method: "POST", body: "text", headers: [["X-One", "1"]] });
  await paragon.request("azuredevops", "_apis/projects", options);
  const raw = await connectSingleton.sendConnectRequest<{ ok: boolean }>(
    "/sdk/me",
    { method: "GET", cacheResult: true, skipDefaultCredentialIdHeader: true, baseURLOverride: "https://zeus.example.com" },
    false,
  );
  show(raw?.ok);
  const selection: CredentialConfigOptions = { selectedCredentialId: "a", selectedConfigurationId: "b" };
  await paragon.event("order.created", { id: 1 });
  await paragon.event("order.created", { id: 1 }, selection);
  const request: TriggerWorkflowRequest = { body: { a: 1 }, query: { b: "2" }, headers: { c: "3" }, ...selection };
  const answer: object | undefined = await paragon.workflow("workflow", request);
  show(await paragon.workflow("workflow", { body: "text" }), await connectSingleton.workflow("workflow"), answer);
  const disable: DisableWorkflowOptions = selection;
  await paragon.enableWorkflow("workflow");
  await paragon.enableWorkflow("workflow", selection);
  await paragon.disableWorkflow("workflow", disable);
  const update: UpdateWorkflowStateResponse = await paragon.updateWorkflowState({ one: true, two: false }, selection);
  const failure: UpdateWorkflowStateError | undefined = update.errors[0];
  show(failure?.workflowId, failure?.message, update.user.authenticated);
  const triggers: GetTriggerTypesResponse = await paragon.getTriggers("azuredevops", { selectedCredentialId: "a" });
  const trigger: TriggerDefinition | undefined = triggers.triggers["azuredevops"]?.[0];
  const parameters: IntentInputKeyConfig[] | undefined = trigger?.parameters;
  show(trigger?.triggerModel === TriggerModel.POLLING, trigger?.triggerModel === TriggerModel.WEBHOOK, parameters, triggers.errors?.[0]?.message);
  return same?.value.length ?? 0;
}

// ── Settings and configurations ─────────────────────────────────────────────────────────────────────────────────────
export async function settings(): Promise<void> {
  const { userState, errors } = await paragon.updateIntegrationUserSettings("azuredevops", { project: "x" }, { selectedCredentialId: "a" });
  const workflow = await paragon.updateWorkflowUserSettings("azuredevops", "workflow", { project: "x" });
  const user: AuthenticatedConnectUser = userState;
  const texts: string[] = [...errors, ...workflow.errors];
  const create: CreateConfigurationOptions = { credentialId: "a", externalId: "b" };
  const change: UpdateConfigurationOptions = { id: "c", credentialId: "a", meta: { seen: true } };
  const remove: DeleteConfigurationOptions = { id: "c", credentialId: "a" };
  const made = known(await paragon.createConfiguration(create));
  const changed = known(await paragon.updateConfiguration(change));
  await paragon.destroyConfiguration(remove);
  show(user.userId, texts, made.id.length, changed.externalId?.length, changed.configMeta, changed.sharedSettings);
}

// ── Installing and removing ─────────────────────────────────────────────────────────────────────────────────────────
const callbacks: CallbackMap = {
  onInstall: (event: IntegrationInstallEvent, user: AuthenticatedConnectUser) =>
    show(event.integrationId, event.integrationType, event.credentialId, event.credential?.id, user.userId),
  onSuccess: (event, user) => show(event.credentialId, user.meta.Name),
  onUninstall: (event: IntegrationUninstallEvent) => show(event.integrationType),
  onWorkflowChange: (event: WorkflowStateChangeEvent) => show(event.workflowId, event.workflowStateChange.enabled),
  onOpen: (event: PortalOpenEvent) => show(event.integrationType),
  onClose: (event: PortalCloseEvent) => show(event.integrationId),
  onError: (error: Error) => show(error.message),
};
const loadOptions = async (cursor: string | undefined, search: string | undefined): LoadCustomDropdownOptionsResult => ({
  options: [{ label: `${cursor}${search}`, value: "a" }],
  nextPageCursor: null,
});
const field: CustomDropdownField = { label: "A", value: "a" };
const dropdown: CustomDropdownOptions = { loadOptions, refreshOnOpen: true };
const dropdowns: DropdownOptions = { dropdowns: { fixed: [field], loaded: dropdown } };
const objectTypes: DynamicFieldMappingObjectTypesLoader = async () => ({ options: [field], nextPageCursor: "2" });
const integrationFields: DynamicFieldMappingIntegrationFieldsLoader = async ({ objectType }, cursor, search): Promise<DynamicFieldMappingOptionsResult> => ({
  options: [{ label: objectType, value: `${cursor}${search}` }],
  nextPageCursor: null,
});
const loaders: DynamicFieldMappingLoaders = { objectTypes, integrationFields };
const mappingConfig: DynamicFieldMappingConfig = {
  objectTypes: { get: objectTypes },
  integrationFields: { get: integrationFields },
  applicationFields: { fields: [field], defaultFields: ["a"], userCanRemoveMappings: true, userCanCreateFields: false },
};
const mappingField: DynamicMappingField = { label: "A", value: "a" };
const mappingOptions: DynamicMappingOptions = { fields: [mappingField], userCanRemoveMappings: true, userCanCreateFields: true, defaultFields: ["a"] };
const provided: UserProvidedIntegrationConfig = {
  overrideRedirectUrl: "https://app.example.com",
  mapObjectFields: { task: [mappingField], bug: mappingOptions, epic: mappingConfig },
};
const install: InstallOptions = {
  isApiInstallation: false,
  showPortalAfterInstall: true,
  bypassPostOAuthPrompt: false,
  accountType: ["default"],
  allowMultipleCredentials: true,
  overrideRedirectUrl: "https://app.example.com",
  externalId: "main",
};
show(loaders);

export async function installing(): Promise<void> {
  const params: ConnectParams = {
    ...callbacks,
    ...provided,
    ...install,
    ...dropdowns,
    selectedCredentialId: "a",
    selectedConfigurationId: "b",
    oauthTimeout: 60_000,
  };
  paragon.connect("azuredevops", {});
  paragon.connect("azuredevops", params);
  const connected: IntegrationInstallEvent = await connectSingleton.connect("azuredevops");
  const options: InstallIntegrationOptions = {
    onSuccess: () => undefined,
    onError: (error) => show(error.message),
    accountType: "default",
    allowMultipleCredentials: true,
    showPortalAfterInstall: true,
    mapObjectFields: {},
    externalId: "x",
    oauthTimeout: 1,
  };
  const installed: void | IntegrationInstallEvent = await paragon.installIntegration("azuredevops", options);
  const other = await paragon.installIntegration("azuredevops");
  show(connected.credentialId, installed && installed.credential?.status, other && other.credentialId?.length);
  const uninstall: UninstallOptions = { selectedCredentialId: "a" };
  await paragon.uninstallIntegration("azuredevops");
  await paragon.uninstallIntegration("azuredevops", uninstall);
  const complete: CompleteInstallOptions = {
    authorizationCode: "code",
    showPortalAfterInstall: false,
    redirectUrl: "https://app.example.com",
    integrationOptions: { installOptions: { externalId: "a", anything: 1 } },
  };
  await paragon.completeInstall("azuredevops", complete);
  paragon.closePortal();
  paragon.startOAuthFlow("azuredevops", { accountType: "default" }, { onSuccess: (event) => show(event.credentialId), onError: (error) => show(error) });
  connectSingleton.startOAuthFlow("azuredevops", { endUserSuppliedValues: { url: "x" } }, { oauthTimeout: 1 });
}

// ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────────
export function events(): boolean {
  const onInstall = (event: IntegrationInstallEvent, user: AuthenticatedConnectUser): void => show(event.credential?.externalId, user.userId);
  const onChange = (event: WorkflowStateChangeEvent, user: AuthenticatedConnectUser): void => show(event.workflowStateChange, user.meta);
  const stop: () => boolean = paragon.subscribe(SDK_EVENT.ON_INTEGRATION_INSTALL, onInstall);
  paragon.subscribe(SDK_EVENT.ON_INTEGRATION_UNINSTALL, onInstall);
  paragon.subscribe(SDK_EVENT.ON_WORKFLOW_CHANGE, onChange);
  paragon.subscribe(SDK_EVENT.ON_PORTAL_OPEN, (event: PortalOpenEvent) => show(event.integrationType));
  paragon.subscribe(SDK_EVENT.ON_PORTAL_CLOSE, (event: PortalCloseEvent) => show(event.integrationId));
  const listener: ListenerFunction = onInstall;
  const name: SDK_EVENT = SDK_EVENT.ON_PORTAL_OPEN;
  const info: EventInfo = { type: name, integrationId: "a", integrationType: "azuredevops" };
  connectSingleton.triggerSDKEvent(info);
  const listeners: Partial<SDKEventListenerMap> = { [SDK_EVENT.ON_PORTAL_OPEN]: [(event) => show(event.integrationId)] };
  show(listeners);
  return stop() && paragon.unsubscribe(SDK_EVENT.ON_INTEGRATION_INSTALL, listener);
}

// ── Headless installing ─────────────────────────────────────────────────────────────────────────────────────────────
export function headless(): void {
  const start: StartOptions = {
    onNext: (stage) => show(describe(stage)),
    onComplete: (event: IntegrationInstallEvent) => show(event.credentialId),
    onError: (error: InstallFlowError, context: null | OnErrorContext) => {
      if (error.name === "UnknownError") show(error.originalError);
      if (error.name === "IntegrationNotFoundError") show(error.meta.integrationName);
      show(error.message, context?.stage === "oauth");
    },
    oauthTimeout: 60_000,
    allowMultipleCredentials: true,
    overrideRedirectUrl: "https://app.example.com",
    selectedCredentialId: "a",
    externalId: "b",
  };
  const { installFlow } = paragon;
  installFlow.start("azuredevops");
  installFlow.start("azuredevops", start);
  const stage: InstallFlowStage = installFlow.next();
  const settled: Promise<void>[] = [
    installFlow.setAccountType("default"),
    installFlow.setPreOptions({ url: "x", on: true }),
    installFlow.setPostOptions({ project: "y" }),
    installFlow.cancel(),
  ];
  const kept: (string | Record<string, ConnectInputValue> | null)[] = [
    installFlow.getAccountTypeValue(),
    installFlow.getPreOptionsValue(),
    installFlow.getPostOptionsValue(),
  ];
  show(stage.done, settled, kept);
}

function describe(stage: InstallFlowStage): unknown {
  switch (stage.stage) {
    case "accountType": {
      const { options }: AccountTypeStage = stage;
      const type: AccountType | undefined = options[0];
      return [type?.id, type?.scheme, type?.accountDescription, type?.endUserSuppliedValues?.[0]?.id, type?.skipPostOAuthInputs];
    }
    case "instruction": {
      const { content, ctas, finish, packageInstallUrl }: InstructionStage = stage;
      const metadata: InstructionMetadata = { content, ctas, finish, packageInstallUrl };
      const button: FinishButton = finish;
      button.onClick();
      return [metadata.content.length, button.label, ctas.map(describeButton)];
    }
    case "preOptions": {
      const { options }: PreOptionsStage = stage;
      return options.map((input: IntegrationConnectInput) => [
        input.id,
        input.title,
        input.type === SidebarInputType.Password,
        input.required,
        input.placeholder,
      ]);
    }
    case "oauth": {
      const { done }: OAuthStage = stage;
      return done;
    }
    case "postOptions": {
      const { options }: PostOptionsStage = stage;
      return options.map((input) => input.sourceType);
    }
    case "done": {
      const { done }: DoneStage = stage;
      const never: true = done;
      return never;
    }
  }
}

function describeButton(button: CTA): string {
  if (button.type === "link") {
    const link: Link = button;
    return link.href;
  }
  const copy: CopyButton = button;
  return copy.copyText;
}

// ── Inputs, sources, pickers ────────────────────────────────────────────────────────────────────────────────────────
export async function inputs(): Promise<void> {
  const sources: SetDataSourcesConfig = {
    ...dropdowns,
    mapObjectFields: provided.mapObjectFields,
    integrationSpecificSources: { azuredevops: { ...dropdowns, mapObjectFields: { task: mappingOptions } } },
  };
  paragon.setDataSources(sources);
  show(
    paragon.getAccountTypeOptions("azuredevops"),
    paragon.getPreOptions("azuredevops"),
    paragon.getPostOptions("azuredevops"),
    connectSingleton.getPreOptions("azuredevops", "default"),
  );
  const parameter: KeyedSource<DataType.ANY> = { key: "project", source: { type: "VALUE", value: "x" } };
  const page = await paragon.getFieldOptions({
    integration: "azuredevops",
    action: "projects",
    search: "x",
    cursor: "2",
    parameters: [parameter],
    selectedCredentialId: "a",
  });
  const values: EnumInputValue[] | EnumSection[] = page.data;
  const nested: DynamicDefaultInput[] = page.nestedData;
  const cursor: string | null = page.nextPageCursor;
  const source: DataSource | undefined = await paragon.getDataSourceOptions("azuredevops", "projects");
  if (source?.type === DataSourceType.DYNAMIC) {
    const dynamic: DynamicDataSource<any> = source;
    show(dynamic.cacheKey, dynamic.title, await paragon.getFieldOptions({ integration: "azuredevops", source: dynamic }));
  }
  if (source?.type === DataSourceType.STATIC_ENUM) {
    const fixed: StaticEnumDataSource = source;
    show(fixed.id, fixed.values);
  }
  show(values, nested[0]?.type === VariableInputType.Dropdown, cursor);
  const input = paragon.getIntegrationConfig("azuredevops").availableUserSettings?.[0];
  if (input) show(paragon.getSourcesForInput("azuredevops", input));
  if (input?.type === SidebarInputType.CustomDropdown) show(input.key, input.customDropdownOptions?.[0]?.label);
  const found: InputSources | null = input ? paragon.getSourcesForInput("azuredevops", input) : null;
  switch (found?.kind) {
    case "single": {
      const single: SingleSource = found;
      show(single.source.title);
      break;
    }
    case "conditional": {
      const conditional: ConditionalSource = found;
      show(conditional.supportedOperators?.includes("$stringContains"));
      break;
    }
    case "fieldMapper": {
      const mapper: FieldMapperSources = found;
      show(mapper.recordSource.cacheKey, mapper.fieldSource, mapper.dependentInputSource, mapper.mapObjectFieldOptions);
      break;
    }
    case "combo": {
      const combo: ComboSources = found;
      show(combo.mainInputSource, combo.dependentInputSource);
      break;
    }
    case "defaultFieldValue": {
      const defaults: DefaultFieldValueSources = found;
      show(defaults.variableInputSource);
    }
  }
  const parameterInput: IntentInputKeyConfig = {
    id: "a",
    title: "A",
    type: "ENUM",
    values: [{ value: "x", label: "X" }, "y", 3],
    valuesSource: { sourceType: "projects", dependencies: [] },
  };
  show(paragon.getSourcesForActionInput(parameterInput)?.kind, await paragon._loadCustomDropdownOptions("key", undefined, "search"));
}

export async function pickers(): Promise<boolean> {
  const options: FilePickerOptions = {
    allowedTypes: ["text/plain"],
    allowMultiSelect: true,
    allowFolderSelect: false,
    onOpen: () => undefined,
    onClose: () => undefined,
    onFileSelect: (files) => show(files),
    onCancel: () => undefined,
    integrationOptions: { box: { scopeCSS: true }, googledrive: { includeFolders: true } },
  };
  const init: FilePickerInitOptions = { developerKey: "key", appId: "id", folderId: "0", selectedCredentialId: "a" };
  const Picker: ExternalFilePickerConstruct = paragon.ExternalFilePicker;
  const picker: IFilePicker = new Picker("googledrive", options);
  const called: IFilePicker = paragon.ExternalFilePicker("box", options);
  show(called.getInstance());
  return (await picker.init(init)) && picker.open();
}

// ── Errors ──────────────────────────────────────────────────────────────────────────────────────────────────────────
export function errors(error: unknown): string {
  if (error instanceof UserNotAuthenticatedError || error instanceof NoActiveInstallFlowError || error instanceof HeadlessModeNotEnabledError)
    return error.message;
  if (error instanceof IntegrationNotInstalledError) return error.integrationName;
  if (error instanceof IntegrationNotFoundError) return String(error.meta?.["integrationName"]);
  if (error instanceof OAuthBlockedError || error instanceof OAuthTimeoutError) return error.name;
  if (error instanceof BaseSDKError) return `${error.name}${JSON.stringify(error.meta)}`;
  const plain: ConnectSDKError = getConnectSDKError(error);
  switch (plain.name) {
    case "UnknownError":
      return String(plain.originalError);
    case "IntegrationNotFoundError":
    case "IntegrationNotInstalledError":
      return plain.meta.integrationName;
    default:
      return plain.message;
  }
}

// ── What a portal of one's own needs ────────────────────────────────────────────────────────────────────────────────
export function portal(message: SDKReceivedMessage | UIUpdateMessage | SDKFunctionErrorMessage): void {
  if (message.messageType === "UI_UPDATE") {
    const props: Partial<Props> = message.nextModalState;
    const config: ModalConfig | undefined = props.config;
    show(
      message.nextContext.user,
      props.integration?.type,
      config?.accentColor,
      config?.workflowMeta?.["id"]?.inputs,
      props.tabView === ModalView.OVERVIEW,
      ModalView.CONFIGURATION,
    );
  }
  connectSingleton.setModalState({ integration: null });
  connectSingleton.updateAuthenticatedUser({ meta: { Name: "Ada" } });
  connectSingleton.updateContainerStyle({ isModalShown: true });
  connectSingleton.onOpen();
  connectSingleton.onClose(true);
  void connectSingleton._oauthCallback({ integrationId: "a", payload: { code: "b" } }, "credential", { installOptions: install });
  void connectSingleton._fetchBYOFieldMappingOptions("azuredevops", DynamicFieldMappingLoaderType.OBJECT_TYPES, "task", { cursor: "2" });
  connectSingleton.validateAction("azuredevops");
}
export type Invocation = SDKFunctionInvocationMessage<never> | SDKFunctionResponseMessage<never>;
export type Names = FunctionPropertyNames<{ a(): void; b: string }>;
export type Data = NonFunctionProperties<{ a(): void; b: string }>;
export type Inner = UnwrapPromise<Promise<string>>;
export type Full = NonNullUndefinedField<{ a?: string | null }>;
export const helpers: [Data, Inner, Full] = [{ b: "" }, "", { a: "" }];

// ── Constants, and types that only name shapes ──────────────────────────────────────────────────────────────────────
export const constants: string[] = [
  INFER_CONTENT_TYPE_FROM_CONNECT_OPTIONS,
  SELECTED_CREDENTIAL_ID_HEADER,
  SELECTED_CREDENTIAL_CONFIG_ID_HEADER,
  SDK_VERSION_HEADER,
  TokenType.ACCESS_TOKEN,
  TokenType.TRELLO_API_KEY,
  DelayUnit.MINUTES,
  BillingPlan.ConnectPro,
  ConnectAddOn.HeadlessConnectPortal,
  DocumentLoadingState.COMPLETE,
  FilePickerStatus.LOADED,
  DynamicFieldMappingLoaderType.INTEGRATION_FIELDS,
  Operator.StringContains,
  Operator.None,
  DataType.STRING,
  NODE_ENV.TEST,
  PLATFORM_ENV.SANDBOX,
  SidebarInputType.ValueText,
  SidebarInputType.DynamicEnum,
  VariableInputType.MultiSelect,
  TriggerModel.WEBHOOK,
  SDK_EVENT.ON_PORTAL_CLOSE,
  overrideActionAlias["x"] ?? "",
  AUTH_TOKEN_ALLOWED_INTEGRATIONS["googledrive"]?.accessTokenPath ?? "",
  ...CONNECT_PLAN_FEATURE_MAP[BillingPlan.ConnectBasic],
];
export const plan: ConnectNonTrialBillingPlan = BillingPlan.ConnectEnterprise;
export const permissions: OrConditions = {
  type: "JOIN",
  join: "OR",
  conditions: [{ type: "OPERATOR", condition: { operator: Operator.BooleanTrue, variable: { type: "VALUE", value: true } } }],
};
export const workflowMeta: IntegrationWorkflowMeta = { id: "w", inputs: [], permissions, order: 1, hidden: false };
export const tokenized: TokenizedSource<DataType.STRING> = {
  type: "TOKENIZED",
  parts: [
    { type: "VALUE", value: "x" },
    { type: "VARIABLE", stepId: "s", path: [] },
  ],
};
export const plainSource: Source = { type: "FANOUT_EXECUTION", stepId: "s" };
export const sharedProject = (user: IConnectUserWithProject): boolean =>
  user.project.accessibleFeatures.includes(ConnectAddOn.DynamicFieldMapper) && user.project.billingPlan === plan;
export const integrationConfig = (config: SDKIntegrationConfig): unknown => [
  config.accountTypes,
  config.postOauthInputs,
  config.dataSources["x"]?.title,
  config.authSchemeOptions?.packageInstallUrl,
];
export const scope: ScopeValue = { name: "vso.work", description: "", label: "", required: true };
export const enumValue: GraphiteEnumInput = { value: 1, label: "x" };
export const inputSource: DynamicInputSource = { sourceType: "x", dependencies: [] };
export const stack: FanoutStackEntry = { stepId: "s", instanceId: "i", index: 0 };
export const allowed: ALLOWED_FIELDS[] = ["accessTokenPath", "domain"];
export const supported: SupportedConnectInputType = SidebarInputType.ValueText;
export const simple: (BooleanInput | NumberInput | EmailInput | PasswordInput | URLInput | FileInput | CopyableButtonInput)[] = [
  { type: SidebarInputType.BooleanInput, id: "a", title: "A", required: true, defaultValue: true, hidden: false, readOnly: false, documentationLink: "x" },
  { type: SidebarInputType.Number, id: "a", title: "A" },
  { type: SidebarInputType.Email, id: "a", title: "A" },
  { type: SidebarInputType.Password, id: "a", title: "A" },
  { type: SidebarInputType.URL, id: "a", title: "A" },
  { type: SidebarInputType.File, id: "a", title: "A" },
  { type: SidebarInputType.CopyableButtonInput, id: "a", title: "A" },
];
export const text: ValueTextInput = { type: SidebarInputType.ValueText, id: "a", title: "A", inputType: "text" };
export const toggle: SwitchInput = { type: SidebarInputType.Switch, id: "a", title: "A", titleText: "x", toolTipText: "y" };
export const choice: CustomDropdownInput = { type: SidebarInputType.CustomDropdown, id: "a", title: "A", key: "k", keyIsDefault: true };
export const permission: PermissionInput = { type: SidebarInputType.Permission, id: "a", title: "A", requiredScopes: [], scopes: { values: [scope] } };
export const anyInput: SidebarInput[] = [...simple, text, toggle, choice, permission];
export const reading = (
  mapper: FieldMapperInput,
  combo: ComboInput,
  dynamicCombo: DynamicComboInput,
  list: EnumInput,
  dynamicList: DynamicEnumInput,
  dynamic: DynamicInput,
): unknown => {
  const mapperSource: FieldMapperDataSource = mapper.source;
  const comboSource: ComboInputDataSource = combo.source;
  const dynamicSource: DynamicComboInputDataSource = dynamicCombo.source;
  return [
    mapperSource.recordSource,
    comboSource.mainInputSource,
    dynamicSource.hoverDisplayText,
    mapper.savedFieldMappings[0]?.label,
    list.getValues,
    dynamicList.source.cacheKey,
    dynamic.source.title,
  ];
};
