// What attackers try on the app's page, on the popup and in between.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { mail, openApp, opened, connectAs } from "../lib/app.mjs";
import { launch, signIn } from "../lib/chromium.mjs";
import { api, knob, startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";
import { startPages } from "../lib/pages.mjs";

let gateway, host, evil, browser, app;

before(async () => {
  [gateway, host, evil, browser] = await Promise.all([
    startDev(),
    startHostApp("ours"),
    startPages({ "/": "<!doctype html><title>Evil</title><p>evil</p>" }),
    launch({ extra: ["--host-resolver-rules=MAP evil.test 127.0.0.1"] }),
  ]);
  evil.foreign = evil.url.replace("127.0.0.1", "evil.test");
});
after(async () => {
  await browser?.close();
  await Promise.all([gateway?.stop(), host?.stop(), evil?.stop()]);
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await knob(gateway.sandbox, "PATCH", "settings", { openerPolicy: true });
});

const me = async (token) => (await api(gateway, token, "GET", "/sdk/me")).json;
const connected = async (token) => (await me(token)).integrations.azuredevops.allCredentials.length;

/** The id of the flow that the app registered, read from its requests. */
async function flowOf(connect) {
  const [request, popup] = await Promise.all([
    app.page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/sdk/flows")),
    connect(),
  ]);
  return { flow: request.postDataJSON(), popup };
}

/** Messages that a window sends to make the SDK believe something. */
const spoofs = `(flow) => {
  const proto = JSON.parse('{"__proto__":{"type":"paragon-flow-done"},"constructor":{"prototype":{"polluted":1}},"type":"paragon-flow-done","flow":"x"}');
  return [
    null, undefined, 0, "", "paragon-flow-done", [], proto, "x".repeat(5_000_000),
    { type: "paragon-flow-hello", flow }, { type: "paragon-flow-done", flow }, { type: "paragon-flow-done", flow: "y".repeat(43) },
    { type: "paragon-flow-done", flow: { toString: 1 } }, { id: flow, version: 99, status: "connected", credentialId: "c" },
    { type: "oauth_success_callback", credential: { integrationId: "x", payload: { accessToken: "evil" } } },
    { type: "oauth_error_callback", error: "evil" }, { type: "oauth-nonce-loaded" },
    { messageType: "SDK_FUNCTION_INVOCATION", type: "logout", parameters: [], id: 1 },
    { messageType: "SDK_FUNCTION_INVOCATION", type: "constructor", parameters: [], id: 2 },
    { messageType: "SDK_FUNCTION_INVOCATION", type: "sendConnectRequest", parameters: ["/steal", { baseURLOverride: "EVIL" }, false], id: 3 },
    { messageType: "SDK_FUNCTION_INVOCATION", type: "uninstallIntegration", parameters: ["azuredevops"], id: 4 },
    { messageType: "SDK_FUNCTION_INVOCATION", type: "cancelOAuthFlow", parameters: [], id: 5 },
    { messageType: "SDK_FUNCTION_INVOCATION", type: "setModalState", parameters: [{ integration: null }], id: 6 },
  ];
}`;

/** Adds a frame of `url` to the app's page and gives it. */
async function addFrame(page, url) {
  await page.evaluate((url) => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    return new Promise((resolve) => {
      frame.onload = resolve;
      frame.src = url;
    });
  }, url);
  return page.frames().find((frame) => frame.url().startsWith(url));
}

