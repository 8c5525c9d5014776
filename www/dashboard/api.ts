import { answer, api, type Schemas } from "../lib/api/client.ts";
import { callJson } from "../lib/http.ts";
import { isObject, type Json } from "../lib/json.ts";

const API = "/dashboard/api";

/** Who is signed in, and what the server lets them do. */
export type Operator = Schemas["SignedInOperator"];

/** A project of the gateway. */
export type Project = Schemas["ListedProject"];

/** One entry of the audit log. */
export interface AuditEntry {
  readonly id: number;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string | undefined;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Entries, newest first. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Where the page after this one begins; undefined at the end. */
  readonly next: number | undefined;
}

/** Calls the dashboard's API. @throws {HttpError} */
export async function call(method: string, path: string, body?: unknown): Promise<Json> {
  const answered = await callJson(method, `${API}${path}`, body);
  return isObject(answered) ? answered : {};
}

/** @throws {HttpError} `sign_in_required` when nobody is signed in. */
export const whoAmI = (): Promise<Operator> => answer(api.GET("/dashboard/api/session"));

/** @throws {HttpError} `sign_in_refused`, `rate_limited`. */
export const signIn = (email: string, password: string): Promise<Operator> => answer(api.POST("/dashboard/api/session", { body: { email, password } }));

/** Ends the session. */
export async function signOut(): Promise<void> {
  await answer(api.DELETE("/dashboard/api/session"));
}

/** The gateway's projects, by name. */
export async function listProjects(): Promise<Project[]> {
  return (await answer(api.GET("/dashboard/api/projects"))).projects;
}

/** A page of the audit log of a project. */
export async function readAudit(project: string, before: number | undefined): Promise<AuditPage> {
  const query = { project, ...(before === undefined ? {} : { before }) };
  const page = await answer(api.GET("/dashboard/api/audit", { params: { query } }));
  return { entries: page.entries.map(entryOf), next: page.next ?? undefined };
}

/** The objects of what should be a list of them. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The texts of what should be a list of them. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function entryOf(one: Schemas["AuditEntry"]): AuditEntry {
  const values = (value: unknown): Json | undefined => (isObject(value) ? value : undefined);
  return { ...one, at: new Date(one.at), subject: one.subject ?? undefined, before: values(one.before), after: values(one.after) };
}
