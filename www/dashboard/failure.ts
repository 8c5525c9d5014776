import { HttpError } from "../lib/http.ts";
import { sentence } from "../lib/messages.ts";

/** What went wrong, in words for an operator. */
export interface Failure {
  readonly title: string;
  readonly advice: string;
  /** Id of the gateway's log line, where that helps. */
  readonly reference: string | undefined;
}

/** Titles where the server's message alone is not enough. */
const TITLES: Readonly<Record<string, string>> = {
  unreachable: "The gateway is unreachable",
  rate_limited: "Too many attempts",
  sign_in_refused: "You are not signed in",
  identity_provider_unavailable: "The identity provider is unreachable",
  role_not_sufficient: "Your role does not allow this",
  revision_conflict: "Someone else changed this",
  origin_not_allowed: "Open the dashboard at the gateway's own address",
  operator_taken: "This email address is already taken",
  last_admin: "At least one admin is required",
  workflow_taken: "This workflow ID is already taken",
  workflow_in_file: "This workflow is defined in the configuration file",
  internal: "The gateway failed",
};

/** Explains any error. The server's messages to operators say what to do; they are shown as they are. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof HttpError)) return { title: "Something went wrong", advice: "Reload the page and try again.", reference: undefined };
  const title = Object.hasOwn(TITLES, error.code) ? TITLES[error.code] : undefined;
  return { title: title ?? "The request failed", advice: adviceOf(error), reference: error.status >= 500 ? error.requestId : undefined };
}

function adviceOf(error: HttpError): string {
  if (error.code === "unreachable") return "Check your network and that the gateway is running, then try again.";
  if (error.code === "rate_limited") return `Wait ${wait(error.retryAfterMs)}, then try again.`;
  return sentence(error.message);
}

function wait(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return "a moment";
  const minutes = Math.ceil(milliseconds / 60_000);
  return minutes <= 1 ? "a minute" : `${minutes} minutes`;
}

/** Whether the error says that the session has ended. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof HttpError && error.code === "sign_in_required";
}
