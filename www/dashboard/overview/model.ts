import { answer, api, type Schemas } from "../../lib/api/client.ts";

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
  const query = { window, offset: -new Date().getTimezoneOffset() };
  const read = api.GET("/dashboard/api/projects/{project}/overview", { params: { path: { project }, query } });
  return overviewOf(await answer(read), window);
}

/** The server's answer, as the page shows it. */
export function overviewOf(answered: Schemas["Overview"], window: Window): Overview {
  const { failures, proxy } = answered;
  return {
    window,
    isByDay: answered.bucketMinutes >= 24 * 60,
    readAt: new Date(answered.until),
    historyDays: answered.historyDays,
    hasRuns: answered.hasRuns,
    waiting: answered.waiting,
    runs: answered.runs.map(runsOf),
    failures: failures.steps.map(failingOf),
    otherFailures: failures.others,
    calls: proxy.buckets.map((bucket) => ({
      at: new Date(bucket.at),
      counts: { answered: bucket.answered, refused: bucket.refused, failed: bucket.failed },
      latency: latencyOf(bucket),
    })),
    latency: latencyOf(proxy.total),
  };
}

function runsOf({ at, queued, running, ...counts }: Schemas["RunBucket"]): Bucket<RunPart> {
  return { at: new Date(at), counts: { ...counts, open: queued + running } };
}

function failingOf(one: Schemas["FailingStep"]): Failing {
  return { workflowId: one.workflowId, workflow: one.workflow ?? one.workflowId, step: one.title ?? one.step ?? undefined, runs: one.runs };
}

function latencyOf(one: Schemas["CallCounts"]): Latency {
  return { p50: one.p50Ms ?? undefined, p95: one.p95Ms ?? undefined };
}
