// Starts gateways as operators do: `paragon-gateway serve` with a configuration file. Several may share one database.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePorts, run, start } from "./gateway.mjs";

const PROJECT = "app";

/**
 * A folder with keys and workflows, for gateways before the simulator at `simulator`. `database` is a URL; left out, a file
 * in the folder.
 */
export async function prepare({ simulator, workflows = [], database }) {
  const folder = await mkdtemp(join(tmpdir(), "paragon-served-"));
  const file = (name) => join(folder, name);
  const [vault, signing] = await Promise.all([run("keys", "vault"), run("keys", "signing")]);
  const [privateKey, publicKey] = signing.output.match(/-----BEGIN[\s\S]+?-----END[^\n]+/g);
  await writeFile(file("private.pem"), privateKey, { mode: 0o600 });
  await writeFile(file("public.pem"), publicKey);
  for (const workflow of workflows) await writeFile(file(`${workflow.id}.json`), JSON.stringify(workflow));
  const text = (value) => JSON.stringify(value);
  const configuration = [
    `database = ${text(database ?? `sqlite:${file("gateway.sqlite")}`)}`,
    `vault_keys = [${text(vault.output.trim())}]`,
    `entra_authority = ${text(`${simulator}/login.microsoftonline.com`)}`,
    `azure_devops_simulator = ${text(simulator)}`,
    "[limits]",
    "user_requests_per_minute = 0",
    "project_requests_per_minute = 0",
    "[[projects]]",
    `id = ${text(PROJECT)}`,
    'name = "App"',
    'allowed_origins = ["https://app.example.com"]',
    `signing_keys = [{ public_key_file = ${text(file("public.pem"))} }]`,
    `workflow_files = [${workflows.map((workflow) => text(file(`${workflow.id}.json`))).join(", ")}]`,
    "[projects.azure_devops]",
    'client_id = "id"',
    'client_secret = "secret"',
  ];
  await writeFile(file("gateway.toml"), configuration.join("\n"));
  return {
    folder,
    token: async (user) => (await run("token", "--user", user, "--key", file("private.pem"))).output.trim(),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * Starts one gateway of a prepared folder; ready when this returns. `sandbox` is where the simulator's control API is,
 * `simulator` another way to it than that of the folder.
 */
export async function serve({ folder, sandbox, simulator }) {
  const url = `http://127.0.0.1:${await freePorts()}`;
  const settings = { PARAGON_LISTEN: url.slice("http://".length), PARAGON_PUBLIC_URL: url, PARAGON_LOG: "warn,paragon_gateway::cli=info" };
  if (simulator) settings.PARAGON_AZURE_DEVOPS_SIMULATOR = simulator;
  const child = await start(["serve", "--config", join(folder, "gateway.toml")], "listening", settings);
  return { ...child, url, sandbox, projectUrl: `${url}/projects/${PROJECT}`, eventUrl: `${url}/v2/projects/${PROJECT}/sdk/events/trigger` };
}
