/** The files for operators: Dockerfile, compose.yaml, Helm chart, systemd unit. What a tool can say of them, it says here. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = new URL("../..", import.meta.url).pathname;
const environment = join(root, "target/operations-tools");
const tool = (name) => join(environment, "bin", name);
const here = new URL("operations/", import.meta.url).pathname;

let skip, chart;

before(async () => {
  try {
    await run("python3", ["-m", "venv", environment]);
    await run(tool("python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", join(here, "requirements.txt")]);
    const { stdout } = await run(tool("python"), [join(here, "chart.py"), root]);
    chart = JSON.parse(stdout);
  } catch (error) {
    skip = `Helm and hadolint cannot be installed: ${String(error.stderr || error.message).slice(-300)}`;
  }
});

const container = (manifests) => manifests.find(({ kind }) => kind === "Deployment").spec.template.spec.containers[0];
const kinds = (manifests) => manifests.map(({ kind }) => kind).sort();

test("the chart passes lint and has the version of the gateway", async (t) => {
  if (skip) return t.skip(skip);
  assert.deepEqual(chart.lint.errors, []);
  const { version } = (await readFile(join(root, "Cargo.toml"), "utf8")).match(/^version = "(?<version>[^"]+)"/m).groups;
  assert.deepEqual([chart.metadata.version, chart.metadata.appVersion], [version, version]);
});

test("the chart makes several gateways on PostgreSQL, or one with a volume, and never two on one file", (t) => {
  if (skip) return t.skip(skip);
  assert.deepEqual(kinds(chart.postgres), ["ConfigMap", "Deployment", "PodDisruptionBudget", "Service"]);
  assert.deepEqual(kinds(chart.sqlite), ["ConfigMap", "Deployment", "Ingress", "PersistentVolumeClaim", "Service"]);
  assert.match(chart.refusal, /one gateway uses: set replicas to 1, or use PostgreSQL/);
  const mounts = (manifests) => container(manifests).volumeMounts.map(({ mountPath }) => mountPath);
  assert.ok(!mounts(chart.postgres).includes("/var/lib/paragon"));
  assert.ok(mounts(chart.sqlite).includes("/var/lib/paragon"));
});

test("containers have no rights, a read-only file system and the gateway's own probes", (t) => {
  if (skip) return t.skip(skip);
  const { securityContext, livenessProbe, readinessProbe } = container(chart.postgres);
  assert.deepEqual(securityContext, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
  assert.deepEqual([livenessProbe.httpGet.path, readinessProbe.httpGet.path], ["/healthz", "/readyz"]);
  const { gateway } = chart.compose.services;
  assert.deepEqual([gateway.read_only, gateway.cap_drop, gateway.security_opt], [true, ["ALL"], ["no-new-privileges:true"]]);
});

test("the Dockerfile passes hadolint", async (t) => {
  if (skip) return t.skip(skip);
  await run(tool("hadolint"), ["--failure-threshold", "info", join(root, "Dockerfile")]);
});

test("systemd accepts the unit and finds little to attack", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "paragon-unit-"));
  t.after(() => rm(folder, { recursive: true }));
  const unit = join(folder, "paragon-gateway.service");
  // The program need not be installed here.
  const text = await readFile(join(root, "docs/operations/paragon-gateway.service"), "utf8");
  await writeFile(unit, text.replace("/usr/local/bin/paragon-gateway", "/bin/true"));
  try {
    await run("systemd-analyze", ["--version"]);
  } catch {
    return t.skip("systemd-analyze is not on this machine");
  }
  const { stderr } = await run("systemd-analyze", ["verify", unit]);
  assert.equal(stderr, "");
  // From 0 (nothing to attack) to 10, in tenths.
  await run("systemd-analyze", ["security", "--offline=true", "--threshold=15", unit]);
});
