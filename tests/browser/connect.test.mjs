// A customer's app on an origin of its own connects an account with its own button, and everything that can go wrong.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { authenticate, mail, openApp, opened, pickOrganization, statusIs } from "../lib/app.mjs";
import { launch, signIn } from "../lib/chromium.mjs";
import { api, knob, startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";

let gateway, host, strictHost, browser;
const apps = [];

before(async () => {
  [gateway, host, strictHost, browser] = await Promise.all([
    startDev("--token-life", "3600"),
    startHostApp("ours"),
    startHostApp("ours", { "cross-origin-opener-policy": "same-origin" }),
    launch(),
  ]);
});
after(async () => {
  await browser?.close();
  await Promise.all([gateway?.stop(), host?.stop(), strictHost?.stop()]);
});
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
  await knob(gateway.sandbox, "PATCH", "settings", { openerPolicy: true });
});

const open = async (options = {}) => {
  const app = await openApp(browser, { gateway, host, ...options });
  apps.push(app);
  return app;
};
const turn = (path, body, method = "POST") => knob(gateway.sandbox, method, path, body);
const projects = (app) => app.request("/projects?api-version=7.1");

/** Waits until `is` says yes. */
async function becomesTrue(is) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await is()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail("it never came true");
}

/** Signs in while noting when the provider sent the browser back. */
async function signInTimed(popup, person) {
  let redirected;
  popup.on("request", (request) => {
    if (new URL(request.url()).pathname === "/oauth") redirected ??= Date.now();
  });
  await signIn(popup, mail[person]);
  return () => redirected;
}

for (const severed of [true, false]) {
  test(`the app is told of the account when the provider ${severed ? "cuts the popup off from its opener" : "leaves the opener alone"}`, async (t) => {
    await turn("settings", { openerPolicy: severed }, "PATCH");
    const app = await open();
    const popup = await app.connect();
    await popup.getByRole("button", { name: mail.grace }).waitFor();
    const redirected = await signInTimed(popup, "grace");
    const { value, at } = await app.outcome();
    t.diagnostic(`provider's redirect to resolved promise: ${Math.round(at - redirected())} ms`);
    assert.equal(value.integrationType, "azuredevops");
    assert.equal(value.credential.status, "VALID");
    assert.equal(value.credential.providerData.organization, "contoso-demo");
    const order = ["pending", "opened", "provider", "organization", "connected"];
    const seen = (await app.statuses()).map(({ status }) => order.indexOf(status));
    assert.deepEqual(
      seen,
      [...seen].sort((one, other) => one - other),
      "statuses go forward only",
    );
    assert.ok((await projects(app)).value.value.some(({ name }) => name === "Tailspin Toys"));
    if (!popup.isClosed()) await popup.waitForEvent("close");
  });
}

test("of several organizations the chosen one is connected", async () => {
  const app = await open();
  const popup = await app.connect();
  await signIn(popup, mail.ada);
  await pickOrganization(popup, "contoso-labs");
  const { value } = await app.outcome();
  assert.equal(value.credential.providerData.organization, "contoso-labs");
  const names = (await projects(app)).value.value.map(({ name }) => name);
  assert.ok(names.includes("Experiments"));
});

test("an app with an opener policy of its own is asked about in plain words, and yes leads on", async () => {
  const app = await open({ host: strictHost });
  const popup = await app.connect();
  await popup.getByTestId("ask").waitFor();
  assert.equal(await popup.getByTestId("app-name").innerText(), "Harbor Desk");
  assert.equal(await popup.getByTestId("app-site").innerText(), new URL(strictHost.url).host);
  assert.equal(await popup.getByTestId("user-label").innerText(), app.user);
  assert.equal(new URL(popup.url()).hash, "", "the ticket is out of the address bar");
  await popup.getByTestId("yes").click();
  await signIn(popup, mail.grace);
  assert.equal((await app.outcome()).value.credential.status, "VALID");
});

test("no on that question cancels, and nothing is connected", async () => {
  const app = await open({ host: strictHost });
  const popup = await app.connect();
  await popup.getByTestId("no").click();
  const { error } = await app.outcome();
  assert.deepEqual([error.name, error.code, error.exported], ["OAuthCancelledError", "oauth_cancelled", true]);
  assert.equal((await app.user_()).integrations.azuredevops.enabled, false);
});

test("cancel on the provider's page cancels, and the popup says so", async () => {
  const app = await open();
  const popup = await app.connect();
  await popup.getByRole("button", { name: "Cancel" }).click();
  await popup.getByRole("heading", { name: "The sign-in was canceled" }).waitFor();
  const { error } = await app.outcome();
  assert.equal(error.name, "OAuthCancelledError");
});

test("closing the popup on a page of the gateway cancels at once", async (t) => {
  const app = await open();
  const popup = await app.connect();
  await signIn(popup, mail.ada);
  await popup.getByTestId("organizations").waitFor();
  const closed = Date.now();
  await popup.close({ runBeforeUnload: true });
  const { error, at } = await app.outcome();
  t.diagnostic(`closed to rejected promise: ${Math.round(at - closed)} ms`);
  assert.equal(error.name, "OAuthCancelledError");
  assert.ok(at - closed < 4000);
});

