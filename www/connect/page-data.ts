import { isObject, parseJson, text, type Json } from "../lib/json.ts";
import { isOrigin, safeLink } from "../lib/links.ts";

/** The flow that a page belongs to, and the app it may speak to. */
export interface FlowRef {
  readonly flow: string;
  readonly origin: string;
  /** Page of the app to go back to: this is the app's own window, not a popup. */
  readonly returnTo?: string | undefined;
}

/** What the popup's page shows; the `view` decides. */
export type PageData =
  | { readonly view: "start" }
  | OrganizationsPage
  | ({ readonly view: "signIn"; readonly authorizationUrl: string } & FlowRef)
  | ({ readonly view: "done"; readonly appName: string; readonly organization: string | undefined } & FlowRef)
  | ErrorPage
  | { readonly view: "nonce"; readonly origin: string };

/** The user chooses an organization of those that were found, or names another. */
export interface OrganizationsPage extends FlowRef {
  readonly view: "organizations";
  readonly appName: string;
  /** None where nothing was found, or where nobody has signed in yet. */
  readonly organizations: readonly string[];
  /** Whether several can be chosen. */
  readonly several: boolean;
  /** Who signed in. */
  readonly account: string | undefined;
  /** Why the last try led to no account. */
  readonly problem: Problem | undefined;
}

/** Why a try led to no account; the message says who can do what, the link is where. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly link: string | undefined;
}

/** An error that ended the flow, or a page that has no flow at all. */
export interface ErrorPage {
  readonly view: "error";
  readonly flow: FlowRef | undefined;
  readonly appName: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly requestId: string | undefined;
  readonly adminConsentUrl: string | undefined;
  /** The provider's page about the error: there the message says more than the code. */
  readonly helpUrl: string | undefined;
  readonly retryUrl: string | undefined;
}

/** Answer of `POST /connect/ticket`. */
export interface TicketAnswer extends FlowRef {
  readonly appName: string;
  readonly integrationName: string;
  readonly userLabel: string | undefined;
  /** Undefined where the organization that was named leads nowhere; then `problem` says why. */
  readonly authorizationUrl: string | undefined;
  readonly problem: Problem | undefined;
}

/** 256 random bits in unpadded base64url: the form of flow ids and tickets. */
const ID = /^[A-Za-z0-9_-]{43}$/;

/** Whether `value` has the form of a ticket. */
export function isTicket(value: string): boolean {
  return ID.test(value);
}

/** An error page that the page makes itself. */
export function errorPage(code: string, message: string, more: Partial<ErrorPage> = {}): ErrorPage {
  const none = { flow: undefined, appName: undefined, requestId: undefined, adminConsentUrl: undefined, helpUrl: undefined, retryUrl: undefined };
  return { view: "error", code, message, ...none, ...more };
}

/** Reads the JSON in the page; what cannot be read becomes an error page. */
export function readPageData(json: string | null | undefined): PageData {
  const data = parseJson(json ?? "");
  return (isObject(data) ? readView(data) : undefined) ?? errorPage("internal", "the page data is missing");
}

function readView(data: Json): PageData | undefined {
  const ref = readRef(data);
  const appName = text(data.appName) ?? "the app";
  switch (data.view) {
    case "start":
      return { view: "start" };
    case "nonce":
      return isOrigin(data.origin) ? { view: "nonce", origin: data.origin } : undefined;
    case "error":
      return readError(data, ref);
    case "done":
      return ref && { view: "done", appName, organization: text(data.organization), ...ref };
    case "organizations":
      return ref && organizationsPage(ref, appName, data);
    case "signIn": {
      const authorizationUrl = safeLink(data.authorizationUrl);
      return ref && authorizationUrl !== undefined ? { view: "signIn", authorizationUrl, ...ref } : undefined;
    }
    default:
      return undefined;
  }
}

/** The view in which an organization is chosen or named. */
export function organizationsPage(ref: FlowRef, appName: string, data: Json): OrganizationsPage | undefined {
  const organizations = names(data.organizations);
  const problem = readProblem(data.problem);
  if (organizations.length === 0 && problem === undefined) return undefined;
  return { view: "organizations", appName, organizations, several: data.several === true, account: text(data.account), problem, ...ref };
}

function readProblem(data: unknown): Problem | undefined {
  if (!isObject(data)) return undefined;
  return { code: text(data.code) ?? "internal", message: text(data.message) ?? "", link: safeLink(data.link) };
}

function readError(data: Json, flow: FlowRef | undefined): ErrorPage {
  return errorPage(text(data.code) ?? "internal", text(data.message) ?? "", {
    flow,
    appName: text(data.appName),
    requestId: text(data.requestId),
    adminConsentUrl: safeLink(data.adminConsentUrl),
    helpUrl: safeLink(data.helpUrl),
    retryUrl: safeLink(data.retryUrl),
  });
}

/** Reads the answer to the ticket; undefined when a field is missing or the address is not http(s). */
export function readTicketAnswer(data: unknown): TicketAnswer | undefined {
  if (!isObject(data)) return undefined;
  const ref = readRef(data);
  const authorizationUrl = safeLink(data.authorizationUrl);
  const problem = readProblem(data.problem);
  if (ref === undefined || (authorizationUrl === undefined && problem === undefined)) return undefined;
  return {
    ...ref,
    authorizationUrl,
    problem,
    appName: text(data.appName) ?? ref.origin,
    integrationName: text(data.integrationName) ?? "your account",
    userLabel: text(data.userLabel),
  };
}

function readRef(data: Json): FlowRef | undefined {
  const flow = text(data.flow);
  if (flow === undefined || !ID.test(flow) || !isOrigin(data.origin)) return undefined;
  return { flow, origin: data.origin, returnTo: pageOf(data.origin, data.returnTo) };
}

/** SECURITY: only a page of the flow's own origin is gone back to. */
function pageOf(origin: string, address: unknown): string | undefined {
  const link = safeLink(address);
  return link !== undefined && new URL(link).origin === origin ? link : undefined;
}

function names(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry) => (isObject(entry) && typeof entry.name === "string" ? [entry.name] : []));
}
