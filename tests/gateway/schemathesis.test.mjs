// Schemathesis makes requests from the OpenAPI document and compares the answers with it: no 5xx, none outside its schema.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { EMAIL, passwordOf } from "../lib/dashboard.mjs";
import { connectByToken, startDev } from "../lib/gateway.mjs";

const run = promisify(execFile);
const requirements = new URL("python/schemathesis.txt", import.meta.url).pathname;
const environment = new URL("../../target/schemathesis", import.meta.url).pathname;

/** Why it cannot be had here; undefined where it can. */
async function missing() {
  try {
    await run("python3", ["-m", "venv", environment]);
    await run(`${environment}/bin/python`, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
    return undefined;
  } catch (error) {
    return `Schemathesis cannot be installed: ${String(error.stderr || error.message).slice(0, 200)}`;
  }
}

let gateway, skip;

before(async () => {
  [skip, gateway] = await Promise.all([missing(), startDev()]);
});
after(() => gateway?.stop());

/** Requests to the routes of these tags; a failed check is an error. */
async function fuzz(tags, headers, ...more) {
  const given = Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]);
  const args = [
    ...["--config-file", new URL("python/schemathesis.toml", import.meta.url).pathname],
    ...["run", `${gateway.url}/openapi.json`, "--url", gateway.url, "--no-color", "--suppress-health-check", "all"],
    ...["--checks", "not_a_server_error,response_schema_conformance,content_type_conformance,status_code_conformance"],
    ...[
      "--phases",
      "examples,coverage,fuzzing",
      "--max-examples",
      "3",
      "--seed",
      "1",
      "--max-time",
      "40",
      "--request-timeout",
      "70",
      "--generation-deterministic",
    ],
    // The credentials are given: none are made up.
    ...["--generation-with-security-parameters", "false"],
    ...tags.flatMap((tag) => ["--include-tag", tag]),
    ...given,
    ...more,
  ];
  const options = { maxBuffer: 64 << 20, timeout: 240_000 };
  const { stdout, failed } = await run(`${environment}/bin/schemathesis`, args, options).catch((error) => ({ ...error, failed: true }));
  assert.ok(!failed, stdout);
  assert.match(stdout, /No issues found|passed/i);
}

test("the SDK's routes answer as the document says", { timeout: 300_000 }, async (t) => {
  if (skip) return t.skip(skip);
  const token = await gateway.token("u1");
  await connectByToken(gateway, token, "contoso-demo");
  await fuzz(["sdk", "compatibility"], { authorization: `Bearer ${token}` });
});

test("the dashboard's routes answer as the document says", { timeout: 300_000 }, async (t) => {
  if (skip) return t.skip(skip);
  const headers = { "content-type": "application/json", origin: gateway.url };
  const body = JSON.stringify({ email: EMAIL, password: await passwordOf(gateway) });
  const signedIn = await fetch(`${gateway.url}/dashboard/api/session`, { method: "POST", headers, body });
  assert.equal(signedIn.status, 200);
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  // Signing out and a new password would end the session that all the others need.
  const ends = ["--exclude-operation-id", "operators.session.delete", "--exclude-operation-id", "operators.operators.change_password"];
  await fuzz(["dashboard"], { cookie, ...headers }, ...ends);
});