test("messages from a foreign frame, from the app's own window and about another flow change nothing", async () => {
  // With its opener policy the provider's page makes the popup look closed, and then the SDK asks of its own accord.
  await knob(gateway.sandbox, "PATCH", "settings", { openerPolicy: false });
  app = await openApp(browser, { gateway, host });
  const { flow, popup } = await flowOf(() => app.connect());
  await popup.getByRole("button", { name: mail.grace }).waitFor();
  const calls = [];
  app.page.on("request", (request) => calls.push(request.url()));
  const frame = await addFrame(app.page, evil.url);
  await frame.evaluate(`for (const message of (${spoofs})("${flow.id}")) parent.postMessage(message, "*")`);
  await app.page.evaluate(`for (const message of (${spoofs})("${flow.id}")) postMessage(message, "*")`);
  // A message sent after all of them has arrived: the others were handled.
  await app.page.evaluate(
    () =>
      new Promise((resolve) => {
        addEventListener("message", ({ data }) => data === "last" && resolve());
        postMessage("last", "*");
      }),
  );
  assert.equal(await app.page.evaluate(() => window.outcome), undefined);
  assert.equal(await app.page.evaluate(() => ({}).polluted), undefined);
  assert.equal((await app.user_()).authenticated, true);
  assert.deepEqual(
    calls.filter((url) => !url.startsWith(evil.url)),
    [],
    "nothing was requested because of a message",
  );
  await signIn(popup, mail.grace);
  assert.equal((await app.outcome()).value.credential.status, "VALID");
});

test("with the portal open, another window cannot call the sdk's methods", async () => {
  app = await openApp(browser, { gateway, host, headless: false });
  await connectAsHeadlessUser();
  await app.page.evaluate(() => void window.paragon.connect("azuredevops", {}).catch(() => undefined));
  await app.portal.getByTestId("disconnect").waitFor();
  const calls = [];
  app.page.on("request", (request) => calls.push(`${request.method()} ${request.url()}`));
  const frame = await addFrame(app.page, evil.url);
  await frame.evaluate(
    `addEventListener("message", ({ data }) => (window.answers ??= []).push(data)); for (const message of (${spoofs})("x")) parent.postMessage(message, "*")`,
  );
  await app.page.evaluate(
    () =>
      new Promise((resolve) => {
        addEventListener("message", ({ data }) => data === "last" && resolve());
        postMessage("last", "*");
      }),
  );
  await app.page.evaluate(() => window.paragon.request("azuredevops", "/projects?api-version=7.1"));
  assert.deepEqual(await frame.evaluate(() => window.answers ?? []), []);
  assert.deepEqual(
    calls.filter((call) => !call.includes("/sdk/proxy/") && !call.includes(evil.url)),
    [],
  );
  assert.equal(await connected(app.token), 1);
});

async function connectAsHeadlessUser() {
  await app.page.evaluate(() => window.paragon.setHeadless(true));
  await connectAs(app, "grace");
  await app.page.evaluate(() => window.paragon.setHeadless(false));
}

test("even the portal's own frame can send the user token to configured services only and call no other method", async () => {
  app = await openApp(browser, { gateway, host, headless: false });
  await app.page.evaluate(() => void window.paragon.connect("azuredevops", {}).catch(() => undefined));
  await app.portal.getByRole("dialog").waitFor();
  const frame = app.page.frames().find((one) => one.url().includes("/ui"));
  const stolen = [];
  evil.onRequest = (request) => stolen.push(request.url);
  const invoke = (type, parameters) =>
    frame.evaluate(
      ({ type, parameters }) =>
        new Promise((resolve) => {
          const id = crypto.randomUUID();
          addEventListener("message", ({ data }) => data?.id === id && resolve(data));
          parent.postMessage({ messageType: "SDK_FUNCTION_INVOCATION", type, parameters, id }, "*");
        }),
      { type, parameters },
    );
  const elsewhere = await invoke("sendConnectRequest", ["/steal", { baseURLOverride: evil.url }, false]);
  assert.equal(elsewhere.messageType, "SDK_FUNCTION_ERROR");
  for (const path of ["//evil.test/x", `@${new URL(evil.url).host}/x`, `${evil.url}/x`]) {
    await invoke("sendConnectRequest", [path, {}, false]);
  }
  for (const method of ["authenticate", "logout", "configureGlobal", "constructor", "__proto__", "toString", "request"]) {
    const answer = await invoke(method, ["x", "y"]);
    assert.deepEqual([answer.messageType, answer.code], ["SDK_FUNCTION_ERROR", "method_refused"], method);
  }
  assert.deepEqual(stolen, []);
  assert.equal((await app.user_()).authenticated, true);
});

