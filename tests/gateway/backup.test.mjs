/** A backup that is made while the gateway runs, as docs/operations.md says, and what is there after it is restored. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { api, connectByToken, startDev } from "../lib/gateway.mjs";
import { startPostgres } from "../lib/postgres.mjs";
import { prepare, serve } from "../lib/served.mjs";

const execute = promisify(execFile);
/** In progress while the backup is made. */
const WORKFLOW = {
  id: "wait",
  description: "Waits",
  defaultEnabled: true,
  trigger: { type: "appEvent", event: "Go" },
  steps: [{ id: "1", do: { type: "delay", amount: 8, unit: "SECONDS" } }],
};

let dev, postgres;

before(async () => {
  [dev, postgres] = await Promise.all([startDev(), startPostgres()]);
});
after(() => Promise.all([dev?.stop(), postgres?.stop()]));

/** Connects, starts a run, calls `back`, kills the gateway, calls `restore` and looks at what is there. */
async function tried({ database, back, restore }) {
  const prepared = await prepare({ simulator: dev.sandbox, workflows: [WORKFLOW], database });
  const start = () => serve({ folder: prepared.folder, sandbox: dev.sandbox });
  let gateway = await start();
  try {
    const token = await prepared.token("ada");
    await connectByToken(gateway, token, "contoso-demo");
    const send = async () => {
      const body = JSON.stringify({ name: "Go", payload: {} });
      const answer = await fetch(gateway.eventUrl, { method: "POST", headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body });
      assert.equal(answer.status, 200, await answer.text());
    };
    const runs = async () => (await api(gateway, token, "GET", "/runs")).json.runs;
    await send();
    await until(async () => (await runs())[0]?.status === "running");
    await back(prepared.folder);
    await send();
    await until(async () => (await runs()).length === 2);
    await gateway.kill();
    await restore(prepared.folder);
    gateway = await start();

    assert.equal((await runs()).length, 1, "what came after the backup is gone");
    const projects = await api(gateway, token, "GET", "/sdk/proxy/azuredevops/projects?api-version=7.1");
    assert.equal(projects.status, 200, "the sealed token is there, and the vault key opens it");
    await until(async () => (await runs())[0].status === "succeeded");
  } finally {
    await gateway.kill();
    await prepared.remove();
  }
}

/** Waits, a minute at most, until `holds` gives true. */
async function until(holds) {
  for (const deadline = Date.now() + 60_000; !(await holds()); ) {
    assert.ok(Date.now() < deadline, `not within a minute: ${holds}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

test("SQLite: two files, copied while the gateway runs, bring accounts and runs in progress back", async () => {
  // The engine's file first: a run that it does not know is started again.
  const names = ["gateway-runs.sqlite", "gateway.sqlite"];
  const copy = (from, to) => execute("python3", ["-c", "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('VACUUM INTO ?', sys.argv[2:])", from, to]);
  await tried({
    back: async (folder) => {
      for (const name of names) await copy(join(folder, name), join(folder, `copy-of-${name}`));
    },
    restore: async (folder) => {
      for (const name of names) {
        for (const ending of ["", "-wal", "-shm"]) await rm(join(folder, name + ending), { force: true });
        await copy(join(folder, `copy-of-${name}`), join(folder, name));
      }
    },
  });
});

test("PostgreSQL: one dump, made while the gateway runs, brings accounts and runs in progress back", async (t) => {
  if (postgres === undefined) return t.skip("PostgreSQL is not on this machine");
  const database = await postgres.createDatabase("gateway");
  const dump = join(postgres.folder, "paragon.dump");
  await tried({
    database,
    back: () => postgres.run("pg_dump", "--format=custom", `--file=${dump}`, database),
    restore: () => postgres.run("pg_restore", "--clean", "--if-exists", `--dbname=${database}`, dump),
  });
});
