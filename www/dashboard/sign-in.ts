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

/** Why a sign-in with the identity provider did not work, by the word that stands in the address. */
const PROBLEMS: Readonly<Record<string, readonly [title: string, advice: string]>> = {
  ended: ["This sign-in has ended", "It took too long, was begun in another window, or was used already. Sign in once more."],
  cancelled: ["The sign-in was cancelled", "Sign in once more when you are ready."],
  provider_refused: ["The identity provider refused the sign-in", "Sign in once more. If it stays, the gateway is not set up right there: ask whoever runs it."],
  provider_unavailable: ["The identity provider could not be reached", "It does not answer, or not as it must. Wait a moment, then try again."],
  token_refused: ["The identity provider's answer cannot be trusted", "Sign in once more. If it stays, ask whoever runs the gateway."],
  no_email: ["The identity provider gave no e-mail address", "Operators are known by their address. Ask whoever runs the gateway."],
  email_not_verified: ["Your e-mail address is not verified", "The identity provider does not say that the address is yours. Verify it there, then sign in once more."],
  unknown_operator: ["You are no operator of this gateway", "No operator has your e-mail address. Ask an admin to add you, or sign in with another account."],
  no_role: ["You may not use this dashboard", "None of your groups or roles lets you in. Ask whoever manages them."],
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
