/** Inputs that users fill in, and where their options come from. */
import type { DataType, DataSourceType, DelayUnit, Operator, SidebarInputType, TokenType, VariableInputType } from "./input-constants.js";
import type { CustomDropdownField, DynamicMappingField, DynamicMappingOptions } from "./sources.js";

export type AuthenticationScheme =
  | "basic"
  | "oauth"
  | "oauth_client_credential"
  | "service_account"
  | "oauth_app"
  | "impersonated_app";

export interface FieldMappingValue {
  objectMapping?: string;
  fieldMappings?: { [label: string]: string | undefined };
  dynamicMappings?: { [mappingKey: string]: { applicationField?: string; integrationField?: string } };
  userCreatedFields?: string[];
  mappingType?: "STATIC" | "DYNAMIC";
}
export interface ComboInputValue {
  mainInput?: string;
  dependentInput?: string;
  fieldMappings?: { [label: string]: string | undefined };
}
export type ConnectInputValue = string | number | boolean | FieldMappingValue | ComboInputValue | undefined;

export interface EnumInputValue<T = any> {
  value: T;
  label: string;
  subtitle?: string;
}
export interface EnumSection<T = any> {
  title: string;
  items: EnumInputValue<T>[];
}

interface BaseInput {
  id: string;
  title: string;
  subtitle?: any;
  placeholder?: string;
  /** True unless said otherwise. */
  required?: boolean;
  defaultValue?: any;
  documentationLink?: string;
  documentationLinkLabel?: string;
  hidden?: boolean;
  readOnly?: boolean;
}
export interface BooleanInput extends BaseInput {
  type: SidebarInputType.BooleanInput;
}
export interface ValueTextInput extends BaseInput {
  type: SidebarInputType.ValueText;
  inputType?: string;
}
export interface NumberInput extends BaseInput {
  type: SidebarInputType.Number;
}
export interface EmailInput extends BaseInput {
  type: SidebarInputType.Email;
}
export interface PasswordInput extends BaseInput {
  type: SidebarInputType.Password;
}
export interface URLInput extends BaseInput {
  type: SidebarInputType.URL;
}
export interface FileInput extends BaseInput {
  type: SidebarInputType.File;
}
export interface CopyableButtonInput extends BaseInput {
  type: SidebarInputType.CopyableButtonInput;
}
export interface SwitchInput extends BaseInput {
  type: SidebarInputType.Switch;
  toolTipText?: string;
  titleText?: string;
}
export interface ScopeValue {
  name: string;
  description: string;
  label?: string;
  required?: boolean;
}
export interface PermissionInput extends BaseInput {
  type: SidebarInputType.Permission;
  requiredScopes: string[];
  scopes: { values: ScopeValue[] };
}
export interface CustomDropdownInput extends BaseInput {
  type: SidebarInputType.CustomDropdown;
  /** Under which the app registers options or a loader. */
  key: string;
  keyIsDefault: boolean;
  customDropdownOptions?: CustomDropdownField[];
}
export interface EnumInput extends BaseInput {
  type: SidebarInputType.Enum;
  getValues: (options: ActionStepParameters, inputs: SidebarInput[], activeInput: SidebarInput) => EnumInputValue[];
}
export type DynamicInput<Values = EnumInputValue[]> = BaseInput & { source: DynamicDataSource<Values> };
export interface DynamicEnumInput<Values = EnumInputValue[]> extends Omit<EnumInput, "type"> {
  type: SidebarInputType.DynamicEnum;
  source: DynamicDataSource<Values>;
}
export interface ComboInput extends BaseInput {
  type: SidebarInputType.ComboInput;
  source: ComboInputDataSource;
  savedFieldMappings?: { label: string }[];
}
export interface DynamicComboInput extends BaseInput {
  type: SidebarInputType.DynamicComboInput;
  source: DynamicComboInputDataSource;
  useDynamicFields?: boolean;
}
export interface FieldMapperInput extends BaseInput {
  type: SidebarInputType.FieldMapper;
  source: FieldMapperDataSource;
  useDynamicMapper?: boolean;
  /** Under which the app registers its fields. */
  dynamicObjectName?: string;
  dynamicObjectOptions?: DynamicMappingOptions | DynamicMappingField[];
  savedFieldMappings: { label: string }[];
}
export type SidebarInput =
  | BooleanInput
  | SwitchInput
  | ValueTextInput
  | NumberInput
  | EmailInput
  | URLInput
  | PasswordInput
  | CustomDropdownInput
  | DynamicEnumInput
  | ComboInput
  | DynamicComboInput
  | FieldMapperInput
  | CopyableButtonInput
  | PermissionInput
  | FileInput;
