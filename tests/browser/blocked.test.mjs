// A browser whose popup blocker is on: nothing opens without a click, and the next click repairs it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { authenticate, mail, openApp, opened, outcome } from "../lib/app.mjs";
import { launch, signIn } from "../lib/chromium.mjs";
import { startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";

let gateway, host, browser;

before(async () => {
  [gateway, host, browser] = await Promise.all([startDev(), startHostApp("ours"), launch({ blocksPopups: true })]);
});
after(async () => {
  await browser?.close();
  await Promise.all([gateway?.stop(), host?.stop()]);
});

/** Makes the page connect by itself as soon as it is loaded: a page without a click may open no window. */
const connectWithoutClick = async ({ page, token }) =>
  page.addInitScript(
    ({ url, token }) => {
      addEventListener("load", async () => {
        try {
          window.paragon.configureGlobal({ gateway: url });
          window.paragon.setHeadless(true);
          await window.paragon.authenticate("demo", token);
          await window.paragon.installIntegration("azuredevops", {});
        } catch (error) {
          window.blocked = error;
          console.info("blocked");
        }
      });
    },
    { url: gateway.url, token },
  );

test("a blocked popup rejects at once, and its retry connects in the next click", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await connectWithoutClick({ page, token: await gateway.token("blocked-1") });
  // Playwright's own look at the page counts as a click there, so the page has to speak first.
  const told = page.waitForEvent("console", (message) => message.text() === "blocked");
  await page.goto(host.url);
  await told;
  const handle = await page.evaluateHandle(() => ({ name: window.blocked.name, code: window.blocked.code, message: window.blocked.message }));
  assert.deepEqual(await handle.jsonValue(), { name: "OAuthBlockedError", code: "popup_blocked", message: "Popup was blocked by the browser." });
  assert.equal(context.pages().length, 1, "no window was opened");
  await page.evaluate(() => {
    document.querySelector("#again").onclick = () =>
      window.blocked.retry().then(
        (value) => (window.outcome = { value }),
        (error) => (window.outcome = { error: String(error) }),
      );
  });
  const popup = await opened(context, () => page.click("#again"));
  await signIn(popup, mail.grace);
  assert.equal((await outcome(page)).value.credential.status, "VALID");
  await context.close();
});

test("a click opens the popup although the browser blocks others, also when the sdk was never used before", async () => {
  const app = await openApp(browser, { gateway, host });
  const popup = await app.connect();
  await signIn(popup, mail.grace);
  assert.equal((await app.outcome()).value.credential.status, "VALID");
  await app.close();
});

test("a popup opened again without a click is reported as blocked, and the attempt goes on", async () => {
  const app = await openApp(browser, { gateway, host });
  await app.connect();
  await app.page.evaluate(() => {
    window.realOpen = window.open;
    window.open = () => null;
    window.progress.reopen();
    window.open = window.realOpen;
  });
  await app.page.waitForFunction(() => window.progress.blocked);
  const popup = await opened(app.context, () => app.page.evaluate(() => window.progress.reopen()));
  await signIn(popup, mail.grace);
  assert.equal((await app.outcome()).value.credential.status, "VALID");
  await app.close();
});

test("the portal shows a button when its popup is blocked, and that button connects", async () => {
  const app = await openApp(browser, { gateway, host, headless: false });
  await app.page.evaluate(() => {
    document.querySelector("#connect").onclick = () => {
      window.paragon.connect("azuredevops", {}).then(
        (value) => (window.outcome = { value }),
        (error) => (window.outcome = { error: String(error) }),
      );
    };
    window.realOpen = window.open;
    window.open = () => null;
  });
  await app.page.click("#connect");
  await app.portal.getByTestId("connect").click();
  await app.portal.getByTestId("blocked").waitFor();
  await app.page.evaluate(() => (window.open = window.realOpen));
  const popup = await opened(app.context, () => app.portal.getByTestId("reopen").click());
  await signIn(popup, mail.grace);
  await app.portal.getByTestId("status").getByText("Connected").waitFor();
  assert.equal((await app.outcome()).value.credential.status, "VALID");
  await app.close();
});

/** An app whose browser opened no window; the page has the error as `failure`. */
async function blockedApp() {
  const app = await openApp(browser, { gateway, host });
  await app.page.evaluate(() => (window.open = () => null));
  await app.arm({});
  await app.page.click("#connect");
  const { error } = await app.outcome();
  assert.equal(error.code, "popup_blocked");
  return app;
}

test("after a blocked popup the account is connected in the app's own window, which comes back", async () => {
  const app = await blockedApp();
  const back = `${host.url}?tab=accounts#connected`;
  await app.page.evaluate((back) => void window.failure.redirect(back), back);
  await app.page.getByTestId("yes").click();
  await app.page.getByRole("button", { name: mail.grace }).waitFor();
  assert.equal(app.page.url().includes("tab"), false, "the provider does not learn the app's page");
  await signIn(app.page, mail.grace);
  await app.page.waitForURL(back);
  assert.equal(app.context.pages().length, 1, "no window was opened");
  await authenticate(app.page, gateway, app.token);
  const { integrations } = await app.user_();
  assert.equal(integrations.azuredevops.credentialStatus, "VALID");
  await app.close();
});

test("a user who says no in the app's own window is back in the app, with no account", async () => {
  const app = await blockedApp();
  await app.page.evaluate(() => void window.failure.redirect());
  await app.page.getByTestId("no").click();
  await app.page.waitForURL(host.url);
  await authenticate(app.page, gateway, app.token);
  assert.equal((await app.user_()).integrations.azuredevops.enabled, false);
  await app.close();
});

test("a sign-in refused at the provider leads back to the app by a button", async () => {
  const app = await blockedApp();
  await app.page.evaluate(() => void window.failure.redirect());
  await app.page.getByTestId("yes").click();
  await app.page
    .getByRole("button", { name: /cancel/i })
    .first()
    .click();
  await app.page.getByTestId("leave").click();
  await app.page.waitForURL(host.url);
  await app.close();
});

test("the app's window goes back to no page of another origin", async () => {
  const app = await blockedApp();
  const refused = await app.page.evaluate(() =>
    Promise.all(
      ["https://evil.example/", "javascript:alert(1)", "/relative"].map((page) =>
        window.failure.redirect(page).catch(({ status, code, message }) => ({ status, code, message })),
      ),
    ),
  );
  for (const { status, message } of refused) {
    assert.equal(status, 400);
    assert.match(message, /returnTo/);
  }
  assert.equal(app.page.url(), new URL(host.url).href);
  await app.close();
});
