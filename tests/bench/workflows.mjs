// Workflows: steps a second, and how soon after an event the first call reaches Azure DevOps, for each database and number of
// gateways. A step is an entry of a run's history; of the five of a run here two are conditions and three are actions, which
// make four calls. EVENTS is the number of runs in a round.

import assert from "node:assert/strict";

import { api, connectByToken, startDev } from "../lib/gateway.mjs";
import { startPostgres } from "../lib/postgres.mjs";
import { startRecorder } from "../lib/recorder.mjs";
import { prepare, serve } from "../lib/served.mjs";

const EVENTS = Number(process.env.EVENTS ?? 120);
const USERS = 4;
const ROUNDS = 3;
const SAMPLES = 40;
/** How often the history is asked: often enough for a sample, seldom enough beside work. */
const ASK_IDLE_MS = 20;
const ASK_BUSY_MS = 250;
const ANY_MOMENT_MS = 200;

const action = (id, name, parameters) => ({ id, do: { type: "action", action: `AZURE_DEVOPS_${name}`, parameters } });
const when = (id, left, operator, steps) => ({ id, do: { type: "conditional", branches: [{ when: { any: [{ all: [{ left, operator }] }] }, steps }] } });
const titled = (title) => ({ project: "Fabrikam", top: 1, fields: ["System.Title"], filters: [{ field: "System.Title", operator: "=", value: title }] });
const on = (id, steps) => ({ id, description: id, defaultEnabled: true, trigger: { type: "appEvent", event: id }, steps });
const WORK = on("work", [
  when("wanted", "{{trigger.output.title}}", "$exists", [
    action("create", "CREATE_WORKITEM", { project: "Fabrikam", workItemType: "Task", fields: { "System.Title": "{{trigger.output.title}}" } }),
  ]),
  action("find", "SEARCH_WORKITEMS", titled("{{trigger.output.title}}")),
  when("found", "{{find.output.workItems}}", "$arrayIsNotEmpty", [
    action("update", "UPDATE_WORKITEM", { id: "{{find.output.workItems[0].id}}", fields: { "System.Description": "Seen" } }),
  ]),
]);
const STEPS = 5;
const FIRST = on("first", [action("find", "SEARCH_WORKITEMS", titled("{{trigger.output.title}}"))]);

const sorted = (values) => values.toSorted((one, other) => one - other);
const percentile = (values, part) => sorted(values)[Math.ceil(values.length * part) - 1];
const median = (values) => percentile(values, 0.5);
const now = () => performance.timeOrigin + performance.now();

