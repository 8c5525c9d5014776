import { isObject, text, type Json } from "../../lib/json.ts";
import { call, objects } from "../api.ts";

/** The times that can be looked at, with their names. */
export const WINDOWS = { "24h": "24 hours", "7d": "7 days", "30d": "30 days" } as const;
export type Window = keyof typeof WINDOWS;

/** One bar of a plot: when it begins, and a number for each of its parts. */
export interface Bucket<Part extends string> {
  readonly at: Date;
  readonly counts: Readonly<Record<Part, number>>;
}

/** What becomes of a run; those that wait to begin and those that go on are one. */
export type RunPart = "succeeded" | "failed" | "waiting" | "open" | "cancelled";

/** What came of a call through the proxy. */
export type CallPart = "answered" | "refused" | "failed";

/** Within which time half of the calls, and 95 of 100, were answered: estimates in milliseconds, undefined without calls. */
export interface Latency {
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

/** Failed runs of one step. */
export interface Failing {
  readonly workflowId: string;
  readonly workflow: string;
  /** Title or id; undefined when no step was to blame. */
  readonly step: string | undefined;
  readonly runs: number;
}

/** What ran and was called over a time. */
export interface Overview {
  readonly window: Window;
  readonly isByDay: boolean;
  readonly readAt: Date;
  readonly historyDays: number;
  /** Whether history has any run, of whatever time. */
  readonly hasRuns: boolean;
  /** Runs that wait until their user connects again, of whatever time. */
  readonly waiting: number;
  readonly runs: readonly Bucket<RunPart>[];
  readonly failures: readonly Failing[];
  /** Failed runs of steps that are not listed. */
  readonly otherFailures: number;
  readonly calls: readonly (Bucket<CallPart> & { readonly latency: Latency })[];
  readonly latency: Latency;
}

/** The window that a query string names, or the day. */
export function windowOf(search: string | undefined): Window {
  const named = new URLSearchParams(search).get("window") ?? "";
  return Object.hasOwn(WINDOWS, named) ? (named as Window) : "24h";
}

/** Reads the overview of a project; days are those of this browser's clock. @throws {HttpError} */
export async function readOverview(project: string, window: Window): Promise<Overview> {
  const query = new URLSearchParams({ window, offset: String(-new Date().getTimezoneOffset()) });
  return overviewOf(await call("GET", `/projects/${encodeURIComponent(project)}/overview?${query}`), window);
}

/** Reads the server's answer. */
export function overviewOf(answer: Json, window: Window): Overview {
  const failures = isObject(answer.failures) ? answer.failures : {};
  const proxy = isObject(answer.proxy) ? answer.proxy : {};
  return {
    window,
    isByDay: number(answer.bucketMinutes) >= 24 * 60,
    readAt: date(answer.until),
    historyDays: number(answer.historyDays),
    hasRuns: answer.hasRuns === true,
    waiting: number(answer.waiting),
    runs: objects(answer.runs).map(runsOf),
    failures: objects(failures.steps).map(failingOf),
    otherFailures: number(failures.others),
    calls: objects(proxy.buckets).map((bucket) => ({
      at: date(bucket.at),
      counts: { answered: number(bucket.answered), refused: number(bucket.refused), failed: number(bucket.failed) },
      latency: latencyOf(bucket),
    })),
    latency: latencyOf(isObject(proxy.total) ? proxy.total : {}),
  };
}

function runsOf(bucket: Json): Bucket<RunPart> {
  return {
    at: date(bucket.at),
    counts: {
      succeeded: number(bucket.succeeded),
      failed: number(bucket.failed),
      waiting: number(bucket.waiting),
      open: number(bucket.queued) + number(bucket.running),
      cancelled: number(bucket.cancelled),
    },
  };
}

function failingOf(one: Json): Failing {
  const id = text(one.workflowId) ?? "";
  return { workflowId: id, workflow: text(one.workflow) ?? id, step: text(one.title) ?? text(one.step), runs: number(one.runs) };
}

function latencyOf(one: Json): Latency {
  const known = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
  return { p50: known(one.p50Ms), p95: known(one.p95Ms) };
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function date(value: unknown): Date {
  return new Date(text(value) ?? 0);
}
