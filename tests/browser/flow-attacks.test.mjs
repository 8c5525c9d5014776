// Attacks on the connect flow itself: links sent by strangers, used tickets, answers in the wrong browser.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, test } from "node:test";

import { connectAs, mail, newUser, openApp } from "../lib/app.mjs";
import { launch, signIn } from "../lib/chromium.mjs";
import { api, startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";
import { startPages } from "../lib/pages.mjs";

let gateway, host, evil, browser;
const contexts = [];

before(async () => {
  [gateway, host, evil, browser] = await Promise.all([startDev(), startHostApp("ours"), startPages({ "/": "<!doctype html><title>Evil</title>" }), launch()]);
});
after(async () => {
  await browser?.close();
  await Promise.all([gateway?.stop(), host?.stop(), evil?.stop()]);
});
afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close())));

const random = () => randomBytes(32).toString("base64url");
const origin = () => ({ origin: host.url });

/** A person's browser of its own. */
async function person() {
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  contexts.push(context);
  return context;
}

/** The attacker registers a flow of their own with their own token: what a link to a victim is made of. */
async function registerFlow(user = newUser()) {
  const token = await gateway.token(user);
  const flow = { id: random(), ticket: random(), integration: "azuredevops" };
  const answer = await api(gateway, token, "POST", "/sdk/flows", flow, origin());
  assert.equal(answer.status, 201);
  const follow = (query = "") => api(gateway, token, "GET", `/sdk/flows/${flow.id}${query}`, undefined, origin());
  return { ...flow, user, token, link: `${gateway.url}/connect/start#${flow.ticket}`, follow };
}

/** Waits by long polls until the flow is over; gives its last state. */
async function ended(flow) {
  for (let version = 0; ; ) {
    const { json } = await flow.follow(`?after=${version}&wait=10`);
    if (["connected", "failed", "cancelled", "expired"].includes(json.status)) return json;
    version = json.version;
  }
}

test("a start link sent by a stranger asks whose account it is, and no connects nothing", async () => {
  const attack = await registerFlow("mallory");
  const meta = { Email: mail.ada, Name: "Ada Lovelace" };
  assert.equal((await api(gateway, attack.token, "PATCH", "/sdk/me", { meta })).status, 200);
  const victim = await (await person()).newPage();
  await victim.goto(attack.link);
  assert.equal(await victim.getByTestId("user-label").innerText(), "mallory");
  assert.doesNotMatch(await victim.getByTestId("ask").innerText(), /ada/i);
  assert.equal(await victim.getByTestId("app-site").innerText(), new URL(host.url).host);
  await victim.getByTestId("no").click();
  assert.equal((await ended(attack)).status, "cancelled");
  const me = await api(gateway, attack.token, "GET", "/sdk/me");
  assert.equal(me.json.integrations.azuredevops.enabled, false);
});

test("a stranger's page that opens the start link cannot answer in the app's name", async () => {
  const attack = await registerFlow();
  const victim = await person();
  const page = await victim.newPage();
  await page.goto(evil.url);
  const waiting = victim.waitForEvent("page");
  await page.evaluate(
    ({ link, flow, gateway }) => {
      window.heard = [];
      addEventListener("message", ({ data }) => window.heard.push(data));
      const popup = window.open(link, "_blank", "width=500,height=600");
      window.timer = setInterval(() => popup.postMessage({ type: "paragon-flow-go", flow }, gateway), 10);
    },
    { link: attack.link, flow: attack.id, gateway: gateway.url },
  );
  const popup = await waiting;
  await popup.getByTestId("ask").waitFor();
  // More answers of the stranger arrive while the question stands.
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        let rounds = 0;
        setInterval(() => ++rounds === 20 && resolve(), 10);
      }),
  );
  assert.ok(await popup.getByTestId("ask").isVisible());
  assert.deepEqual(await page.evaluate(() => window.heard), [], "the question goes to the flow's origin only");
  await popup.getByTestId("no").click();
  assert.equal((await ended(attack)).status, "cancelled");
});

