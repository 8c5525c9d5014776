// A PostgreSQL of a test's own: a fresh cluster in a temporary folder, on this machine only.

import { execFile } from "node:child_process";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { freePorts } from "./gateway.mjs";

const exec = promisify(execFile);
const OWNER = "paragon";
/** Where Debian and Ubuntu keep the server's programs, a folder for each version. */
const DEBIAN = "/usr/lib/postgresql";

/** The folder with `initdb` and `pg_ctl`; `undefined` when PostgreSQL is not installed. POSTGRES_BIN names another. */
async function programs() {
  const versions = await readdir(DEBIAN).catch(() => []);
  const newestFirst = versions.sort((one, other) => Number(other) - Number(one)).map((version) => join(DEBIAN, version, "bin"));
  for (const folder of [process.env.POSTGRES_BIN, ...newestFirst].filter(Boolean)) {
    const names = await readdir(folder).catch(() => []);
    if (names.includes("initdb") && names.includes("pg_ctl")) return folder;
  }
  return undefined;
}

/** PostgreSQL refuses to run as root: then its own user, which packages make, runs it. */
const isRoot = process.getuid?.() === 0;

async function own(folder) {
  const id = async (flag) => Number((await exec("id", [flag, "postgres"])).stdout);
  await chown(folder, await id("-u"), await id("-g"));
}

/** Starts a cluster; `undefined` when PostgreSQL is not installed. */
export async function startPostgres() {
  const bin = await programs();
  if (!bin) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "paragon-postgres-"));
  if (isRoot) await own(folder);
  const run = (program, ...args) => {
    const command = [join(bin, program), ...args];
    const [first, ...rest] = isRoot ? ["runuser", "-u", "postgres", "--", ...command] : command;
    return exec(first, rest, { cwd: folder });
  };
  const data = join(folder, "data");
  const port = await freePorts();
  const where = ["--host", "127.0.0.1", "--port", String(port), "--username", OWNER];
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await run("initdb", "--pgdata", data, "--username", OWNER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync");
    // What is committed is on the disk, as by default: figures are those of real work.
    const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder}`;
    await run("pg_ctl", "--pgdata", data, "--log", join(folder, "log"), "--options", options, "--wait", "start");
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    folder,
    /** Runs another of PostgreSQL's programs, as the cluster's user; its files go into `folder`. */
    run,
    /** A new database; gives its URL. */
    createDatabase: async (name) => {
      await run("createdb", ...where, name);
      return `postgres://${OWNER}@127.0.0.1:${port}/${name}`;
    },
    /** Runs one statement; for looking. */
    query: async (name, statement) => (await run("psql", ...where, "--dbname", name, "--tuples-only", "--no-align", "--command", statement)).stdout.trim(),
    stop: async () => {
      await run("pg_ctl", "--pgdata", data, "--mode", "immediate", "--wait", "stop");
      await remove();
    },
  };
}
