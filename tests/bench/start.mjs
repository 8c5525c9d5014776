// How soon an app's user is signed in: from a cold cache over a slow line, and how long that keeps the page's thread
// busy. Each visit is a browser context of its own, in turns.

import { once } from "node:events";
import { createServer } from "node:http";

import { launch } from "../lib/chromium.mjs";
import { brotli, bundleApp, sdks } from "./support/apps.mjs";
import { integrations, me } from "./support/data.mjs";

const LINE = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 1_600_000 / 8 };
const LINE_ROUNDS = 7;
const THREAD_ROUNDS = 15;

const answers = { "/sdk/me": JSON.stringify(me()), "/sdk/integrations": JSON.stringify(integrations()) };
const answer = (path) => Object.entries(answers).find(([end]) => path.endsWith(end))?.[1];
const services = ["ZEUS", "HERMES", "WORKER_PROXY", "CONNECT", "DASHBOARD", "CDN", "PASSPORT", "API_TRIGGER_KIT"];
const token = `e30.${Buffer.from(JSON.stringify({ sub: "u1", exp: 4102444800 })).toString("base64url")}.c2ln`;

/** The page: what the app does with the SDK, and with `isStubbed` a `fetch` that answers at once. */
const page = (sdk, isStubbed) => `<!doctype html><html lang="en"><head><title>start</title><script>
  const answers = ${JSON.stringify(answers)};
  if (${isStubbed}) window.fetch = async (url) => {
    const found = Object.entries(answers).find(([end]) => String(url.url ?? url).split("?")[0].endsWith(end));
    return new Response(found ? found[1] : "{}", { headers: { "content-type": "application/json" } });
  };
  window.signedIn = new Promise((resolve, reject) => {
    window.useSdk = async (paragon) => {
      try {
        paragon.configureGlobal({ host: "example.com" }, Object.fromEntries(${JSON.stringify(services)}.map((name) => [name + "_PUBLIC_URL", location.origin + "/api"])));
        await paragon.authenticate("p1", ${JSON.stringify(token)});
        resolve(performance.now());
      } catch (error) {
        reject(error);
      }
    };
  });
</script><script type="module" src="/${sdk}/app.js"></script></head><body></body></html>`;

const apps = new Map();
for (const sdk of sdks) {
  const { files } = await bundleApp(sdk);
  for (const [name, bytes] of files) apps.set(`/${sdk}/${name}`, brotli(bytes));
}
const server = createServer((request, response) => {
  const url = new URL(request.url, "http://bench");
  const app = apps.get(url.pathname);
  if (app) {
    if (!request.headers["accept-encoding"]?.includes("br")) throw new Error("the browser takes no brotli");
    return response.writeHead(200, { "content-type": "text/javascript", "content-encoding": "br", "content-length": app.length }).end(app);
  }
  const json = answer(url.pathname);
  if (json) return response.writeHead(200, { "content-type": "application/json" }).end(json);
  const isApp = url.pathname === "/";
  response.writeHead(200, { "content-type": "text/html" }).end(isApp ? page(url.searchParams.get("sdk"), url.searchParams.has("stubbed")) : "<!doctype html>");
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await launch({ extra: ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"] });

/** One visit of a page by somebody who was never there: when the user was signed in, and for how long the thread was busy. */
async function visit(sdk, { isSlow }) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    if (isSlow) {
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", LINE);
    }
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const busy = async () => (await session.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value * 1000;
    await page.goto(`${origin}/favicon`);
    const before = await busy();
    await page.goto(`${origin}/?sdk=${sdk}${isSlow ? "" : "&stubbed"}`, { waitUntil: "domcontentloaded" });
    const signedIn = await page.evaluate(() => window.signedIn);
    return { signedIn, busy: (await busy()) - before };
  } finally {
    await context.close();
  }
}

async function compare(title, { rounds, isSlow, value }) {
  const times = Object.fromEntries(sdks.map((sdk) => [sdk, []]));
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < sdks.length; turn++) {
      const sdk = sdks[(round + turn) % sdks.length];
      const found = value(await visit(sdk, { isSlow }));
      // The first round warms the browser.
      if (round > 0) times[sdk].push(found);
    }
  }
  const ratio = (sdk) => (median(times[sdk]) / median(times.reference)).toFixed(2);
  console.log(`  ${title}`);
  for (const sdk of sdks) {
    const [low, high] = [Math.min(...times[sdk]), Math.max(...times[sdk])];
    console.log(
      `    ${sdk.padEnd(12)} ${median(times[sdk]).toFixed(1).padStart(8)} ms   (${low.toFixed(1)} to ${high.toFixed(1)})${sdk === "reference" ? "" : `   ${ratio(sdk)} of the reference`}`,
    );
  }
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

try {
  console.log("medians of visits with a cold cache, in turns");
  await compare("navigation to a signed-in user, 1.6 Mbit/s and 150 ms", { rounds: LINE_ROUNDS, isSlow: true, value: ({ signedIn }) => signedIn });
  await compare("the same on this machine, without network for the API", { rounds: THREAD_ROUNDS, isSlow: false, value: ({ signedIn }) => signedIn });
  await compare("the page's thread meanwhile, busy", { rounds: THREAD_ROUNDS, isSlow: false, value: ({ busy }) => busy });
} finally {
  await browser.close();
  server.close();
}
