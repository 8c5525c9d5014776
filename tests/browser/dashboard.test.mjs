// The dashboard as an operator uses it, with pictures of what they see.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";

import { mail, opened } from "../lib/app.mjs";
import { launch } from "../lib/chromium.mjs";
import { EMAIL, freshPage, overflow, passwordOf, serious, signInOperator } from "../lib/dashboard.mjs";
import { api, connectByToken, startDev } from "../lib/gateway.mjs";

const pictures = new URL("./screenshots/", import.meta.url).pathname;
/** The simulator's registration for trying settings. */
const CLIENT_ID = "0a7e5b7c-5a0d-4b0c-9a53-5a4d0b0c0002";
const [FIRST_SECRET, , EXPIRED_SECRET] = ["practice~client-secret", "practice~second-secret", "practice~expired-secret"];
let gateway, browser, password, context, page, problems;

before(async () => {
  [gateway, browser] = await Promise.all([startDev(), launch(), mkdir(pictures, { recursive: true })]);
  password = await passwordOf(gateway);
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});
afterEach(() => context?.close());

/** A fresh browser on a page of the dashboard. */
async function visit(path = "/dashboard", options = {}) {
  ({ context, page, problems } = await freshPage(browser, options));
  await page.goto(gateway.url + path);
}

const enter = (secret = password) => signInOperator(page, secret);

const news = (text) => page.getByTestId("news").getByText(text).waitFor({ state: "attached" });
const outcome = (name) => page.locator(`[data-testid=result][data-outcome=${name}]`).waitFor();

async function testIn(directory) {
  await page.getByLabel("Directory in which the app is registered").fill(directory);
  await page.getByTestId("run-test").click();
}

async function addSecret(secret, expires) {
  await page.getByRole("textbox", { name: /^(Another client|Client) secret$/ }).fill(secret);
  if (expires) await page.getByLabel("Expires on").fill(expires);
  await page.getByTestId("add-secret").click();
  await news("The client secret was added.");
}

