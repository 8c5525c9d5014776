/** Constants of inputs and their sources: each name is the constant, the type of its values, and a type for each. */

export declare namespace SidebarInputType {
  type Auth = "AUTH"; type Enum = "ENUM"; type DynamicEnum = "DYNAMIC_ENUM"; type Intent = "INTENT";
  type Text = "TEXT"; type TextArea = "TEXTAREA"; type ValueText = "TEXT_NO_VARS";
  type ValueTextArea = "TEXTAREA_NO_VARS"; type Code = "CODE"; type ActionButton = "ACTION_BUTTON";
  type Conditional = "CONDITIONAL"; type CustomDropdown = "CUSTOM_DROPDOWN";
  type DynamicConditional = "DYNAMIC_CONDITIONAL"; type NestedList = "NESTED_LIST"; type File = "FILE";
  type EditableDynamicEnum = "EDITABLE_DYNAMIC_ENUM"; type EditableEnum = "EDITABLE_ENUM";
  type BooleanInput = "BOOLEAN_INPUT"; type UserSuppliedCredential = "USER_SUPPLIED_CREDENTIAL";
  type NativeDynamicEnumInput = "NATIVE_DYNAMIC_INPUT"; type TimeConstraintInput = "TIME_CONSTRAINT_INPUT";
  type LinesListInput = "LinesListInput"; type LinesListDynamicInput = "LinesListDynamicInput";
  type Number = "NUMBER"; type Email = "EMAIL"; type URL = "URL";
  type EnumTextAreaPairInput = "EnumTextAreaPairInput"; type FieldMapper = "FIELD_MAPPER";
  type ComboInput = "COMBO_INPUT"; type Password = "PASSWORD"; type Switch = "SWITCH";
  type DynamicComboInput = "DYNAMIC_COMBO_INPUT"; type CopyableButtonInput = "COPYABLE_BUTTON_INPUT";
  type Permission = "PERMISSION";
}
export declare const SidebarInputType: {
  readonly Auth: SidebarInputType.Auth; readonly Enum: SidebarInputType.Enum;
  readonly DynamicEnum: SidebarInputType.DynamicEnum; readonly Intent: SidebarInputType.Intent;
  readonly Text: SidebarInputType.Text; readonly TextArea: SidebarInputType.TextArea;
  readonly ValueText: SidebarInputType.ValueText; readonly ValueTextArea: SidebarInputType.ValueTextArea;
  readonly Code: SidebarInputType.Code; readonly ActionButton: SidebarInputType.ActionButton;
  readonly Conditional: SidebarInputType.Conditional; readonly CustomDropdown: SidebarInputType.CustomDropdown;
  readonly DynamicConditional: SidebarInputType.DynamicConditional; readonly NestedList: SidebarInputType.NestedList;
  readonly File: SidebarInputType.File; readonly EditableDynamicEnum: SidebarInputType.EditableDynamicEnum;
  readonly EditableEnum: SidebarInputType.EditableEnum; readonly BooleanInput: SidebarInputType.BooleanInput;
  readonly UserSuppliedCredential: SidebarInputType.UserSuppliedCredential;
  readonly NativeDynamicEnumInput: SidebarInputType.NativeDynamicEnumInput;
  readonly TimeConstraintInput: SidebarInputType.TimeConstraintInput;
  readonly LinesListInput: SidebarInputType.LinesListInput;
  readonly LinesListDynamicInput: SidebarInputType.LinesListDynamicInput; readonly Number: SidebarInputType.Number;
  readonly Email: SidebarInputType.Email; readonly URL: SidebarInputType.URL;
  readonly EnumTextAreaPairInput: SidebarInputType.EnumTextAreaPairInput;
  readonly FieldMapper: SidebarInputType.FieldMapper; readonly ComboInput: SidebarInputType.ComboInput;
  readonly Password: SidebarInputType.Password; readonly Switch: SidebarInputType.Switch;
  readonly DynamicComboInput: SidebarInputType.DynamicComboInput;
  readonly CopyableButtonInput: SidebarInputType.CopyableButtonInput;
  readonly Permission: SidebarInputType.Permission;
};
export type SidebarInputType = (typeof SidebarInputType)[keyof typeof SidebarInputType];

export declare namespace VariableInputType {
  type MultiSelect = "multi"; type String = "string"; type Dropdown = "dropdown";
  type MultiSelectCheckbox = "multiCheckbox"; type Number = "number";
}
export declare const VariableInputType: {
  readonly MultiSelect: VariableInputType.MultiSelect; readonly String: VariableInputType.String;
  readonly Dropdown: VariableInputType.Dropdown; readonly MultiSelectCheckbox: VariableInputType.MultiSelectCheckbox;
  readonly Number: VariableInputType.Number;
};
export type VariableInputType = (typeof VariableInputType)[keyof typeof VariableInputType];

