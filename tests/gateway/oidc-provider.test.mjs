// The gateway's OAuth client against an identity provider that nobody here wrote: PKCE required, refresh tokens rotated,
// a reused one kills the grant.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import Provider from "oidc-provider";

import { launch } from "../lib/chromium.mjs";
import { api, freePorts, run, start } from "../lib/gateway.mjs";

const RESOURCE = "499b84ac-1321-427f-aa17-267ca6975798";
const SCOPES = ["vso.profile", "vso.project", "vso.work_write"].map((name) => `${RESOURCE}/${name}`);
const ORIGIN = "http://127.0.0.1:9";

let folder, provider, providerServer, azure, gateway, browser, token;
const refreshes = [];
const live = new Set();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "paragon-oidc-"));
  const port = await freePorts();
  const url = `http://localhost:${port}`;
  providerServer = createServer();
  await listen(providerServer);
  const authority = `http://localhost:${providerServer.address().port}`;
  provider = makeProvider(authority, url);
  providerServer.on("request", provider.callback());
  azure = createServer(answerAsAzure);
  await listen(azure);
  const keys = (await run("keys", "signing")).output;
  const [privatePem, publicPem] = keys.split(/(?=-----BEGIN PUBLIC KEY)/);
  await writeFile(join(folder, "key.pem"), privatePem);
  await writeFile(join(folder, "public.pem"), publicPem);
  await writeFile(join(folder, "gateway.toml"), config(port, url, authority));
  const vault = (await run("keys", "vault")).output.trim();
  gateway = await start(["serve", "--config", join(folder, "gateway.toml")], "listening", { PARAGON_VAULT_KEYS: JSON.stringify([vault]) });
  gateway.url = url;
  gateway.projectUrl = `${url}/projects/app`;
  token = (await run("token", "--user", "u1", "--key", join(folder, "key.pem"))).output.trim();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await gateway?.stop();
  providerServer?.close();
  azure?.close();
  await rm(folder, { recursive: true, force: true });
});

async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
}

function config(port, url, authority) {
  return `
listen = "127.0.0.1:${port}"
public_url = "${url}"
database = "sqlite:${join(folder, "gateway.sqlite")}"
entra_authority = "${authority}"
azure_devops_simulator = "http://localhost:${azure.address().port}"
[[projects]]
id = "app"
name = "App"
allowed_origins = ["${ORIGIN}"]
signing_keys = [{ public_key_file = "${join(folder, "public.pem")}" }]
[projects.azure_devops]
client_id = "gateway"
client_secret = "a-secret-of-the-strict-provider"
`;
}

function makeProvider(issuer, gatewayUrl) {
  const made = new Provider(issuer, {
    clients: [
      {
        client_id: "gateway",
        client_secret: "a-secret-of-the-strict-provider",
        redirect_uris: [`${gatewayUrl}/oauth`],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: "client_secret_post",
        scope: ["openid", "profile", "offline_access", ...SCOPES].join(" "),
      },
    ],
    scopes: ["openid", "profile", "offline_access", ...SCOPES],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    ttl: { AccessToken: 10, RefreshToken: 3600, Grant: 3600, Session: 3600, Interaction: 600 },
    routes: { authorization: "/organizations/oauth2/v2.0/authorize", token: "/organizations/oauth2/v2.0/token" },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    jwks: undefined,
  });
  made.on("grant.success", (context) => {
    live.add(context.body.access_token);
    if (context.oidc.params.grant_type === "refresh_token") refreshes.push(context.oidc.params.refresh_token);
  });
  return made;
}

/** Just enough of Azure DevOps: it takes the access tokens that are live. */
function answerAsAzure(request, response) {
  const accepted = live.has((request.headers.authorization ?? "").replace("Bearer ", ""));
  const json = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (!accepted) return json(401, {});
  if (request.url.includes("/profiles/me")) return json(200, { id: "p1", publicAlias: "p1", displayName: "Ada", emailAddress: "ada@example.test" });
  if (request.url.includes("/_apis/accounts")) return json(200, { count: 1, value: [{ accountId: "a", accountName: "strict-org", accountUri: "x" }] });
  return json(200, { count: 1, value: [{ id: "1", name: "Strict" }] });
}

/** Connects in a real browser, as the popup does. */
async function connect() {
  const id = "i".repeat(43 - String(Date.now()).length) + Date.now();
  const ticket = "t".repeat(43 - String(Date.now()).length) + Date.now();
  const registered = await api(gateway, token, "POST", "/sdk/flows", { id, ticket, integration: "azuredevops" }, { origin: ORIGIN });
  assert.equal(registered.status, 201, registered.text);
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${gateway.url}/connect/start#${ticket}`);
  // No app opened this window: the page asks first.
  await page.getByRole("button", { name: /yes|continue/i }).click();
  await page.locator("input[name=login]").fill("ada");
  await page.locator("input[name=password]").fill("x");
  await page.locator("button[type=submit]").click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL((url) => url.href.startsWith(`${gateway.url}/oauth`)).catch(() => undefined);
  const flow = await api(gateway, token, "GET", `/sdk/flows/${id}?after=2&wait=20`);
  assert.equal(flow.json.status, "connected", flow.text);
  return flow.json.credentialId;
}

const projects = () => api(gateway, token, "GET", "/sdk/proxy/azuredevops/projects");

test("oidc-provider: the code flow with PKCE connects the account", async () => {
  await connect();
  const answer = await projects();
  assert.equal(answer.json?.output?.value?.[0]?.name, "Strict", answer.text);
});

test("oidc-provider: rotated refresh tokens are redeemed one after another, never twice, by fifty requests at once", async () => {
  for (let round = 1; round <= 3; round += 1) {
    live.clear();
    const before = refreshes.length;
    const answers = await Promise.all(Array.from({ length: 50 }, projects));
    assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [200], answers[0].text);
    assert.equal(refreshes.length - before, 1, `round ${round}`);
  }
  assert.equal(new Set(refreshes).size, refreshes.length);
});