test("a stranger's flow by the reference client's route asks whose account it is, and no connects nothing", async () => {
  const token = await gateway.token("mallory");
  const key = random();
  const authorization = { authorization: `Bearer ${token}`, ...origin() };
  const built = await fetch(`${gateway.url}/v2/projects/demo/sdk/actions/build-oauth?action=azuredevops&oauthMetaKeyId=${key}`, { headers: authorization });
  const { redirectUrl } = await built.json();
  const victim = await person();
  const page = await victim.newPage();
  await page.goto(evil.url);
  const waiting = victim.waitForEvent("page");
  // As the reference client does it: the nonce page first, then the address that the gateway gave.
  const nonce = `${gateway.projectUrl}/sdk/actions/oauth-nonce?action=azuredevops&integrationId=x&originForPostMessage=${host.url}&userToken=${token}`;
  await page.evaluate((nonce) => (window.popup = window.open(nonce, "_blank", "width=500,height=600")), nonce);
  const popup = await waiting;
  await popup.getByText("Opening the sign-in page").waitFor();
  await page.evaluate((url) => (window.popup.location.href = url), redirectUrl);
  assert.equal(await popup.getByTestId("user-label").innerText(), "mallory");
  assert.equal(await popup.getByTestId("app-site").innerText(), new URL(host.url).host);
  assert.ok(popup.url().startsWith(gateway.url), "no sign-in page before the answer");
  const left = popup.waitForEvent("close");
  await popup.getByTestId("no").click();
  await left;
  const poll = await api(gateway, token, "GET", `/sdk/actions/session-id/${key}`);
  assert.deepEqual(poll.json, {});
  const again = await victim.newPage();
  await again.goto(redirectUrl);
  await again.getByTestId("error").waitFor();
});

test("a ticket opens one window: the second is told so, and the first goes on", async () => {
  const flow = await registerFlow();
  const first = await (await person()).newPage();
  await first.goto(flow.link);
  await first.getByTestId("ask").waitFor();
  const second = await fetch(`${gateway.url}/connect/ticket`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: gateway.url },
    body: JSON.stringify({ ticket: flow.ticket }),
  });
  assert.deepEqual([second.status, (await second.json()).code, second.headers.get("set-cookie")], [404, "flow_not_found", null]);
  await first.getByTestId("yes").click();
  await signIn(first, mail.grace);
  assert.equal((await ended(flow)).status, "connected");
});

test("an answer of the provider that arrives in another browser is refused, and the flow stays alive", async () => {
  const flow = await registerFlow();
  const own = await (await person()).newPage();
  const [answered] = await Promise.all([own.waitForResponse(`${gateway.url}/connect/ticket`), own.goto(flow.link)]);
  const { authorizationUrl } = await answered.json();

  const stranger = await (await person()).newPage();
  await stranger.goto(authorizationUrl);
  const refused = stranger.waitForResponse((response) => response.url().startsWith(`${gateway.url}/oauth`));
  await signIn(stranger, mail.grace);
  assert.equal((await refused).status(), 400);
  await stranger.getByTestId("error").waitFor();
  assert.equal((await flow.follow()).json.status, "opened");

  const used = own.waitForRequest((request) => request.url().startsWith(`${gateway.url}/oauth`));
  await own.getByTestId("yes").click();
  await signIn(own, mail.grace);
  assert.equal((await ended(flow)).status, "connected");
  const again = await (await own.context().newPage()).goto((await used).url());
  assert.equal(again.status(), 400, "a state works once");
});