export type SupportedConnectInputType =
  | SidebarInput["type"]
  | SidebarInputType.Enum
  | SidebarInputType.ValueTextArea;

type Serialized<Input> = Input extends { source: unknown } | { getValues: unknown }
  ? Omit<Input, "source" | "getValues"> & {
      /** Key of the data source. */
      sourceType?: string;
      fallbackText?: string;
    }
  : Input;
/** An input as the server sends it: its source is named, not contained. */
export type SerializedConnectInput<Type extends SupportedConnectInputType = SupportedConnectInputType> = Serialized<
  Extract<SidebarInput, { type: Type }>
> & { tooltip?: string };

/** An input asked before or after an account is connected. */
export interface IntegrationConnectInput extends BaseInput {
  type:
    | SidebarInputType.ValueText
    | SidebarInputType.Password
    | SidebarInputType.DynamicEnum
    | SidebarInputType.ComboInput
    | SidebarInputType.Enum
    | SidebarInputType.Switch
    | SidebarInputType.ValueTextArea;
  inputType?: string;
  prefixLabel?: string;
  suffixLabel?: string;
  sourceType?: string;
  fallbackText?: string;
  hiddenInConnect?: boolean;
}

/** One way to connect an account. */
export interface AccountType {
  id: string;
  scheme: AuthenticationScheme;
  oauthParameters?: KeyedSource<DataType.ANY>[];
  /** Inputs needed before the account can be connected. */
  endUserSuppliedValues?: IntegrationConnectInput[];
  accountDescription?: string;
  skipPostOAuthInputs?: boolean;
}

/** An input among the options of a field. */
export interface DynamicDefaultInput {
  id: string;
  title: string;
  type: VariableInputType;
  required: boolean;
  items: EnumInputValue[];
  supportDifferentTextFormat: boolean;
  textFormat: string;
  identifierKey: string;
  supportAddItem?: boolean;
  returnsArrayStrings?: boolean;
}

export interface DynamicInputSource {
  sourceType: string;
  dependencies: string[];
}
export type GraphiteEnumInput =
  | { value: string | number; label?: string; dependentInputs?: IntentInputKeyConfig[] }
  | string
  | number;
/** A parameter of an action or trigger. */
export type IntentInputKeyConfig = {
  id: string;
  title: string;
  subtitle?: string;
  placeholder?: string;
  required?: boolean;
  dependentInputs?: IntentInputKeyConfig[];
  defaultValue?: unknown;
  valuesSource?: DynamicInputSource;
} & (
  | {
      type:
        | SidebarInputType.TextArea
        | SidebarInputType.Switch
        | SidebarInputType.BooleanInput
        | SidebarInputType.Code
        | SidebarInputType.ValueText
        | SidebarInputType.Text
        | SidebarInputType.Password
        | SidebarInputType.Number;
    }
  | {
      type: SidebarInputType.Enum | SidebarInputType.EditableEnum | SidebarInputType.EnumTextAreaPairInput;
      values: GraphiteEnumInput[];
    }
  | {
      type: SidebarInputType.Conditional;
      supportedOperators?: Operator[];
      disableOrCondition?: boolean;
      supportedKeys?: string[];
      supportedKeysSource?: DynamicInputSource;
    }
  | { type: SidebarInputType.TimeConstraintInput; supportedUnits?: DelayUnit[] }
);

export interface ActionStepParameters {
  actionType: string;
  credentials: string[];
  retryOnFailure?: boolean;
  ignoreFailure?: boolean;
  intent: string;
  actionParameters: KeyedSource<DataType.ANY>[];
}

