// Installs what a host needs, once per lock file, outside of the sources.

import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { cp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export const root = new URL("../../../", import.meta.url).pathname;
const sources = join(root, "tests/hosts");
const work = join(root, "target/hosts");

const execute = promisify(execFile);

/** Runs a program to its end; when it fails, the error has all that it said. */
export async function run(program, args, options = {}) {
  try {
    const { stdout, stderr } = await execute(program, args, { maxBuffer: 64 * 1024 * 1024, timeout: 300_000, ...options });
    return stdout + stderr;
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}: ${error.message}\n${error.stdout ?? ""}`);
  }
}

/** What `npm pack` makes of `pkg/`, once per run: the archive's path. */
export const packed = once(async () => {
  const folder = join(tmpdir(), `paragon-packed-${process.pid}`);
  await mkdir(folder, { recursive: true });
  await run("npm", ["pack", join(root, "pkg"), "--pack-destination", folder, "--silent"]);
  const archive = join(
    folder,
    (await readdir(folder)).find((name) => name.endsWith(".tgz")),
  );
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return archive;
});

/** Unpacks the package into `folder/node_modules`, as an installation does: it has no dependencies and no scripts. */
export async function addPackage(folder) {
  const place = join(folder, "node_modules/paragon-connect-wasm");
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  await run("tar", ["-xzf", await packed(), "--strip-components=1", "-C", place]);
}

const installs = new Map();

/** The folder where the tools of `tools/{name}/package-lock.json` are installed; quick when the lock is the same as last time. */
export function toolsOf(name) {
  if (!installs.has(name)) installs.set(name, install(name));
  return installs.get(name);
}

async function install(name) {
  const from = join(sources, "tools", name);
  const to = join(work, name);
  const lock = await readFile(join(from, "package-lock.json"), "utf8");
  const stamp = join(to, "node_modules/.installed");
  if ((await readFile(stamp, "utf8").catch(() => "")) !== lock) {
    await rm(to, { recursive: true, force: true });
    await mkdir(to, { recursive: true });
    for (const file of ["package.json", "package-lock.json"]) await cp(join(from, file), join(to, file));
    // Not `npm ci`: it wants the binaries of every platform in the lock, also those that its maker's registry did not have.
    await run("npm", ["install", "--no-save", "--ignore-scripts", "--no-fund", "--no-audit"], { cwd: to });
    await run("npm", ["run", "ready", "--if-present"], { cwd: to });
    await writeFile(stamp, lock);
  }
  return to;
}

function once(make) {
  let made;
  return () => (made ??= make());
}
