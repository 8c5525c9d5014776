// Serves what was built: a folder, or a program that serves it itself.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { freePorts } from "../../lib/gateway.mjs";

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css", ".map": "application/json" };

/** Serves `folder`, with `headers` on every answer. */
export async function serveFolder(folder, headers = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://host");
    const path = join(folder, pathname === "/" ? "index.html" : pathname);
    const body = await readFile(path).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { "content-type": types[extname(path)] ?? "text/plain", ...headers }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

/** Starts a program that serves at the port it is told; ready when it answers. */
export async function serveProgram(program, parameters, options) {
  const port = await freePorts();
  const env = { ...process.env, ...options.env, PORT: String(port), HOST: "127.0.0.1" };
  const child = spawn(
    program,
    parameters.map((value) => (value === "PORT" ? String(port) : value)),
    { cwd: options.cwd, env, detached: true },
  );
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => output.push(text));
  let ended = false;
  const closed = once(child, "close").then(() => (ended = true));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    // The group: some start a process that does the work.
    if (!ended) process.kill(-child.pid, "SIGTERM");
    await closed;
  };
  const limit = Date.now() + 60_000;
  while (!(await answers(url))) {
    if (ended || Date.now() > limit) {
      await stop();
      throw new Error(`${program} ${parameters.join(" ")} does not serve:\n${output.join("")}`);
    }
  }
  return { url, stop };
}

async function answers(url) {
  const answer = await fetch(url).catch(() => setTimeout(100));
  return answer?.ok;
}
