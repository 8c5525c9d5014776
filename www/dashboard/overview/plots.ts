import type { Overview } from "./model.ts";
import type { Plot } from "./plot.ts";
import { bucketContent, bucketLabel, bucketName, CALL_PARTS, callsSummary, count, RUN_PARTS, runsSummary, took } from "./words.ts";

/** Heads and rows of a table. */
type Table = [heads: string[], rows: string[][]];

/** Runs as stacked bars. */
export function runsPlot(overview: Overview): Plot {
  const { runs, isByDay } = overview;
  return {
    label: `Runs per ${isByDay ? "day" : "hour"}`,
    summary: runsSummary(overview),
    labels: runs.map(({ at }) => bucketLabel(at, isByDay)),
    readings: runs.map(({ at, counts }) => `${bucketName(at, isByDay)}: ${bucketContent(counts, RUN_PARTS, "no runs")}`),
    bars: RUN_PARTS.map(({ key, look, name }) => ({ look, name, values: runs.map(({ counts }) => counts[key]) })),
    lines: [],
  };
}

/** The same numbers in rows, the newest first. */
export function runsTable({ runs, isByDay }: Overview): Table {
  const rows = runs.map(({ at, counts }) => [bucketName(at, isByDay), ...RUN_PARTS.map(({ key }) => count(counts[key]))]);
  return [[isByDay ? "Day" : "Hour", ...RUN_PARTS.map(({ name }) => name)], rows.reverse()];
}

/** Calls through the proxy as stacked bars, their times as lines. */
export function callsPlot(overview: Overview): Plot {
  const { calls, isByDay } = overview;
  const times = ({ p50, p95 }: { p50: number | undefined; p95: number | undefined }): string =>
    p95 === undefined ? "" : `; p50 ≈ ${took(p50)}, p95 ≈ ${took(p95)}`;
  return {
    label: `Proxy calls per ${isByDay ? "day" : "hour"}`,
    summary: callsSummary(overview),
    labels: calls.map(({ at }) => bucketLabel(at, isByDay)),
    readings: calls.map(({ at, counts, latency }) => `${bucketName(at, isByDay)}: ${bucketContent(counts, CALL_PARTS, "no calls")}${times(latency)}`),
    bars: CALL_PARTS.map(({ key, look, name }) => ({ look, name, values: calls.map(({ counts }) => counts[key]) })),
    lines: [
      { look: "p95", name: "p95", values: calls.map(({ latency }) => latency.p95) },
      { look: "p50", name: "p50 (median)", values: calls.map(({ latency }) => latency.p50) },
    ],
  };
}

/** The same numbers in rows, the newest first. */
export function callsTable({ calls, isByDay }: Overview): Table {
  const rows = calls.map(({ at, counts, latency }) => [
    bucketName(at, isByDay),
    ...CALL_PARTS.map(({ key }) => count(counts[key])),
    took(latency.p50),
    took(latency.p95),
  ]);
  return [[isByDay ? "Day" : "Hour", ...CALL_PARTS.map(({ name }) => name), "p50 (about)", "p95 (about)"], rows.reverse()];
}
