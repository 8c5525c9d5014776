// What becomes of a connection later: renewed, revoked, connected again, disconnected.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { connectAs, mail, newUser, openApp } from "../lib/app.mjs";
import { launch, signIn } from "../lib/chromium.mjs";
import { api, knob, startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";

const PROJECTS = "/projects?api-version=7.1";
let gateway, host, browser, app;

before(async () => {
  [gateway, host, browser] = await Promise.all([startDev("--token-life", "3600"), startHostApp("ours"), launch()]);
});
after(async () => {
  await browser?.close();
  await Promise.all([gateway?.stop(), host?.stop()]);
});
afterEach(async () => {
  await app?.close();
});

const turn = (path, body = {}, method = "POST") => knob(gateway.sandbox, method, path, body);
const refreshes = async () => (await knob(gateway.sandbox, "GET", "requests")).refreshes;

test("twenty requests that meet an expired token are all answered, with one renewal", async () => {
  app = await openApp(browser, { gateway, host });
  await connectAs(app, "grace");
  await turn("users/grace/expire");
  await turn("requests", undefined, "DELETE");
  const answers = await app.page.evaluate(async (path) => {
    const ask = (_, index) => window.paragon.request("azuredevops", `${path}&$top=${index + 1}`, { method: "GET" });
    const settled = await Promise.allSettled(Array.from({ length: 20 }, ask));
    return settled.map(({ status, value, reason }) => (status === "fulfilled" ? value.count > 0 : String(reason)));
  }, PROJECTS);
  assert.deepEqual(answers, Array(20).fill(true));
  assert.equal(await refreshes(), 1);
});

test("a token that expires while the app works is renewed without the app noticing", async () => {
  app = await openApp(browser, { gateway, host });
  await connectAs(app, "grace");
  for (let round = 0; round < 3; round++) {
    assert.ok((await app.request(PROJECTS)).value.count > 0);
    await turn("users/grace/expire");
  }
});

test("a revoked grant rejects with credential_needs_reconnect, keeps the user signed in, and reconnecting heals it", async () => {
  app = await openApp(browser, { gateway, host });
  const { credentialId } = await connectAs(app, "grace");
  await turn("users/grace/revoke");
  const { error } = await app.request(PROJECTS);
  assert.deepEqual([error.code, error.status], ["credential_needs_reconnect", 401]);
  const broken = await app.user_();
  assert.equal(broken.authenticated, true);
  assert.deepEqual(
    broken.integrations.azuredevops.allCredentials.map(({ status }) => status),
    ["INVALID"],
  );

  const popup = await app.connect({ selectedCredentialId: credentialId });
  await signIn(popup, mail.grace);
  const { value } = await app.outcome();
  assert.equal(value.credentialId, credentialId);
  assert.ok((await app.request(PROJECTS)).value.count > 0);
  assert.equal((await app.user_()).integrations.azuredevops.allCredentials.length, 1);
});

test("a grant that needs another proof of identity is reported as such and healed by connecting again", async () => {
  app = await openApp(browser, { gateway, host });
  const { credentialId } = await connectAs(app, "grace");
  await turn("users/grace/expire");
  await turn("token-errors", { code: 50076, grantType: "refresh_token" });
  assert.equal((await app.request(PROJECTS)).error.code, "credential_needs_reconnect");
  // The account is known, and she is signed in to Microsoft: nobody is asked which one.
  await app.connect({ selectedCredentialId: credentialId });
  assert.equal((await app.outcome()).value.credentialId, credentialId);
  assert.ok((await app.request(PROJECTS)).value.count > 0);
});

test("a second account is connected beside the first, and each is chosen by its credential", async () => {
  app = await openApp(browser, { gateway, host });
  const first = await connectAs(app, "grace");
  const popup = await app.connect({ allowMultipleCredentials: true, externalId: "second" });
  await signIn(popup, mail.ada);
  await popup.getByRole("checkbox", { name: "contoso-labs" }).check();
  await popup.getByTestId("pick").click();
  const second = (await app.outcome()).value;
  assert.notEqual(second.credentialId, first.credentialId);
  const names = async (selectedCredentialId) => (await app.request(PROJECTS, { selectedCredentialId })).value.value.map(({ name }) => name);
  assert.ok((await names(first.credentialId)).includes("Tailspin Toys"));
  assert.ok((await names(second.credentialId)).includes("Experiments"));
  assert.ok((await names("ext:second")).includes("Experiments"));
});

test("disconnecting ends the connection at the gateway too, and connecting again works", async () => {
  app = await openApp(browser, { gateway, host });
  await connectAs(app, "grace");
  await app.page.evaluate(() => window.paragon.uninstallIntegration("azuredevops"));
  assert.equal((await app.user_()).integrations.azuredevops.enabled, false);
  assert.equal((await app.request(PROJECTS)).error.code, "integration_not_connected");
  const state = await api(gateway, app.token, "GET", "/sdk/me");
  assert.equal(state.json.integrations.azuredevops.allCredentials.length, 0);
  await connectAs(app, "grace");
  assert.ok((await app.request(PROJECTS)).value.count > 0);
});

test("an account connected in one tab is there in another after it signs in", async () => {
  const user = newUser();
  app = await openApp(browser, { gateway, host, user });
  await connectAs(app, "grace");
  const other = await openApp(browser, { gateway, host, user });
  assert.ok((await other.request(PROJECTS)).value.count > 0);
  await other.close();
});
