// The dashboard in a browser, as its operator.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The operator of the demo. */
export const EMAIL = "operator@harbor-desk.example";

/** The operator's password. */
export const passwordOf = async (gateway) => (await readFile(join(gateway.folder, "operator-password"), "utf8")).trim();

/**
 * A fresh browser with an empty page. `problems` gets what its console complains of; answers with 4xx and requests that
 * a test has cut off are none.
 */
export async function freshPage(browser, options = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const problems = [];
  context.on("weberror", (error) => problems.push(String(error.error())));
  context.on("console", (message) => message.type() === "error" && !/status of 4\d\d|ERR_FAILED/.test(message.text()) && problems.push(message.text()));
  return { context, page, problems };
}

/** Fills in the sign-in form that is shown. */
export async function signInOperator(page, password) {
  await page.getByLabel("Email address").fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByTestId("sign-in").click();
}

/** Opens a page of the dashboard, signed in. */
export async function openDashboard(browser, gateway, path, options = {}) {
  const opened = await freshPage(browser, { viewport: { width: 1280, height: 1000 }, ...options });
  await opened.page.goto(gateway.url + path);
  await signInOperator(opened.page, await passwordOf(gateway));
  return opened;
}

/**
 * What axe-core finds that keeps somebody out. A menu of completions scrolls with the arrow keys, which go to the text
 * field (`aria-activedescendant`), so it needs no focus of its own.
 */
export async function serious(page) {
  await page.evaluate(await axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ html, any }) => [`${id}: ${html}`, ...any.map(({ message }) => message)].join(" – ")));
  return found.filter((one) => !/^scrollable-region-focusable: <ul [^>]*role="listbox"/.test(one));
}

/** How much wider the page is than its window, in pixels. */
export const overflow = (page) => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