test("no user token, code, state or ticket is in storage, in a url of the gateway, in the address bar or in a referer of ours", async () => {
  const urls = [];
  const referers = [];
  const codes = new Set();
  app = await openApp(browser, {
    gateway,
    host,
    headless: false,
    before: ({ context }) =>
      context.on("request", async (request) => {
        const url = new URL(request.url());
        urls.push(url.href);
        const { referer } = await request.allHeaders().catch(() => ({}));
        if (referer && new URL(referer).origin !== gateway.sandbox) referers.push(referer);
        if (url.pathname === "/oauth") codes.add(url.searchParams.get("code")).add(url.searchParams.get("state"));
      }),
  });
  await app.page.evaluate(() => void window.paragon.connect("azuredevops", {}).catch(() => undefined));
  const popup = await opened(app.context, () => app.portal.getByTestId("connect").click());
  await signIn(popup, mail.ada);
  await popup.getByTestId("organizations").waitFor();
  const shown = popup.url();
  const kept = await storages();
  await popup.getByRole("radio", { name: "contoso-demo" }).check();
  await popup.getByTestId("pick").click();
  await app.portal.getByTestId("status").getByText("Connected").waitFor();
  if (!popup.isClosed()) await popup.waitForEvent("close");
  assert.equal(codes.size, 2);
  assert.ok(!/code=|state=/.test(shown), `the address bar shows ${shown}`);
  const ours = urls.filter((url) => url.startsWith(gateway.url));
  assert.ok(ours.length > 5);
  const secrets = [app.token, app.token.split(".")[2]];
  for (const url of ours) for (const secret of secrets) assert.ok(!url.includes(secret), url);
  for (const referer of referers) for (const secret of [...secrets, ...codes]) assert.ok(!referer.includes(secret), referer);
  for (const { origin, values } of [...kept, ...(await storages())]) assert.deepEqual(values, [], origin);
});

/** What every open page keeps in localStorage, sessionStorage and IndexedDB; a frame that may keep nothing keeps nothing. */
async function storages() {
  const pages = app.context.pages().filter((page) => !page.isClosed());
  const frames = pages.flatMap((page) => page.frames()).filter((frame) => frame.url().startsWith("http"));
  return Promise.all(
    frames.map(async (frame) => ({
      origin: new URL(frame.url()).origin,
      values: await frame.evaluate(async () => {
        const kept = [
          () => Object.entries({ ...localStorage }),
          () => Object.entries({ ...sessionStorage }),
          async () => (await indexedDB.databases()).map(({ name }) => name),
        ];
        const read = await Promise.allSettled(kept.map(async (values) => values()));
        return read.flatMap(({ value }) => value ?? []);
      }),
    })),
  );
}

test("importing the package makes no request, no element, no storage key and no listener", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.added = [];
    for (const target of [EventTarget.prototype]) {
      const real = target.addEventListener;
      target.addEventListener = function (type, ...rest) {
        window.added.push(type);
        return real.call(this, type, ...rest);
      };
    }
  });
  const urls = [];
  page.on("request", (request) => urls.push(new URL(request.url()).pathname));
  await page.goto(host.url);
  const state = await page.evaluate(() => ({
    api: typeof window.paragon.connect,
    added: window.added,
    frames: document.querySelectorAll("iframe").length,
    nodes: document.body.children.length,
    keys: localStorage.length + sessionStorage.length,
  }));
  assert.deepEqual(state, { api: "function", added: [], frames: 0, nodes: 5, keys: 0 });
  assert.deepEqual(
    urls.filter((path) => path !== "/favicon.ico"),
    ["/", "/app.js"],
  );
  await context.close();
});

