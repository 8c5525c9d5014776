/** What a person is told about an error: what happened, and what to do now. */
export interface Explanation {
  readonly title: string;
  readonly advice: string;
}

const RETRY = "Wait a moment, then try again.";

/** Codes of the gateway and of the SDK that a user can meet, in words for that user. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  access_denied: {
    title: "The sign-in was cancelled",
    advice: "Nothing was connected. Try again and accept the permissions to connect your account.",
  },
  sign_in_blocked: {
    title: "Your directory did not let you in",
    advice: "Ask your directory's administrator what its rules for this app are, then connect again.",
  },
  admin_approval_required: {
    title: "An administrator has to approve this app",
    advice: "Your organisation wants an administrator's approval first. Ask an administrator for it, then connect again.",
  },
  consent_required: {
    title: "The permissions have to be accepted again",
    advice: "Connect again and accept the permissions that Microsoft shows.",
  },
  interaction_required: {
    title: "Microsoft needs you to sign in again",
    advice: "Your organisation asks for an extra check, such as a code from your phone. Connect again to pass it.",
  },
  provider_not_in_directory: {
    title: "Azure DevOps is not set up for this account",
    advice: "The directory you signed in to has no Azure DevOps. Sign in with another account.",
  },
  no_organization: {
    title: "You belong to no organisation",
    advice: "This account is a member of no Azure DevOps organisation. Ask for an invitation, or use another account.",
  },
  attempt_failed: {
    title: "This sign-in attempt did not work",
    advice: "It was too late or was already used. Go back to the app and connect again.",
  },
  personal_access_token_refused: {
    title: "Azure DevOps refused this token",
    advice:
      "Check that the organisation is spelled right, that the token belongs to it, has not expired, and may read projects and work items.",
  },
  integration_misconfigured: {
    title: "This integration is not set up correctly",
    advice: "You cannot fix this here. Tell the people who run the app, and give them the reference below.",
  },
  integration_inactive: {
    title: "This integration is switched off for now",
    advice: "You cannot change that here. Your connection is kept; try again later, or ask the people who run the app.",
  },
  external_id_taken: {
    title: "This account is connected already",
    advice: "Close this window and use the connected account, or reconnect it.",
  },
  credential_needs_reconnect: {
    title: "The connection has ended",
    advice: "Azure DevOps no longer accepts the stored sign-in. Connect again.",
  },
  credential_not_found: {
    title: "This connection is gone",
    advice: "It was removed in the meantime. Connect again.",
  },
  integration_not_connected: { title: "Not connected yet", advice: "Connect an account first." },
  provider_forbidden: {
    title: "Azure DevOps does not allow this",
    advice: "The connected account lacks the permission. Ask an administrator of the organisation.",
  },
  provider_unreachable: { title: "Azure DevOps could not be reached", advice: RETRY },
  provider_timeout: { title: "Azure DevOps took too long to answer", advice: RETRY },
  provider_unavailable: { title: "Azure DevOps is not available right now", advice: RETRY },
  rate_limited: { title: "Too many requests", advice: "Wait a minute, then try again." },
  storage_unavailable: { title: "The connection could not be saved", advice: RETRY },
  internal: { title: "Something went wrong", advice: "Try again. If it stays, give the reference below to the app's support." },
  network_error: { title: "No connection to the server", advice: "Check your network, then try again." },
  workflow_not_found: { title: "This workflow is gone", advice: "It was taken out of the app. Reload the page to see what there is." },
  workflow_already_enabled: { title: "It is on already", advice: "It was switched on in another window. Reload the page to see it." },
  workflow_not_enabled: { title: "It is off already", advice: "It was switched off in another window. Reload the page to see it." },
  configuration_not_found: { title: "These settings are gone", advice: "They were removed in the meantime. Reload the page to see what there is." },
  unreachable: { title: "No connection to the server", advice: "Check your network, then try again." },
  token_invalid: { title: "You are no longer signed in to the app", advice: "Reload the app, sign in, and connect again." },
  token_expired: { title: "Your session in the app has ended", advice: "Reload the app, sign in, and connect again." },
  origin_not_allowed: {
    title: "This site may not connect accounts",
    advice: "Its address is not on the project's list. Tell the people who run the app.",
  },
  flow_not_found: { title: "This sign-in has ended", advice: "Go back to the app and connect again." },
  popup_blocked: {
    title: "Your browser blocked the sign-in window",
    advice: "Press the button again, or allow pop-ups for this site.",
  },
  oauth_cancelled: { title: "The sign-in was cancelled", advice: "Nothing was connected. Connect again when you are ready." },
  oauth_timeout: { title: "The sign-in took too long", advice: "Nothing was connected. Connect again when you are ready." },
  expired: { title: "The sign-in took too long", advice: "It was ended for safety. Connect again." },
};

const OTHER: Explanation = { title: "The account could not be connected", advice: "Try again in a moment." };

/**
 * The explanation for a code; a general one for codes this list does not know.
 *
 * The list is read with `hasOwn`: a code comes from outside and may be `__proto__`.
 */
export function explain(code: string | undefined): Explanation {
  return code !== undefined && Object.hasOwn(EXPLANATIONS, code) ? (EXPLANATIONS[code] ?? OTHER) : OTHER;
}

/** Whether the list has an explanation of its own for `code`. */
export function isExplained(code: string | undefined): boolean {
  return code !== undefined && Object.hasOwn(EXPLANATIONS, code);
}

/** Codes for several causes: only the gateway's sentence says which it was and who can change it. */
const SAYS_WHY: readonly string[] = ["sign_in_blocked"];

/** What to do now: the gateway's sentence where it says more than its code does, else this list's advice. */
export function adviceOn(code: string | undefined, message: string | undefined): string {
  const isTold = message !== undefined && message !== "" && code !== undefined && SAYS_WHY.includes(code);
  return isTold ? sentence(message) : explain(code).advice;
}

/** A message of the API, which begins small and ends without a stop, as a sentence. */
export function sentence(message: string): string {
  const text = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
