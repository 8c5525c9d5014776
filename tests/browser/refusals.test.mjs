// Sign-ins that Microsoft refuses: the app learns why by a code, the person by a page that says what to do.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { mail, openApp } from "../lib/app.mjs";
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
  await knob(gateway.sandbox, "POST", "reset", {});
});

const turn = (path, body) => knob(gateway.sandbox, "POST", path, body);

/** Codes of refusals that somebody else than the person has to end: the page has a link for them. */
const othersAct = ["sign_in_blocked", "admin_approval_required", "interaction_required", "integration_misconfigured", "provider_not_in_directory"];

/** Checks what app and person are told. */
async function refused(popup, code, heading) {
  await popup.getByRole("heading", { name: heading }).waitFor();
  const { error } = await app.outcome();
  assert.deepEqual([error.name, error.code, error.exported], ["OAuthFailedError", code, true]);
  assert.doesNotMatch(error.message, /AADSTS|state|token/i);
  assert.match(error.message, /^[A-Z].*\.$/, "a sentence for a person");
  const help = popup.getByTestId("help");
  assert.equal(await help.count(), othersAct.includes(code) ? 1 : 0);
  if (othersAct.includes(code)) {
    assert.match(await help.getAttribute("href"), /^https:\/\/login\.microsoftonline\.com\/error\?code=\d+$/);
    assert.ok(await popup.getByText(error.message).isVisible(), "the page says the same as the app is told");
  }
  assert.equal((await app.user_()).integrations.azuredevops.enabled, false);
}

const atSignIn = [
  [90094, "admin_approval_required", "Administrator approval required"],
  [50076, "interaction_required", "Microsoft requires you to sign in again"],
  [53003, "sign_in_blocked", "Your directory blocked the sign-in"],
  [50105, "sign_in_blocked", "Your directory blocked the sign-in"],
  [650052, "provider_not_in_directory", "Azure DevOps is not set up for this account"],
  [65005, "integration_misconfigured", "This integration is not set up correctly"],
  [700016, "integration_misconfigured", "This integration is not set up correctly"],
  [70011, "integration_misconfigured", "This integration is not set up correctly"],
  [500011, "provider_not_in_directory", "Azure DevOps is not set up for this account"],
  [90033, "provider_unavailable", "Azure DevOps is not available right now"],
];
for (const [number, code, heading] of atSignIn) {
  test(`AADSTS${number} from the sign-in page rejects with ${code}, and the popup says what to do`, async () => {
    await turn("authorize-errors", { code: number });
    app = await openApp(browser, { gateway, host });
    await refused(await app.connect(), code, heading);
  });
}

const atExchange = [
  [54005, "attempt_failed", "The sign-in failed"],
  [70008, "attempt_failed", "The sign-in failed"],
  [7000222, "integration_misconfigured", "This integration is not set up correctly"],
  [50076, "interaction_required", "Microsoft requires you to sign in again"],
];
for (const [number, code, heading] of atExchange) {
  test(`AADSTS${number} at the code exchange rejects with ${code}, and the popup says what to do`, async () => {
    await turn("token-errors", { code: number, grantType: "authorization_code" });
    app = await openApp(browser, { gateway, host });
    const popup = await app.connect();
    await signIn(popup, mail.grace);
    await refused(popup, code, heading);
  });
}

test("a consent that is missing is asked for once more, and then the account is connected", async () => {
  await turn("authorize-errors", { code: 65001 });
  app = await openApp(browser, { gateway, host });
  const popup = await app.connect();
  await signIn(popup, mail.grace);
  assert.equal((await app.outcome()).value.credential.status, "VALID");
});

test("a consent that is refused twice rejects with consent_required", async () => {
  await turn("authorize-errors", { code: 65001, times: 2 });
  app = await openApp(browser, { gateway, host });
  await refused(await app.connect(), "consent_required", "Permissions must be accepted again");
});

test("pressing cancel where the permissions are listed cancels", async () => {
  app = await openApp(browser, { gateway, host });
  const popup = await app.connect();
  await popup.getByRole("button", { name: mail.grace }).click();
  await popup.getByRole("heading", { name: "Permissions requested" }).waitFor();
  await popup.getByRole("button", { name: "Cancel" }).click();
  await popup.getByRole("heading", { name: "The sign-in was canceled" }).waitFor();
  assert.equal((await app.outcome()).error.name, "OAuthCancelledError");
});

test("a person without any organization is told so", async () => {
  app = await openApp(browser, { gateway, host });
  const popup = await app.connect();
  await signIn(popup, mail.edsger);
  await popup.getByRole("heading", { name: "You are not a member of an organization" }).waitFor();
  const said = await popup.getByTestId("problem").innerText();
  assert.match(said, /guest of another company/, "it is no dead end");
  // The window may be gone before the click is over.
  await popup
    .getByRole("button", { name: "Close window" })
    .click()
    .catch(() => undefined);
  const { error } = await app.outcome();
  assert.deepEqual([error.name, error.code], ["OAuthFailedError", "no_organization"]);
  assert.ok(said.includes(error.message), "the page says the same as the app is told");
});

test("a person whose directory wants an administrator gets the link for the administrator", async () => {
  app = await openApp(browser, { gateway, host });
  const popup = await app.connect();
  await popup.getByRole("button", { name: mail.margaret }).click();
  const link = await popup.locator(".address a").getAttribute("href");
  assert.match(link, /adminconsent/);
  await turn("authorize-errors", { code: 90094 });
  await app.close();

  app = await openApp(browser, { gateway, host });
  const second = await app.connect();
  const approval = second.getByTestId("admin-consent");
  await approval.waitFor();
  assert.match(await approval.getAttribute("href"), /\/adminconsent\?/);
  assert.equal(await second.getByLabel("Link for your administrator").inputValue(), await approval.getAttribute("href"));
  await approval.click();
  await second
    .getByRole("heading", { name: /approve|permissions|account|administrator/i })
    .first()
    .waitFor();
});

test("a personal account is refused on Microsoft's page, and going back from there ends the attempt", async () => {
  app = await openApp(browser, { gateway, host });
  const popup = await app.connect();
  await popup.getByRole("button", { name: mail.katherine }).click();
  await popup.getByRole("heading", { name: "Sorry, we can't sign you in" }).waitFor();
  assert.equal(await app.page.evaluate(() => window.outcome), undefined);
  await popup.getByRole("button", { name: "Return to the app" }).click();
  assert.equal((await app.outcome()).error.name, "OAuthCancelledError");
});

test("after a failure the same button connects", async () => {
  await turn("authorize-errors", { code: 90033 });
  app = await openApp(browser, { gateway, host });
  await refused(await app.connect(), "provider_unavailable", "Azure DevOps is not available right now");
  const popup = await app.connect();
  await signIn(popup, mail.grace);
  assert.equal((await app.outcome()).value.credential.status, "VALID");
});
