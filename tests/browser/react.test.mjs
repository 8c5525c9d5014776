// A customer's React app uses the whole headless surface against the real gateway.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { mail, newUser, opened, pickOrganization } from "../lib/app.mjs";
import { launch, signIn } from "../lib/chromium.mjs";
import { api, knob, startDev } from "../lib/gateway.mjs";
import { startReactApp } from "../lib/react-app.mjs";

let gateway, host, browser, blocker;
const contexts = [];

before(async () => {
  [gateway, host, browser, blocker] = await Promise.all([startDev("--token-life", "3600"), startReactApp(), launch(), launch({ blocksPopups: true })]);
});
after(async () => {
  await Promise.all([browser?.close(), blocker?.close()]);
  await Promise.all([gateway?.stop(), host?.stop()]);
});
afterEach(async (t) => {
  if (!t.passed) for (const page of contexts.flatMap((context) => context.pages())) t.diagnostic(await contents(page));
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});

/** What a page shows, for the report of a failed test. */
const contents = (page) =>
  page
    .locator("body")
    .ariaSnapshot({ timeout: 2_000 })
    .catch((error) => `${page.url()}: ${error.message}`);

/** Opens the app for a new user; gives its sections by name. `script` runs in the page, and the app is opened once it has logged `done`. */
async function openApp(from = browser, script) {
  const context = await from.newContext();
  contexts.push(context);
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  const token = await gateway.token(newUser());
  host.session = { gateway: gateway.url, project: "demo", token };
  if (script) await page.addInitScript(script);
  // Playwright's own look at the page counts as a click there, so the page has to speak first.
  const done = script && page.waitForEvent("console", (message) => message.text() === "done");
  await page.goto(host.url);
  await done;
  const section = (name) => page.getByRole("region", { name, exact: true });
  await section("Connect").waitFor();
  return { context, page, token, section, problems };
}

const button = (place, name) => place.getByRole("button", { name, exact: true });

/** Connects by one of the simulator's personal access tokens. */
async function connectByToken(app, organization = "contoso-demo") {
  const { organizations } = await knob(gateway.sandbox, "GET", "state");
  const found = organizations.find((one) => one.name === organization);
  const secret = found.personalAccessTokens?.[0]?.token ?? found.personalAccessToken;
  const connect = app.section("Connect");
  await button(connect, "Connect an account").click();
  await button(connect, "Personal access token").click();
  await enterToken(connect, organization, secret);
  await connect.getByRole("status").getByText(`${organization} is connected`).waitFor();
}

async function enterToken(connect, organization, secret) {
  const form = connect.getByRole("form", { name: "Account" });
  await form.getByLabel("Organization").fill(organization);
  await form.getByLabel("Personal access token").fill(secret);
  await button(form, "Save").click();
}

async function openPopup(app) {
  const connect = app.section("Connect");
  await button(connect, "Connect an account").click();
  return opened(app.context, () => button(connect, "Microsoft account").click());
}

const credentials = async (app) => (await api(gateway, app.token, "GET", "/sdk/me")).json.integrations.azuredevops.allCredentials;

