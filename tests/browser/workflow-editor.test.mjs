// A workflow built in the dashboard as a person does, run by the app, and seen in the history.

import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { after, afterEach, before, test } from "node:test";

import { newUser } from "../lib/app.mjs";
import { launch } from "../lib/chromium.mjs";
import { openDashboard, overflow, serious } from "../lib/dashboard.mjs";
import { api, connectByToken, startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";

const pictures = new URL("./screenshots/", import.meta.url).pathname;
const CLIENT_ID = "0a7e5b7c-5a0d-4b0c-9a53-5a4d0b0c0002";
let gateway, browser, host, context, page, problems, token;

before(async () => {
  gateway = await startDev();
  browser = await launch();
  host = await startHostApp("ours");
  await mkdir(pictures, { recursive: true });
});
after(async () => {
  await browser?.close();
  await Promise.all([gateway?.stop(), host?.stop()]);
});
afterEach(() => context?.close());

/** Opens a page of the dashboard as the operator. */
async function enter(path, options) {
  ({ context, page, problems } = await openDashboard(browser, gateway, path, options));
}

const news = (text) => page.getByTestId("news").getByText(text).waitFor({ state: "attached" });
const field = (name) => page.getByRole("textbox", { name, exact: true });

/** Types into a field of the editor; `{{words}}` is chosen from the menu that opens. */
async function write(name, text) {
  await field(name).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.press("Delete");
  for (const part of text.split(/(\{\{.*?\}\})/)) {
    const [, words] = /^\{\{(.*)\}\}$/.exec(part) ?? [];
    await page.keyboard.type(words === undefined ? part : "{{");
    if (words === undefined) continue;
    await page.getByRole("listbox").waitFor();
    await page.keyboard.type(words);
    // While the menu is being brought up to date it takes no Enter.
    const ready = page.locator(".cm-tooltip-autocomplete:not(.cm-tooltip-autocomplete-disabled) li[aria-selected=true] .variable-reference");
    await ready.getByText(words, { exact: true }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("listbox").waitFor({ state: "detached" });
  }
}

async function addStep(list, kind) {
  await page.getByTestId(`add-step${list}`).click();
  await page.getByTestId(`kind-${kind}`).click();
}

/** A page of the app, signed in as a user with a connected account. */
async function openApp() {
  token = await gateway.token(newUser());
  await connectByToken(gateway, token, "contoso-demo");
  const app = await context.newPage();
  await app.goto(host.url);
  await app.evaluate(
    async ({ gateway, token }) => {
      window.paragon.configureGlobal({ gateway });
      await window.paragon.authenticate("demo", token);
    },
    { gateway: gateway.url, token },
  );
  return app;
}

/** The user's runs, once so many are over. */
async function runsThatEnded(count) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { json } = await api(gateway, token, "GET", "/runs?workflow=requests-become-bugs");
    const ended = json.runs.filter((run) => run.endedAt);
    if (ended.length >= count) return ended;
    assert.ok(Date.now() < deadline, `only ${ended.length} of ${count} runs ended: ${JSON.stringify(json.runs)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function itemsTitled(title) {
  const filters = [{ field: "System.Title", operator: "=", value: title }];
  const { json } = await api(gateway, token, "POST", "/actions", {
    action: "AZURE_DEVOPS_SEARCH_WORKITEMS",
    parameters: { filters, fields: ["System.Description"] },
  });
  return json.output.workItems;
}

test("settings, a workflow with the menu of variables, an event, the work item, the history, an update and a replay", async () => {
  await enter("/dashboard/projects/demo/integration");
  await page.getByLabel("Client ID").fill(CLIENT_ID);
  await page.getByTestId("save").click();
  await news("Saved.");
  await page.getByRole("textbox", { name: "Client secret" }).fill("practice~client-secret");
  await page.getByTestId("add-secret").click();
  await news("The client secret was added.");

  await page.getByRole("link", { name: "Workflows", exact: true }).click();
  await page.getByTestId("new-workflow").click();
  await page.getByLabel("Name", { exact: true }).fill("Requests become bugs");
  await page.getByTestId("entry-inputs").click();
  await page.getByTestId("add-setting").click();
  await page.getByLabel("Label", { exact: true }).fill("Target project");
  await page.getByLabel("Kind", { exact: true }).selectOption("Choices from Azure DevOps (projects, types, …)");
  await page.getByTestId("entry-trigger").click();
  await page.getByLabel("Event name").fill("Request Filed");
  await field("Sample payload (optional)").click();
  await page.keyboard.insertText('{"title": "A pump leaks", "text": "Since noon"}');

  await addStep("-steps", "AZURE_DEVOPS_SEARCH_WORKITEMS");
  await page.getByLabel("Step name (optional)").fill("Look for it");
  await write("Value (optional)", "{{trigger.output.title}}");
  await addStep("-steps", "conditional");
  await write("What", "{{find.output.workItems}}");
  await page.getByLabel("How", { exact: true }).selectOption("is an empty list");
  await page.getByLabel("Name of branch 1").fill("None is there");
  await addStep("-steps-1-do-branches-0-steps", "AZURE_DEVOPS_CREATE_WORKITEM");
  await write("Project", "{{settings.target-project}}");
  await write("System.Title", "{{trigger.output.title}}");
  await page.getByTestId("add-fields").click();
  await page.getByLabel("Name 2").fill("System.Description");
  await page.getByLabel("Name 2").press("Tab");
  await write("System.Description", "Filed: {{trigger.output.text}}");
  await page.screenshot({ path: `${pictures}workflow-editor-create.png`, fullPage: true });
  await addStep("-steps-1-do-otherwise", "AZURE_DEVOPS_UPDATE_WORKITEM");
  await write("ID", "{{find.output.workItems[0].id}}");
  await page.getByLabel("Name 1").fill("System.Description");
  await page.getByLabel("Name 1").press("Tab");
  await write("System.Description", "Again: {{trigger.output.text}}");
  await page.getByTestId("problem-count").waitFor({ state: "detached" });
  assert.deepEqual(await serious(page), []);
  await page.getByTestId("save").click();
  await news("Saved as version 1.");
  assert.equal(new URL(page.url()).pathname, "/dashboard/projects/demo/workflows/requests-become-bugs");
  assert.equal(await page.getByTestId("state").innerText(), "Not deployed");
  await page.getByTestId("deploy").click();
  await news("Version 1 is deployed.");
  assert.equal(await page.getByTestId("state").innerText(), "Deployed");

  const app = await openApp();
  const send = (text) => app.evaluate((text) => window.paragon.event("Request Filed", { title: "The winch squeaks", text }), text);
  await app.evaluate(async () => {
    await window.paragon.updateWorkflowUserSettings("azuredevops", "requests-become-bugs", { "target-project": "Fabrikam" });
    await window.paragon.enableWorkflow("requests-become-bugs");
  });
  await send("a little");
  const [first] = await runsThatEnded(1);
  assert.equal(first.status, "succeeded", JSON.stringify(first.error));
  const descriptions = async () => (await itemsTitled("The winch squeaks")).map((item) => item.fields["System.Description"]);
  assert.deepEqual(await descriptions(), ["Filed: a little"]);
  await send("a lot");
  await runsThatEnded(2);
  assert.deepEqual(await descriptions(), ["Again: a lot"]);

  await page.bringToFront();
  await page.getByRole("link", { name: "Run history", exact: true }).click();
  await page
    .getByRole("link", { name: /Requests become bugs/ })
    .first()
    .click();
  await page.getByText("Look for it").waitFor();
  await page.getByText("Update work item").or(page.getByText("update ·")).first().waitFor();
  await page.getByRole("button", { name: "Replay" }).click();
  const runs = await runsThatEnded(3);
  assert.equal(runs[0].status, "succeeded");
  assert.deepEqual(await descriptions(), ["Again: a lot"]);
  assert.deepEqual(problems, []);
});

/** Makes a workflow over the API, as another operator would have, and opens it. */
async function openWorkflow(id, extra = {}, options = {}) {
  await enter("/dashboard", options);
  await page.getByRole("heading", { name: "Azure DevOps" }).waitFor();
  const definition = {
    id,
    description: "Bugs from tickets",
    trigger: { type: "appEvent", event: "Ticket Created", sample: { title: "A pump leaks", contact: { email: "ada@example.com" } } },
    steps: [
      {
        id: "create",
        title: "Make it",
        do: {
          type: "action",
          action: "AZURE_DEVOPS_CREATE_WORKITEM",
          parameters: { project: "Fabrikam", workItemType: "Task", fields: { "System.Title": "{{trigger.output.title}}" } },
        },
      },
      { id: "note", do: { type: "request", method: "POST", url: "https://example.com/hook", body: { id: "{{create.output.id}}" } } },
    ],
    ...extra,
  };
  await page.evaluate(async (definition) => {
    const answer = await fetch("/dashboard/api/projects/demo/workflows", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ definition }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }, definition);
  await page.goto(`${gateway.url}/dashboard/projects/demo/workflows/${id}`);
  await page.getByTestId("entry-general").waitFor();
}

test("the menu is used by keyboard; a reference is a token that stays text; an unknown one says what was meant", async () => {
  await openWorkflow("by-keyboard");
  await page.getByTestId("entry-create").click();
  const title = field("System.Title");
  await page.locator(".token").getByText("Trigger › title", { exact: true }).waitFor();
  await title.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Control+End");
  await page.locator(".reference").getByText("{{trigger.output.title}}").waitFor();
  await page.keyboard.type(" by {{");
  const menu = page.getByRole("listbox");
  await menu.waitFor();
  assert.equal(await menu.getByRole("option", { selected: true }).count(), 1);
  await menu.getByRole("option", { name: /^contact.email .*ada@example.com/ }).waitFor();
  await page.keyboard.press("Escape");
  await menu.waitFor({ state: "detached" });
  await page.keyboard.type("em");
  await menu.getByRole("option", { selected: true }).getByText("trigger.output.contact.email").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  assert.equal(await title.innerText(), "{{trigger.output.title}} by {{trigger.output.contact.email}}".replace("{{trigger.output.title}}", "Trigger › title"));

  // What cannot be right is marked, and the nearest name told.
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("{{triger.output.title}}");
  await page.locator("dash-code").getByText("did you mean `trigger`?").waitFor();
  await page.locator(".reference.wrong").waitFor();
  assert.equal(await page.getByTestId("save").getAttribute("aria-disabled"), "true");
  await write("System.Title", "{{trigger.output.title}}");
  await page.getByTestId("problem-count").waitFor({ state: "detached" });

  // A new id of a step reaches the references to it.
  await page.getByText("Step ID and error handling").click();
  await page.getByLabel("Step ID", { exact: true }).fill("made");
  await page.getByTestId("entry-note").click();
  await page.getByText("{{made.output.id}}").or(page.locator(".token").getByText("Make it › id")).first().waitFor();
  // Typing over a styled selection, the browser itself tries to carry its style over, which the policy stops.
  assert.deepEqual(
    problems.filter((one) => !one.startsWith("Applying inline style")),
    [],
  );
});

test("a step is tried, versions are compared and taken over, and a definition goes out and comes in", async () => {
  await openWorkflow("tried");
  const user = newUser();
  token = await gateway.token(user);
  await connectByToken(gateway, token, "contoso-demo");
  await page.reload();
  await page.getByTestId("entry-create").click();
  await page.getByText("Test step").click();
  await page.getByTestId("look").click();
  await page.getByTestId("outcome").getByText('"System.Title": "A pump leaks"').waitFor();
  const account = page.getByLabel("Account (for suggestions and step tests)");
  await account.selectOption({ index: (await account.locator("option").count()) - 1 });
  await field("Work item type").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("Bu");
  await page.getByRole("option", { name: /^Bug/ }).waitFor();
  await page.screenshot({ path: `${pictures}workflow-editor-choices.png` });
  await page.keyboard.press("Enter");
  assert.equal(await field("Work item type").innerText(), "Bug");
  await page.getByTestId("carry-out").click();
  await page.getByText("Step succeeded").waitFor();
  assert.equal((await itemsTitled("A pump leaks")).length > 0, true);

  await write("System.Title", "{{trigger.output.title}}!");
  await page.getByTestId("save").click();
  await news("Saved as version 2.");
  await page.getByTestId("entry-versions").click();
  await page.getByRole("button", { name: "Compare with version 1" }).click();
  await page.getByRole("textbox", { name: "Changes since version 1" }).getByText("{{trigger.output.title}}!").waitFor();
  await page.screenshot({ path: `${pictures}workflow-editor-versions.png` });
  await page.getByRole("button", { name: "Restore version 1" }).click();
  await page.getByTestId("discard").click();
  await page.getByRole("button", { name: "Deploy version 1" }).or(page.getByTestId("entry-versions")).first().waitFor();

  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("export").click()]);
  assert.equal(download.suggestedFilename(), "tried.json");
  const exported = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.equal(exported.steps[0].do.parameters.fields["System.Title"], "{{trigger.output.title}}!");
  await page.getByRole("link", { name: "All workflows" }).click();
  const file = {
    name: "mine.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify({ ...exported, id: "imported", description: "Imported" })),
  };
  await page.getByLabel("Import…").setInputFiles({ ...file, buffer: Buffer.from("no json") });
  await page.getByText("is not a JSON object", { exact: false }).waitFor();
  await page.getByLabel("Import…").setInputFiles(file);
  await page.getByRole("heading", { name: "Imported" }).waitFor();
  await page.getByTestId("save").click();
  await news("Saved as version 1.");
  assert.equal(new URL(page.url()).pathname, "/dashboard/projects/demo/workflows/imported");
  assert.deepEqual(problems, []);
});

test("a workflow of the configuration file is read-only and can be copied", async () => {
  await enter("/dashboard/projects/demo/workflows");
  await page.getByRole("link", { name: "Create a work item for each request" }).click();
  await page.getByText("Defined in the configuration file").waitFor();
  await page.getByTestId("entry-find").click();
  assert.equal(await page.getByLabel("Step name (optional)").getAttribute("readonly"), "");
  assert.equal(await page.getByTestId("save").count(), 0);
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("heading", { name: "Create a work item for each request (copy)" }).waitFor();
  await page.getByTestId("save").click();
  await news("Saved as version 1.");
  assert.deepEqual(problems, []);
});

for (const [name, options] of Object.entries({
  light: {},
  dark: { colorScheme: "dark" },
  phone: { viewport: { width: 360, height: 740 } },
})) {
  test(`the editor keeps nobody out: ${name}`, async () => {
    const condition = { any: [{ all: [{ left: "{{create.output.id}}", operator: "$numberGreaterThan", right: "3" }] }] };
    const create = {
      id: "create",
      do: {
        type: "action",
        action: "AZURE_DEVOPS_CREATE_WORKITEM",
        parameters: { project: "Fabrikam", workItemType: "Task", fields: { "System.Title": "{{trigger.output.title}} of {{trigger.output.contact.email}}" } },
      },
    };
    const check = {
      id: "check",
      do: {
        type: "conditional",
        branches: [{ title: "Many", when: condition, steps: [] }],
        otherwise: [{ id: "wait", do: { type: "delay", amount: 5, unit: "MINUTES" } }],
      },
    };
    await openWorkflow(
      `seen-in-${name}`,
      { steps: [create, check], inputs: [{ id: "project", title: "Project", type: "dynamic_enum", source: "projects" }] },
      options,
    );
    for (const part of ["general", "inputs", "trigger", "create", "check", "wait", "json", "versions"]) {
      await page.getByTestId(`entry-${part}`).click();
      await page.locator("#panel-title").waitFor();
      assert.deepEqual(await serious(page), [], part);
      assert.equal(await overflow(page), 0, part);
      await page.screenshot({ path: `${pictures}workflow-editor-${part}-${name}.png`, fullPage: true });
    }
    await page.getByTestId("entry-create").click();
    await field("System.Title").click();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type(" {{");
    await page.getByRole("listbox").waitFor();
    await page.screenshot({ path: `${pictures}workflow-editor-menu-${name}.png` });
    assert.deepEqual(await serious(page), [], "the menu");
    await page.getByRole("link", { name: "All workflows" }).click();
    page.once("dialog", (dialog) => dialog.accept());
    assert.deepEqual(problems, []);
  });
}
