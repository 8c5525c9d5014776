// Opens a host's page as its user does.

import assert from "node:assert/strict";

import { CREDENTIAL_ID, until } from "../../package/support/gateway.mjs";
import { expected } from "./backend.mjs";

/** The calls give what they have to, and a click opens the popup in its own task and connects. */
export async function visit(browser, backend, url) {
  const context = await browser.newContext();
  context.setDefaultTimeout(20_000);
  try {
    const page = await context.newPage();
    const problems = [];
    context.on("weberror", (error) => problems.push(String(error.error())));
    page.on("console", (message) => message.type() === "error" && problems.push(`${message.text()} ${message.location().url}`));
    await page.goto(`${url}/?${backend.parameters}`);
    try {
      assert.deepEqual(await shown(page, "state"), expected);
      assert.equal(context.pages().length, 1, "no window without a click");
      const [popup] = await Promise.all([context.waitForEvent("page"), page.click("#connect")]);
      assert.equal(await shown(page, "opened"), true, "the popup opens before the call returns");
      await popup.waitForURL((address) => address.href.startsWith(`${backend.origin}/connect/start#`));
      const ticket = new URL(popup.url()).hash.slice(1);
      const flow = await until(() => [...backend.flows.values()].find((one) => one.ticket === ticket), "the flow is registered");
      backend.connect(flow.id);
      assert.equal(await shown(page, "connected"), CREDENTIAL_ID);
    } catch (error) {
      error.message += `\nthe page said:\n${problems.join("\n")}`;
      throw error;
    }
    // Browsers ask for an icon that the apps do not have.
    assert.deepEqual(
      problems.filter((problem) => !problem.includes("/favicon.ico")),
      [],
    );
  } finally {
    await context.close();
  }
}

/** What the page shows under `id`, once it does. */
export async function shown(page, id) {
  const text = page.locator(`#${id}:not(:empty)`);
  await text.waitFor();
  return JSON.parse(await text.textContent());
}
