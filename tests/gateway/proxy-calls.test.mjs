// Calls through the proxy are counted over a stop of the gateway.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { api, connectByToken, freePorts, run, start } from "../lib/gateway.mjs";

/** What the dashboard's overview says of proxy calls to the operator of `dev`. */
async function counted(url, folder) {
  const password = (await readFile(join(folder, "operator-password"), "utf8")).trim();
  const body = JSON.stringify({ email: "operator@harbor-desk.example", password });
  const headers = { origin: url, "content-type": "application/json" };
  const session = await fetch(`${url}/dashboard/api/session`, { method: "POST", headers, body });
  const cookie = session.headers.get("set-cookie").split(";")[0];
  const answer = await fetch(`${url}/dashboard/api/projects/demo/overview?window=7d`, { headers: { cookie } });
  return (await answer.json()).proxy.total;
}

test("what was counted is written down when the gateway stops, and later calls add to it", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "paragon-calls-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const port = await freePorts();
  const url = `http://localhost:${port}`;
  for (const expected of [2, 4]) {
    const child = await start(["dev", "--port", String(port), "--data", folder], "demo: ");
    const gateway = { url, sandbox: `http://localhost:${port + 1}`, projectUrl: `${url}/projects/demo` };
    const token = (await run("token", "--user", "ada", "--data", folder)).output.trim();
    await connectByToken(gateway, token, "contoso-demo");
    if (expected > 2) assert.equal((await counted(url, folder)).answered, 2);
    for (let call = 0; call < 2; call++) await api(gateway, token, "GET", "/sdk/proxy/azuredevops/_apis/projects?api-version=7.1");
    if (expected > 2) assert.equal((await counted(url, folder)).answered, expected);
    await child.stop();
  }
});
