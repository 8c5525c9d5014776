import { isObject, text, type Json } from "../../lib/json.ts";
import { call, objects } from "../api.ts";

/** A run as the list shows it. */
export interface Run {
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  readonly user: string;
  readonly status: string;
  readonly trigger: string;
  readonly replayOf: string | undefined;
  readonly error: RunError | undefined;
  readonly createdAt: Date;
  readonly endedAt: Date | undefined;
}

/** Why a run, a step or a try failed. */
export interface RunError {
  readonly step: string | undefined;
  readonly code: string;
  readonly message: string;
  /** The provider's id of the request. */
  readonly requestId: string | undefined;
}

/** One step of a run. */
export interface Step {
  readonly path: string;
  readonly title: string | undefined;
  readonly type: string | undefined;
  readonly status: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly error: RunError | undefined;
  readonly attempts: readonly Attempt[];
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
}

/** One try of a step. */
export interface Attempt {
  readonly number: number;
  readonly error: RunError | undefined;
  readonly startedAt: Date;
}

/** A run with its steps. */
export interface WholeRun extends Run {
  readonly input: unknown;
  readonly steps: readonly Step[];
}

/** Which runs are shown. */
export interface Filter {
  readonly workflow: string;
  readonly status: string;
  readonly user: string;
}

/** A page of runs, newest first. */
export interface RunPage {
  readonly runs: readonly Run[];
  readonly next: string | undefined;
  /** Descriptions of the project's workflows by id. */
  readonly workflows: ReadonlyMap<string, string>;
}

/** Each status: how it looks, and in words. */
export const STATUS: Readonly<Record<string, readonly [tone: string, words: string]>> = {
  queued: ["", "Queued"],
  running: ["", "Running"],
  waiting: ["warn", "Waiting for reconnect"],
  succeeded: ["good", "Succeeded"],
  failed: ["bad", "Failed"],
  cancelled: ["", "Ended"],
};

/** How a status looks, and in words. */
export function statusOf(name: string): readonly [tone: string, words: string] {
  return (Object.hasOwn(STATUS, name) ? STATUS[name] : undefined) ?? ["", name];
}

const base = (project: string): string => `/projects/${encodeURIComponent(project)}/runs`;

/** The filter that a query string names; what it leaves out filters nothing. */
export function filterOf(search: string | undefined): Filter {
  const query = new URLSearchParams(search);
  const named = (name: keyof Filter): string => query.get(name) ?? "";
  return { workflow: named("workflow"), status: named("status"), user: named("user") };
}

/** A page of runs. */
export async function readRuns(project: string, filter: Filter, before: string | undefined): Promise<RunPage> {
  const given = Object.entries({ ...filter, before: before ?? "" }).filter(([, value]) => value !== "");
  const answer = await call("GET", `${base(project)}?${new URLSearchParams({ ...Object.fromEntries(given), limit: "25" })}`);
  const workflows = objects(answer.workflows).map((one): [string, string] => [text(one.id) ?? "", text(one.description) ?? ""]);
  return { runs: objects(answer.runs).map(runOf), next: text(answer.next), workflows: new Map(workflows) };
}

/** A run with its steps. */
export async function readRun(project: string, id: string): Promise<WholeRun> {
  return wholeOf(await call("GET", `${base(project)}/${encodeURIComponent(id)}`));
}

/** Repeats a run; gives the new one. */
export async function replay(project: string, id: string): Promise<WholeRun> {
  return wholeOf(await call("POST", `${base(project)}/${encodeURIComponent(id)}/replay`, {}));
}

/** Ends a run. */
export async function cancel(project: string, id: string): Promise<WholeRun> {
  return wholeOf(await call("DELETE", `${base(project)}/${encodeURIComponent(id)}`));
}

/** Time between two moments, as people write it; it goes on while there is no end. */
export function duration(from: Date, to: Date | undefined, now: Date = new Date()): string {
  const ms = Math.max(0, (to ?? now).getTime() - from.getTime());
  if (ms < 1000) return `${ms} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function runOf(one: Json): Run {
  return {
    id: text(one.id) ?? "",
    workflow: text(one.workflow) ?? text(one.workflowId) ?? "",
    version: Number(one.version),
    user: text(one.userId) ?? "",
    status: text(one.status) ?? "",
    trigger: text(one.trigger) ?? "",
    replayOf: text(one.replayOf),
    error: errorOf(one.error),
    createdAt: date(one.createdAt) ?? new Date(0),
    endedAt: date(one.endedAt),
  };
}

function wholeOf(one: Json): WholeRun {
  return { ...runOf(one), input: one.input, steps: objects(one.steps).map(stepOf) };
}

function stepOf(one: Json): Step {
  return {
    path: text(one.path) ?? "",
    title: text(one.title),
    type: text(one.type),
    status: text(one.status) ?? "",
    input: one.input,
    output: one.output,
    error: errorOf(one.error),
    attempts: objects(one.attempts).map((attempt) => ({
      number: Number(attempt.attempt),
      error: errorOf(attempt.error),
      startedAt: date(attempt.startedAt) ?? new Date(0),
    })),
    startedAt: date(one.startedAt) ?? new Date(0),
    endedAt: date(one.endedAt),
  };
}

function errorOf(value: unknown): RunError | undefined {
  if (!isObject(value)) return undefined;
  return { step: text(value.step), code: text(value.code) ?? "", message: text(value.message) ?? "", requestId: text(value.requestId) };
}

function date(value: unknown): Date | undefined {
  const time = text(value);
  return time === undefined ? undefined : new Date(time);
}