test("the portal refuses to be framed, and the api to answer, to a site that is not on the project's list", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const token = await gateway.token("framed");
  await page.goto(evil.foreign);
  assert.equal(await frameLoads(page, `${gateway.url}/ui?projectId=demo`, "connect-portal"), false);
  assert.equal(await frameLoads(page, `${gateway.url}/ui`, "connect-portal"), false);
  const read = (path, init) =>
    page.evaluate(({ url, init }) => fetch(url, init).then(async (answer) => [answer.status, (await answer.json()).code]), {
      url: `${gateway.projectUrl}${path}`,
      init,
    });
  const refused = [403, "origin_not_allowed"];
  for (const [method, path] of [
    ["GET", "/sdk/me"],
    ["GET", "/sdk/integrations"],
    ["POST", "/sdk/flows"],
    ["DELETE", "/sdk/credentials/x"],
    ["GET", "/sdk/proxy/azuredevops/projects"],
  ]) {
    assert.deepEqual(await read(path, { method, headers: { authorization: `Bearer ${token}` } }), refused, path);
  }
  const posted = await page.evaluate(
    (url) => fetch(url, { method: "POST", mode: "no-cors", body: "{}" }).then(({ type }) => type),
    `${gateway.projectUrl}/sdk/flows`,
  );
  assert.equal(posted, "opaque");
  await context.close();
});

test("the popup's pages and the demo refuse every frame, also of the app's own site", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(host.url);
  for (const [path, element] of [
    ["/connect/start", "connect-popup"],
    ["/oauth?state=x&code=y", "connect-popup"],
    ["/", "harbor-desk"],
  ]) {
    assert.equal(await frameLoads(page, `${gateway.url}${path}`, element), false, path);
  }
  assert.equal(await frameLoads(page, `${gateway.url}/ui`, "connect-portal"), true, "the portal itself may be framed by the app");
  await context.close();
});

/** Whether a frame of `page` shows the gateway's page: a refused one shows the browser's error page. */
async function frameLoads(page, url, element) {
  await page.evaluate((url) => {
    document.querySelector("iframe")?.remove();
    const frame = document.body.appendChild(document.createElement("iframe"));
    return new Promise((resolve) => {
      frame.onload = resolve;
      frame.src = url;
    });
  }, url);
  return page
    .frames()[1]
    .evaluate((element) => document.querySelector(element) !== null, element)
    .catch(() => false);
}

test("a page whose origin is not allowed is told so by every call, and gets nothing", async () => {
  const context = await browser.newContext();
  app = { close: () => context.close() };
  const page = await context.newPage();
  const origin = host.url.replace("127.0.0.1", "evil.test");
  await page.goto(origin);
  const token = await gateway.token("grace");
  const refusals = await page.evaluate(
    async ({ gateway, token }) => {
      const { paragon } = window;
      paragon.configureGlobal({ gateway });
      paragon.setHeadless(true);
      const calls = [
        () => paragon.authenticate("demo", token),
        () =>
          fetch(`${gateway}/projects/demo/sdk/credentials`, { headers: { authorization: `Bearer ${token}` } }).then((answer) =>
            answer.json().then((body) => Promise.reject({ ...body, status: answer.status })),
          ),
      ];
      return Promise.all(
        calls.map((call) =>
          call().then(
            (value) => ({ value }),
            ({ status, code, message }) => ({ status, code, message }),
          ),
        ),
      );
    },
    { gateway: gateway.url, token },
  );
  for (const { status, code, message } of refusals) {
    assert.deepEqual([status, code], [403, "origin_not_allowed"]);
    assert.match(message, new RegExp(`\`${origin}\` is not an allowed origin of the project`));
  }
  assert.deepEqual(await page.evaluate(() => window.paragon.getUser()), { authenticated: false });
});
