// The Connect Portal over a customer's app of another origin.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { connectAs, mail, openApp, opened, pickOrganization } from "../lib/app.mjs";
import { launch, signIn } from "../lib/chromium.mjs";
import { knob, startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";

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
  await knob(gateway.sandbox, "PATCH", "settings", { openerPolicy: true });
});

/** Opens the app and its portal; the page notes what the app is told. */
async function openPortal(options = {}) {
  app = await openApp(browser, { gateway, host, headless: false, ...options });
  await showPortal();
}

async function showPortal(options = {}) {
  await app.page.evaluate((options) => {
    window.told = [];
    const note = (name) => () => window.told.push(name);
    const callbacks = { onOpen: note("open"), onClose: note("close"), onInstall: note("install"), onUninstall: note("uninstall"), onError: note("error") };
    document.querySelector("#connect").onclick = () => {
      window.outcome = undefined;
      window.paragon.connect("azuredevops", { ...callbacks, ...options }).then(
        (value) => (window.outcome = { value }),
        ({ name, code }) => (window.outcome = { error: { name, code } }),
      );
    };
  }, options);
  await app.page.click("#connect");
  await app.portal.getByRole("dialog").waitFor();
}

const told = () => app.page.evaluate(() => window.told);
const pressConnect = () => opened(app.context, () => app.portal.getByTestId("connect").click());
const hidden = () => app.page.waitForFunction(() => document.querySelector("#paragon-connect-frame").style.display === "none", undefined, { polling: 20 });

for (const severed of [true, false]) {
  test(`the portal shows the account when the provider ${severed ? "cuts the popup off" : "leaves the opener alone"}`, async () => {
    await knob(gateway.sandbox, "PATCH", "settings", { openerPolicy: severed });
    await openPortal();
    const popup = await pressConnect();
    await app.portal.getByText("Sign in with Microsoft in the other window").waitFor();
    await signIn(popup, mail.ada);
    await app.portal.getByText("Choose your organization in the other window").waitFor();
    await pickOrganization(popup, "contoso-labs");
    await app.portal.getByTestId("status").getByText("Connected").waitFor();
    await app.portal.getByTestId("account").getByText("contoso-labs").waitFor();
    assert.equal((await app.outcome()).value.credential.providerData.organization, "contoso-labs");
    await app.portal.getByTestId("finish").click();
    await hidden();
    assert.deepEqual(await told(), ["open", "install", "close"]);
  });
}

