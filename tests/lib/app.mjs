// Drives the host app's page the way its user does: sign in, press buttons, look at what came of it.

import { signIn } from "./chromium.mjs";

/** The mail addresses of the simulator's people. */
export const mail = {
  ada: "ada@contoso.example",
  grace: "grace@contoso.example",
  edsger: "edsger@contoso.example",
  margaret: "margaret@fabrikam.example",
  katherine: "katherine@outlook.example",
  dorothy: "dorothy@tailspin.example",
  radia: "radia@contoso.example",
};

let users = 0;

/** A user name that no other test has: what one test connects, no other sees. */
export function newUser() {
  return `user-${process.pid}-${++users}`;
}

/**
 * Opens the host app in a browser of its own and signs `user` in to the SDK.
 *
 * `connect` of the answer presses the app's button; `outcome` waits for what its promise became.
 */
export async function openApp(browser, { gateway, host, user = newUser(), headless = true, before, popups = true }) {
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const token = await gateway.token(user);
  if (before) await before({ context, page, token });
  await page.goto(host.url);
  await authenticate(page, gateway, token, headless);
  const app = {
    context,
    page,
    user,
    token,
    close: () => context.close(),
    portal: page.frameLocator("#paragon-connect-frame"),
    arm: (options) => arm(page, options),
    connect: async (options = {}) => {
      await arm(page, options);
      return popups ? opened(context, () => page.click("#connect")) : page.click("#connect");
    },
    outcome: () => outcome(page),
    statuses: () => page.evaluate(() => window.statuses),
    request: (...parameters) => request(page, parameters),
    user_: () => page.evaluate(() => window.paragon.getUser()),
  };
  return app;
}

/** Signs the user in to the page's SDK. */
export async function authenticate(page, gateway, token, headless = true) {
  await page.evaluate(
    async ({ url, token, headless }) => {
      window.paragon.configureGlobal({ gateway: url });
      window.paragon.setHeadless(headless);
      await window.paragon.authenticate("demo", token);
    },
    { url: gateway.url, token, headless },
  );
}

/** Does `action` and gives the window that it opened. */
export async function opened(context, action) {
  const [popup] = await Promise.all([context.waitForEvent("page"), action()]);
  return popup;
}

/** Ties the app's buttons to the SDK: `#connect` installs with `options`, `#again` runs the error's `retry`. */
async function arm(page, options) {
  await page.evaluate((options) => {
    Object.assign(window, { statuses: [], progress: undefined, outcome: undefined, failure: undefined });
    const now = () => performance.timeOrigin + performance.now();
    const follow = (start) => {
      window.outcome = undefined;
      new Promise((resolve) => resolve(start())).then(
        (value) => (window.outcome = { value, at: now() }),
        (error) => {
          window.failure = error;
          const { name, code, message } = error;
          const cause = error.cause instanceof Error ? error.cause.message : undefined;
          window.outcome = { error: { name, code, message, cause, exported: error instanceof (window.sdk[name] ?? Error) }, at: now() };
        },
      );
    };
    const onStatus = (status) => {
      window.progress = status;
      window.statuses.push({ status: status.status, popupClosed: status.popupClosed, blocked: status.blocked });
    };
    const { abortable, ...given } = options;
    if (abortable) given.signal = (window.aborter = new AbortController()).signal;
    document.querySelector("#connect").onclick = () => follow(() => window.paragon.installIntegration("azuredevops", { ...given, onStatus }));
    document.querySelector("#again").onclick = () => follow(() => window.failure.retry());
  }, options);
}

/** What the promise of the last press became: `{value}` or `{error}`, with the time. */
export async function outcome(page) {
  const handle = await page.waitForFunction(() => window.outcome, undefined, { polling: 20 });
  return handle.jsonValue();
}

/** Waits until the app was told a status that `test` accepts (a function of the page's last status). */
export function statusIs(page, test) {
  return page.waitForFunction(test, undefined, { polling: 20 });
}

/** `paragon.request` in the page: `{value}` or `{error}`. */
async function request(page, [path, options]) {
  return page.evaluate(
    async ({ path, options }) => {
      try {
        return { value: await window.paragon.request("azuredevops", path, options) };
      } catch (error) {
        return { error: { name: error.name, code: error.code, status: error.status, message: error.message } };
      }
    },
    { path, options },
  );
}

/** Connects as the simulator's `person` from button to resolved promise; gives the result of `installIntegration`. */
export async function connectAs(app, person, options = {}) {
  const popup = await app.connect(options);
  await signIn(popup, mail[person]);
  if (person === "ada") await pickOrganization(popup, "contoso-demo");
  const { value, error } = await app.outcome();
  if (error) throw new Error(`connecting: ${error.code} ${error.message}`);
  return value;
}

/** Says on the popup's page that it was the user who started this: an SDK that is given single service URLs does not answer for its app. */
export async function sayYes(popup) {
  await popup.getByTestId("yes").click();
}

/** Picks one of several organizations on the popup's page: check boxes where the app takes several accounts of a user. */
export async function pickOrganization(popup, name) {
  await popup.getByRole("radio", { name }).or(popup.getByRole("checkbox", { name })).check();
  await popup.getByTestId("pick").click();
}
