// Starts the sandbox for a test file, or uses the one at SANDBOX_URL.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Starts the sandbox; resolves with its address and a function that stops it. */
export async function startSandbox() {
  if (process.env.SANDBOX_URL) return { url: process.env.SANDBOX_URL, stop() {} };
  const arguments_ = ["run", "--quiet", "--package", "paragon-sandbox", "--example", "sandbox", "--", "--port", "0"];
  const child = spawn("cargo", arguments_, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`sandbox ended with ${code} before it listened`)));
  });
  return { url, stop: () => child.kill() };
}

/** Calls the control API; throws on refusal. */
export async function control(url, method, path, body) {
  const init = { method };
  if (method !== "GET") Object.assign(init, { headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) });
  const response = await fetch(`${url}/_sandbox/${path}`, init);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Token of a seeded organization's personal access token by its label. */
export async function personalAccessToken(url, organization, label) {
  const state = await control(url, "GET", "state");
  return state.organizations.find((one) => one.name === organization).personalAccessTokens.find((one) => one.label === label).token;
}