test("the portal shows, and connects, in a page that is isolated from other origins", async () => {
  const isolated = await startHostApp("ours", { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" });
  try {
    await openPortal({ host: isolated });
    assert.equal(await app.page.evaluate(() => crossOriginIsolated), true);
    const popup = await pressConnect();
    // Cut off from the app, the window asks for whom it is.
    await popup.getByTestId("yes").click();
    await signIn(popup, mail.grace);
    await app.portal.getByTestId("status").getByText("Connected").waitFor();
    assert.equal((await app.outcome()).value.credential.status, "VALID");
  } finally {
    await isolated.stop();
  }
});

test("the portal keeps the page from scrolling while it is open, and Escape gives the page back", async () => {
  await openPortal();
  assert.equal(await app.page.evaluate(() => document.body.style.overflow), "hidden");
  await app.page.keyboard.press("Escape");
  await hidden();
  assert.equal(await app.page.evaluate(() => document.body.style.overflow), "");
});

test("cancel in the portal gives the connect button back", async () => {
  await openPortal();
  const popup = await pressConnect();
  await popup.getByRole("button", { name: mail.grace }).waitFor();
  await app.portal.getByTestId("cancel").click();
  await app.portal.getByTestId("unfinished").waitFor();
  const second = await pressConnect();
  await signIn(second, mail.grace);
  await app.portal.getByTestId("status").getByText("Connected").waitFor();
});

test("a window that was closed can be opened again from the portal", async () => {
  await openPortal();
  const popup = await pressConnect();
  await popup.getByRole("button", { name: mail.grace }).waitFor();
  await popup.close();
  await app.portal.getByText("The window seems to be closed").waitFor();
  const second = await opened(app.context, () => app.portal.getByTestId("reopen").click());
  await signIn(second, mail.grace);
  await app.portal.getByTestId("status").getByText("Connected").waitFor();
});

test("the portal explains a refused sign-in and lets the person try again", async () => {
  await knob(gateway.sandbox, "POST", "authorize-errors", { code: 50076 });
  await openPortal();
  await pressConnect();
  await app.portal.getByTestId("error").getByText("Microsoft requires you to sign in again").waitFor();
  const popup = await pressConnect();
  await signIn(popup, mail.grace);
  await app.portal.getByTestId("status").getByText("Connected").waitFor();
});

test("a personal access token is connected in the portal, after a wrong one was refused", async () => {
  const { organizations } = await knob(gateway.sandbox, "GET", "state");
  const { token } = organizations.find(({ name }) => name === "contoso-demo").personalAccessTokens[0];
  await openPortal();
  await app.portal.getByRole("radio", { name: "Personal access token" }).check();
  const field = app.portal.getByRole("textbox", { name: "Personal access token" });
  await app.portal.getByLabel("Organization").fill("https://dev.azure.com/contoso-demo");
  await field.fill("x".repeat(84));
  await app.portal.getByTestId("connect").click();
  await app.portal.getByText("Azure DevOps refused this token").waitFor();
  await field.fill(token);
  await app.portal.getByTestId("connect").click();
  await app.portal.getByTestId("status").getByText("Connected").waitFor();
  const { value } = await app.request("/projects?api-version=7.1");
  assert.ok(value.value.length > 0);
});

test("disconnecting in the portal asks first, and the app's requests fail afterwards without a log-out", async () => {
  await openPortal();
  await signIn(await pressConnect(), mail.grace);
  await app.portal.getByTestId("disconnect").click();
  await app.portal.getByTestId("confirm-disconnect").click();
  await app.portal.getByTestId("connect").waitFor();
  const { error } = await app.request("/projects?api-version=7.1");
  assert.equal(error.code, "integration_not_connected");
  assert.equal((await app.user_()).authenticated, true);
});

test("signing out removes the portal, gives the page back and ends what waits", async () => {
  await openPortal();
  await pressConnect();
  assert.equal(await app.page.evaluate(() => document.body.style.overflow), "hidden");
  await app.page.evaluate(() => window.sdk.connectSingleton.logout());
  assert.equal(await app.page.locator("#paragon-connect-frame").count(), 0);
  assert.equal(await app.page.evaluate(() => document.body.style.overflow), "");
  await app.page.waitForFunction(() => window.outcome);
  assert.equal(await app.page.evaluate(() => window.outcome.error.name), "OAuthCancelledError");
  assert.deepEqual(await app.page.evaluate(() => window.told), ["open", "close", "error"]);
});

test("a revoked grant shows a reconnect button that heals the same account", async () => {
  app = await openApp(browser, { gateway, host });
  const before = await connectAs(app, "grace");
  await knob(gateway.sandbox, "POST", "users/grace/revoke", {});
  assert.equal((await app.request("/projects?api-version=7.1")).error.code, "credential_needs_reconnect");
  await app.page.evaluate(() => window.paragon.setHeadless(false));
  await showPortal();
  const popup = await opened(app.context, () => app.portal.getByTestId("reconnect").click());
  await signIn(popup, mail.grace);
  await app.portal.getByTestId("status").getByText("Connected").waitFor();
  const user = await app.user_();
  assert.deepEqual(
    user.integrations.azuredevops.allCredentials.map(({ id, status }) => [id, status]),
    [[before.credentialId, "VALID"]],
  );
  assert.ok((await app.request("/projects?api-version=7.1")).value);
});
