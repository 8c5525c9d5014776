// The packed package in every host: laid out, built, served and used without any configuration for it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { launch } from "../lib/chromium.mjs";
import { pages, runtimes } from "./hosts.mjs";
import { makeApp } from "./lib/app.mjs";
import { expected, startBackend } from "./lib/backend.mjs";
import { serveFolder, serveProgram } from "./lib/serve.mjs";
import { run, toolsOf } from "./lib/tools.mjs";
import { shown, visit } from "./lib/visit.mjs";

/** Some tools would report to their makers. */
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
const isWanted = (host) => process.env.TEST_ALL === "1" || !host.slow;
const outcomes = new Map();
let backend, browser;

before(async () => {
  [backend, browser] = await Promise.all([startBackend(), launch({ blocksPopups: true })]);
});
after(async () => {
  await browser?.close();
  backend?.close();
  printTable();
});

/** Runs `check` as the host's test, and notes its outcome for the table. */
const host = (given, check) =>
  test(given.name, async () => {
    outcomes.set(given.name, "failed");
    await check(given, await makeApp(given));
    outcomes.set(given.name, "ok");
  });

/** A program of the host's tools, or one with a path of its own. */
const tool = async (given, name) => (name.includes("/") ? name : join(await toolsOf(given.tools), "node_modules/.bin", name));

async function execute(given, folder, [name, ...parameters]) {
  return run(await tool(given, name), parameters, { cwd: folder, env });
}

async function serve({ serve, headers, ...given }, folder) {
  if (serve.folder) return serveFolder(join(folder, serve.folder), headers?.(backend));
  const [name, ...parameters] = serve.program;
  return serveProgram(await tool(given, name), parameters, { cwd: folder, env });
}

async function checkPage(given, folder) {
  if (given.build) await execute(given, folder, given.build);
  const server = await serve(given, folder);
  try {
    if (given.rendersOnServer) await checkRendered(server.url);
    await (given.isRefused ? checkRefused(server.url) : visit(browser, backend, server.url));
  } finally {
    await server.stop();
  }
}

async function checkRendered(url) {
  const text = await (await fetch(url)).text();
  const [, json] = text.match(/<p id="server">(.*?)<\/p>/) ?? assert.fail(`the server rendered nothing: ${text}`);
  assert.deepEqual(JSON.parse(json.replaceAll("&quot;", '"')), { version: "2.4.0", user: { authenticated: false } });
}

async function checkRefused(url) {
  const page = await browser.newPage();
  await page.goto(url);
  const { message, code } = await shown(page, "state");
  assert.equal(code, "wasm_refused");
  assert.match(message, /Content-Security-Policy.*'wasm-unsafe-eval'.*script-src/);
  await page.close();
}

async function checkRuntime(given, folder) {
  if (given.build) await execute(given, folder, given.build);
  const values = new URLSearchParams(backend.parameters);
  const output = await execute(given, folder, [...given.command, values.get("gateway"), values.get("token")]);
  const line = output.split("\n").find((text) => text.startsWith("{")) ?? assert.fail(output);
  assert.deepEqual(JSON.parse(line), expected);
}

/** Two at a time: most of a host's time is its build. */
describe("hosts", { concurrency: 2 }, () => {
  for (const page of pages.filter(isWanted)) host(page, checkPage);
  for (const runtime of runtimes.filter(isWanted)) host(runtime, checkRuntime);
});

function printTable() {
  const rows = [...outcomes];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, outcome] of rows) console.log(`${name.padEnd(width)}  ${outcome}`);
  console.log(`${rows.filter(([, outcome]) => outcome === "ok").length} of ${rows.length} hosts`);
}
