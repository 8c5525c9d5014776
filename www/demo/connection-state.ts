import { isObject, text } from "../lib/json.ts";

/** The connection as the app sees it. */
export interface Connection {
  readonly status: "none" | "connected" | "broken";
  readonly organization: string | undefined;
  readonly account: string | undefined;
}

/** No account is connected. */
export const NO_CONNECTION: Connection = { status: "none", organization: undefined, account: undefined };

/** Reads the connection from the SDK's user. */
export function readConnection(user: unknown): Connection {
  const integrations = isObject(user) && isObject(user.integrations) ? user.integrations : {};
  const state = isObject(integrations.azuredevops) ? integrations.azuredevops : {};
  if (text(state.credentialId) === undefined) return NO_CONNECTION;
  const data = isObject(state.providerData) ? state.providerData : {};
  return {
    status: state.credentialStatus === "INVALID" ? "broken" : "connected",
    organization: text(data.organization) ?? text(data.organizationName),
    account: text(data.accountName) ?? text(data.displayName) ?? text(data.email),
  };
}
