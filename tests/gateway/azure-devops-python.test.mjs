// Microsoft's Python client, given our proxy as its server, where no other host can be looked up.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { connectByToken, knob, startDev } from "../lib/gateway.mjs";

const run = promisify(execFile);
const here = new URL("python/", import.meta.url).pathname;
const environment = new URL("../../target/python-client", import.meta.url).pathname;
const python = join(environment, "bin/python");

/** Why the client cannot be had here; undefined where it can. */
async function missing() {
  try {
    await run("python3", ["-m", "venv", environment]);
    await run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", join(here, "requirements.txt")]);
    return undefined;
  } catch (error) {
    return `Microsoft's Python client cannot be installed: ${String(error.stderr || error.message).slice(0, 200)}`;
  }
}

let gateway, folder, skip;

before(async () => {
  [skip, gateway, folder] = await Promise.all([missing(), startDev(), mkdtemp(join(tmpdir(), "paragon-python-"))]);
});
after(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

test("azure-devops for Python works through the proxy, and no request of it leaves the gateway's origin", async (t) => {
  if (skip) return t.skip(skip);
  const token = await gateway.token("u1");
  await connectByToken(gateway, token, "contoso-demo");
  // It keeps what it was told about areas in its home folder.
  const { stdout } = await run(python, [join(here, "client.py"), `${gateway.projectUrl}/sdk/proxy/azuredevops`, token], {
    env: { ...process.env, HOME: folder },
  });
  const seen = JSON.parse(stdout);
  assert.deepEqual(seen.lookedUp, ["localhost"]);
  assert.ok(seen.projects.length >= 2, stdout);
  assert.equal(seen.title, "Made by Microsoft's Python client");
  assert.deepEqual(seen.found, [seen.id]);
  assert.deepEqual(seen.refused, {}, "every area has an address");
  for (const error of Object.values(seen.unserved)) assert.ok(error, "what the sandbox lacks is refused, not asked for elsewhere");
  const { requests } = await knob(gateway.sandbox, "GET", "requests");
  assert.ok(!JSON.stringify(requests).includes(token.slice(-40)), "the provider never sees the user token");
});
