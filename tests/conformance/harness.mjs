// Runs one scenario with one SDK in the browser and gives its recording.

import { launch } from "../lib/chromium.mjs";
import { settled } from "./record.mjs";
import { startServer } from "./server.mjs";

const flags = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost", "--disable-features=IsolateOrigins,site-per-process"];
/** A busy machine takes its time for three minutes of polling. */
const PATIENCE = 30_000;

/** Starts browser and server; `record(scenario, sdk)` gives what happened. One scenario at a time for each SDK. */
export async function startHarness() {
  const [browser, server] = await Promise.all([launch({ extra: flags }), startServer()]);
  const shared = { reference: await newPage(browser, "reference"), ours: await newPage(browser, "ours") };
  return {
    async record(scenario, sdk) {
      const run = server.open(scenario.answers);
      const seat = shared[sdk];
      try {
        const { value, failure } = await within(runIn(seat, scenario, run, server), 2 * PATIENCE);
        if (failure) throw new Error(`${scenario.name} [${sdk}]: ${failure}`);
        return value;
      } catch (error) {
        // What is left of a scenario that went wrong must not reach the next.
        shared[sdk] = await newPage(browser, sdk);
        seat.page
          .context()
          .close()
          .catch(() => {});
        throw error;
      } finally {
        run.close();
        await within(Promise.all(seat.popups.map((popup) => popup.close())), 1000);
      }
    },
    /** Asks something of a page that has the reference. */
    async inReference(question) {
      const { page } = shared.reference;
      await page.goto(`${server.origins.app}/app?sdk=reference&visit=0`);
      return question(page);
    },
    stop: async () => {
      await browser.close();
      await server.stop();
    },
  };
}

/** A page in a context of its own that `actions` serve; `run` and `popups` are those of the scenario in it. */
async function newPage(browser, sdk) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const seat = { sdk, page, run: undefined, server: undefined, popups: [], errors: [] };
  page.on("popup", (popup) => seat.popups.push(popup));
  page.on("pageerror", (error) => seat.errors.push(error.message));
  await page.exposeFunction("harness", (action, value) => actions[action](seat, value));
  return seat;
}

async function runIn(seat, scenario, run, server) {
  const { page, sdk } = seat;
  Object.assign(seat, { run, server, popups: [], errors: [] });
  const scripts = [scenario.script].flat();
  const parts = [];
  for (const [visit, script] of scripts.entries()) {
    await page.goto(`${server.origins.app}/app?sdk=${sdk}&clock=${scenario.clock ?? false}&visit=${visit}`, { waitUntil: "domcontentloaded" });
    const setting = { sdk, visit, configure: scenario.configure ?? true, host: "shop.example", overrides: overrides(run) };
    const { failure } = await within(
      page.evaluate(
        `(async () => { window.prepare(${JSON.stringify(setting)}); await (${script})(window.conformance.t, window.sdk, window.paragon); await window.conformance.t.quiet(); })()`,
      ),
      PATIENCE,
    );
    if (failure) throw new Error(failure);
    parts.push(await page.evaluate(() => window.conformance.recording()));
  }
  const source = await page.evaluate(() => document.getElementById("paragon-connect-frame")?.src);
  if (source?.startsWith(run.services.connect)) await actions.portalReady(seat);
  const frames = page.frames().filter((frame) => frame.url().startsWith(run.services.connect));
  const portal = (await Promise.all(frames.map((frame) => frame.evaluate(() => window.inbox).catch(() => [])))).flat();
  const ends = seat.popups.map((popup) => (popup.isClosed() ? "closed" : popup.url()));
  return settled({ parts, portal, popups: ends, calls: run.calls, pages: run.pages, errors: seat.errors }, { run, origins: server.origins });
}

/** The value of `work`, or what is wrong with it: what it threw, or that it took too long. */
async function within(work, limit) {
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, limit, { failure: "took too long" })));
  const done = work.then(
    (value) => ({ value }),
    (error) => ({ failure: error.message }),
  );
  const result = await Promise.race([done, late]);
  clearTimeout(timer);
  return result;
}

/** The services of `run`, by their names in an environments object. */
function overrides({ services }) {
  return {
    ZEUS_PUBLIC_URL: services.zeus,
    HERMES_PUBLIC_URL: services.hermes,
    WORKER_PROXY_PUBLIC_URL: services.proxy,
    API_TRIGGER_KIT_PUBLIC_URL: services.kit,
    CONNECT_PUBLIC_URL: services.connect,
    DASHBOARD_PUBLIC_URL: services.dashboard,
    CDN_PUBLIC_URL: services.cdn,
    PASSPORT_PUBLIC_URL: services.passport,
    PASSPORT_PRODUCTION_URL: services.passport,
  };
}

const last = ({ popups }) => popups.at(-1);
const waitFor = async (condition) => {
  for (let tries = 0; tries < 300; tries += 1) {
    const value = await condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return undefined;
};
const frameAt = (page, start) => page.frames().find((frame) => frame.url().startsWith(start));
const isLoaded = (frame) => frame.evaluate(() => document.readyState === "complete" && Array.isArray(window.inbox)).catch(() => false);

/**
 * Sends `messages` from another window to the page's, and waits until they are there: between processes they take their
 * time, and one that is sent after them comes after them.
 */
async function deliver(page, target, from, messages) {
  const last = "the last of them";
  const there = await page.evaluateHandle((last) => {
    const there = new Promise((resolve) => addEventListener("message", ({ data }) => data === last && resolve()));
    return { there };
  }, last);
  await from.evaluate(([target, messages]) => messages.forEach((message) => window[target].postMessage(message, "*")), [target, [...messages, last]]);
  await there.evaluate(({ there }) => there);
}

/** What the page asks the test process to do. */
const actions = {
  turn: () => new Promise((resolve) => setTimeout(resolve, 2)),
  popupReady: async (state) => {
    const popup = await waitFor(() => last(state));
    return Boolean(popup && (await waitFor(() => isLoaded(popup.mainFrame()))));
  },
  popupSays: (state, messages) => last(state) && deliver(state.page, "opener", last(state), messages),
  popupLeaves: (state) => last(state).evaluate(() => void (window.opener = null)),
  popupCloses: (state) => last(state).close(),
  popupUrl: (state) => last(state).url(),
  popupIsClosed: (state) => last(state).isClosed(),
  popupArrives: async (state) => last(state) !== undefined && waitFor(() => last(state).url().startsWith(state.run.services.provider)).then(Boolean),
  portalReady: async ({ page, run }) => {
    if ((await page.locator("#paragon-connect-frame").count()) === 0) return false;
    return Boolean(
      await waitFor(async () => {
        const frame = frameAt(page, run.services.connect);
        return frame && isLoaded(frame);
      }),
    );
  },
  portalSays: async ({ page, run }, message) => {
    const frame = frameAt(page, run.services.connect);
    const answers = () => frame.evaluate((id) => window.inbox.filter(({ data }) => data.id === id).length, message.id);
    const before = await answers();
    await frame.evaluate((message) => parent.postMessage(message, "*"), message);
    await waitFor(async () => (await answers()) > before);
  },
  strangerSays: async ({ page, server }, message) => {
    const url = `${server.origins.stranger}/stranger`;
    if (!frameAt(page, url)) {
      await page.evaluate(
        (src) =>
          new Promise((resolve) => {
            const frame = Object.assign(document.createElement("iframe"), { src, onload: resolve });
            document.body.append(frame);
          }),
        url,
      );
    }
    await deliver(page, "parent", frameAt(page, url), [message]);
  },
};
