// Operators sign in to the dashboard with an OpenID provider that nobody here wrote, on another site than the gateway.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";

import Provider from "oidc-provider";

import { launch } from "../lib/chromium.mjs";
import { freshPage, overflow, serious } from "../lib/dashboard.mjs";
import { freePorts, run, runWith, start } from "../lib/gateway.mjs";

const pictures = new URL("./screenshots/", import.meta.url).pathname;
const SECRET = "a-secret-of-the-strict-provider";
/** Whom the provider knows, with what it says of them. */
const PEOPLE = {
  ada: { email: "Ada@example.com", email_verified: true },
  eve: { email: "eve@example.com", email_verified: true },
  mallory: { email: "ada@example.com", email_verified: false },
};
let folder, url, providerServer, gateway, browser, context, page, problems;

before(async () => {
  [folder, browser] = await Promise.all([mkdtemp(join(tmpdir(), "paragon-oidc-")), launch(), mkdir(pictures, { recursive: true })]);
  const port = await freePorts();
  url = `http://localhost:${port}`;
  providerServer = createServer();
  providerServer.listen(0, "127.0.0.1");
  await once(providerServer, "listening");
  const issuer = `http://127.0.0.1:${providerServer.address().port}`;
  providerServer.on("request", makeProvider(issuer).callback());
  const file = join(folder, "gateway.toml");
  await writeFile(file, config(port, issuer));
  const env = { PARAGON_VAULT_KEYS: JSON.stringify([(await run("keys", "vault")).output.trim()]), PARAGON_OIDC__CLIENT_SECRET: SECRET };
  gateway = await start(["serve", "--config", file], "listening", env);
  const added = await runWith("a password of operators", "operator", "--config", file, "add", "ada@example.com", "--role", "admin");
  assert.equal(added.code, 0, added.errors);
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
  providerServer?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});
afterEach(() => context?.close());

function config(port, issuer) {
  return `
listen = "127.0.0.1:${port}"
public_url = "${url}"
database = "sqlite:${join(folder, "gateway.sqlite")}"
[oidc]
issuer = "${issuer}"
client_id = "gateway"
label = "Example"
[[projects]]
id = "app"
name = "App"
`;
}

