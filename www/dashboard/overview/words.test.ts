import assert from "node:assert/strict";
import { test } from "node:test";
import type { Schemas } from "../../lib/api/client.ts";
import { overviewOf, windowOf } from "./model.ts";
import { bucketContent, bucketName, callsSummary, counted, RUN_PARTS, runsSummary, shareSucceeded, took } from "./words.ts";

const at = "2026-03-10T10:00:00.000Z";
const none: Schemas["Overview"] = {
  window: "24h",
  bucketMinutes: 60,
  until: at,
  historyDays: 30,
  hasRuns: false,
  waiting: 0,
  runs: [],
  failures: { steps: [], others: 0 },
  proxy: { buckets: [], total: { answered: 0, refused: 0, failed: 0, p50Ms: null, p95Ms: null } },
};
type Run = Schemas["RunBucket"];
type Calls = Schemas["CallBucket"];
const run = (counts: Partial<Run>): Run => ({ at, queued: 0, running: 0, waiting: 0, succeeded: 0, failed: 0, cancelled: 0, ...counts });
const of = (runs: Run[], buckets: Calls[] = [], total: Partial<Calls> = {}): ReturnType<typeof overviewOf> =>
  overviewOf({ ...none, runs, proxy: { buckets, total: { ...none.proxy.total, ...total } } }, "24h");

test("the share of runs that succeeded is of those that ended by themselves", () => {
  assert.equal(shareSucceeded(of([run({ running: 3, cancelled: 1 })]).runs), undefined);
  assert.equal(shareSucceeded(of([run({ succeeded: 2, running: 9 }), run({ failed: 1 })]).runs), "67 %");
  assert.equal(shareSucceeded(of([run({ succeeded: 9999, failed: 1 })]).runs), "99.9 %", "not all");
  assert.equal(shareSucceeded(of([run({ succeeded: 5 })]).runs), "100 %");
  assert.equal(shareSucceeded(of([run({ failed: 5 })]).runs), "0 %");
});

test("a plot has a text summary", () => {
  const overview = of([run({ succeeded: 1 }), run({ queued: 1, running: 1, failed: 1 })]);
  assert.match(runsSummary(overview), /^4 runs: 1 succeeded, 1 failed, 2 in progress\. Peak: /);
  assert.equal(runsSummary(of([run({})])), "0 runs: none.");
  assert.equal(bucketContent(overview.runs[0]!.counts, RUN_PARTS, "no runs"), "1 succeeded");
  assert.equal(bucketContent(of([run({})]).runs[0]!.counts, RUN_PARTS, "no runs"), "no runs");
  const calls = of([], [{ at, answered: 1, refused: 0, failed: 0, p50Ms: 80, p95Ms: 1200 }], { p50Ms: 80, p95Ms: 1200 });
  assert.match(callsSummary(calls), /^1 call\. The median response time was about 80 ms, the 95th percentile about 1\.2 s\./);
});

test("counts, times and buckets are written as people write them", () => {
  assert.deepEqual([counted(1, "run"), counted(2, "run")], ["1 run", "2 runs"]);
  assert.deepEqual([took(undefined), took(12.4), took(1200), took(25_600)], ["–", "12 ms", "1.2 s", "26 s"]);
  assert.match(bucketName(new Date(at), false), / to /);
  assert.doesNotMatch(bucketName(new Date(at), true), / to /);
});

test("nothing is nothing, and an unknown window is the day", () => {
  const nothing = overviewOf(none, "7d");
  assert.deepEqual([nothing.runs, nothing.failures, nothing.calls, nothing.waiting], [[], [], [], 0]);
  assert.equal(nothing.latency.p95, undefined);
  assert.deepEqual([windowOf("?window=30d"), windowOf("?window=toString"), windowOf(undefined)], ["30d", "24h", "24h"]);
});