interface BasicDataSource {
  title: string;
  subtitle?: any;
  instructionalText?: any;
  hideFromConnectFieldTypes?: boolean;
  supportPagination?: boolean;
}
/** Options asked of the server, or of the app's loader, by `cacheKey`. */
export interface DynamicDataSource<Values = EnumInputValue[]> extends BasicDataSource {
  type: DataSourceType.DYNAMIC;
  cacheKey?: string;
  /** Parameters after whose change the options are asked again. */
  refreshDependencies?: (string | ((options: ActionStepParameters) => any))[];
  mapRefreshToValues: (response: any) => Values;
  getRefreshActionParameters: (
    options: ActionStepParameters,
    inputs: SidebarInput[],
    activeInput: SidebarInput,
  ) => ActionStepParameters;
  onRefresh?: (value: any) => any;
}
export interface StaticEnumDataSource extends BasicDataSource {
  type: DataSourceType.STATIC_ENUM;
  id: string;
  values: EnumInputValue[] | EnumSection[];
}
type RecordDataSource = DynamicDataSource<(EnumSection | EnumInputValue)[]>;
export interface FieldMapperDataSource extends BasicDataSource {
  type: DataSourceType.FIELD_MAPPER;
  id: string;
  recordSource: RecordDataSource;
  fieldSource: RecordDataSource;
  dependentInputSource?: RecordDataSource;
  dependentFieldInputSource?: RecordDataSource;
}
export interface ComboInputDataSource extends BasicDataSource {
  type: DataSourceType.COMBO_INPUT;
  id: string;
  mainInputSource: RecordDataSource;
  dependentInputSource: RecordDataSource;
  fieldSource?: RecordDataSource;
}
export interface DynamicComboInputDataSource extends BasicDataSource {
  type: DataSourceType.DYNAMIC_COMBO_INPUT;
  id: string;
  mainInputSource: RecordDataSource;
  dependentInputSource: RecordDataSource;
  variableInputSource?: RecordDataSource;
  hoverDisplayText: string;
}
export type DataSource =
  | DynamicDataSource<any>
  | StaticEnumDataSource
  | FieldMapperDataSource
  | ComboInputDataSource
  | DynamicComboInputDataSource;

interface ValueTypes {
  STRING: string;
  NUMBER: number;
  DATE: Date;
  BOOLEAN: boolean;
  EMAIL: string;
  OBJECT: object;
  ARRAY: any[];
  ANY: any;
  FILE: any;
  NON_DECIMAL: number;
}
type CredentialField =
  | { fieldType: "WORKFLOW_SETTING" | "SHARED_WORKFLOW_SETTING"; inputId: string; path?: string[] }
  | { fieldType: "EXTERNAL_USER_ID" | "EXTERNAL_USER_PROVIDER_ID" | "OAUTH_ACCESS_TOKEN" }
  | { fieldType: "EXTERNAL_USER_PROVIDER_DATA"; dataKey: string };
type TokenPart<Type extends DataType = DataType> =
  | { type: "VALUE"; dataType?: Type; value: ValueTypes[Type] }
  | { type: "VARIABLE"; dataType?: Type; stepId: string; path: string[] }
  | { type: "ENVIRONMENT_SECRET"; environmentSecretId: string }
  | { type: "OBJECT_VALUE"; dataType?: Type; name: string; path: string[] }
  | { type: "PERSONA_METADATA"; path?: string[] }
  | ({ type: "CONNECT_CREDENTIAL_FIELD" } & CredentialField);
export interface TokenizedSource<Type extends DataType = DataType> {
  type: "TOKENIZED";
  dataType?: Type;
  parts: TokenPart[];
}
export interface FanoutStackEntry {
  stepId: string;
  instanceId: string;
  index: number;
}
/** Where a parameter's value comes from. */
export type Source<Type extends DataType = DataType> =
  | TokenPart<Type>
  | TokenizedSource<Type>
  | { type: "CONDITION"; condition: ConditionWrapper }
  | { type: "EXECUTION"; id: string; stepId: string; start: number; fanoutStack: FanoutStackEntry[]; remoteCached?: boolean }
  | { type: "FANOUT_EXECUTION"; stepId: string }
  | { type: "USER_SUPPLIED_CREDENTIAL"; tokenType: TokenType; providerType: string; credential: TokenizedSource<DataType.STRING> };
export interface KeyedSource<Type extends DataType = DataType> {
  key: string;
  source: Source<Type>;
}
export interface OrConditions {
  type: "JOIN";
  join: "OR";
  conditions: ConditionWrapper[];
}
type ConditionWrapper =
  | OrConditions
  | { type: "JOIN"; join: "AND"; conditions: ConditionWrapper[] }
  | { type: "OPERATOR"; condition: { operator: Operator; variable: Source<any>; argument?: Source<any> } };
