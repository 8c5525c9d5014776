// Starts the real gateway program and stops it again.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const program = process.env.GATEWAY_PROGRAM ?? new URL("../../target/debug/paragon-gateway", import.meta.url).pathname;

/** Runs the program to its end and gives its standard output. */
export const run = (...args) => runWith("", ...args);

/** The same, with `input` on its standard input. */
export async function runWith(input, ...args) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => undefined).end(input);
  let output = "";
  let errors = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (errors += data));
  const [code] = await once(child, "close");
  return { code, output, errors };
}

/** A port that is free, and the next one as well. */
export async function freePorts() {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 30000);
    const taken = await Promise.all([port, port + 1].map(isTaken));
    if (!taken.includes(true)) return port;
  }
}

function isTaken(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(true));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(false)));
  });
}

/** Starts `paragon-gateway dev` in a folder of its own; ready when this returns. */
export async function startDev(...args) {
  const folder = await mkdtemp(join(tmpdir(), "paragon-test-"));
  const port = await freePorts();
  const child = await start(["dev", "--port", String(port), "--data", folder, "--log", "info", ...args], "demo: ");
  const url = `http://localhost:${port}`;
  const sandbox = `http://localhost:${port + 1}`;
  return {
    ...child,
    url,
    sandbox,
    folder,
    projectUrl: `${url}/projects/demo`,
    token: async (user) => (await run("token", "--user", user, "--data", folder)).output.trim(),
    stop: async () => {
      await child.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the program; resolves when a line begins with `ready` on standard output or holds it on standard error. */
export async function start(args, ready, env = {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  const log = [];
  const seen = Promise.withResolvers ? Promise.withResolvers() : deferred();
  const watch = (stream) =>
    createInterface({ input: stream }).on("line", (line) => {
      log.push(line);
      if (line.includes(ready)) seen.resolve();
    });
  watch(child.stdout);
  watch(child.stderr);
  const closed = once(child, "close");
  closed.then(([code]) => seen.reject(new Error(`the gateway ended with ${code}:\n${log.join("\n")}`)));
  await seen.promise;
  return {
    process: child,
    log,
    stop: async () => {
      child.kill("SIGTERM");
      await closed;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await closed;
    },
  };
}

function deferred() {
  let resolve, reject;
  const promise = new Promise((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}

/** Turns a knob of the simulator. */
export async function knob(sandbox, method, path, body) {
  const answer = await fetch(`${sandbox}/_sandbox/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

/** Calls the gateway as `user`; gives status and parsed body. */
export async function api(gateway, token, method, path, body, headers = {}) {
  const answer = await fetch(`${gateway.projectUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { "content-type": "application/json" } : {}), ...headers },
    body: body ? JSON.stringify(body) : undefined,
  });
  const text = await answer.text();
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: answer.status, headers: answer.headers, text, json };
}

/** Connects the user by one of the simulator's personal access tokens. */
export async function connectByToken(gateway, token, organization) {
  const state = await knob(gateway.sandbox, "GET", "state");
  const found = state.organizations.find((one) => one.name === organization);
  const secret = found?.personalAccessTokens?.[0]?.token ?? found?.personalAccessToken;
  const integrations = await api(gateway, token, "GET", "/sdk/integrations");
  const answer = await api(gateway, token, "POST", "/sdk/credentials", {
    integrationId: integrations.json[0].id,
    payload: { accountType: "personal_access_token", ORGANIZATION: organization, PERSONAL_ACCESS_TOKEN: secret },
  });
  if (answer.status !== 200) throw new Error(`connecting by token: ${answer.status} ${answer.text}`);
  return answer.json;
}
