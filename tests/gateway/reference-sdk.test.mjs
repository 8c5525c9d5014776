// The same app code with two SDKs: the reference client from npm, and ours. Only the line that names the server differs.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { mail, newUser, opened, outcome, pickOrganization, sayYes } from "../lib/app.mjs";
import { launch, signIn } from "../lib/chromium.mjs";
import { knob, startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";

const SDKS = { reference: "the reference SDK (@useparagon/connect 2.4.0)", ours: "our SDK" };
const PROJECTS = "/projects?api-version=7.1";
let gateway, browser, context, page;
const hosts = {};

before(async () => {
  [gateway, browser, hosts.reference, hosts.ours] = await Promise.all([startDev(), launch(), startHostApp("reference"), startHostApp("ours")]);
});
after(async () => {
  await browser?.close();
  await Promise.all([gateway?.stop(), hosts.reference?.stop(), hosts.ours?.stop()]);
});
afterEach(async () => {
  await context?.close();
  await knob(gateway.sandbox, "PATCH", "settings", { openerPolicy: true });
});

/** Opens the app with one SDK and signs a new user in. */
async function signInTo(sdk, { headless }) {
  context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  page = await context.newPage();
  await page.goto(hosts[sdk].url);
  const token = await gateway.token(newUser());
  await page.evaluate(
    async ({ url, token, headless }) => {
      const services = ["ZEUS", "HERMES", "WORKER_PROXY", "API_TRIGGER_KIT", "CONNECT", "DASHBOARD", "CDN", "PASSPORT"];
      const urls = Object.fromEntries(services.map((name) => [`${name}_PUBLIC_URL`, url]));
      window.paragon.configureGlobal({ host: "x" }, urls);
      window.paragon.setHeadless(headless);
      await window.paragon.authenticate("demo", token);
      window.events = [];
      for (const name of ["onIntegrationInstall", "onIntegrationUninstall", "onPortalOpen", "onPortalClose"]) {
        window.paragon.subscribe(name, () => window.events.push(name));
      }
    },
    { url: gateway.url, token, headless },
  );
}

/** Ties the app's button to the SDK's `method`. */
async function arm(method) {
  await page.evaluate((method) => {
    document.querySelector("#connect").onclick = () => {
      window.outcome = undefined;
      window.paragon[method]("azuredevops", {}).then(
        (value) => (window.outcome = { value: value ?? null }),
        (error) => (window.outcome = { error: String(error?.message ?? JSON.stringify(error)) }),
      );
    };
  }, method);
}

const user = () => page.evaluate(() => JSON.parse(JSON.stringify(window.paragon.getUser())));
const events = () => page.evaluate(() => window.events);
const request = () =>
  page.evaluate(
    (path) =>
      window.paragon.request("azuredevops", path, { method: "GET" }).then(
        (value) => ({ value }),
        (error) => ({ error: error.message }),
      ),
    PROJECTS,
  );

for (const [sdk, name] of Object.entries(SDKS)) {
  for (const severed of [true, false]) {
    test(`${name} connects without portal, requests and uninstalls, ${severed ? "cut off by the provider" : "with its opener left alone"}`, async () => {
      await knob(gateway.sandbox, "PATCH", "settings", { openerPolicy: severed });
      await signInTo(sdk, { headless: true });
      assert.equal((await user()).integrations.azuredevops.enabled, false);
      await arm("installIntegration");
      const popup = await opened(context, () => page.click("#connect"));
      await sayYes(popup);
      await signIn(popup, mail.ada);
      await pickOrganization(popup, "contoso-demo");
      const { value, error } = await outcome(page);
      assert.equal(error, undefined);
      assert.equal(value.integrationType, "azuredevops");
      assert.equal(value.credential.status, "VALID");
      assert.equal((await user()).integrations.azuredevops.credentialId, value.credentialId);
      const answer = await request();
      assert.ok(
        answer.value.value.some((project) => project.name === "Tailspin Toys"),
        JSON.stringify(answer),
      );

      await page.evaluate(() => window.paragon.uninstallIntegration("azuredevops"));
      assert.equal((await user()).integrations.azuredevops.enabled, false);
      assert.match((await request()).error, /integration_not_connected/);
      assert.equal((await user()).authenticated, true);
      assert.deepEqual(await events(), ["onIntegrationInstall", "onIntegrationUninstall"]);
    });
  }

  test(`${name} connects, requests and disconnects through our portal in its frame`, async () => {
    await signInTo(sdk, { headless: false });
    const portal = page.frameLocator("#paragon-connect-frame");
    await arm("connect");
    await page.click("#connect");
    const popup = await opened(context, () => portal.getByTestId("connect").click());
    await sayYes(popup);
    await signIn(popup, mail.grace);
    await portal.getByTestId("status").getByText("Connected").waitFor();
    await portal.getByTestId("account").getByText("contoso-demo").waitFor();
    const answer = await request();
    assert.ok(answer.value.value.length > 0, JSON.stringify(answer));
    await portal.getByTestId("disconnect").click();
    await portal.getByTestId("confirm-disconnect").click();
    await portal.getByTestId("connect").waitFor();
    await portal.getByTestId("close").click();
    await page.waitForFunction(() => document.querySelector("#paragon-connect-frame").style.display === "none", undefined, { polling: 20 });
    assert.equal((await user()).integrations.azuredevops.enabled, false);
    assert.deepEqual(await events(), ["onPortalOpen", "onIntegrationInstall", "onIntegrationUninstall", "onPortalClose"]);
  });

  test(`${name} connects a personal access token through our portal`, async () => {
    const { organizations } = await knob(gateway.sandbox, "GET", "state");
    const { token } = organizations.find((one) => one.name === "contoso-demo").personalAccessTokens[0];
    await signInTo(sdk, { headless: false });
    const portal = page.frameLocator("#paragon-connect-frame");
    await arm("connect");
    await page.click("#connect");
    await portal.getByRole("radio", { name: "Personal access token" }).check();
    await portal.getByLabel("Organization").fill("contoso-demo");
    await portal.getByRole("textbox", { name: "Personal access token" }).fill(token);
    await portal.getByTestId("connect").click();
    await portal.getByTestId("status").getByText("Connected").waitFor();
    assert.ok((await request()).value.value.length > 0);
  });
}
