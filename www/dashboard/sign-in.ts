import { isObject, text } from "../lib/json.ts";
import { call } from "./api.ts";
import type { Failure } from "./failure.ts";

/** How operators may sign in. */
export interface Ways {
  readonly passwords: boolean;
  /** What the identity provider is called; undefined where there is none. */
  readonly provider: string | undefined;
}

/** What the page takes for granted until the gateway has said. */
export const USUAL_WAYS: Ways = { passwords: true, provider: undefined };

/** Asks the gateway. @throws {HttpError} */
export async function waysToSignIn(): Promise<Ways> {
  const { passwords, provider } = await call("GET", "/sign-in");
  return { passwords: passwords !== false, provider: isObject(provider) ? text(provider.label) : undefined };
}

/**
 * Begins a sign-in with the identity provider that leads to the page `to`.
 *
 * @returns where to go.
 * @throws {HttpError} `rate_limited`, `identity_provider_unavailable`.
 */
export async function beginSignIn(to: string): Promise<string> {
  return text((await call("POST", "/sign-in", { to })).authorizationUrl) ?? "";
}

/** Why a sign-in with the identity provider did not work, by the code in the address. */
const PROBLEMS: Readonly<Record<string, readonly [title: string, advice: string]>> = {
  ended: ["This sign-in has expired", "It took too long, was started in another window, or was already used. Sign in again."],
  cancelled: ["The sign-in was canceled", "Sign in again when you are ready."],
  provider_refused: [
    "The identity provider refused the sign-in",
    "Sign in again. If the problem persists, the gateway is not registered correctly with the provider: contact the gateway's administrator.",
  ],
  provider_unavailable: ["The identity provider is unreachable", "It does not respond, or its response is invalid. Wait a moment, then try again."],
  token_refused: ["The identity provider's response is not valid", "Sign in again. If the problem persists, contact the gateway's administrator."],
  no_email: ["The identity provider returned no email address", "Operators are identified by their email address. Contact the gateway's administrator."],
  email_not_verified: ["Your email address is not verified", "Verify your email address with the identity provider, then sign in again."],
  unknown_operator: [
    "You are not an operator of this gateway",
    "No operator has your email address. Ask an admin to add you, or sign in with another account.",
  ],
  no_role: ["You do not have access to this dashboard", "None of your groups or roles grants access. Ask the administrator who manages them."],
  failed: ["The gateway failed", "Try again."],
};

/** What the query of the address says of a sign-in that did not work. It can be anybody's: words come from the list alone. */
export function problemIn(search: string): Failure | undefined {
  const query = new URLSearchParams(search);
  const code = query.get("sign-in") ?? "";
  const words = Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code] : undefined;
  if (words === undefined) return undefined;
  const [title, advice] = words;
  const reference = query.get("reference") ?? "";
  return { title, advice, reference: /^[\da-f-]{36}$/.test(reference) ? reference : undefined };
}

/** The query without what {@link problemIn} reads. */
export function withoutProblem(search: string): string {
  const query = new URLSearchParams(search);
  if (!query.has("sign-in")) return search;
  query.delete("sign-in");
  query.delete("reference");
  return query.size === 0 ? "" : `?${query}`;
}