/** Waits until the gateway's record of the only account passes `test`. */
async function recorded(app, test) {
  const end = Date.now() + 15_000;
  for (;;) {
    const all = await credentials(app);
    if (test(all)) return all;
    if (Date.now() > end) throw new Error(`the gateway never had what was expected: ${JSON.stringify(all)}`);
    await app.page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

test("an account is connected in a popup, and the list of integrations says so", async () => {
  const app = await openApp();
  await app.page.getByRole("list", { name: "Integrations" }).getByText("Azure DevOps: not connected").waitFor();
  const popup = await openPopup(app);
  await signIn(popup, mail.ada);
  await pickOrganization(popup, "contoso-demo");
  await app.section("Connect").getByRole("status").getByText("contoso-demo is connected").waitFor();
  await app.page.getByRole("list", { name: "Integrations" }).getByText("Azure DevOps: connected").waitFor();
  assert.equal((await credentials(app)).length, 1);
  assert.deepEqual(app.problems, []);
});

test("a wrong token is refused with a text, and the right one connects", async () => {
  const app = await openApp();
  const connect = app.section("Connect");
  await button(connect, "Connect an account").click();
  await button(connect, "Personal access token").click();
  await enterToken(connect, "contoso-demo", "wrong".repeat(10));
  await connect.getByRole("alert").waitFor();
  assert.deepEqual(await credentials(app), []);
  await button(connect, "Cancel").click();
  await connect.getByRole("form").waitFor({ state: "detached" });
  await connectByToken(app);
  assert.deepEqual(app.problems, []);
});

test("a refused sign-in is reported with its code, and can be tried again", async () => {
  const app = await openApp();
  const popup = await openPopup(app);
  await popup
    .getByRole("button", { name: /cancel/i })
    .first()
    .click();
  const connect = app.section("Connect");
  const alert = connect.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.getAttribute("data-name"), /^OAuth(Failed|Cancelled)Error$/);
  const again = await opened(app.context, () => button(connect, "Try again").click());
  await signIn(again, mail.grace);
  await connect.getByRole("status").getByText("contoso-demo is connected").waitFor();
});

test("cancel closes the popup and leaves no account", async (t) => {
  // A sign-in page that has cut itself off cannot be closed from here.
  await knob(gateway.sandbox, "PATCH", "settings", { openerPolicy: false });
  t.after(() => knob(gateway.sandbox, "PATCH", "settings", { openerPolicy: true }));
  const app = await openApp();
  const popup = await openPopup(app);
  const closed = popup.waitForEvent("close");
  await button(app.section("Connect"), "Cancel").click();
  await closed;
  assert.equal(await app.section("Connect").getByRole("alert").count(), 0);
  assert.deepEqual(await credentials(app), []);
});

/** Presses the app's buttons by script: for the browser nobody clicked. */
function pressWithoutUser() {
  const names = ["Connect an account", "Microsoft account"];
  const observer = new MutationObserver(() => {
    const found = [...document.querySelectorAll("button")].find((one) => one.textContent === names[0]);
    if (names.length && found) {
      names.shift();
      found.click();
    }
    if (document.querySelector("[role=alert]")) {
      observer.disconnect();
      console.info("done");
    }
  });
  observer.observe(document, { childList: true, subtree: true });
}

test("a blocked popup is reported", async () => {
  const app = await openApp(blocker, pressWithoutUser);
  const alert = app.section("Connect").getByRole("alert");
  await alert.getByText("Popup was blocked by the browser.").waitFor();
  assert.equal(await alert.getAttribute("data-name"), "OAuthBlockedError");
  const popup = await opened(app.context, () => button(app.section("Connect"), "Try again").click());
  await signIn(popup, mail.grace);
  await app.section("Connect").getByRole("status").waitFor();
});

test("of two accounts one is used and one is disconnected", async () => {
  const app = await openApp();
  await connectByToken(app, "contoso-demo");
  await connectByToken(app, "fabrikam-works");
  const accounts = app.section("Accounts");
  const entry = (name) => accounts.getByRole("listitem").filter({ hasText: name });
  await button(entry("fabrikam-works"), "Use").click();
  assert.equal(await entry("fabrikam-works").getAttribute("aria-current"), "true");
  await button(entry("fabrikam-works"), "Disconnect").click();
  await entry("fabrikam-works").waitFor({ state: "detached" });
  assert.equal(await entry("contoso-demo").getAttribute("aria-current"), "true");
  assert.equal((await credentials(app)).length, 1);
  assert.deepEqual(app.problems, []);
});

test("settings are filled from the account and kept", async () => {
  const app = await openApp();
  await connectByToken(app);
  const settings = app.section("Settings");
  const project = settings.getByRole("combobox", { name: /Project/ });
  await project.locator("option").nth(1).waitFor({ state: "attached" });
  const value = await project.locator("option").nth(1).getAttribute("value");
  await project.selectOption(value);
  await settings.getByLabel("Tag for work items").fill("harbor");
  await button(settings, "Save settings").click();
  await settings.getByRole("status").getByText("Saved").waitFor();
  const [{ configurations }] = await credentials(app);
  assert.deepEqual(configurations[0].sharedSettings, { project: value, tag: "harbor" });
  await app.page.reload();
  await settings.waitFor();
  assert.equal(await settings.getByLabel("Tag for work items").inputValue(), "harbor");
});

test("workflows are switched on and off, and have settings", async () => {
  const app = await openApp();
  await connectByToken(app);
  const name = "Create a work item for each request";
  const workflow = app.section("Workflows").getByRole("group", { name, exact: true });
  const state = async (test) => recorded(app, ([{ configurations }]) => Object.values(configurations[0].workflowSettings).some(test));
  await workflow.getByRole("checkbox", { name, exact: true }).click();
  await workflow.getByRole("checkbox", { name, exact: true, checked: true }).waitFor();
  await state((one) => one.enabled === true);
  const project = workflow.getByRole("combobox", { name: "Project", exact: true });
  await project.locator("option").nth(1).waitFor({ state: "attached" });
  await project.selectOption({ index: 1 });
  await workflow.getByLabel("Type").selectOption("Task");
  await workflow.getByLabel("Begin titles with").fill("Request: ");
  await button(workflow, "Save workflow").click();
  await workflow.getByRole("status").getByText('"workItemType":"Task"').waitFor();
  await state((one) => one.settings.titlePrefix === "Request: " && one.enabled === true);
  await workflow.getByRole("checkbox", { name, exact: true }).click();
  await workflow.getByRole("checkbox", { name, exact: true, checked: false }).waitFor();
  await recorded(app, ([{ configurations }]) => Object.values(configurations[0].workflowSettings).some((one) => one.settings.titlePrefix && !one.enabled));
  assert.deepEqual(app.problems, []);
});

test("configurations are added, labeled and removed; the default one stays", async () => {
  const app = await openApp();
  await connectByToken(app);
  const section = app.section("Configurations");
  const entry = (name) => section.getByRole("listitem").filter({ hasText: name });
  await section.getByLabel("Name of the configuration").fill("team-red");
  await button(section, "Add").click();
  await entry("team-red").waitFor();
  await section.getByLabel("Name of the configuration").fill("Red team");
  await button(entry("team-red"), "Label").click();
  await entry("Red team").waitFor();
  const added = await recorded(app, ([{ configurations }]) => configurations.length === 2);
  assert.deepEqual(added[0].configurations.find((one) => !one.isDefault).configMeta, { label: "Red team" });
  await button(entry("default"), "Remove").click();
  await section.getByRole("alert").getByText("Cannot delete default configuration.").waitFor();
  await button(entry("team-red"), "Remove").click();
  await entry("team-red").waitFor({ state: "detached" });
  assert.equal((await credentials(app))[0].configurations.length, 1);
});

test("work items are listed for a project and a type that depends on it", async () => {
  const app = await openApp();
  await connectByToken(app);
  const section = app.section("Work items");
  const project = section.getByLabel("Of project");
  await project.locator("option").nth(1).waitFor({ state: "attached" });
  await project.selectOption({ index: 1 });
  const type = section.getByLabel("Of type");
  await type.locator("option", { hasText: "Bug" }).waitFor({ state: "attached" });
  await type.selectOption({ label: "Bug" });
  await button(section, "List").click();
  await section.getByRole("listitem").first().waitFor();
  for (const text of await section.getByRole("listitem").allTextContents()) assert.match(text, /^Bug: ./);
  assert.deepEqual(app.problems, []);
});