export declare namespace DataSourceType {
  type DYNAMIC = "DYNAMIC_DATA_SOURCE"; type STATIC_ENUM = "STATIC_ENUM_DATA_SOURCE";
  type FIELD_MAPPER = "FIELD_MAPPER_DATA_SOURCE"; type COMBO_INPUT = "COMBO_INPUT_DATA_SOURCE";
  type DYNAMIC_COMBO_INPUT = "DYNAMIC_COMBO_INPUT_DATA_SOURCE";
}
export declare const DataSourceType: {
  readonly DYNAMIC: DataSourceType.DYNAMIC; readonly STATIC_ENUM: DataSourceType.STATIC_ENUM;
  readonly FIELD_MAPPER: DataSourceType.FIELD_MAPPER; readonly COMBO_INPUT: DataSourceType.COMBO_INPUT;
  readonly DYNAMIC_COMBO_INPUT: DataSourceType.DYNAMIC_COMBO_INPUT;
};
export type DataSourceType = (typeof DataSourceType)[keyof typeof DataSourceType];

export declare namespace DataType {
  type STRING = "STRING"; type NUMBER = "NUMBER"; type DATE = "DATE"; type BOOLEAN = "BOOLEAN"; type EMAIL = "EMAIL";
  type OBJECT = "OBJECT"; type ARRAY = "ARRAY"; type ANY = "ANY"; type FILE = "FILE";
  type NON_DECIMAL = "NON_DECIMAL";
}
export declare const DataType: {
  readonly STRING: DataType.STRING; readonly NUMBER: DataType.NUMBER; readonly DATE: DataType.DATE;
  readonly BOOLEAN: DataType.BOOLEAN; readonly EMAIL: DataType.EMAIL; readonly OBJECT: DataType.OBJECT;
  readonly ARRAY: DataType.ARRAY; readonly ANY: DataType.ANY; readonly FILE: DataType.FILE;
  readonly NON_DECIMAL: DataType.NON_DECIMAL;
};
export type DataType = (typeof DataType)[keyof typeof DataType];

export declare namespace Operator {
  type None = "$none"; type StringContains = "$stringContains"; type StringDoesNotContain = "$stringDoesNotContain";
  type StringExactlyMatches = "$stringExactlyMatches"; type StringDoesNotExactlyMatch = "$stringDoesNotExactlyMatch";
  type StringIsIn = "$stringIsIn"; type StringIsNotIn = "$stringIsNotIn"; type StringStartsWith = "$stringStartsWith";
  type StringDoesNotStartWith = "$stringDoesNotStartWith"; type StringEndsWith = "$stringEndsWith";
  type StringDoesNotEndWith = "$stringDoesNotEndWith"; type NumberGreaterThan = "$numberGreaterThan";
  type NumberLessThan = "$numberLessThan"; type NumberEquals = "$numberEquals";
  type NumberDoesNotEqual = "$numberDoesNotEqual"; type NumberLessThanOrEqualTo = "$numberLessThanOrEqualTo";
  type NumberGreaterThanOrEqualTo = "$numberGreaterThanOrEqualTo"; type DateTimeAfter = "$dateTimeAfter";
  type DateTimeBefore = "$dateTimeBefore"; type DateTimeEquals = "$dateTimeEquals"; type BooleanTrue = "$booleanTrue";
  type BooleanFalse = "$booleanFalse"; type IsNotNull = "$exists"; type IsNull = "$doesNotExist";
  type Exists = "$isNotUndefinedOrNull"; type DoesNotExist = "$isUndefinedOrNull"; type ArrayIsIn = "$arrayIsIn";
  type ArrayIsNotIn = "$arrayIsNotIn"; type ArrayIsEmpty = "$arrayIsEmpty"; type ArrayIsNotEmpty = "$arrayIsNotEmpty";
  type StringGreaterThan = "$stringGreaterThan"; type StringLessThan = "$stringLessThan";
}
export declare const Operator: {
  readonly None: Operator.None; readonly StringContains: Operator.StringContains;
  readonly StringDoesNotContain: Operator.StringDoesNotContain;
  readonly StringExactlyMatches: Operator.StringExactlyMatches;
  readonly StringDoesNotExactlyMatch: Operator.StringDoesNotExactlyMatch; readonly StringIsIn: Operator.StringIsIn;
  readonly StringIsNotIn: Operator.StringIsNotIn; readonly StringStartsWith: Operator.StringStartsWith;
  readonly StringDoesNotStartWith: Operator.StringDoesNotStartWith; readonly StringEndsWith: Operator.StringEndsWith;
  readonly StringDoesNotEndWith: Operator.StringDoesNotEndWith;
  readonly NumberGreaterThan: Operator.NumberGreaterThan; readonly NumberLessThan: Operator.NumberLessThan;
  readonly NumberEquals: Operator.NumberEquals; readonly NumberDoesNotEqual: Operator.NumberDoesNotEqual;
  readonly NumberLessThanOrEqualTo: Operator.NumberLessThanOrEqualTo;
  readonly NumberGreaterThanOrEqualTo: Operator.NumberGreaterThanOrEqualTo;
  readonly DateTimeAfter: Operator.DateTimeAfter; readonly DateTimeBefore: Operator.DateTimeBefore;
  readonly DateTimeEquals: Operator.DateTimeEquals; readonly BooleanTrue: Operator.BooleanTrue;
  readonly BooleanFalse: Operator.BooleanFalse; readonly IsNotNull: Operator.IsNotNull;
  readonly IsNull: Operator.IsNull; readonly Exists: Operator.Exists; readonly DoesNotExist: Operator.DoesNotExist;
  readonly ArrayIsIn: Operator.ArrayIsIn; readonly ArrayIsNotIn: Operator.ArrayIsNotIn;
  readonly ArrayIsEmpty: Operator.ArrayIsEmpty; readonly ArrayIsNotEmpty: Operator.ArrayIsNotEmpty;
  readonly StringGreaterThan: Operator.StringGreaterThan; readonly StringLessThan: Operator.StringLessThan;
};
export type Operator = (typeof Operator)[keyof typeof Operator];

