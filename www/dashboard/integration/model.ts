import { isObject, text, type Json } from "../../lib/json.ts";
import { objects, texts } from "../api.ts";

/** Where a setting comes from. */
export type Source = "dashboard" | "file" | "default" | "nowhere";

/** What may be known of a client secret. */
export interface ClientSecret {
  readonly id: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date | undefined;
  /** Whole days until it expires; negative once it has. */
  readonly daysLeft: number | undefined;
  readonly isUsedFirst: boolean;
}

/** The integration's current settings. */
export interface Settings {
  readonly redirectUrl: string;
  readonly tenant: string;
  readonly revision: number;
  readonly updatedAt: Date | undefined;
  readonly updatedBy: string | undefined;
  readonly active: boolean;
  readonly isSetUp: boolean;
  /** What Entra ID said when it refused these settings. */
  readonly refusal: string | undefined;
  readonly clientId: {
    readonly value: string;
    readonly source: Source;
    readonly saved: string | undefined;
    readonly inFile: string | undefined;
    readonly hasDevelopmentKeys: boolean;
  };
  readonly scopes: { readonly value: readonly string[]; readonly source: Source };
  readonly secrets: { readonly source: Source; readonly limit: number; readonly stored: readonly ClientSecret[] };
}

/** What Entra ID said about one client secret. */
export interface TestResult {
  readonly secretId: string | undefined;
  readonly outcome: string;
  readonly message: string;
  /** Its own words, for a person who looks them up. */
  readonly said: string | undefined;
}

/** Reads the API's answer. */
export function settingsOf(answer: Json): Settings {
  const [clientId, scopes, secrets] = [answer.clientId, answer.scopes, answer.secrets].map((part) => (isObject(part) ? part : {})) as [Json, Json, Json];
  return {
    redirectUrl: text(answer.redirectUrl) ?? "",
    tenant: text(answer.tenant) ?? "",
    revision: Number(answer.revision),
    updatedAt: dateOf(answer.updatedAt),
    updatedBy: text(answer.updatedBy),
    active: answer.active === true,
    isSetUp: answer.isSetUp === true,
    refusal: text(answer.refusal),
    clientId: {
      value: text(clientId.value) ?? "",
      source: sourceOf(clientId.source),
      saved: text(clientId.saved),
      inFile: text(clientId.inFile),
      hasDevelopmentKeys: clientId.hasDevelopmentKeys === true,
    },
    scopes: { value: texts(scopes.value), source: sourceOf(scopes.source) },
    secrets: { source: sourceOf(secrets.source), limit: Number(secrets.limit), stored: objects(secrets.stored).map(secretOf) },
  };
}

/** Reads the answer of a test. */
export function resultsOf(answer: Json): TestResult[] {
  return objects(answer.results).map((one) => ({
    secretId: text(one.secretId),
    outcome: text(one.outcome) ?? "refused",
    message: text(one.message) ?? "",
    said: isObject(one.entra) ? saidBy(one.entra) : undefined,
  }));
}

function saidBy(entra: Json): string {
  const numbers = Array.isArray(entra.numbers) ? entra.numbers.map((number) => `AADSTS${String(number)}`) : [];
  const correlation = text(entra.correlationId);
  return [text(entra.error), ...numbers, correlation === undefined ? undefined : `correlation ID ${correlation}`]
    .filter((part) => part !== undefined)
    .join(", ");
}

function secretOf(one: Json): ClientSecret {
  return {
    id: text(one.id) ?? "",
    createdAt: dateOf(one.createdAt) ?? new Date(0),
    createdBy: text(one.createdBy) ?? "",
    expiresAt: dateOf(one.expiresAt),
    daysLeft: typeof one.daysLeft === "number" ? one.daysLeft : undefined,
    isUsedFirst: one.isUsedFirst === true,
  };
}

function dateOf(value: unknown): Date | undefined {
  const date = new Date(text(value) ?? "");
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function sourceOf(value: unknown): Source {
  return value === "dashboard" || value === "file" || value === "default" ? value : "nowhere";
}
