// Signing keys in the dashboard: made, used by a backend, tried, removed.

import assert from "node:assert/strict";
import { createPrivateKey, sign } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { after, afterEach, before, test } from "node:test";

import { launch } from "../lib/chromium.mjs";
import { openDashboard, overflow, serious } from "../lib/dashboard.mjs";
import { api, startDev } from "../lib/gateway.mjs";

const pictures = new URL("./screenshots/", import.meta.url).pathname;
let gateway, browser, context, page, problems;

before(async () => {
  gateway = await startDev();
  browser = await launch();
  await mkdir(pictures, { recursive: true });
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});
afterEach(() => context?.close());

/** A user token as a backend makes it, with node's own crypto. */
function tokenOf(privateKey, claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "ES256", typ: "JWT" })}.${part(claims)}`;
  const signature = sign("sha256", Buffer.from(text), { key: createPrivateKey(privateKey), dsaEncoding: "ieee-p1363" });
  return `${text}.${signature.toString("base64url")}`;
}

async function check(token) {
  await page.getByLabel("User token").fill(token);
  await page.getByTestId("try").click();
}

test("a key pair is made, a backend signs with it, a token is tried, and the key is removed", async () => {
  ({ context, page, problems } = await openDashboard(browser, gateway, "/dashboard/projects/demo/keys"));
  await page.getByText("In the configuration file").waitFor();
  await page.getByLabel("Algorithm").selectOption("ES256");
  await page.getByTestId("add-key").click();
  const privateKey = await page.getByTestId("private-key").innerText();
  const claims = { sub: "grace", exp: Math.floor(Date.now() / 1000) + 600 };
  const token = tokenOf(privateKey, claims);
  assert.equal((await api(gateway, token, "GET", "/sdk/me")).status, 200);
  await page.screenshot({ path: `${pictures}signing-keys-made.png`, fullPage: true });
  await page.getByTestId("forget").click();
  await page.getByTestId("private-key").waitFor({ state: "detached" });

  await check(token);
  await page.getByText("Token accepted").waitFor();
  await page.getByTestId("trial").getByText("grace").waitFor();
  await check(tokenOf(privateKey, { ...claims, exp: 1 }));
  await page.getByTestId("trial").getByText("has expired").waitFor();
  await check("no token");
  await page.getByTestId("trial").getByText("not a well-formed JWT").waitFor();

  await page.reload();
  await page.getByTestId("remove-key").click();
  assert.ok(!(await page.content()).includes("PRIVATE KEY"), "it was shown once");
  await page.getByTestId("confirm-remove").click();
  await page.getByTestId("confirm-remove").waitFor({ state: "detached" });
  await page.getByTestId("remove-key").waitFor({ state: "detached" });
  assert.equal((await api(gateway, token, "GET", "/sdk/me")).status, 401);

  await page.getByLabel("Paste a public key").check();
  await page.getByLabel("Public key", { exact: true }).fill(privateKey);
  await page.getByTestId("add-key").click();
  await page.getByText("this is a private key", { exact: false }).first().waitFor();
  assert.deepEqual(problems, []);
});

for (const [name, options] of Object.entries({ light: {}, dark: { colorScheme: "dark" }, phone: { viewport: { width: 360, height: 740 } } })) {
  test(`the page of keys keeps nobody out: ${name}`, async () => {
    ({ context, page, problems } = await openDashboard(browser, gateway, "/dashboard/projects/demo/keys", options));
    await page.getByTestId("add-key").click();
    await page.getByTestId("private-key").waitFor();
    await check("a.b.c");
    await page.getByTestId("trial").waitFor();
    assert.deepEqual(await serious(page), []);
    assert.equal(await overflow(page), 0);
    await page.screenshot({ path: `${pictures}signing-keys-${name}.png`, fullPage: true });
    assert.deepEqual(problems, []);
  });
}
