import type { Bucket, CallPart, Overview, RunPart } from "./model.ts";

/** One part of stacked bars: how it is drawn (a class and a pattern of the plot), and its name. */
export interface Part<Key extends string> {
  readonly key: Key;
  readonly look: "good" | "bad" | "warn" | "open" | "ended";
  readonly name: string;
}

/** What becomes of runs, from below to above. */
export const RUN_PARTS: readonly Part<RunPart>[] = [
  { key: "succeeded", look: "good", name: "Succeeded" },
  { key: "failed", look: "bad", name: "Failed" },
  { key: "waiting", look: "warn", name: "Waiting for reconnect" },
  { key: "open", look: "open", name: "In progress" },
  { key: "cancelled", look: "ended", name: "Canceled" },
];

/** What comes of calls, from below to above. */
export const CALL_PARTS: readonly Part<CallPart>[] = [
  { key: "answered", look: "good", name: "Answered" },
  { key: "refused", look: "warn", name: "Refused (4xx)" },
  { key: "failed", look: "bad", name: "Failed (5xx)" },
];

/** Sum of one part, or of all, over buckets. */
export function total<Key extends string>(buckets: readonly Bucket<Key>[], keys: readonly Key[]): number {
  return buckets.reduce((sum, bucket) => sum + keys.reduce((inner, key) => inner + bucket.counts[key], 0), 0);
}

/** Of the runs that came to an end by themselves, how many of 100 succeeded: `97 %`; undefined without any. */
export function shareSucceeded(runs: readonly Bucket<RunPart>[]): string | undefined {
  const [succeeded, failed] = [total(runs, ["succeeded"]), total(runs, ["failed"])];
  if (succeeded + failed === 0) return undefined;
  const share = (100 * succeeded) / (succeeded + failed);
  // All is said only of all, nothing only of nothing.
  const rounded = share > 99 || share < 1 ? Math.min(99.9, Math.floor(share * 10) / 10) : Math.round(share);
  return `${share === 100 || share === 0 ? share : rounded} %`;
}

/** A count as people of this place write it. */
export function count(value: number): string {
  return value.toLocaleString();
}

/** `1 run`, `2 runs`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A time that something took: `80 ms`, `1.2 s`. */
export function took(milliseconds: number | undefined): string {
  if (milliseconds === undefined) return "–";
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0)} s`;
}

/** Names a bucket at length: `27 Nov, 14:00 to 15:00`, or the day. */
export function bucketName(at: Date, isByDay: boolean): string {
  if (isByDay) return middle(at).toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short" });
  const end = new Date(at.getTime() + 3_600_000);
  return `${at.toLocaleDateString(undefined, { day: "numeric", month: "short" })}, ${clock(at)} to ${clock(end)}`;
}

/** Names a bucket in a few characters, below an axis. */
export function bucketLabel(at: Date, isByDay: boolean): string {
  return isByDay ? middle(at).toLocaleDateString(undefined, { day: "numeric", month: "short" }) : clock(at);
}

/** What a bucket holds, in words; parts without any are left out. */
export function bucketContent<Key extends string>(counts: Readonly<Record<Key, number>>, parts: readonly Part<Key>[], nothing: string): string {
  const said = parts.filter(({ key }) => counts[key] > 0).map(({ key, name }) => `${count(counts[key])} ${name.charAt(0).toLowerCase()}${name.slice(1)}`);
  return said.length === 0 ? nothing : said.join(", ");
}

/** What a plot of runs shows, in one sentence. */
export function runsSummary({ runs, isByDay }: Overview): string {
  const all = RUN_PARTS.map(({ key }) => key);
  const sums = Object.fromEntries(all.map((key) => [key, total(runs, [key])])) as Record<RunPart, number>;
  const most = busiest(runs, all);
  const rest = most === undefined ? "" : ` Peak: ${bucketName(most.at, isByDay)}.`;
  return `${counted(total(runs, all), "run")}: ${bucketContent(sums, RUN_PARTS, "none")}.${rest}`;
}

/** What a plot of calls shows, in one sentence. */
export function callsSummary({ calls, latency, isByDay }: Overview): string {
  const all = CALL_PARTS.map(({ key }) => key);
  const most = busiest(calls, all);
  const rest =
    most === undefined
      ? ""
      : ` The median response time was about ${took(latency.p50)}, the 95th percentile about ${took(latency.p95)}. Peak: ${bucketName(most.at, isByDay)}.`;
  return `${counted(total(calls, all), "call")}.${rest}`;
}

function busiest<Key extends string>(buckets: readonly Bucket<Key>[], keys: readonly Key[]): Bucket<Key> | undefined {
  const size = (bucket: Bucket<Key>): number => total([bucket], keys);
  const most = buckets.reduce<Bucket<Key> | undefined>((best, bucket) => (best === undefined || size(bucket) > size(best) ? bucket : best), undefined);
  return most !== undefined && size(most) > 0 ? most : undefined;
}

function clock(at: Date): string {
  return at.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

/** Noon of a day: where clocks changed meanwhile, its begin may stand an hour off. */
function middle(at: Date): Date {
  return new Date(at.getTime() + 12 * 3_600_000);
}
