// Workflows in the Connect Portal: switches, settings of every kind, and what happens when something goes wrong.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";

import { newUser } from "../lib/app.mjs";
import { launch } from "../lib/chromium.mjs";
import { api, connectByToken, startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";

const SDKS = { ours: "our SDK", reference: "the reference SDK (@useparagon/connect 2.4.0)" };
const pictures = new URL("screenshots/", import.meta.url).pathname;
const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** One setting of each kind. */
const EVERY_KIND = {
  id: "every-kind",
  description: "Every kind",
  inputs: [
    { id: "text", title: "One line", type: "text" },
    { id: "area", title: "Several lines", type: "text_area" },
    { id: "count", title: "Count", type: "number" },
    { id: "mail", title: "Mail", type: "email" },
    { id: "link", title: "Link", type: "url" },
    { id: "tick", title: "Tick", type: "boolean" },
    { id: "flip", title: "Flip", type: "switch" },
    {
      id: "size",
      title: "Size",
      type: "enum",
      values: [
        { label: "Small", value: "s" },
        { label: "Large", value: "l" },
      ],
    },
    { id: "project", title: "Project", type: "dynamic_enum", source: "projects" },
    { id: "workItemType", title: "Type", type: "dynamic_enum", source: "workItemTypes" },
    { id: "state", title: "State", type: "dynamic_enum", source: "states" },
    { id: "color", title: "Color", type: "custom_dropdown", source: "colors", values: [{ label: "Blue", value: "blue" }] },
    { id: "customer", title: "Customer", type: "custom_dropdown", source: "customers" },
    {
      id: "fields",
      title: "Fields",
      type: "field_mapping",
      source: "request",
      values: [
        { label: "Subject", value: "subject" },
        { label: "Body", value: "body" },
      ],
    },
  ],
};
const HIDDEN = { id: "hidden", description: "Hidden from users", hidden: true };
const CREATE = "Create a work item for each request";
const CLOSE = "Close requests when their work item is done";

let gateway, browser, folder, context, page, portal, token;
const hosts = {};

before(async () => {
  await mkdir(pictures, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), "paragon-portal-"));
  const files = [EVERY_KIND, HIDDEN].map((workflow) => [join(folder, `${workflow.id}.json`), workflow]);
  for (const [file, workflow] of files) await writeFile(file, JSON.stringify(workflow));
  const workflows = files.flatMap(([file]) => ["--workflow", file]);
  [gateway, browser, hosts.ours, hosts.reference] = await Promise.all([startDev(...workflows), launch(), startHostApp("ours"), startHostApp("reference")]);
});
after(async () => {
  await browser?.close();
  await Promise.all([gateway?.stop(), hosts.ours?.stop(), hosts.reference?.stop()]);
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => context?.close());

/** Opens the portal for a new user whose account, by a token of each of `organizations`, is connected. */
async function openPortal({ sdk = "ours", organizations = ["contoso-demo"], options = {}, browserOptions = {}, before = () => undefined } = {}) {
  context = await browser.newContext({ reducedMotion: "reduce", ...browserOptions });
  context.setDefaultTimeout(15_000);
  page = await context.newPage();
  await before();
  token = await gateway.token(newUser());
  for (const organization of organizations) await connectByToken(gateway, token, organization);
  await page.goto(hosts[sdk].url);
  await signIn();
  portal = page.frameLocator("#paragon-connect-frame");
  await showPortal(options);
}

async function signIn() {
  await page.evaluate(
    async ({ url, token }) => {
      const services = ["ZEUS", "HERMES", "WORKER_PROXY", "API_TRIGGER_KIT", "CONNECT", "DASHBOARD", "CDN", "PASSPORT"];
      const urls = Object.fromEntries(services.map((name) => [`${name}_PUBLIC_URL`, url]));
      window.paragon.configureGlobal({ host: "x" }, urls);
      await window.paragon.authenticate("demo", token);
      window.changes = [];
      window.paragon.subscribe("onWorkflowChange", ({ workflowId, workflowStateChange }) => window.changes.push([workflowId, workflowStateChange]));
    },
    { url: gateway.url, token },
  );
}

/** Presses the app's button; the app gives its customers page by page, ten to each, and says what was asked. */
async function showPortal(options = {}) {
  await page.evaluate((options) => {
    window.asked = [];
    window.loaderFails = false;
    const customers = Array.from({ length: 25 }, (_, index) => ({ label: `Customer ${index + 1}`, value: `c${index + 1}` }));
    const loadOptions = async (cursor, search = "") => {
      window.asked.push([cursor ?? null, search]);
      if (window.loaderFails) throw new Error("the app's database is away");
      const found = customers.filter(({ label }) => label.toLowerCase().includes(search.toLowerCase()));
      const start = Number(cursor ?? 0);
      return { options: found.slice(start, start + 10), nextPageCursor: start + 10 < found.length ? String(start + 10) : null };
    };
    const types = [
      { label: "Incident", value: "incident" },
      { label: "Wish", value: "wish" },
    ];
    const mapObjectFields = {
      request: {
        objectTypes: { get: async () => ({ options: types, nextPageCursor: null }) },
        integrationFields: {
          get: async ({ objectType }) => ({ options: [{ label: `Name of the ${objectType}`, value: `${objectType}.name` }], nextPageCursor: null }),
        },
        applicationFields: {
          fields: [
            { label: "Subject", value: "subject" },
            { label: "Mood", value: "mood" },
          ],
          defaultFields: ["subject"],
          userCanRemoveMappings: true,
          userCanCreateFields: true,
        },
      },
    };
    const given = { dropdowns: { customers: { loadOptions } }, ...(options.loaders ? { mapObjectFields } : {}) };
    document.querySelector("#connect").onclick = () => void window.paragon.connect("azuredevops", given).catch(() => undefined);
  }, options);
  await page.click("#connect");
  await portal.getByRole("dialog").waitFor();
}

const row = (name) => portal.getByTestId("workflow").filter({ hasText: name });
const toggle = (name) => portal.getByRole("switch", { name });
const isOn = (name, checked = true) => portal.getByRole("switch", { name, checked }).waitFor();
const openForm = (name) => row(name).getByTestId("workflow-settings").click();
const save = (name) => row(name).getByTestId("save-settings").click();
const saved = (name) => row(name).getByTestId("saved").waitFor();
const field = (name, title, role = "combobox") => row(name).getByRole(role, { name: title });

/** Choices of the combobox that is open. */
const choices = () => portal.getByRole("listbox", { name: "Choices" }).getByRole("option");

/** Chooses in a combobox. */
async function choose(within, label) {
  await within.click();
  await portal.getByRole("option", { name: label, exact: true }).click();
}

/** The configuration of the first account, or of the account in `organization`, as the gateway has it. */
async function stored(organization = "contoso-demo") {
  const { json } = await api(gateway, token, "GET", "/sdk/me");
  return json.integrations.azuredevops.allCredentials.find((one) => one.providerData.organization === organization).configurations[0];
}

/** What axe-core finds in the portal that keeps somebody out. */
async function serious() {
  const frame = page.frames().find((one) => new URL(one.url()).pathname === "/ui");
  await frame.evaluate(await axe);
  const { violations } = await frame.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

for (const [sdk, name] of Object.entries(SDKS)) {
  test(`${name}: a workflow asks for what is missing, then is switched on, and off again`, async () => {
    await openPortal({ sdk });
    await isOn(CLOSE);
    assert.equal(await toggle("Hidden from users").count(), 0);
    await toggle(CREATE).click();
    await row(CREATE).getByTestId("missing").getByText("Fill in “Project” first").waitFor();
    const project = field(CREATE, "Project");
    assert.equal(await project.evaluate((input) => input.getRootNode().activeElement === input), true, "the focus is in the field");
    assert.equal(await project.getAttribute("aria-invalid"), "true");
    assert.equal((await stored()).workflowSettings["5b1d8f0e-6c1a-4a51-9d0b-3f5b7a9c1e01"].enabled, false);
    await choose(project, "Fabrikam");
    await save(CREATE);
    await isOn(CREATE);
    const { settings, enabled } = (await stored()).workflowSettings["5b1d8f0e-6c1a-4a51-9d0b-3f5b7a9c1e01"];
    assert.equal(enabled, true);
    assert.match(settings.project, /^[0-9a-f-]{36}$/);
    await toggle(CREATE).click();
    await isOn(CREATE, false);
    const changes = await page.evaluate(() => window.changes.map(([, change]) => change));
    assert.deepEqual(changes, [{ settings: { project: settings.project } }, { enabled: true }, { enabled: false }]);
  });

  test(`${name}: the settings that workflows share are saved, kept over a reload, and taken away`, async () => {
    await openPortal({ sdk });
    const shared = portal.getByTestId("shared-settings");
    await choose(shared.getByRole("combobox", { name: "Project" }), "Tailspin Toys");
    await shared.getByLabel("Tag for work items").fill(" desk ");
    await shared.getByTestId("save-settings").click();
    await shared.getByTestId("saved").waitFor();
    assert.equal((await stored()).sharedSettings.tag, "desk");
    await page.reload();
    await signIn();
    await showPortal();
    await page.waitForFunction(() => document.querySelector("#paragon-connect-frame").style.display === "block");
    assert.equal(await shared.getByLabel("Tag for work items").inputValue(), "desk");
    await shared.getByLabel("Tag for work items").fill("");
    await shared.getByTestId("save-settings").click();
    await shared.getByTestId("saved").waitFor();
    assert.deepEqual(Object.keys((await stored()).sharedSettings), ["project"]);
    assert.equal(await shared.getByRole("combobox", { name: "Project" }).inputValue(), "Tailspin Toys");
  });
}

test("each kind of setting is filled in and stored as what it is", async () => {
  await openPortal();
  await openForm("Every kind");
  const form = row("Every kind");
  await form.getByLabel("One line").fill("a line");
  await form.getByLabel("Several lines").fill("two\nlines");
  await form.getByLabel("Count").fill("2.5");
  await form.getByLabel("Mail").fill("ada@example.com");
  await form.getByLabel("Link").fill("https://example.com/a");
  await form.getByLabel("Tick").check();
  await form.getByRole("switch", { name: "Flip" }).click();
  await form.getByLabel("Size").selectOption("Large");
  assert.equal(await field("Every kind", "Type").isDisabled(), true, "types depend on the project");
  await choose(field("Every kind", "Project"), "Fabrikam");
  await choose(field("Every kind", "Type"), "Bug");
  await choose(field("Every kind", "State"), "Active");
  await form.getByLabel("Color").selectOption("Blue");
  await choose(field("Every kind", "Customer"), "Customer 3");
  await choose(field("Every kind", "Map to"), "Bug");
  await choose(field("Every kind", "Subject"), "Title");
  await save("Every kind");
  await saved("Every kind");
  const { settings } = (await stored()).workflowSettings["every-kind"];
  assert.match(settings.project, /^[0-9a-f-]{36}$/);
  assert.deepEqual(
    { ...settings, project: "p" },
    {
      text: "a line",
      area: "two\nlines",
      count: 2.5,
      mail: "ada@example.com",
      link: "https://example.com/a",
      tick: true,
      flip: true,
      size: "l",
      project: "p",
      workItemType: "Bug",
      state: "Active",
      color: "blue",
      customer: "c3",
      fields: {
        mappingType: "DYNAMIC",
        objectMapping: "Bug",
        dynamicMappings: { subject: { applicationField: "subject", integrationField: "System.Title" }, body: { applicationField: "body" } },
      },
    },
  );
  await choose(field("Every kind", "Project"), "Northwind");
  assert.equal(await field("Every kind", "Type").inputValue(), "", "another project has other types");
});

test("a field mapping asks the app's loaders, and its fields are added, named and removed", async () => {
  await openPortal({ options: { loaders: true } });
  await openForm("Every kind");
  await choose(field("Every kind", "Map to"), "Incident");
  await choose(field("Every kind", "Subject"), "Name of the incident");
  const form = row("Every kind");
  await form.getByLabel("Add a field").selectOption("Mood");
  await form.getByLabel("Name of the new field").fill("Berth");
  await form.getByLabel("Name of the new field").press("Enter");
  await choose(field("Every kind", "Berth"), "Name of the incident");
  await form.getByRole("button", { name: "Remove Mood" }).click();
  await save("Every kind");
  await saved("Every kind");
  assert.deepEqual((await stored()).workflowSettings["every-kind"].settings.fields, {
    mappingType: "DYNAMIC",
    objectMapping: "incident",
    dynamicMappings: {
      subject: { applicationField: "subject", integrationField: "incident.name" },
      Berth: { applicationField: "Berth", integrationField: "incident.name" },
    },
    userCreatedFields: ["Berth"],
  });
});

test("choices are searched and loaded page by page, and tried again when they cannot be loaded", async () => {
  await openPortal();
  await page.evaluate(() => (window.loaderFails = true));
  await openForm("Every kind");
  const customer = field("Every kind", "Customer");
  const alert = row("Every kind").getByRole("alert").filter({ hasText: "The options could not be loaded" });
  await alert.waitFor();
  assert.equal(await alert.getByText("database").count(), 0, "what the app's loader threw is not for users");
  await page.evaluate(() => (window.loaderFails = false));
  await row("Every kind").getByTestId("retry-choices").click();
  await alert.waitFor({ state: "detached" });
  await customer.click();
  const options = choices();
  await options.filter({ hasText: "Customer 10" }).waitFor();
  assert.equal(await options.count(), 10);
  await customer.press("ArrowUp");
  await customer.press("ArrowDown");
  await options.filter({ hasText: "Customer 20" }).waitFor();
  await customer.fill("customer 25");
  await options.filter({ hasText: "Customer 25" }).waitFor();
  await customer.press("ArrowDown");
  await customer.press("Enter");
  assert.equal(await customer.inputValue(), "Customer 25");
  const asked = await page.evaluate(() => window.asked.slice(0, 4));
  assert.deepEqual(asked, [
    [null, ""],
    [null, ""],
    ["10", ""],
    [null, "customer 25"],
  ]);
  await customer.fill("nobody");
  await row("Every kind").getByText("No match for “nobody”.").first().waitFor();
  await customer.press("Escape");
  assert.equal(await customer.inputValue(), "Customer 25", "what was not chosen is not taken");
  await portal.getByRole("dialog").waitFor();
});

test("a field that is wrong says so, and one that the gateway refuses keeps what was entered", async () => {
  await openPortal();
  await openForm("Every kind");
  const form = row("Every kind");
  await form.getByLabel("Count").fill("many");
  await save("Every kind");
  const count = form.getByLabel("Count");
  assert.equal(await count.getAttribute("aria-invalid"), "true");
  const description = await count.evaluate((input) =>
    input
      .getAttribute("aria-describedby")
      .split(" ")
      .map((id) => input.getRootNode().getElementById(id)?.textContent)
      .join(""),
  );
  assert.match(description, /Enter a number/);
  await count.fill("7");
  await form.getByLabel("One line").fill("refused");
  await context.route("**/sdk/credentials/*", async (route) => {
    const { config } = route.request().postDataJSON();
    delete config.workflowSettings["every-kind"].settings.text;
    const answer = await route.fetch({ postData: config === undefined ? "" : JSON.stringify({ config }) });
    await route.fulfill({ response: answer, json: { ...(await answer.json()), errors: ["workflowSettings.every-kind.settings.text: must not be that"] } });
  });
  await save("Every kind");
  await form.getByText("“One line” must not be that.").waitFor();
  assert.equal(await form.getByLabel("One line").inputValue(), "refused");
  assert.equal((await stored()).workflowSettings["every-kind"].settings.count, 7);
  await context.unroute("**/sdk/credentials/*");
  await context.route("**/sdk/credentials/*", (route) => route.abort());
  await save("Every kind");
  await form.getByTestId("settings-error").getByText("No connection to the server").waitFor();
  assert.equal(await form.getByLabel("One line").inputValue(), "refused");
  await context.unroute("**/sdk/credentials/*");
  await save("Every kind");
  await saved("Every kind");
  assert.equal((await stored()).workflowSettings["every-kind"].settings.text, "refused");
});

test("a switch that the gateway cannot be asked about stays, and says why", async () => {
  await openPortal();
  await context.route("**/sdk/workflows/*", (route) => route.abort());
  await toggle(CLOSE).click();
  await row(CLOSE).getByTestId("switch-error").getByText("No connection to the server").waitFor();
  await isOn(CLOSE);
  await context.unroute("**/sdk/workflows/*");
  await toggle(CLOSE).click();
  await isOn(CLOSE, false);
  assert.equal(await row(CLOSE).getByTestId("switch-error").count(), 0);
});

test("settings and switches belong to the account that is chosen", async () => {
  await openPortal({ organizations: ["contoso-demo", "contoso-labs"] });
  await portal.getByTestId("settings-account").selectOption({ label: "contoso-labs" });
  await toggle(CLOSE).click();
  await isOn(CLOSE, false);
  await openForm("Every kind");
  await row("Every kind").getByLabel("One line").fill("labs");
  await save("Every kind");
  await saved("Every kind");
  await portal.getByTestId("settings-account").selectOption({ label: "contoso-demo" });
  await isOn(CLOSE);
  await openForm("Every kind");
  assert.equal(await row("Every kind").getByLabel("One line").inputValue(), "");
  assert.equal((await stored("contoso-labs")).workflowSettings["every-kind"].settings.text, "labs");
  assert.deepEqual((await stored()).workflowSettings["every-kind"].settings, {});
});

test("an account that must be connected again keeps its settings and offers no switches", async () => {
  await openPortal();
  await page.route("**/sdk/me", async (route) => {
    const answer = await route.fetch();
    const me = await answer.json();
    for (const credential of me.integrations.azuredevops.allCredentials) credential.status = "INVALID";
    me.integrations.azuredevops.credentialStatus = "INVALID";
    await route.fulfill({ response: answer, json: me });
  });
  await page.evaluate(() => window.paragon.setUserMetadata({ plan: "pro" }));
  await portal.getByTestId("settings-unavailable").getByText("Reconnect this account").waitFor();
  assert.equal(await portal.getByTestId("workflow").count(), 0);
  await portal.getByTestId("reconnect").waitFor();
});

test("where nothing can be set nothing is shown", async () => {
  const withNothing = async (route) => {
    const answer = await route.fetch();
    const [integration] = await answer.json();
    integration.workflows = [];
    Object.assign(integration.configs[0].values, { workflowMeta: {}, sharedMeta: { inputs: [] } });
    await route.fulfill({ response: answer, json: [integration] });
  };
  await openPortal({ before: () => context.route("**/sdk/integrations", withNothing) });
  await portal.getByTestId("status").getByText("Connected").waitFor();
  assert.equal(await portal.getByTestId("settings").count(), 0);
});

test("settings that are not saved are asked about before the portal closes", async () => {
  await openPortal();
  await openForm("Every kind");
  await row("Every kind").getByLabel("One line").fill("half done");
  await page.keyboard.press("Escape");
  await portal.getByTestId("unsaved").waitFor();
  await portal.getByTestId("stay").click();
  assert.equal(await row("Every kind").getByLabel("One line").inputValue(), "half done");
  await portal.getByTestId("close").click();
  await portal.getByTestId("leave").click();
  await page.waitForFunction(() => document.querySelector("#paragon-connect-frame").style.display === "none", undefined, { polling: 20 });
  assert.deepEqual((await stored()).workflowSettings["every-kind"].settings, {});
});

test("whoever moves the focus before the portal's first frame is drawn keeps it", async () => {
  const hold = () => {
    window.held = [];
    window.requestAnimationFrame = (run) => window.held.push(run);
  };
  await openPortal({ before: () => page.addInitScript({ content: `if (location.pathname === "/ui") (${hold})();` }) });
  const frame = page.frames().find((one) => new URL(one.url()).pathname === "/ui");
  await frame.waitForFunction(() => window.held.length > 0, undefined, { polling: 20 });
  await toggle(CREATE).focus();
  await frame.evaluate(() => window.held.splice(0).forEach((run) => run(performance.now())));
  await page.keyboard.press("Space");
  await row(CREATE).getByTestId("missing").waitFor();
});

test("the keyboard alone opens settings, chooses, saves and switches", async () => {
  await openPortal();
  await toggle(CREATE).focus();
  await page.keyboard.press("Space");
  await row(CREATE).getByTestId("missing").waitFor();
  const project = field(CREATE, "Project");
  await portal.locator("[role=combobox]:focus").waitFor();
  await page.keyboard.press("ArrowDown");
  await choices().first().waitFor();
  await page.keyboard.press("ArrowDown");
  assert.match((await project.getAttribute("aria-activedescendant")) ?? "", /option-0$/);
  await page.keyboard.press("Escape");
  assert.equal(await project.getAttribute("aria-expanded"), "false");
  assert.equal(await portal.getByRole("dialog").count(), 1, "Escape closed the list alone");
  await page.keyboard.type("fabr");
  await portal.getByRole("option", { name: "Fabrikam" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await project.inputValue(), "Fabrikam");
  await field(CREATE, "Begin titles with", "textbox").focus();
  await page.keyboard.press("Enter");
  await isOn(CREATE);
});

for (const [name, browserOptions] of Object.entries({
  light: { viewport: { width: 900, height: 1000 } },
  dark: { colorScheme: "dark", viewport: { width: 900, height: 1000 } },
  phone: { viewport: { width: 360, height: 780 } },
})) {
  test(`nothing keeps anybody out (${name})`, async () => {
    await openPortal({ browserOptions, options: { loaders: true } });
    await portal.getByTestId("workflow").first().waitFor();
    assert.deepEqual(await serious(), []);
    await toggle(CREATE).click();
    await row(CREATE).getByTestId("missing").waitFor();
    await field(CREATE, "Project").click();
    await choices().first().waitFor();
    assert.deepEqual(await serious(), []);
    await page.screenshot({ path: join(pictures, `portal-workflows-${name}.png`) });
    await choices().first().click();
    await openForm("Every kind");
    await choose(field("Every kind", "Map to"), "Incident");
    await field("Every kind", "Subject").waitFor();
    assert.deepEqual(await serious(), []);
    const frame = page.frames().find((one) => new URL(one.url()).pathname === "/ui");
    assert.equal(await frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, "nothing is wider than the window");
    await field("Every kind", "Subject").scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(pictures, `portal-settings-${name}.png`) });
  });
}
