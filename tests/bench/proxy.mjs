// The proxy next to nginx's `proxy_pass`: the same upstream, the same cores, runs that alternate.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { api, freePorts } from "../lib/gateway.mjs";
import { prepare, serve } from "../lib/served.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SECONDS = Number(process.env.SECONDS ?? 4);
const PATH = "/_apis/projects?api-version=7.1";
const ANSWER = JSON.stringify({
  count: 20,
  value: Array.from({ length: 20 }, (_, id) => ({ id: `00000000-0000-4000-8000-${String(id).padStart(12, "0")}`, name: `Project ${id}`, state: "wellFormed" })),
});

const missing = ["nginx", "wrk"].filter((program) => spawnSync("which", [program]).status !== 0);
if (missing.length > 0) {
  console.log(`skipped: install ${missing.join(" and ")}`);
  process.exit(0);
}

const folder = await mkdtemp(join(tmpdir(), "paragon-proxy-"));
const [upstreamPort, nginxPort] = [await freePorts(), await freePorts()];
const upstream = await startNginx(
  "upstream",
  1,
  `server { listen 127.0.0.1:${upstreamPort}; default_type application/json; location / { return 200 '${ANSWER}'; } }`,
);
const nginx = await startNginx(
  "nginx",
  2,
  `upstream service { server 127.0.0.1:${upstreamPort}; keepalive 64; }
   server { listen 127.0.0.1:${nginxPort}; location / { proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; } }`,
);
const prepared = await prepare({ simulator: `http://127.0.0.1:${upstreamPort}` });
const gateway = await serve({ folder: prepared.folder });
try {
  const token = await prepared.token("u1");
  const [integration] = (await api(gateway, token, "GET", "/sdk/integrations")).json;
  const connected = await api(gateway, token, "POST", "/sdk/credentials", {
    integrationId: integration.id,
    payload: { accountType: "personal_access_token", ORGANIZATION: "contoso", PERSONAL_ACCESS_TOKEN: "a".repeat(52) },
  });
  if (connected.status !== 200) throw new Error(`connecting: ${connected.status} ${connected.text}`);
  const ours = {
    processes: [gateway.process.pid],
    url: `${gateway.projectUrl}/sdk/proxy/azuredevops${PATH}`,
    headers: [`Authorization: Bearer ${token}`, "X-Paragon-Use-Raw-Response: true"],
  };
  const theirs = { processes: await workers(nginx), url: `http://127.0.0.1:${nginxPort}/contoso${PATH}`, headers: [] };
  await compare("16 connections", 16, ours, theirs);
  await compare("1 connection", 1, ours, theirs);
  const status = await readFile(`/proc/${gateway.process.pid}/status`, "utf8");
  console.log(`gateway resident afterwards: ${Math.round(Number(status.match(/VmRSS:\s+(\d+)/)[1]) / 1024)} MiB`);
} finally {
  await gateway.stop();
  await prepared.remove();
  for (const process of [nginx, upstream]) process.kill("SIGTERM");
  await rm(folder, { recursive: true, force: true });
}

/** Alternates between both and prints medians and their ratio. */
async function compare(title, connections, ours, theirs) {
  await load(ours, connections, 1);
  await load(theirs, connections, 1);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push([await load(ours, connections, SECONDS), await load(theirs, connections, SECONDS)]);
  const median = (side, name) => rounds.map((round) => round[side][name]).sort((a, b) => a - b)[Math.floor(rounds.length / 2)];
  console.log(`${title}, median of ${ROUNDS}:`);
  for (const [name, unit] of [
    ["rate", "requests/s"],
    ["p50", "ms p50"],
    ["p99", "ms p99"],
    ["cpu", "µs of CPU a request"],
  ]) {
    const [own, other] = [median(0, name), median(1, name)];
    console.log(`  gateway ${own.toFixed(2)}, nginx ${other.toFixed(2)} ${unit}: ${(own / other).toFixed(2)}`);
  }
}

async function load({ processes, url, headers }, connections, seconds) {
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", ...headers.flatMap((header) => ["-H", header]), url];
  const child = spawn("wrk", args);
  let output = "";
  const before = await cpu(processes);
  child.stdout.on("data", (data) => (output += data));
  await once(child, "close");
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(output);
  const millis = (percent) => {
    const [, number, unit] = output.match(new RegExp(`${percent}%\\s+([\\d.]+)(us|ms|s)`));
    return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit];
  };
  const requests = Number(output.match(/(\d+) requests in/)[1]);
  return {
    rate: Number(output.match(/Requests\/sec:\s+([\d.]+)/)[1]),
    p50: millis(50),
    p99: millis(99),
    cpu: ((await cpu(processes)) - before) / requests,
  };
}

/** Microseconds of CPU that processes have used; Linux counts hundredths of a second. */
async function cpu(processes) {
  let ticks = 0;
  for (const pid of processes) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks * 10_000;
}

async function workers(nginx) {
  const children = await readFile(`/proc/${nginx.pid}/task/${nginx.pid}/children`, "utf8");
  return children.trim().split(" ").map(Number);
}

async function startNginx(name, workers, server) {
  const file = join(folder, `${name}.conf`);
  await writeFile(
    file,
    `daemon off; worker_processes ${workers}; pid ${join(folder, `${name}.pid`)}; error_log stderr crit;
     events { worker_connections 1024; }
     http { access_log off; keepalive_requests 1000000000; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
     ${server} }`,
  );
  const child = spawn("nginx", ["-c", file, "-e", "stderr"], { stdio: ["ignore", "ignore", "inherit"] });
  const [, port] = server.match(/listen 127\.0\.0\.1:(\d+)/);
  while (
    !(await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`);
  }
  return child;
}
