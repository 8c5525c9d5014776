// The dashboard's overview: real runs and calls in numbers, and how a full week looks to everybody.

import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";

import { launch } from "../lib/chromium.mjs";
import { freshPage, overflow, passwordOf, serious, signInOperator } from "../lib/dashboard.mjs";
import { api, connectByToken, startDev } from "../lib/gateway.mjs";

const pictures = new URL("./screenshots/", import.meta.url).pathname;
const PATH = "/dashboard/projects/demo/overview";
/** The demo's workflow that makes a work item for each request. */
const WORKFLOW = "5b1d8f0e-6c1a-4a51-9d0b-3f5b7a9c1e01";
const HOUR = 3_600_000;
let gateway, browser, context, page, problems;

before(async () => {
  [gateway, browser] = await Promise.all([startDev(), launch(), mkdir(pictures, { recursive: true })]);
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});
afterEach(() => context?.close());

/** A fresh browser, signed in, on the overview; `answer` takes the place of the gateway's. */
async function visit(options = {}, answer = undefined) {
  ({ context, page, problems } = await freshPage(browser, options));
  if (answer !== undefined) await page.route("**/overview?*", answer);
  await page.goto(gateway.url + PATH);
  await signInOperator(page, await passwordOf(gateway));
  await page.getByRole("heading", { name: "Overview" }).waitFor();
}

async function look(name) {
  assert.deepEqual(await serious(page), [], name);
  assert.equal(await overflow(page), 0, `${name} is not wider than the window`);
  await page.screenshot({ path: join(pictures, `overview-${name}.png`), fullPage: true });
}

/** The value of a key figure. */
const figure = (name) =>
  page
    .getByTestId("figures")
    .locator("div", { has: page.locator("dt", { hasText: name }) })
    .locator(".large");

/** A busy answer of the gateway's, of `count` buckets of `width` milliseconds. */
function busy(window, count, width) {
  const last = Math.floor(Date.now() / width) * width;
  const at = (index) => new Date(last - (count - 1 - index) * width).toISOString();
  const wave = (index, size) => Math.max(0, Math.round(size * (1 + Math.sin(index / 3.5)) + ((index * 7) % 5)));
  const indexes = Array.from({ length: count }, (_, index) => index);
  const calls = (index) => ({ answered: wave(index, 90), refused: index % 4, failed: index % 9 === 4 ? 6 : 0 });
  return {
    window,
    bucketMinutes: width / 60_000,
    until: new Date().toISOString(),
    historyDays: 14,
    hasRuns: true,
    waiting: 3,
    runs: indexes.map((index) => ({
      at: at(index),
      queued: index === count - 1 ? 1 : 0,
      running: index === count - 1 ? 3 : 0,
      waiting: index === count - 2 || index === count - 5 ? 2 : 0,
      succeeded: index === 3 ? 0 : wave(index, 12),
      failed: index % 5 === 1 ? 4 : 0,
      cancelled: index % 8 === 6 ? 2 : 0,
    })),
    failures: {
      others: 2,
      steps: [
        { workflowId: "a", workflow: "Create a work item for each request", step: "find", title: "Look for an item with this title", runs: 14 },
        { workflowId: "b", workflow: "Bugs from support tickets of the largest customers", step: "make_the_bug", title: null, runs: 5 },
        { workflowId: "c", workflow: null, step: null, title: null, runs: 1 },
      ],
    },
    proxy: {
      total: { answered: 900, refused: 30, failed: 12, p50Ms: 84, p95Ms: 640 },
      buckets: indexes.map((index) =>
        index % 11 === 7
          ? { at: at(index), answered: 0, refused: 0, failed: 0, p50Ms: null, p95Ms: null }
          : { at: at(index), ...calls(index), p50Ms: 60 + wave(index, 30), p95Ms: 300 + wave(index, 240) },
      ),
    },
  };
}

const WINDOWS = { "24h": [24, HOUR], "7d": [7, 24 * HOUR], "30d": [30, 24 * HOUR] };
const fulfil = (route) => {
  const window = new URL(route.request().url()).searchParams.get("window");
  return route.fulfill({ json: busy(window, ...WINDOWS[window]) });
};
const shown = (window) => page.locator(`[data-testid=overview][data-window="${window}"][aria-busy=false]`).waitFor();

test("where nothing ran the page says so and leads on", async () => {
  await visit();
  await page.getByTestId("empty").getByText("No activity yet").waitFor();
  await look("empty");
  await page.getByTestId("empty").getByRole("link", { name: "View workflows" }).click();
  await page.getByRole("heading", { name: "Workflows", exact: true }).waitFor();
  assert.deepEqual(problems, []);
});

