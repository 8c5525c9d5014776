import type { AuditEntry } from "./api.ts";
import type { Json } from "../lib/json.ts";

/** What an entry says was done, with `subject` where the action has one. */
const ACTIONS: Readonly<Record<string, (subject: string) => string>> = {
  "operator.signed_in": () => "signed in",
  "operator.sign_in_refused": (subject) => `failed to sign in${subject && ` as ${subject}`}`,
  "operator.password_change_refused": () => "entered a wrong current password",
  "operator.signed_out": () => "signed out",
  "operator.added": (subject) => `added the operator ${subject}`,
  "operator.removed": (subject) => `removed the operator ${subject}`,
  "operator.password_changed": (subject) => `changed the password of ${subject}`,
  "operator.role_changed": (subject) => `changed the role of ${subject}`,
  "account.disconnected": (subject) => `disconnected an account of the user ${subject}`,
  "run.replayed": (subject) => `replayed a run of the user ${subject}`,
  "run.cancelled": (subject) => `canceled a run of the user ${subject}`,
  "signing_key.added": () => "added a signing key",
  "signing_key.removed": () => "removed a signing key",
  "workflow.created": (subject) => `created the workflow ${subject}`,
  "workflow.saved": (subject) => `saved a version of the workflow ${subject}`,
  "workflow.deployed": (subject) => `deployed the workflow ${subject}`,
  "workflow.withdrawn": (subject) => `undeployed the workflow ${subject}`,
  "workflow.removed": (subject) => `removed the workflow ${subject}`,
  "workflow.step_tested": (subject) => `tested a step with the account of the user ${subject}`,
  "integration.changed": () => "changed the integration settings",
  "integration.secret_added": () => "added a client secret",
  "integration.secret_removed": () => "removed a client secret",
  "integration.tested": () => "tested the integration settings",
};

/** Names of the fields that entries hold. */
const FIELDS: Readonly<Record<string, string>> = {
  active: "Active",
  clientId: "Client ID",
  scopes: "Permissions",
  role: "Role",
  expiresAt: "Expires",
  outcome: "Result",
  organization: "Organization",
  status: "Status",
  run: "Run",
  workflow: "Workflow",
  algorithm: "Algorithm",
  jwksUrl: "JWK set",
  version: "Version",
  step: "Step",
  with: "With",
  reason: "Reason",
};

/** One line of a change. */
export interface ChangeLine {
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The sentence behind the actor's name; an action that is not known is named as it is. */
export function actionWords(entry: AuditEntry): string {
  const words = Object.hasOwn(ACTIONS, entry.action) ? ACTIONS[entry.action] : undefined;
  return words?.(entry.subject ?? "") ?? entry.action;
}

/** The fields whose values differ. */
export function changeLines(before: Json = {}, after: Json = {}): ChangeLine[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [one, other] = [shown(before[name]), shown(after[name])];
    if (one === other) return [];
    return [{ field: Object.hasOwn(FIELDS, name) ? (FIELDS[name] ?? name) : name, before: one, after: other }];
  });
}

function shown(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(String).join(", ");
  return String(value);
}
