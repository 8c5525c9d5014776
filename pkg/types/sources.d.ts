/** Data sources that an app registers, and what the SDK says about those of an input. */
import type { DataType, Operator } from "./input-constants.js";
import type {
  DynamicDataSource,
  DynamicDefaultInput,
  EnumInputValue,
  EnumSection,
  KeyedSource,
  StaticEnumDataSource,
} from "./inputs.js";

export interface CustomDropdownField {
  label: string;
  value: string;
}
/** One page; `nextPageCursor` asks for the next. */
export interface OptionsPage {
  options: CustomDropdownField[];
  nextPageCursor: string | null;
}
export type LoadCustomDropdownOptionsResult = Promise<OptionsPage>;
export interface CustomDropdownOptions {
  loadOptions: (cursor: string | undefined, search: string | undefined) => LoadCustomDropdownOptionsResult;
  /** Loads again whenever the dropdown is opened. */
  refreshOnOpen?: boolean;
}
export interface DropdownOptions {
  dropdowns?: Record<string, CustomDropdownField[] | CustomDropdownOptions>;
}

export type DynamicMappingField = CustomDropdownField;
export interface DynamicMappingOptions {
  fields: DynamicMappingField[];
  userCanRemoveMappings?: boolean;
  userCanCreateFields?: boolean;
  defaultFields?: string[];
  useBYOFieldMappingOption?: boolean;
}
export type DynamicFieldMappingOptionsResult = OptionsPage;
export type DynamicFieldMappingObjectTypesLoader = (cursor?: string, search?: string) => Promise<OptionsPage>;
export type DynamicFieldMappingIntegrationFieldsLoader = (
  params: { objectType: string },
  cursor?: string,
  search?: string,
) => Promise<OptionsPage>;
export interface DynamicFieldMappingLoaders {
  objectTypes: DynamicFieldMappingObjectTypesLoader;
  integrationFields: DynamicFieldMappingIntegrationFieldsLoader;
}
export interface DynamicFieldMappingConfig {
  objectTypes: { get: DynamicFieldMappingObjectTypesLoader };
  integrationFields: { get: DynamicFieldMappingIntegrationFieldsLoader };
  applicationFields?: Omit<DynamicMappingOptions, "useBYOFieldMappingOption">;
}
export interface MapObjectFields {
  [objectName: string]: DynamicMappingField[] | DynamicMappingOptions | DynamicFieldMappingConfig;
}
export interface IntegrationSources extends DropdownOptions {
  mapObjectFields?: MapObjectFields;
}
export interface SetDataSourcesConfig extends IntegrationSources {
  /** Those of one integration win over the others. */
  integrationSpecificSources?: Record<string, IntegrationSources>;
}

interface FieldOptionsBase {
  integration: string;
  search?: string;
  cursor?: string | number | false;
  parameters?: KeyedSource<DataType.ANY>[];
  selectedCredentialId?: string;
}
export type GetFieldOptionsRequest = FieldOptionsBase & ({ action: string } | { source: DynamicDataSource<any> });
export interface FieldOptions {
  data: EnumInputValue[] | EnumSection[];
  nestedData: DynamicDefaultInput[];
  nextPageCursor: string | null;
}

export interface SingleSource {
  kind: "single";
  source: DynamicDataSource<any> | StaticEnumDataSource;
}
export interface ConditionalSource {
  kind: "conditional";
  source: DynamicDataSource<any>;
  supportedOperators?: Operator[];
}
export interface FieldMapperSources {
  kind: "fieldMapper";
  recordSource: DynamicDataSource<any>;
  fieldSource: DynamicDataSource<any>;
  dependentInputSource?: DynamicDataSource<any>;
  dependentFieldInputSource?: DynamicDataSource<any>;
  mapObjectFieldOptions?: DynamicMappingOptions | DynamicMappingField[];
}
export interface ComboSources {
  kind: "combo";
  mainInputSource: DynamicDataSource<any>;
  dependentInputSource: DynamicDataSource<any>;
}
export interface DefaultFieldValueSources {
  kind: "defaultFieldValue";
  mainInputSource: DynamicDataSource<any>;
  dependentInputSource: DynamicDataSource<any>;
  variableInputSource?: DynamicDataSource<any>;
}
export type InputSources =
  | SingleSource
  | ConditionalSource
  | FieldMapperSources
  | ComboSources
  | DefaultFieldValueSources;