test("an operator signs in, sets the integration up, has it tested, and the demo connects with it", async () => {
  await visit();
  await enter("not the password");
  await page.getByTestId("error").getByText("Email address or the password is wrong", { exact: false }).waitFor();
  await enter();
  await page.getByRole("heading", { name: "Azure DevOps" }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/dashboard/projects/demo/integration");
  await page.getByTestId("development").waitFor();
  await page.getByText(`${gateway.url}/oauth`).first().waitFor();

  await page.getByLabel("Client ID").fill(CLIENT_ID);
  await page.getByTestId("save").click();
  await news("Saved.");
  await page.getByTestId("no-secret").waitFor();
  assert.equal(await page.getByTestId("state").innerText(), "Not set up");
  await addSecret(EXPIRED_SECRET);
  await testIn("contoso.example");
  await outcome("expired_secret");
  await page.getByTestId("remove-secret").click();
  await page.getByTestId("confirm-remove").click();
  await page.getByTestId("no-secret").waitFor();
  await addSecret(FIRST_SECRET, "2999-01-31");
  assert.equal(await page.getByTestId("state").innerText(), "Active");
  await testIn("");
  await outcome("directory_needed");
  await testIn("nowhere.example");
  await outcome("unknown_directory");
  await testIn("contoso.example");
  await outcome("works");

  // A larger permission takes the smaller ones along.
  const [write, full] = ["vso.work_write", "vso.work_full"].map((name) => page.getByRole("checkbox", { name, exact: true }));
  await full.check();
  await page.getByText("Included in vso.work_full.").first().waitFor();
  assert.ok((await write.isChecked()) && (await write.isDisabled()));
  await page.getByTestId("save").click();
  await news("Saved.");
  assert.ok((await page.getByTestId("chosen").innerText()).includes("vso.work_full"));
  const html = await page.content();
  assert.ok(!html.includes(FIRST_SECRET) && !html.includes(EXPIRED_SECRET), "no secret comes back");

  const demo = await context.newPage();
  await demo.goto(gateway.url);
  await demo.getByTestId("sign-in-grace").click();
  await demo.getByTestId("connect-portal").click();
  const portal = demo.frameLocator("#paragon-connect-frame");
  const popup = await opened(context, () => portal.getByTestId("connect").click());
  await popup.getByRole("button", { name: mail.grace }).click();
  await popup.getByText("Harbor Desk practice").first().waitFor();
  await popup.getByText("Full access to work items").waitFor();
  await popup.getByRole("button", { name: "Accept" }).click();
  await portal.getByTestId("finish").click();
  await demo.getByTestId("items").waitFor();
  await demo.close();

  await page.getByRole("link", { name: "Users" }).click();
  await page.getByTestId("users").getByText("contoso-demo", { exact: true }).waitFor();
  await page.getByLabel("Search by user").fill("nobody like this");
  await page.getByTestId("empty").waitFor();
  await page.getByLabel("Search by user").fill("grace");
  await page.getByTestId("disconnect").click();
  await page.getByTestId("confirm-disconnect").click();
  await news("was disconnected.");

  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByTestId("entries").getByText("changed the integration settings").first().waitFor();
  assert.ok(!(await page.getByTestId("entries").innerText()).includes(FIRST_SECRET));
  await page.getByTestId("sign-out").click();
  await page.getByTestId("sign-in").waitFor();
  await page.goBack();
  await page.getByTestId("sign-in").waitFor();
  assert.deepEqual(problems, []);
});

test("an integration that is switched off says so to the app, and a session that ended asks to sign in again", async () => {
  await visit("/dashboard/projects/demo/integration");
  await enter();
  const active = page.getByRole("switch", { name: "Active" });
  await active.uncheck();
  await page.getByTestId("save").click();
  await news("Saved.");
  const token = await gateway.token("ada");
  const answer = await fetch(`${gateway.projectUrl}/sdk/integrations`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await answer.json())[0].isActive, false);

  await context.clearCookies();
  await active.check();
  await page.getByTestId("save").click();
  await page.getByText("Your session has ended").waitFor();
  await enter();
  await active.check();
  await page.getByTestId("save").click();
  await news("Saved.");
  assert.equal(new URL(page.url()).pathname, "/dashboard/projects/demo/integration");
});

test("changes are kept until they are saved or given up", async () => {
  await visit("/dashboard/projects/demo/integration");
  await enter();
  await page.getByLabel("Client ID").fill("something-else");
  page.once("dialog", (dialog) => dialog.dismiss());
  await page.getByRole("link", { name: "Audit log" }).click();
  assert.equal(await page.getByLabel("Client ID").inputValue(), "something-else");
  await page.getByTestId("discard").click();
  assert.notEqual(await page.getByLabel("Client ID").inputValue(), "something-else");
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByRole("heading", { name: "Audit log" }).waitFor();
  await page.goBack();
  await page.getByLabel("Client ID").waitFor();
});

test("a gateway that fails is said, and can be tried again", async () => {
  await visit("/dashboard/projects/demo/integration");
  await page.route("**/integration", (route) => (route.request().resourceType() === "fetch" ? route.abort() : route.continue()));
  await enter();
  await page.getByText("The gateway is unreachable").waitFor();
  await page.unroute("**/integration");
  await page.getByTestId("retry").click();
  await page.getByLabel("Client ID").waitFor();
  await page.goto(`${gateway.url}/dashboard/projects/nothing/integration`);
  await page.getByText("Project not found").waitFor();
});

