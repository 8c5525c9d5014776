import { call } from "../api.ts";
import { resultsOf, settingsOf, type Settings, type TestResult } from "./model.ts";
import { catalogOf, isSame, type Catalog } from "./permissions.ts";

/** What is saved together. */
export interface Draft {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly active: boolean;
}

const path = (project: string): string => `/projects/${encodeURIComponent(project)}/integration`;

/** The current settings. */
export async function readSettings(project: string): Promise<Settings> {
  return settingsOf(await call("GET", path(project)));
}

/** Every permission that can be asked for. */
export async function readCatalog(): Promise<Catalog> {
  return catalogOf(await call("GET", "/permissions"));
}

/** Saves a draft that was made from `base`. Permissions that were not touched stay where they come from. */
export async function saveSettings(project: string, base: Settings, draft: Draft): Promise<Settings> {
  const untouched = base.scopes.source !== "dashboard" && isSame(draft.scopes, base.scopes.value);
  const body = { revision: base.revision, clientId: draft.clientId.trim(), scopes: untouched ? null : draft.scopes, active: draft.active };
  return settingsOf(await call("PUT", path(project), body));
}

/** Adds a client secret; `expiresOn` is a date such as 2027-01-31. */
export async function addSecret(project: string, secret: string, expiresOn: string): Promise<Settings> {
  const body = { secret, ...(expiresOn === "" ? {} : { expiresAt: expiresOn }) };
  return settingsOf(await call("POST", `${path(project)}/secrets`, body));
}

/** Removes a client secret. */
export async function removeSecret(project: string, id: string): Promise<Settings> {
  return settingsOf(await call("DELETE", `${path(project)}/secrets/${encodeURIComponent(id)}`));
}

/** Has Entra ID asked about what is saved. */
export async function testSettings(project: string, directory: string): Promise<TestResult[]> {
  return resultsOf(await call("POST", `${path(project)}/test`, directory.trim() === "" ? {} : { directory }));
}