test("what ran and was called is counted, explained and leads to the history", async () => {
  const token = await gateway.token("busy");
  await connectByToken(gateway, token, "contoso-demo");
  const { json } = await api(gateway, token, "GET", "/sdk/me");
  const { id: credential } = json.integrations.azuredevops.allCredentials[0];
  const settings = { workflowSettings: { [WORKFLOW]: { settings: { project: "Fabrikam", workItemType: "Task" } } } };
  await api(gateway, token, "PATCH", `/sdk/credentials/${credential}`, { config: settings });
  await api(gateway, token, "POST", `/sdk/workflows/${WORKFLOW}`);
  for (const payload of [{ title: "Counted", text: "well" }, { text: "no title" }]) {
    const body = JSON.stringify({ name: "Request Created", payload });
    await fetch(`${gateway.url}/v2/projects/demo/sdk/events/trigger`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body });
  }
  const ended = async () => (await api(gateway, token, "GET", "/runs")).json.runs.filter((run) => run.endedAt).length;
  while ((await ended()) < 2) await new Promise((resolve) => setTimeout(resolve, 50));
  for (const path of ["projects", "projects", "wit/workitems/999999"]) await api(gateway, token, "GET", `/sdk/proxy/azuredevops/_apis/${path}?api-version=7.1`);

  await visit();
  await figure("Runs").getByText("2", { exact: true }).waitFor();
  assert.equal(await figure("Succeeded").innerText(), "50 %");
  assert.equal(await figure("Waiting for reconnect").innerText(), "0");
  assert.equal(await figure("Proxy calls").innerText(), "3");
  assert.match(await figure("Response time").innerText(), /^≈ [\d.]+ m?s$/);

  // The arrow keys read the newest bar first; the table has the same numbers.
  const plot = page.getByTestId("runs-plot");
  await plot.getByRole("group").focus();
  await page.keyboard.press("ArrowLeft");
  await plot.getByTestId("reading").getByText("1 succeeded, 1 failed").waitFor();
  await page.keyboard.press("Home");
  await plot.getByTestId("reading").getByText("no runs").waitFor();
  const calls = page.getByRole("region", { name: "Proxy calls per hour" }).first();
  await calls.getByText("Show as table").click();
  const newest = calls.getByRole("row").nth(1).getByRole("cell");
  assert.deepEqual((await newest.allInnerTexts()).slice(0, 3), ["2", "1", "0"]);

  // A choice stands in the address, so that it can be shared and gone back from.
  await page.getByRole("button", { name: "7 days" }).click();
  await shown("7d");
  assert.equal(new URL(page.url()).search, "?window=7d");
  await page.getByRole("heading", { name: "Runs per day" }).waitFor();
  await page.goBack();
  await shown("24h");

  await page
    .getByTestId("failures")
    .getByRole("link", { name: /Create a work item for each request/ })
    .click();
  await page.getByTestId("runs").waitFor();
  assert.equal(await page.getByLabel("Status").inputValue(), "failed");
  assert.equal(await page.getByLabel("Workflow").inputValue(), WORKFLOW);
  assert.equal(await page.getByTestId("runs").getByRole("link").count(), 1);
  assert.deepEqual(problems, []);
});

test("a gateway that fails is said, and can be asked again", async () => {
  await visit({}, (route) => route.abort());
  await page.getByText("The gateway is unreachable").waitFor();
  await look("failed");
  await page.unroute("**/overview?*");
  await page.route("**/overview?*", fulfil);
  await page.getByTestId("retry").click();
  await shown("24h");
});

test("while it counts again the figures before stay readable", async () => {
  await visit({ viewport: { width: 1400, height: 900 } }, fulfil);
  await shown("24h");
  let answer;
  const asked = new Promise((resolve) => (answer = resolve));
  await page.unroute("**/overview?*");
  await page.route("**/overview?*", (route) => asked.then(() => fulfil(route)));
  await page.getByRole("button", { name: "7 days" }).click();
  await page.getByTestId("overview").getByText("Counting…").waitFor();
  await look("counting");
  assert.equal(await page.getByTestId("overview").getAttribute("data-window"), "24h");
  answer();
  await shown("7d");
  assert.deepEqual(problems, []);
});

for (const [name, options] of Object.entries({
  light: { viewport: { width: 1400, height: 900 } },
  dark: { viewport: { width: 1400, height: 900 }, colorScheme: "dark" },
  narrow: { viewport: { width: 360, height: 740 } },
})) {
  test(`a busy project can be read by everybody (${name})`, async () => {
    await visit(options, fulfil);
    for (const [window, label] of [
      ["24h", "24 hours"],
      ["30d", "30 days"],
      ["7d", "7 days"],
    ]) {
      await page.getByRole("button", { name: label }).click();
      await shown(window);
      await page.getByTestId("calls-plot").locator(".stage .mark").first().waitFor();
      await look(`${window}-${name}`);
    }
    for (const summary of await page.getByText("Show as table").all()) await summary.click();
    await page.getByTestId("calls-plot").getByRole("group").hover();
    await look(`tables-${name}`);
    assert.deepEqual(problems, []);
  });
}
