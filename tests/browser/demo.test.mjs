// The demo app as a visitor uses it, with pictures of what they see.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, afterEach, before, test } from "node:test";

import { mail, opened, pickOrganization } from "../lib/app.mjs";
import { launch, signIn } from "../lib/chromium.mjs";
import { api, knob, startDev } from "../lib/gateway.mjs";

const pictures = new URL("./screenshots/", import.meta.url).pathname;
let gateway, browser, context, page, problems;

before(async () => {
  [gateway, browser] = await Promise.all([startDev(), launch(), mkdir(pictures, { recursive: true })]);
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});
afterEach(async () => {
  await context?.close();
  await Promise.all(["ada", "grace"].map(disconnect));
  await knob(gateway.sandbox, "POST", "reset", {});
});

const portal = () => page.frameLocator("#paragon-connect-frame");
const shown = (id) => page.getByTestId(id).waitFor();
const texts = (id) => page.getByTestId(id).allInnerTexts();

/** The demo has two users only, so each test leaves them as it found them. */
async function disconnect(user) {
  const token = await gateway.token(user);
  const { json } = await api(gateway, token, "GET", "/sdk/me");
  for (const { id } of json.integrations.azuredevops.allCredentials) await api(gateway, token, "DELETE", `/sdk/credentials/${id}`);
}