test("an admin adds an operator, who sees less, changes their password and is removed", async () => {
  await visit();
  await enter();
  await page.getByRole("link", { name: "Operators" }).click();
  await page.getByTestId("operators").getByText("(you)").waitFor();
  await page.getByLabel("Email address").fill("grace@harbor-desk.example");
  await page.getByLabel("Initial password").fill("too short");
  await page.getByTestId("add-operator").click();
  await page.getByText("At least 12 characters.").waitFor();
  await page.getByLabel("Initial password").fill("the first password");
  await page.getByTestId("add-operator").click();
  await news("grace@harbor-desk.example was added.");

  const other = await browser.newContext();
  const theirs = await other.newPage();
  const signInAs = async (secret) => {
    await theirs.getByLabel("Email address").fill("grace@harbor-desk.example");
    await theirs.getByLabel("Password", { exact: true }).fill(secret);
    await theirs.getByTestId("sign-in").click();
  };
  await theirs.goto(`${gateway.url}/dashboard`);
  await signInAs("the first password");
  await theirs.getByText("These settings are read-only for you").waitFor();
  assert.equal(await theirs.getByRole("link", { name: "Operators" }).count(), 0);
  assert.ok(await theirs.getByRole("switch", { name: "Active" }).isDisabled());
  assert.equal(await theirs.getByTestId("add-secret").count(), 0);
  await theirs.getByRole("link", { name: "Your account" }).click();
  await theirs.getByLabel("Current password").fill("the first password");
  await theirs.getByLabel("New password", { exact: true }).fill("the second password");
  await theirs.getByLabel("Confirm new password").fill("the second password");
  await theirs.getByTestId("change-password").click();
  await theirs.getByText("Your session has ended").waitFor();
  await signInAs("the second password");
  await theirs.getByRole("heading", { name: "Your account" }).waitFor();

  await page.getByRole("button", { name: "Remove grace@harbor-desk.example" }).click();
  await page.getByTestId("confirm-remove").click();
  await news("grace@harbor-desk.example was removed.");
  await theirs.getByRole("link", { name: "Audit log" }).click();
  await theirs.getByText("Your session has ended").waitFor();
  await other.close();
});

test("what ran is seen, explained and run again", async () => {
  const token = await gateway.token("historian");
  await connectByToken(gateway, token, "contoso-demo");
  const id = "5b1d8f0e-6c1a-4a51-9d0b-3f5b7a9c1e01";
  const { json } = await api(gateway, token, "GET", "/sdk/me");
  const { id: credential } = json.integrations.azuredevops.allCredentials[0];
  const settings = { workflowSettings: { [id]: { settings: { project: "Fabrikam", workItemType: "Task" } } } };
  await api(gateway, token, "PATCH", `/sdk/credentials/${credential}`, { config: settings });
  await api(gateway, token, "POST", `/sdk/workflows/${id}`);
  const send = (payload) =>
    fetch(`${gateway.url}/v2/projects/demo/sdk/events/trigger`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ name: "Request Created", payload }),
    });
  await send({ text: "a request without a title" });
  await send({ title: "Seen in the history", text: "all is well" });
  const ended = async () => (await api(gateway, token, "GET", "/runs")).json.runs.filter((run) => run.endedAt).length;
  while ((await ended()) < 2) await new Promise((resolve) => setTimeout(resolve, 50));

  await visit("/dashboard/projects/demo/runs");
  await enter();
  await page.getByTestId("runs").waitFor();
  await page.getByLabel("User ID").fill("historian");
  await page.getByLabel("Status").selectOption("failed");
  const failed = page.getByTestId("runs").getByRole("link");
  await page.getByTestId("runs").getByText("Succeeded").waitFor({ state: "detached" });
  await failed.filter({ hasText: "there is no `title`" }).waitFor();
  assert.equal(await failed.count(), 1);
  await failed.click();
  await page.getByRole("heading", { name: "Create a work item for each request" }).waitFor();
  await page.getByText("Step find failed").waitFor();
  assert.deepEqual(await serious(page), []);
  await page.screenshot({ path: join(pictures, "dashboard-run-failed.png"), fullPage: true });

  await page.getByRole("link", { name: "All runs" }).click();
  await page.getByLabel("Status").selectOption("succeeded");
  await page.getByLabel("User ID").fill("historian");
  await page.getByTestId("runs").getByText("Failed").waitFor({ state: "detached" });
  await page.getByTestId("runs").getByRole("link").first().click();
  const steps = page.getByTestId("steps");
  await steps.getByText("Create it").waitFor();
  const created = steps.getByRole("listitem").filter({ hasText: "Create it" });
  await created.getByText("Output").click();
  await created.locator("details[open]").getByText("Seen in the history").waitFor();
  const first = page.url();
  await page.getByTestId("replay").click();
  await page.waitForURL((url) => url.href !== first);
  await page.getByTestId("status").filter({ hasText: "Succeeded" }).waitFor();
  await steps.getByText("Update it").waitFor();
  await page.screenshot({ path: join(pictures, "dashboard-run.png"), fullPage: true });
  await page.goBack();
  await steps.getByText("Create it").waitFor();
  await page.getByRole("link", { name: "Audit log" }).click();
  await page.getByText("replayed a run of the user historian").waitFor();
});