test("closing the popup on the provider's page decides nothing, and cancel settles within 300 ms", async () => {
  const app = await open();
  const popup = await app.connect();
  await popup.getByRole("button", { name: mail.grace }).waitFor();
  await popup.close();
  await statusIs(app.page, () => window.progress?.popupClosed === true);
  assert.equal(await app.page.evaluate(() => window.outcome), undefined);
  const pressed = await app.page.evaluate(() => {
    window.progress.cancel();
    return performance.timeOrigin + performance.now();
  });
  const { error, at } = await app.outcome();
  assert.equal(error.name, "OAuthCancelledError");
  assert.ok(at - pressed < 300, `${at - pressed} ms`);
});

test("a closed popup can be opened again and connects", async () => {
  const app = await open();
  const popup = await app.connect();
  await popup.getByRole("button", { name: mail.grace }).waitFor();
  await popup.close();
  await statusIs(app.page, () => window.progress?.popupClosed === true);
  const second = await opened(app.context, () => app.page.evaluate(() => window.progress.reopen()));
  await signIn(second, mail.grace);
  assert.equal((await app.outcome()).value.credential.status, "VALID");
});

test("a sign-in finished in the window that was opened first is refused after it was opened again", async () => {
  const app = await open();
  const first = await app.connect();
  await first.getByRole("button", { name: mail.grace }).waitFor();
  const second = await opened(app.context, () => app.page.evaluate(() => window.progress.reopen()));
  await second.getByRole("button", { name: mail.grace }).waitFor();
  if (!first.isClosed()) {
    await signIn(first, mail.grace);
    await first.getByTestId("error").waitFor();
  }
  await signIn(second, mail.grace);
  const { value } = await app.outcome();
  const user = await api(gateway, app.token, "GET", "/sdk/me");
  assert.deepEqual(
    user.json.integrations.azuredevops.allCredentials.map(({ id }) => id),
    [value.credentialId],
  );
});

test("abort through the app's signal cancels with its reason", async () => {
  const app = await open();
  const popup = await app.connect({ abortable: true });
  await popup.getByRole("button", { name: mail.grace }).waitFor();
  await app.page.evaluate(() => window.aborter.abort(new Error("the user left the page")));
  const { error } = await app.outcome();
  assert.deepEqual([error.name, error.cause], ["OAuthCancelledError", "the user left the page"]);
});

test("oauthTimeout ends the wait with a timeout error", async () => {
  const app = await open();
  // The page's own clock: the minute passes when the sign-in page is there, however long that took.
  await app.page.clock.install();
  const popup = await app.connect({ oauthTimeout: 60_000 });
  await popup.getByRole("button", { name: mail.grace }).waitFor();
  assert.equal(await app.page.evaluate(() => window.outcome), undefined);
  await app.page.clock.fastForward(60_000);
  const { error } = await app.outcome();
  assert.deepEqual([error.name, error.message, error.exported], ["OAuthTimeoutError", "OAuth timeout", true]);
});

test("a flow that was cancelled in the app leaves no account behind when its sign-in is finished later", async () => {
  const app = await open();
  const popup = await app.connect();
  await popup.getByRole("button", { name: mail.grace }).waitFor();
  await app.page.evaluate(() => window.progress.cancel());
  await app.outcome();
  if (!popup.isClosed()) {
    await signIn(popup, mail.grace);
    await popup.getByTestId("error").waitFor();
  }
  const user = await api(gateway, app.token, "GET", "/sdk/me");
  assert.equal(user.json.integrations.azuredevops.allCredentials.length, 0);
});

test("a reload of the app does not undo a sign-in that its popup finishes", async () => {
  const app = await open();
  const popup = await app.connect();
  await popup.getByRole("button", { name: mail.grace }).waitFor();
  await app.page.reload();
  await signIn(popup, mail.grace);
  const connected = async () => (await api(gateway, app.token, "GET", "/sdk/me")).json.integrations.azuredevops.enabled;
  await becomesTrue(connected);
  await authenticate(app.page, gateway, app.token);
  assert.ok((await projects(app)).value.count > 0);
});

test("signing out ends the sign-in, and its popup leaves no account behind", async () => {
  const app = await open();
  const popup = await app.connect();
  await popup.getByRole("button", { name: mail.grace }).waitFor();
  await app.page.evaluate(() => window.sdk.connectSingleton.logout());
  assert.equal((await app.outcome()).error.name, "OAuthCancelledError");
  if (!popup.isClosed()) {
    await signIn(popup, mail.grace);
    await popup.getByTestId("error").waitFor();
  }
  const user = await api(gateway, app.token, "GET", "/sdk/me");
  assert.equal(user.json.integrations.azuredevops.allCredentials.length, 0);
});

test("the provider's page may stay open for ten minutes", async () => {
  const app = await open({ before: ({ page }) => page.clock.install() });
  const popup = await app.connect();
  await popup.getByRole("button", { name: mail.grace }).waitFor();
  await turn("clock", { advanceSeconds: 600 });
  await app.page.clock.fastForward("10:00");
  await signIn(popup, mail.grace);
  assert.equal((await app.outcome()).value.credential.status, "VALID");
});