test("an answer with an unknown, an empty or no state shows a page that helps and says nothing to any app", async () => {
  const page = await (await person()).newPage();
  for (const query of [
    "",
    "?state=&code=x",
    `?state=${random()}&code=x`,
    "?error=access_denied",
    "?state=a&state=b&code=x",
    "?code=%00",
    `?state=${"x".repeat(7000)}`,
  ]) {
    const response = await page.goto(`${gateway.url}/oauth${query}`);
    assert.equal(response.status(), 400, query);
    await page.getByTestId("error").waitFor();
    assert.match(await page.getByTestId("request-id").innerText(), /\S/);
  }
});

test("the done message goes to the flow's origin only: a page of another origin that took the opener's place hears nothing", async () => {
  const flow = await registerFlow();
  const context = await person();
  const page = await context.newPage();
  await page.goto(evil.url);
  const waiting = context.waitForEvent("page");
  await page.evaluate((link) => {
    window.heard = [];
    addEventListener("message", ({ data }) => window.heard.push(data));
    window.open(link, "_blank", "width=500,height=600");
  }, flow.link);
  const popup = await waiting;
  await popup.getByTestId("no").waitFor();
  // The provider leaves the opener alone here, so that the last page still has it.
  await fetch(`${gateway.sandbox}/_sandbox/settings`, { method: "PATCH", headers: { "content-type": "application/json" }, body: '{"openerPolicy":false}' });
  await popup.getByTestId("yes").click();
  await signIn(popup, mail.grace);
  assert.equal((await ended(flow)).status, "connected");
  if (!popup.isClosed()) await popup.waitForEvent("close");
  assert.deepEqual(await page.evaluate(() => window.heard), []);
});

test("only the gateway's own pages may post the popup's requests", async () => {
  const flow = await registerFlow();
  for (const [path, body] of [
    ["ticket", { ticket: flow.ticket }],
    ["organizations", { flow: flow.id, organization: "x" }],
    ["departure", { flow: flow.id, how: "refused" }],
  ]) {
    for (const foreign of [evil.url, "null", host.url, undefined]) {
      const headers = { "content-type": "application/json", ...(foreign ? { origin: foreign } : {}) };
      const answer = await fetch(`${gateway.url}/connect/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
      assert.deepEqual([answer.status, (await answer.json()).code], [403, "origin_not_allowed"], `${path} from ${foreign}`);
    }
  }
  assert.equal((await flow.follow()).json.status, "pending");
});

test("another user's credential and flow are not found, whoever asks", async () => {
  const app = await openApp(browser, { gateway, host });
  contexts.push(app.context);
  const { credentialId } = await connectAs(app, "grace");
  const flow = await registerFlow();
  const stranger = await gateway.token(newUser());
  const calls = [
    ["GET", `/sdk/credentials/${credentialId}`, {}],
    ["DELETE", `/sdk/credentials/${credentialId}`, {}],
    ["GET", "/sdk/proxy/azuredevops/projects", { "x-paragon-credential": credentialId }],
    ["GET", `/sdk/flows/${flow.id}`, {}],
    ["DELETE", `/sdk/flows/${flow.id}`, {}],
  ];
  for (const [method, path, headers] of calls) {
    const answer = await api(gateway, stranger, method, path, undefined, { ...origin(), ...headers });
    assert.equal(answer.status, 404, `${method} ${path}: ${answer.text}`);
    assert.ok(!answer.text.includes("contoso"));
  }
  const target = { id: random(), ticket: random(), integration: "azuredevops", credentialId };
  assert.equal((await api(gateway, stranger, "POST", "/sdk/flows", target, origin())).status, 404);
  assert.ok((await app.request("/projects?api-version=7.1")).value.count > 0, "the owner's connection is untouched");
});

test("a link to the start page without, with a false or with an unknown ticket leads to a page that says so", async () => {
  const page = await (await person()).newPage();
  for (const fragment of ["", "#", "#x", "#<script>alert(1)</script>", `#${"T".repeat(44)}`]) {
    await page.goto("about:blank");
    await page.goto(`${gateway.url}/connect/start${fragment}`);
    await page.getByTestId("error").waitFor();
    assert.equal(new URL(page.url()).hash, "");
  }
});
