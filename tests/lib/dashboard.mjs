// The dashboard in a browser, as its operator.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const axe = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Opens a page of the dashboard, signed in. `problems` gets what the page's console complains of. */
export async function openDashboard(browser, gateway, path, options = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce", viewport: { width: 1280, height: 1000 }, ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const problems = [];
  context.on("weberror", (error) => problems.push(String(error.error())));
  context.on("console", (message) => message.type() === "error" && !/status of 4\d\d/.test(message.text()) && problems.push(message.text()));
  await page.goto(gateway.url + path);
  await page.getByLabel("E-mail address").fill("operator@harbor-desk.example");
  await page.getByLabel("Password", { exact: true }).fill((await readFile(join(gateway.folder, "operator-password"), "utf8")).trim());
  await page.getByTestId("sign-in").click();
  return { context, page, problems };
}

/**
 * What axe-core finds that keeps somebody out. A menu of completions scrolls with the arrow keys, which go to the text
 * field (`aria-activedescendant`), so it needs no focus of its own.
 */
export async function serious(page) {
  await page.evaluate(await axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  return found.filter((one) => !/^scrollable-region-focusable: <ul [^>]*role="listbox"/.test(one));
}

/** How much wider the page is than its window, in pixels. */
export const overflow = (page) => page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));