async function until(condition, everyMs, what) {
  const deadline = Date.now() + 300_000;
  for (;;) {
    const value = await condition();
    if (value !== undefined) return value;
    assert.ok(Date.now() < deadline, `not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

async function send(gateway, token, name, title) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(gateway.eventUrl, { method: "POST", headers, body: JSON.stringify({ name, payload: { title } }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`event: ${answer.status} ${text}`);
}

/** The user's newest runs that are over, once there are `count` of them since a time. */
function runsThatEnded(gateway, token, workflow, since, count, everyMs) {
  const query = new URLSearchParams({ workflow, since: new Date(since).toISOString(), limit: "200" });
  return until(
    async () => {
      const { json } = await api(gateway, token, "GET", `/runs?${query}`);
      const ended = json.runs.filter((run) => run.endedAt);
      return ended.length >= count ? ended : undefined;
    },
    everyMs,
    `${count} runs of ${workflow}`,
  );
}

/** All events at once, from `USERS` users, to the gateways in turn: runs a second from the first event to the last run's end. */
async function round(gateways, tokens, number) {
  const began = Date.now();
  const each = EVENTS / USERS;
  const lists = await Promise.all(
    tokens.map(async (token, user) => {
      const gateway = gateways[user % gateways.length];
      for (let event = 0; event < each; event++) await send(gateways[(user + event) % gateways.length], token, "work", `work ${number} ${user} ${event}`);
      return runsThatEnded(gateway, token, "work", began, each, ASK_BUSY_MS);
    }),
  );
  const runs = lists.flat();
  assert.deepEqual([...new Set(runs.map((run) => run.status))], ["succeeded"]);
  const { json } = await api(gateways[0], tokens[0], "GET", `/runs/${lists[0][0].id}`);
  assert.equal(json.steps.length, STEPS);
  const ended = Math.max(...runs.map((run) => Date.parse(run.endedAt)));
  return runs.length / ((ended - began) / 1000);
}

/** Milliseconds from the event to the first call, and how many of them the engine takes from the run to its first step. */
async function sample(gateway, token, recorder, number) {
  const title = `first ${number}`;
  // The end of one run would set the time for the next: events come at any moment between two polls of the engine.
  await new Promise((resolve) => setTimeout(resolve, Math.random() * ANY_MOMENT_MS));
  const called = new Promise((resolve) => {
    recorder.onRequest = (request) => resolve(request.at + performance.timeOrigin);
  });
  const sent = now();
  await send(gateway, token, "first", title);
  const at = await called;
  const [run] = await runsThatEnded(gateway, token, "first", Math.floor(sent), 1, ASK_IDLE_MS);
  assert.equal(run.status, "succeeded", JSON.stringify(run.error));
  const shown = await api(gateway, token, "GET", `/runs/${run.id}`);
  return { total: at - sent, engine: Date.parse(shown.json.steps[0].startedAt) - Date.parse(run.createdAt) };
}

async function latency(gateways, tokens, recorder) {
  const samples = [];
  for (let number = 0; number < SAMPLES + 3; number++) samples.push(await sample(gateways[0], tokens[0], recorder, number));
  recorder.onRequest = undefined;
  // The first ones open connections.
  const measured = samples.slice(3);
  const total = measured.map((one) => one.total);
  return { p50: median(total), p95: percentile(total, 0.95), engine: median(measured.map((one) => one.engine)) };
}

async function throughput(gateways, tokens) {
  const rates = [];
  await round(gateways, tokens, "warm-up");
  for (let number = 0; number < ROUNDS; number++) rates.push(await round(gateways, tokens, number));
  return median(rates);
}

/** Starts `count` gateways that share one database, does `work` with them and stops them. */
async function withGateways(count, options, work) {
  const gateways = [];
  try {
    while (gateways.length < count) gateways.push(await serve(options));
    return await work(gateways);
  } finally {
    await Promise.all(gateways.map((gateway) => gateway.stop()));
  }
}

async function measure({ title, count, database }) {
  const dev = await startDev();
  const recorder = await startRecorder(dev.sandbox);
  const prepared = await prepare({ simulator: dev.sandbox, workflows: [WORK, FIRST], database });
  const { folder } = prepared;
  try {
    const tokens = await Promise.all(Array.from({ length: USERS }, (_, user) => prepared.token(`u${user}`)));
    const options = { folder, sandbox: dev.sandbox };
    const first = await withGateways(count, { ...options, simulator: recorder.url }, async (gateways) => {
      for (const token of tokens) await connectByToken(gateways[0], token, "contoso-demo");
      return latency(gateways, tokens, recorder);
    });
    const runs = await withGateways(count, options, (gateways) => throughput(gateways, tokens));
    const columns = [
      (runs * STEPS).toFixed(0).padStart(8),
      runs.toFixed(1).padStart(8),
      ...[first.p50, first.p95, first.engine].map((ms) => ms.toFixed(0).padStart(7)),
    ];
    console.log(`  ${title.padEnd(28)} ${columns.join(" ")}`);
  } finally {
    recorder.stop();
    await Promise.all([dev.stop(), prepared.remove()]);
  }
}

const ROWS = [
  { title: "SQLite, one gateway", count: 1 },
  { title: "PostgreSQL, one gateway", count: 1, database: "one" },
  { title: "PostgreSQL, three gateways", count: 3, database: "three" },
];
const postgres = await startPostgres();
if (!postgres) console.log("  PostgreSQL is not installed: its rows are left out");
try {
  console.log(`${"".padEnd(30)}  steps/s   runs/s    event to first call, ms`);
  console.log(`${"".padEnd(50)}p50     p95   in the engine (p50)`);
  for (const { title, count, database } of ROWS) {
    if (database && !postgres) continue;
    const url = database && (await postgres.createDatabase(database));
    try {
      await measure({ title, count, database: url });
    } catch (error) {
      // A gateway that was built without PostgreSQL says so and ends.
      if (!url || !/the gateway ended with/.test(error.message)) throw error;
      console.log(`  ${title.padEnd(28)} left out, the gateway does not start: ${error.message.split("\n")[1]?.slice(0, 120)}`);
    }
  }
} finally {
  await postgres?.stop();
}