export declare namespace DelayUnit {
  type SECONDS = "SECONDS"; type MINUTES = "MINUTES"; type HOURS = "HOURS"; type DAYS = "DAYS";
}
export declare const DelayUnit: {
  readonly SECONDS: DelayUnit.SECONDS; readonly MINUTES: DelayUnit.MINUTES; readonly HOURS: DelayUnit.HOURS;
  readonly DAYS: DelayUnit.DAYS;
};
export type DelayUnit = (typeof DelayUnit)[keyof typeof DelayUnit];

export declare namespace TokenType {
  type ACCESS_TOKEN = "ACCESS_TOKEN"; type REFRESH_TOKEN = "REFRESH_TOKEN"; type BOT_TOKEN = "BOT_TOKEN";
  type KLAVIYO_API_KEY = "KLAVIYO_API_KEY"; type MARKETO_CLIENT_ID = "MARKETO_CLIENT_ID";
  type MARKETO_CLIENT_SECRET = "MARKETO_CLIENT_SECRETI"; type MARKETO_ENDPOINT = "MARKETO_ENDPOINT";
  type MARKETO_IDENTITY = "MARKETO_IDENTITY"; type MONDAY_API_TOKEN = "MONDAY_API_TOKEN";
  type ORACLE_CLOUD_URL = "ORACLE_CLOUD_URL"; type ORACLE_PASSWORD = "ORACLE_PASSWORD";
  type ORACLE_USERNAME = "ORACLE_USERNAME"; type SAGE_INTACCT_COMPANY_ID = "SAGE_INTACCT_COMPANY_ID";
  type SAGE_INTACCT_USER_ID = "SAGE_INTACCT_USER_ID"; type SAGE_INTACCT_USER_PASSWORD = "SAGE_INTACCT_USER_PASSWORD";
  type SAILTHRU_COMPANY_KEY = "SAILTHRU_COMPANY_KEY"; type SAILTHRU_COMPANY_SECRET = "SAILTHRU_COMPANY_SECRET";
  type SERVICENOW_PASSWORD = "SERVICENOW_PASSWORD"; type SERVICENOW_SUBDOMAIN = "SERVICENOW_SUBDOMAIN";
  type SERVICENOW_USERNAME = "SERVICENOW_USERNAME";
  type TABLEAU_PERSONAL_ACCESS_TOKEN_NAME = "TABLEAU_PERSONAL_ACCESS_TOKEN_NAME";
  type TABLEAU_PERSONAL_ACCESS_TOKEN_SECRET = "TABLEAU_PERSONAL_ACCESS_TOKEN_SECRET";
  type TABLEAU_SERVER_NAME = "TABLEAU_SERVER_NAME"; type TABLEAU_SITE_ID = "TABLEAU_SITE_ID";
  type TRELLO_API_KEY = "TRELLO_API_KEY"; type TRELLO_API_TOKEN = "TRELLO_API_TOKEN";
  type WOOCOMMERCE_CONSUMER_KEY = "WOOCOMMERCE_CONSUMER_KEY";
  type WOOCOMMERCE_CONSUMER_SECRET = "WOOCOMMERCE_CONSUMER_SECRET";
  type WOOCOMMERCE_STORE_DOMAIN = "WOOCOMMERCE_STORE_DOMAIN";
  type WORKABLE_API_ACCESS_TOKEN = "WORKABLE_API_ACCESS_TOKEN";
  type WORKABLE_ACCOUNT_SUBDOMAIN = "WORKABLE_ACCOUNT_SUBDOMAIN";
  type ZOHO_CRM_ACCOUNTS_SERVER = "ZOHO_CRM_ACCOUNTS_SERVER"; type ZOHO_CRM_API_DOMAIN = "ZOHO_CRM_API_DOMAIN";
}
export declare const TokenType: {
  readonly ACCESS_TOKEN: TokenType.ACCESS_TOKEN; readonly REFRESH_TOKEN: TokenType.REFRESH_TOKEN;
  readonly BOT_TOKEN: TokenType.BOT_TOKEN; readonly KLAVIYO_API_KEY: TokenType.KLAVIYO_API_KEY;
  readonly MARKETO_CLIENT_ID: TokenType.MARKETO_CLIENT_ID;
  readonly MARKETO_CLIENT_SECRET: TokenType.MARKETO_CLIENT_SECRET;
  readonly MARKETO_ENDPOINT: TokenType.MARKETO_ENDPOINT; readonly MARKETO_IDENTITY: TokenType.MARKETO_IDENTITY;
  readonly MONDAY_API_TOKEN: TokenType.MONDAY_API_TOKEN; readonly ORACLE_CLOUD_URL: TokenType.ORACLE_CLOUD_URL;
  readonly ORACLE_PASSWORD: TokenType.ORACLE_PASSWORD; readonly ORACLE_USERNAME: TokenType.ORACLE_USERNAME;
  readonly SAGE_INTACCT_COMPANY_ID: TokenType.SAGE_INTACCT_COMPANY_ID;
  readonly SAGE_INTACCT_USER_ID: TokenType.SAGE_INTACCT_USER_ID;
  readonly SAGE_INTACCT_USER_PASSWORD: TokenType.SAGE_INTACCT_USER_PASSWORD;
  readonly SAILTHRU_COMPANY_KEY: TokenType.SAILTHRU_COMPANY_KEY;
  readonly SAILTHRU_COMPANY_SECRET: TokenType.SAILTHRU_COMPANY_SECRET;
  readonly SERVICENOW_PASSWORD: TokenType.SERVICENOW_PASSWORD;
  readonly SERVICENOW_SUBDOMAIN: TokenType.SERVICENOW_SUBDOMAIN;
  readonly SERVICENOW_USERNAME: TokenType.SERVICENOW_USERNAME;
  readonly TABLEAU_PERSONAL_ACCESS_TOKEN_NAME: TokenType.TABLEAU_PERSONAL_ACCESS_TOKEN_NAME;
  readonly TABLEAU_PERSONAL_ACCESS_TOKEN_SECRET: TokenType.TABLEAU_PERSONAL_ACCESS_TOKEN_SECRET;
  readonly TABLEAU_SERVER_NAME: TokenType.TABLEAU_SERVER_NAME; readonly TABLEAU_SITE_ID: TokenType.TABLEAU_SITE_ID;
  readonly TRELLO_API_KEY: TokenType.TRELLO_API_KEY; readonly TRELLO_API_TOKEN: TokenType.TRELLO_API_TOKEN;
  readonly WOOCOMMERCE_CONSUMER_KEY: TokenType.WOOCOMMERCE_CONSUMER_KEY;
  readonly WOOCOMMERCE_CONSUMER_SECRET: TokenType.WOOCOMMERCE_CONSUMER_SECRET;
  readonly WOOCOMMERCE_STORE_DOMAIN: TokenType.WOOCOMMERCE_STORE_DOMAIN;
  readonly WORKABLE_API_ACCESS_TOKEN: TokenType.WORKABLE_API_ACCESS_TOKEN;
  readonly WORKABLE_ACCOUNT_SUBDOMAIN: TokenType.WORKABLE_ACCOUNT_SUBDOMAIN;
  readonly ZOHO_CRM_ACCOUNTS_SERVER: TokenType.ZOHO_CRM_ACCOUNTS_SERVER;
  readonly ZOHO_CRM_API_DOMAIN: TokenType.ZOHO_CRM_API_DOMAIN;
};
export type TokenType = (typeof TokenType)[keyof typeof TokenType];