function makeProvider(issuer) {
  return new Provider(issuer, {
    clients: [{ client_id: "gateway", client_secret: SECRET, redirect_uris: [`${url}/dashboard/oidc`] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    pkce: { required: () => true },
    ttl: { AccessToken: 60, Grant: 3600, IdToken: 60, Interaction: 600, Session: 3600 },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
  });
}

/** A fresh browser on a page of the dashboard. */
async function visit(path = "/dashboard", options = {}) {
  ({ context, page, problems } = await freshPage(browser, options));
  await page.goto(url + path);
  await page.getByTestId("provider").waitFor();
}

/** Signs in on the provider's pages. */
async function signInThere(person) {
  await page.locator("input[name=login]").fill(person);
  await page.locator("input[name=password]").fill("x");
  await page.locator("button[type=submit]").click();
  await page.getByRole("button", { name: "Continue" }).click();
}

/** What the sign-in page says went wrong; the gateway's log has the same under the reference. */
async function refused(title, logged) {
  const error = page.getByTestId("error");
  await error.getByText(title).waitFor();
  const reference = await error.locator("code").innerText();
  const line = gateway.log.find((one) => one.includes(reference) && one.includes("was refused"));
  assert.ok(line?.includes(logged), line);
  assert.deepEqual(await serious(page), []);
}

const address = () => page.url().slice(url.length);

test("an operator signs in with the provider and goes on where they were", async () => {
  await visit("/dashboard/projects/app/users?x=1");
  await page.getByRole("button", { name: "Sign in with Example" }).click();
  await signInThere("ada");
  await page.getByRole("heading", { name: "Users" }).waitFor();
  assert.equal(address(), "/dashboard/projects/app/users?x=1");
  await page.getByRole("link", { name: "Your account" }).click();
  await page.getByText("ada@example.com").first().waitFor();
  await page.getByRole("link", { name: "Audit log" }).click();
  const entries = page.getByTestId("entries");
  await entries.getByText("signed in").first().waitFor();
  await entries.getByText("Example").first().waitFor();
  const cookies = (await context.cookies(url)).filter(({ name }) => name.startsWith("paragon"));
  assert.deepEqual(
    cookies.map(({ name, sameSite, httpOnly }) => ({ name, sameSite, httpOnly })).sort((one, other) => one.name.localeCompare(other.name)),
    [
      { name: "paragon-operator", sameSite: "Strict", httpOnly: true },
      // Tells a browser that signed in before from one that guesses.
      { name: "paragon-operator-device", sameSite: "Strict", httpOnly: true },
    ],
  );
  // A session that ends meanwhile asks for both ways again; the provider knows who it is.
  await context.clearCookies({ name: "paragon-operator" });
  await page.getByRole("link", { name: "Operators" }).click();
  await page.getByText("Your session has ended").waitFor();
  await page.getByTestId("provider").click();
  await page.getByTestId("operators").waitFor();
  assert.equal(address(), "/dashboard/operators");
  // The provider's pages want a font from elsewhere.
  assert.deepEqual(
    problems.filter((one) => !one.includes("ERR_NAME_NOT_RESOLVED")),
    [],
  );
});

test("who is no operator, or has not verified the address, is told so", async () => {
  await visit("/dashboard/projects/app/users");
  await page.getByTestId("provider").click();
  await signInThere("eve");
  await refused("You are not an operator of this gateway", "unknown_operator");
  assert.equal(address(), "/dashboard/projects/app/users", "nothing stays in the address");
  await page.reload();
  await page.getByTestId("provider").waitFor();
  assert.equal(await page.getByTestId("error").count(), 0);
  await context.close();

  await visit();
  await page.getByTestId("provider").click();
  await signInThere("mallory");
  await refused("Your email address is not verified", "email_not_verified");
});

test("who gives up there, or comes back too often, may try again", async () => {
  await visit();
  const answers = [];
  page.on("request", (request) => new URL(request.url()).pathname === "/dashboard/oidc" && answers.push(request.url()));
  await page.getByTestId("provider").click();
  await page.getByRole("link", { name: /cancel/i }).click();
  await refused("The sign-in was canceled", "the operator cancelled the sign-in");
  await page.goto(answers[0]);
  await refused("This sign-in has expired", "no sign-in is in progress");
  await page.getByTestId("provider").click();
  await signInThere("ada");
  await page.getByTestId("sign-out").waitFor();
  await page.goto(answers.at(-1));
  await page.getByTestId("sign-out").waitFor();
  assert.equal(address(), "/dashboard/projects/app/integration");
});

test("the password still works, and the keyboard alone is enough for both", async () => {
  await visit();
  const focused = () => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.id);
  assert.equal(await focused(), "provider");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "email");
  await page.keyboard.type("ada@example.com");
  await page.keyboard.press("Tab");
  await page.keyboard.type("a password of operators");
  await page.keyboard.press("Enter");
  await page.getByTestId("sign-out").click();
  await page.getByTestId("provider").waitFor();
  assert.equal(await focused(), "provider");
  await page.keyboard.press("Enter");
  await page.locator("input[name=login]").waitFor();
});

for (const [name, options] of Object.entries({
  light: { viewport: { width: 1400, height: 900 } },
  dark: { viewport: { width: 1400, height: 900 }, colorScheme: "dark" },
  narrow: { viewport: { width: 360, height: 740 } },
})) {
  test(`the sign-in page can be used by everybody (${name})`, async () => {
    await visit("/dashboard?sign-in=token_refused&reference=0199f1c2-7f4e-7a10-8a54-2f6f3f5e9a01", options);
    await page.getByText("response is not valid").waitFor();
    assert.deepEqual(await serious(page), []);
    assert.equal(await overflow(page), 0, "it is not wider than the window");
    await page.screenshot({ path: join(pictures, `dashboard-oidc-${name}.png`), fullPage: true });
    assert.deepEqual(problems, []);
  });
}
