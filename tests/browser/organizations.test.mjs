// Which organization? Every kind of account ends connected, or with a sentence that says who can do what.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, afterEach, before, test } from "node:test";

import { mail, openApp, opened } from "../lib/app.mjs";
import { launch, signIn } from "../lib/chromium.mjs";
import { knob, startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let gateway, host, browser, app;

before(async () => {
  [gateway, host, browser] = await Promise.all([startDev(), startHostApp("ours"), launch()]);
});
after(async () => {
  await browser?.close();
  await Promise.all([gateway?.stop(), host?.stop()]);
});
afterEach(async () => {
  await app?.close();
  await knob(gateway.sandbox, "POST", "reset", {});
});

const turn = (path, body) => knob(gateway.sandbox, "POST", path, body);

/** Presses Connect; the app names `organization`, unless it is left out. */
async function begin(options = {}) {
  app = await openApp(browser, { gateway, host });
  return app.connect(options);
}

async function connectedTo(organization) {
  const { value } = await app.outcome();
  assert.equal(value.credential.status, "VALID");
  assert.equal(value.credential.providerData.organization, organization);
}

/** What the popup says; the field for another organization is there, and axe finds nothing. */
async function told(popup, heading, words, link) {
  await popup.getByRole("heading", { name: heading }).waitFor();
  const problem = popup.getByTestId("problem");
  assert.match(await problem.innerText(), words);
  const links = popup.getByTestId("problem-link");
  if (link === undefined) assert.equal(await links.count(), 0);
  else assert.match(await links.getAttribute("href"), link);
  await accessible(popup);
}

async function accessible(popup) {
  await popup.evaluate(await axe);
  const { violations } = await popup.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`),
    [],
  );
}

async function name(popup, organization) {
  await popup.getByLabel("Organization URL").fill(organization);
  await popup.getByLabel("Organization URL").press("Enter");
}

const members = [
  ["a member", mail.grace, "https://dev.azure.com/contoso-demo/Fabrikam/_git/x", "contoso-demo"],
  ["a user of several organizations", mail.ada, "contoso-labs", "contoso-labs"],
  ["a guest", mail.dorothy, "https://contoso-partners.visualstudio.com", "contoso-partners"],
  ["the same guest in a second directory", mail.dorothy, "git@ssh.dev.azure.com:v3/northwind-traders/Orders/x", "northwind-traders"],
];
for (const [who, person, organization, landed] of members) {
  test(`${who} signs in to the directory of the organization that the app names, and lands there`, async () => {
    const popup = await begin({ organization });
    await signIn(popup, person);
    await connectedTo(landed);
  });
}

test("a guest who names nothing is asked for the organization's URL, and signs in there without choosing again", async () => {
  const popup = await begin();
  await signIn(popup, mail.dorothy);
  await told(popup, "You are not a member of an organization", /dorothy@tailspin\.example.*guest of another company/s);
  await name(popup, "https://evil.example/contoso");
  await told(popup, "Enter an organization", /not a URL of Azure DevOps/);
  await name(popup, "https://dev.azure.com/contoso-partners/Shared%20Roadmap");
  await connectedTo("contoso-partners");
});

test("who is not listed in an organization of the list is told, and the list stays", async () => {
  const popup = await begin();
  await signIn(popup, mail.ada);
  await popup.getByRole("heading", { name: "Choose an organization" }).waitFor();
  await accessible(popup);
  await popup.getByText("Not listed? Enter its URL").click();
  await name(popup, "contoso-partners");
  await told(popup, "Choose an organization", /ada@contoso\.example is not a member.*administrator/s, /contoso-partners\/_settings\/users$/);
  await popup.getByRole("radio", { name: "contoso-labs" }).check();
  await popup.getByTestId("pick").click();
  await connectedTo("contoso-labs");
});

const leadNowhere = [
  [
    "organization that does not exist",
    "nobodys-organization",
    "Organization not found",
    /no organization nobodys-organization/,
    undefined,
    "organization_not_found",
  ],
  [
    "organization without directory",
    "katherine-home",
    "This organization has no directory",
    /personal access token/,
    /_settings\/organizationAad$/,
    "organization_without_directory",
  ],
];
for (const [what, organization, heading, words, link, code] of leadNowhere) {
  test(`an ${what} is told before anybody signs in`, async () => {
    const popup = await begin({ organization });
    await told(popup, heading, words, link);
    // The window may be gone before the click is over.
    await popup
      .getByRole("button", { name: "Close window" })
      .click()
      .catch(() => undefined);
    assert.equal((await app.outcome()).error.code, code);
  });
}

test("a personal account that opens its own organization is told what it can use instead", async () => {
  const popup = await begin({ organization: "https://dev.azure.com/katherine-home" });
  await told(popup, "This organization has no directory", /owner.*directory.*personal access token/s, /organizationAad$/);
  await name(popup, "contoso-demo");
  await signIn(popup, mail.grace);
  await connectedTo("contoso-demo");
});

test("an organization that allows no apps names its administrator and the policy", async () => {
  const popup = await begin();
  await signIn(popup, mail.radia);
  await told(popup, "Choose an organization", /contoso-locked does not allow this app.*administrator/s, /contoso-locked\/_settings\/organizationPolicy$/);
});

test("an organization that enforces Conditional Access names who can change it", async () => {
  await turn("answers", { face: "conditionalAccess", path: "/contoso-demo/" });
  const popup = await begin({ organization: "contoso-demo" });
  await signIn(popup, mail.grace);
  await told(popup, "Choose an organization", /Conditional Access.*administrator/s, /organizationPolicy$/);
});

test("the approval of an administrator is asked for in the organization's directory", async () => {
  const { directories } = await knob(gateway.sandbox, "GET", "state");
  const { id } = directories.find((one) => one.name === "Fabrikam");
  await turn("authorize-errors", { code: 90094 });
  const popup = await begin({ organization: "fabrikam-works" });
  const link = popup.getByTestId("admin-consent");
  await link.waitFor();
  assert.ok((await link.getAttribute("href")).includes(`/${id}/v2.0/adminconsent`));
});

test("several organizations are ticked at one sign-in where the app takes several accounts", async () => {
  const popup = await begin({ allowMultipleCredentials: true, externalId: "work" });
  await signIn(popup, mail.ada);
  await popup.getByRole("heading", { name: "Choose organizations" }).waitFor();
  await accessible(popup);
  await popup.getByRole("checkbox", { name: "contoso-demo" }).check();
  await popup.getByRole("checkbox", { name: "contoso-labs" }).check();
  await popup.getByTestId("pick").click();
  await app.outcome();
  const { integrations } = await app.user_();
  const labels = integrations.azuredevops.allCredentials.map((one) => `${one.externalId} ${one.providerData.organization}`);
  assert.deepEqual(labels.sort(), ["work contoso-demo", "work-contoso-labs contoso-labs"]);
});

test("a reconnect does not ask the same person which account, and refuses another one", async () => {
  let popup = await begin();
  await signIn(popup, mail.grace);
  const again = { selectedCredentialId: (await app.outcome()).value.credential.id, allowMultipleCredentials: true };
  await app.connect(again);
  assert.equal((await app.outcome()).value.credential.id, again.selectedCredentialId);
  // Another browser session: nobody is signed in to Microsoft there.
  await app.context.clearCookies();
  popup = await app.connect(again);
  await signIn(popup, mail.ada);
  await popup.getByRole("heading", { name: "You signed in with another account" }).waitFor();
  await popup.getByText(/signed in as ada@contoso\.example.*belongs to grace@contoso\.example/).waitFor();
  assert.equal((await app.outcome()).error.code, "another_account");
});

test("the portal takes the organization of a guest", async () => {
  app = await openApp(browser, { gateway, host, headless: false });
  await app.page.evaluate(() => void window.paragon.connect("azuredevops", {}).then((value) => (window.outcome = { value })));
  await app.portal.getByTestId("organization-more").click();
  await app.portal.getByLabel("Organization URL").fill("https://dev.azure.com/northwind-traders");
  const popup = await opened(app.context, () => app.portal.getByTestId("connect").click());
  await signIn(popup, mail.dorothy);
  await app.portal.getByText("northwind-traders").first().waitFor();
});