/** A fresh browser on the demo page. */
async function visit(options = {}) {
  context = await browser.newContext({ reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(15_000);
  page = await context.newPage();
  problems = [];
  context.on("weberror", (error) => problems.push(String(error.error())));
  context.on("console", (message) => message.type() === "error" && !/status of 4\d\d/.test(message.text()) && problems.push(message.text()));
  await page.goto(gateway.url);
}

async function connectInPortal(person = "ada", organization = "contoso-demo") {
  await page.getByTestId("connect-portal").click();
  const popup = await opened(context, () => portal().getByTestId("connect").click());
  await signIn(popup, mail[person]);
  if (person === "ada") await pickOrganization(popup, organization);
  await portal().getByTestId("finish").click();
  await shown("items");
}

test("ada connects in the portal, sees projects and work items, creates one and disconnects", async () => {
  await visit();
  await page.getByTestId("sign-in-ada").click();
  assert.match(await page.getByTestId("user").innerText(), /Ada/);
  await connectInPortal();
  assert.match(await page.getByTestId("account").innerText(), /Ada Example · contoso-demo/);
  const projects = await page.getByTestId("project").locator("option").allInnerTexts();
  assert.ok(projects.includes("Tailspin Toys"));
  assert.ok((await texts("item")).length > 0);

  await page.getByTestId("title").fill("The boarding pass is blank");
  await page.getByTestId("create").click();
  const [, number] = (await page.getByTestId("created").innerText()).match(/#(\d+)/);
  await page
    .getByTestId("item")
    .filter({ hasText: `#${number}` })
    .filter({ hasText: "The boarding pass is blank" })
    .waitFor();

  await page.getByTestId("project").selectOption("Tailspin Toys");
  await page.getByTestId("items").waitFor();
  assert.ok(!(await texts("item")).some((item) => item.includes("The boarding pass is blank")), "another project has other items");

  await page.getByTestId("disconnect").click();
  await shown("connect-portal");
  assert.equal(await page.getByTestId("items").count(), 0);
  assert.deepEqual(problems, []);
});

test("grace connects with the app's own button", async () => {
  await visit();
  await page.getByTestId("sign-in-grace").click();
  const popup = await opened(context, () => page.getByTestId("connect-headless").click());
  await shown("headless-waiting");
  await signIn(popup, mail.grace);
  await shown("items");
  assert.match(await page.getByTestId("account").innerText(), /Grace Sample · contoso-demo/);
  assert.deepEqual(problems, []);
});

test("ada and grace never see each other's connection or data", async () => {
  await visit();
  await page.getByTestId("sign-in-ada").click();
  await connectInPortal("ada", "contoso-labs");
  assert.ok((await page.getByTestId("project").innerText()).includes("Experiments"));

  await page.getByTestId("switch-user").click();
  assert.ok(!(await page.getByRole("main").innerText()).includes("Experiments"));
  await page.getByTestId("sign-in-grace").click();
  await shown("connect-portal");
  assert.equal(await page.getByTestId("connection").innerText(), "Not connected");
  await page.getByTestId("connect-portal").click();
  await portal().getByTestId("connect").waitFor();
  assert.equal(await portal().getByTestId("account").count(), 0);
  await page.keyboard.press("Escape");
  const popup = await opened(context, () => page.getByTestId("connect-headless").click());
  await signIn(popup, mail.grace);
  await shown("items");
  assert.ok(!(await page.getByRole("main").innerText()).includes("contoso-labs"));

  await page.getByTestId("switch-user").click();
  await page.getByTestId("sign-in-ada").click();
  await shown("items");
  const text = await page.getByRole("main").innerText();
  assert.ok(text.includes("contoso-labs") && text.includes("Experiments") && !text.includes("Grace Sample"));
});

test("the portal takes the keyboard when it opens, each time, and Escape gives it back to the button", async () => {
  await visit();
  await page.getByTestId("sign-in-ada").click();
  for (let round = 0; round < 3; round++) {
    await page.getByTestId("connect-portal").press("Enter");
    await portal().getByTestId("connect").waitFor();
    const frame = page.frames().find((one) => one.url().includes("/ui"));
    await frame.waitForFunction(() => document.hasFocus() && document.activeElement !== document.body);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await portal().getByRole("dialog").waitFor({ state: "hidden" });
    await page.waitForFunction(() => document.activeElement.shadowRoot?.activeElement?.dataset.testid === "connect-portal");
  }
});

test("a revoked connection shows itself on the page and is mended in the portal", async () => {
  await visit();
  await page.getByTestId("sign-in-grace").click();
  await connectInPortal("grace");
  await knob(gateway.sandbox, "POST", "users/grace/revoke", {});
  await page.getByTestId("title").fill("Lost");
  await page.getByTestId("create").click();
  await page.getByTestId("connection").getByText("Needs reconnect").waitFor();
  await page.getByTestId("manage").click();
  const popup = await opened(context, () => portal().getByTestId("reconnect").click());
  await signIn(popup, mail.grace);
  await portal().getByTestId("finish").click();
  await page.getByTestId("connection").getByText("Connected", { exact: true }).waitFor();
  await shown("items");
});

test("in dark mode the app stays visible behind the portal", async () => {
  await visit({ colorScheme: "dark" });
  await page.getByTestId("sign-in-ada").click();
  await page.getByTestId("connect-portal").click();
  await portal().getByTestId("connect").waitFor();
  const picture = (await page.screenshot({ animations: "disabled" })).toString("base64");
  const blank = await context.newPage();
  const brightest = await blank.evaluate(async (picture) => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    return Math.max(...canvas.getImageData(0, image.height - 20, 20, 20).data.filter((_, index) => index % 4 !== 3));
  }, picture);
  assert.ok(brightest < 60, `the page behind the portal is painted over: ${brightest}`);
});

const looks = [
  ["light", { colorScheme: "light", viewport: { width: 1100, height: 800 } }],
  ["dark", { colorScheme: "dark", viewport: { width: 1100, height: 800 } }],
  ["phone", { colorScheme: "light", viewport: { width: 360, height: 740 } }],
];
for (const [name, look] of looks) {
  test(`nothing scrolls sideways and nothing is cut off: ${name}`, async () => {
    await visit(look);
    const picture = async (target, label) => {
      await target.screenshot({ path: `${pictures}${label}-${name}.png`, fullPage: true, animations: "disabled" });
      const sideways = await target.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
      assert.ok(sideways <= 0, `${label} scrolls ${sideways} px sideways`);
    };
    await picture(page, "1-sign-in");
    await page.getByTestId("sign-in-ada").click();
    await shown("connect-portal");
    await picture(page, "2-unconnected");
    await page.getByTestId("connect-portal").click();
    await portal().getByTestId("connect").waitFor();
    await picture(page, "3-portal");
    const popup = await opened(context, () => portal().getByTestId("connect").click());
    await popup.setViewportSize({ width: name === "phone" ? 360 : 500, height: 600 });
    await popup.getByRole("button", { name: mail.ada }).waitFor();
    await picture(page, "4-portal-waiting");
    await picture(popup, "5-provider");
    await popup.getByRole("button", { name: mail.ada }).click();
    await popup.getByRole("button", { name: "Accept" }).waitFor();
    await picture(popup, "6-consent");
    await popup.getByRole("button", { name: "Accept" }).click();
    await popup.getByTestId("organizations").waitFor();
    await picture(popup, "7-organizations");
    await pickOrganization(popup, "contoso-demo");
    await portal().getByTestId("finish").waitFor();
    await picture(page, "8-portal-connected");
    await portal().getByTestId("finish").click();
    await shown("items");
    await page.getByTestId("title").fill("The boarding pass is blank");
    await page.getByTestId("create").click();
    await shown("created");
    await picture(page, "9-work");
    await page.getByTestId("disconnect").click();
    await shown("connect-portal");
    await knob(gateway.sandbox, "POST", "authorize-errors", { code: 90094 });
    const refused = await opened(context, () => page.getByTestId("connect-headless").click());
    await refused.setViewportSize({ width: name === "phone" ? 360 : 500, height: 600 });
    await refused.getByTestId("admin-consent").waitFor();
    await picture(refused, "10-refused");
    await shown("error");
    await picture(page, "11-failed");
  });
}