test("a workflow that Azure DevOps does not tell of its work items is shown with its user and the reason", async () => {
  await visit("/dashboard/projects/demo/users");
  await enter();
  await page.getByRole("heading", { name: "Connected users" }).waitFor();
  const definition = {
    id: "unserved",
    description: "Watch a project that is not there",
    defaultEnabled: true,
    trigger: { type: "workItemCreated", project: "Nowhere" },
    steps: [{ id: "wait", do: { type: "delay", amount: 0, unit: "SECONDS" } }],
  };
  await page.evaluate(async (definition) => {
    const send = async (method, path, body) => {
      const answer = await fetch(`/dashboard/api/projects/demo/workflows${path}`, {
        method,
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(await answer.text());
    };
    await send("POST", "", { definition });
    await send("PUT", "/unserved/deployment", { version: 1 });
  }, definition);
  await connectByToken(gateway, await gateway.token("unserved"), "contoso-demo");
  const told = page.getByRole("listitem").filter({ hasText: "unserved" }).getByTestId("failing-trigger");
  const read = async () => {
    await page.reload();
    await page.getByTestId("users").waitFor();
    return told.count();
  };
  // The gateway subscribes within seconds.
  for (let left = 100; left > 0 && (await read()) === 0; left--);
  await told.getByText("“Watch a project that is not there” is not triggered by work items").waitFor();
  await told.getByText(/Nowhere.*The next attempt is at/).waitFor();
  assert.deepEqual(problems, []);
});

for (const [name, options] of Object.entries({
  light: { viewport: { width: 1400, height: 900 } },
  dark: { viewport: { width: 1400, height: 900 }, colorScheme: "dark" },
  narrow: { viewport: { width: 360, height: 740 } },
})) {
  test(`every view can be used by everybody (${name})`, async () => {
    await visit("/dashboard", options);
    await page.getByTestId("sign-in").waitFor();
    const look = async (view) => {
      assert.deepEqual(await serious(page), [], view);
      assert.equal(await overflow(page), 0, `${view} is not wider than the window`);
      await page.screenshot({ path: join(pictures, `dashboard-${view}-${name}.png`), fullPage: true });
    };
    await look("sign-in");
    await connectByToken(gateway, await gateway.token("ada"), "contoso-demo");
    await enter();
    await page.getByLabel("Client ID").waitFor();
    await look("integration");
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByTestId("entries").waitFor();
    await look("audit");
    await page.getByRole("link", { name: "Users" }).click();
    await page.getByTestId("users").waitFor();
    await look("users");
    await page.getByRole("link", { name: "History" }).click();
    await page.getByTestId("empty").or(page.getByTestId("runs")).waitFor();
    await look("history");
    await page.getByRole("link", { name: "Operators" }).click();
    await page.getByTestId("operators").waitFor();
    await look("operators");
    await page.getByRole("link", { name: "Your account" }).click();
    await page.getByTestId("change-password").waitFor();
    await look("account");
    assert.deepEqual(problems, []);
  });
}

test("the keyboard alone is enough", async () => {
  await visit("/dashboard/projects/demo/audit");
  await page.getByTestId("sign-in").waitFor();
  await page.keyboard.type(EMAIL);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.getByTestId("entries").waitFor();
  await page.keyboard.press("Shift+Tab");
  const focused = () => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.textContent.trim());
  for (let turn = 0; turn < 12 && (await focused()) !== "Integration"; turn++) await page.keyboard.press("Tab");
  assert.equal(await focused(), "Integration");
  await page.keyboard.press("Enter");
  await page.getByLabel("Client ID").waitFor();
});
