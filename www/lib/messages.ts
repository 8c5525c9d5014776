/** Error messages for users: what happened, and what to do. */
export interface Explanation {
  readonly title: string;
  readonly advice: string;
}

const RETRY = "Wait a moment, then try again.";

/** Codes of the gateway and of the SDK that a user can meet, in words for that user. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  access_denied: {
    title: "The sign-in was canceled",
    advice: "Nothing was connected. Try again and accept the permissions to connect your account.",
  },
  sign_in_blocked: {
    title: "Your directory blocked the sign-in",
    advice: "Ask your directory's administrator which rules apply to this app, then connect again.",
  },
  admin_approval_required: {
    title: "Administrator approval required",
    advice: "Your organization requires an administrator to approve this app. Ask an administrator, then connect again.",
  },
  consent_required: {
    title: "Permissions must be accepted again",
    advice: "Connect again and accept the permissions that Microsoft shows.",
  },
  interaction_required: {
    title: "Microsoft requires you to sign in again",
    advice: "Your organization requires an additional check, such as a code from your phone. Connect again to complete it.",
  },
  provider_not_in_directory: {
    title: "Azure DevOps is not set up for this account",
    advice: "Azure DevOps is not available in the directory you signed in to. Sign in with another account.",
  },
  no_organization: {
    title: "You are not a member of an organization",
    advice: "This account is not a member of any Azure DevOps organization. Ask for an invitation, or use another account.",
  },
  organization_not_found: {
    title: "Organization not found",
    advice: "Azure DevOps has no organization with this name. Check its name in the address of your browser.",
  },
  organization_without_directory: {
    title: "This organization has no directory",
    advice: "No app can sign in to it. Its owner can connect it to a Microsoft Entra directory, or you can use a personal access token.",
  },
  not_a_member: {
    title: "You are not a member of this organization",
    advice: "Ask an administrator of the organization to add your account, then connect again.",
  },
  another_account: {
    title: "You signed in with another account",
    advice: "Reconnect with the account that the connection belongs to, or add the other one as a new account.",
  },
  attempt_failed: {
    title: "The sign-in failed",
    advice: "The sign-in expired or was already used. Return to the app and connect again.",
  },
  personal_access_token_refused: {
    title: "Azure DevOps refused this token",
    advice: "Check the organization name, and that the token belongs to the organization, has not expired, and can read projects and work items.",
  },
  integration_misconfigured: {
    title: "This integration is not set up correctly",
    advice: "Contact the app's support and include the request ID below.",
  },
  integration_inactive: {
    title: "This integration is switched off",
    advice: "Your connection is kept. Try again later, or contact the app's support.",
  },
  external_id_taken: {
    title: "This account is already connected",
    advice: "Close this window and use the connected account, or reconnect it.",
  },
  credential_needs_reconnect: {
    title: "The connection has expired",
    advice: "Azure DevOps no longer accepts the stored credential. Connect again.",
  },
  credential_not_found: {
    title: "Connection not found",
    advice: "The connection was removed. Connect again.",
  },
  integration_not_connected: { title: "Not connected yet", advice: "Connect an account first." },
  provider_forbidden: {
    title: "Azure DevOps does not allow this",
    advice: "The connected account does not have permission. Ask an administrator of the organization.",
  },
  provider_unreachable: { title: "Azure DevOps is unreachable", advice: RETRY },
  provider_timeout: { title: "Azure DevOps took too long to respond", advice: RETRY },
  provider_unavailable: { title: "Azure DevOps is not available right now", advice: RETRY },
  rate_limited: { title: "Too many requests", advice: "Wait a minute, then try again." },
  storage_unavailable: { title: "The connection could not be saved", advice: RETRY },
  internal: { title: "Something went wrong", advice: "Try again. If the problem persists, contact the app's support and include the request ID below." },
  network_error: { title: "No connection to the server", advice: "Check your network, then try again." },
  workflow_not_found: { title: "Workflow not found", advice: "The workflow was removed. Reload the page." },
  workflow_already_enabled: { title: "Already switched on", advice: "The workflow was switched on in another window. Reload the page." },
  workflow_not_enabled: { title: "Already switched off", advice: "The workflow was switched off in another window. Reload the page." },
  configuration_not_found: { title: "Settings not found", advice: "The settings were removed. Reload the page." },
  unreachable: { title: "No connection to the server", advice: "Check your network, then try again." },
  token_invalid: { title: "You are no longer signed in to the app", advice: "Reload the app, sign in, and connect again." },
  token_expired: { title: "Your session in the app has ended", advice: "Reload the app, sign in, and connect again." },
  origin_not_allowed: {
    title: "This site cannot connect accounts",
    advice: "The site's origin is not allowed in this project. Contact the app's support.",
  },
  flow_not_found: { title: "The sign-in has expired", advice: "Return to the app and connect again." },
  popup_blocked: {
    title: "Your browser blocked the sign-in window",
    advice: "Select the button again, or allow pop-ups for this site.",
  },
  oauth_cancelled: { title: "The sign-in was canceled", advice: "Nothing was connected. Connect again when you are ready." },
  oauth_timeout: { title: "The sign-in took too long", advice: "Nothing was connected. Connect again when you are ready." },
  expired: { title: "The sign-in took too long", advice: "The sign-in expired. Connect again." },
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
const SAYS_WHY: readonly string[] = [
  "invalid_request",
  "sign_in_blocked",
  "organization_not_found",
  "organization_without_directory",
  "not_a_member",
  "another_account",
];

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
