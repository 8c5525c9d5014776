import { isObject, list, objectOf, text, type Json } from "../lib/json.ts";
import type { Update } from "./channel.ts";
import { readConfiguration, readOffer, type Configuration, type Offer } from "./settings/model.ts";

/** An account type that the integration offers. */
export interface AccountType {
  readonly id: string;
  /** Signs in in another window; otherwise the portal asks for `inputs`. */
  readonly usesWindow: boolean;
  readonly label: string;
  readonly hint: string;
  readonly inputs: readonly AccountInput[];
}

/** A value the user gives before connecting. */
export interface AccountInput {
  readonly id: string;
  readonly title: string;
  readonly secret: boolean;
  readonly required: boolean;
}

/** A connected account. */
export interface Account {
  readonly id: string;
  readonly status: "VALID" | "INVALID" | "PENDING";
  readonly name: string | undefined;
  readonly organization: string | undefined;
  readonly externalId: string | undefined;
  /** Id of the account type it was connected with, if the gateway reports it. */
  readonly accountType: string | undefined;
  /** What is set for it; undefined when the server does not report it. */
  readonly configuration: Configuration | undefined;
}

/** How far the SDK's connect flow is, if the SDK reports it. */
export interface Flow {
  readonly status: string;
  readonly popupClosed: boolean;
  readonly blocked: boolean;
}

/** What the portal shows, read from one update of the SDK. */
export interface Portal {
  readonly integrationId: string;
  /** The name apps use, such as `azuredevops`. */
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly overview: string;
  readonly accountTypes: readonly AccountType[];
  readonly accounts: readonly Account[];
  /** What can be set for an account. */
  readonly offer: Offer;
  readonly selectedId: string | undefined;
  readonly allowMultiple: boolean;
  /** The options of the app's call, handed back to the SDK with each attempt to connect. */
  readonly options: Json;
  readonly flow: Flow | undefined;
  /** The SDK reports its flow and can cancel and reopen it. */
  readonly reportsFlow: boolean;
  readonly error: unknown;
  /** The app asked for an installation without the portal, and nothing needs the user's input here. */
  readonly hidden: boolean;
  /** Changes whenever a connected account does. */
  readonly fingerprint: string;
}

const DEFAULT_INPUTS: readonly AccountInput[] = [
  { id: "ORGANIZATION", title: "Organization", secret: false, required: true },
  { id: "PERSONAL_ACCESS_TOKEN", title: "Personal access token", secret: true, required: true },
];

/** Words for the account types of Azure DevOps; other types are named by their own description. */
const KNOWN_TYPES: Readonly<Record<string, { label: string; hint: string }>> = {
  entra_id: { label: "Microsoft account", hint: "Sign in with your work or school account (Microsoft Entra ID)." },
  personal_access_token: {
    label: "Personal access token",
    hint: "For organizations that do not allow app sign-in. You create the token yourself.",
  },
};

/** Reads an update; undefined when no integration is open. */
export function readPortal(update: Update): Portal | undefined {
  const integration = update.modal.integration;
  if (!isObject(integration)) return undefined;
  const id = text(integration.id);
  const type = typeName(integration);
  if (id === undefined || type === undefined) return undefined;
  const options = objectOf(update.modal.apiInstallationOptions);
  const state = userState(update.context, type);
  const values = objectOf(list(integration.configs)[0]?.values);
  const config = isObject(update.modal.config) ? update.modal.config : values;
  const mappings = objectOf(objectOf(update.context.endUserIntegrationConfig).mapObjectFields);
  const accountTypes = offered(readAccountTypes(integration, type), options);
  const custom = objectOf(integration.customIntegration);
  return {
    integrationId: id,
    type,
    name: text(custom.name) ?? text(integration.name) ?? type,
    description: text(values.description) ?? "",
    overview: text(values.overview) ?? "",
    accountTypes,
    accounts: readAccounts(state),
    offer: readOffer(integration, config, mappings),
    selectedId: text(update.modal.selectedCredentialId) ?? text(state.credentialId),
    allowMultiple: options.allowMultipleCredentials === true,
    options,
    flow: readFlow(update.modal.flow),
    reportsFlow: "flow" in update.modal,
    error: update.modal.connectionError ?? undefined,
    hidden: staysHidden(update.modal, integration, options, accountTypes),
    fingerprint: JSON.stringify([state.credentialId, state.credentialStatus, state.allCredentials]),
  };
}

