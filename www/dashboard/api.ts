import { callJson } from "../lib/http.ts";
import { isObject, text, type Json } from "../lib/json.ts";

const API = "/dashboard/api";

/** Who is signed in. */
export interface Operator {
  readonly email: string;
  readonly role: string;
  /** What the server lets them do. */
  readonly rights: readonly string[];
}

/** A project of the gateway. */
export interface Project {
  readonly id: string;
  readonly name: string;
}

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
  const answer = await callJson(method, `${API}${path}`, body);
  return isObject(answer) ? answer : {};
}

/** @throws {HttpError} `sign_in_required` when nobody is signed in. */
export async function whoAmI(): Promise<Operator> {
  return operatorOf(await call("GET", "/session"));
}

/** @throws {HttpError} `sign_in_refused`, `rate_limited`. */
export async function signIn(email: string, password: string): Promise<Operator> {
  return operatorOf(await call("POST", "/session", { email, password }));
}

/** Ends the session. */
export async function signOut(): Promise<void> {
  await call("DELETE", "/session");
}

/** The gateway's projects, by name. */
export async function listProjects(): Promise<Project[]> {
  const { projects } = await call("GET", "/projects");
  return objects(projects).map((one) => ({ id: text(one.id) ?? "", name: text(one.name) ?? text(one.id) ?? "" }));
}

/** A page of the audit log of a project. */
export async function readAudit(project: string, before: number | undefined): Promise<AuditPage> {
  const query = new URLSearchParams({ project, ...(before === undefined ? {} : { before: String(before) }) });
  const { entries, next } = await call("GET", `/audit?${query}`);
  return { entries: objects(entries).map(entryOf), next: typeof next === "number" ? next : undefined };
}

/** The objects of what should be a list of them. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The texts of what should be a list of them. */
export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

function operatorOf(answer: Json): Operator {
  return { email: text(answer.email) ?? "", role: text(answer.role) ?? "viewer", rights: texts(answer.rights) };
}

function entryOf(one: Json): AuditEntry {
  return {
    id: Number(one.id),
    at: new Date(text(one.at) ?? 0),
    actor: text(one.actor) ?? "",
    action: text(one.action) ?? "",
    subject: text(one.subject),
    before: isObject(one.before) ? one.before : undefined,
    after: isObject(one.after) ? one.after : undefined,
  };
}