/** `type`, or for custom integrations their slug, else `custom.` and the name's letters and digits. */
function typeName(integration: Json): string | undefined {
  const type = text(integration.type);
  const custom = objectOf(integration.customIntegration);
  if (type !== "custom") return type;
  return text(custom.slug) ?? `custom.${(text(custom.name) ?? "").toLowerCase().replace(/[^a-z0-9]/g, "")}`;
}

function userState(context: Json, type: string): Json {
  const integrations = objectOf(objectOf(context.user).integrations);
  return Object.hasOwn(integrations, type) ? objectOf(integrations[type]) : {};
}

function readAccounts(state: Json): Account[] {
  return list(state.allCredentials).flatMap((credential) => {
    const id = text(credential.id);
    if (id === undefined) return [];
    const data = objectOf(credential.providerData);
    const status = credential.status === "VALID" || credential.status === "PENDING" ? credential.status : "INVALID";
    const configuration = readConfiguration(credential, text(state.credentialConfigId));
    return [{ id, status, externalId: text(credential.externalId), accountType: text(data.accountType), configuration, ...accountNames(data) }];
  });
}

/** Gateways name these differently; the first name that is set counts. */
function accountNames(data: Json): Pick<Account, "name" | "organization"> {
  const pick = (...names: string[]): string | undefined => names.map((name) => text(data[name])).find(Boolean);
  return {
    name: pick("accountName", "displayName", "userName", "name", "email"),
    organization: pick("organization", "organizationName", "ORGANIZATION"),
  };
}

function readAccountTypes(integration: Json, type: string): AccountType[] {
  const config = objectOf(integration.sdkIntegrationConfig);
  return list(config.accountTypes).flatMap((entry) => {
    const id = text(entry.id);
    if (id === undefined) return [];
    const known = Object.hasOwn(KNOWN_TYPES, id) ? KNOWN_TYPES[id] : undefined;
    const scheme = text(entry.scheme) ?? text(integration.authenticationType) ?? "oauth";
    const usesWindow = scheme === "oauth";
    const inputs = list(entry.endUserSuppliedValues).flatMap(readInput);
    return [
      {
        id,
        usesWindow,
        label: known?.label ?? capitalise(text(entry.accountDescription) ?? "account"),
        hint: known?.hint ?? "",
        inputs: inputs.length > 0 || usesWindow || type !== "azuredevops" ? inputs : DEFAULT_INPUTS,
      },
    ];
  });
}

function readInput(entry: Json): AccountInput[] {
  const id = text(entry.id);
  if (id === undefined) return [];
  const secret = entry.type === "PASSWORD" || entry.type === "password" || id === "PERSONAL_ACCESS_TOKEN";
  return [{ id, title: text(entry.title) ?? id, secret, required: entry.required !== false }];
}

/** The app may narrow the account types to one or some. */
function offered(types: AccountType[], options: Json): AccountType[] {
  const wanted = [options.accountType, options.selectedMultipleAccountTypes].flat().filter((id) => text(id));
  const narrowed = wanted.length === 0 ? types : types.filter((type) => wanted.includes(type.id));
  return narrowed.length > 0 ? narrowed : types;
}

function readFlow(flow: unknown): Flow | undefined {
  if (!isObject(flow)) return undefined;
  return { status: text(flow.status) ?? "pending", popupClosed: flow.popupClosed === true, blocked: flow.blocked === true };
}

/**
 * An installation by the app's own button shows the portal only for input, or afterwards when the app wants it.
 *
 * The SDK opens the window itself unless an account type asks for values first, or one has to be chosen.
 */
function staysHidden(modal: Json, integration: Json, options: Json, types: readonly AccountType[]): boolean {
  if (options.isApiInstallation !== true || modal.shouldShowPortalAfterInstall === true) return false;
  const chosen = types.length === 1 ? types[0] : undefined;
  if (chosen === undefined) return integration.needPreOauthInputs !== true;
  return chosen.usesWindow && chosen.inputs.length === 0;
}

function capitalise(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
