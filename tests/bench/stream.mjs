// Memory of the gateway while a large answer streams through it, to Node and to the SDK in Chromium.

import { readFile } from "node:fs/promises";

import { launch } from "../lib/chromium.mjs";
import { connectByToken, startDev } from "../lib/gateway.mjs";
import { startHostApp } from "../lib/host-app.mjs";

const BYTES = 50_000_000;
const ATTACHMENT = "f11e0000-0000-4000-8000-000000000001";
const path = `/_apis/wit/attachments/${ATTACHMENT}?size=${BYTES}&api-version=7.1`;

const gateway = await startDev();
const browser = await launch();
const app = await startHostApp("ours");
try {
  const token = await gateway.token("u1");
  await connectByToken(gateway, token, "contoso-demo");
  await read(100_000);
  const before = await memory();
  const began = performance.now();
  const length = await read(BYTES);
  const seconds = (performance.now() - began) / 1000;
  const after = await memory();
  console.log(`stream of ${length} bytes through the gateway: ${seconds.toFixed(2)} s, ${(length / 1e6 / seconds).toFixed(0)} MB/s`);
  console.log(`  gateway resident: ${before.now} MiB before, peak ${after.peak} MiB (+${(after.peak - before.peak).toFixed(1)} MiB)`);
  await inBrowser(token);
  const last = await memory();
  console.log(`  gateway resident after the SDK's request as well: peak ${last.peak} MiB`);
} finally {
  await browser.close();
  await app.stop();
  await gateway.stop();
}

async function read(bytes) {
  const url = `${gateway.projectUrl}/sdk/proxy/azuredevops${path.replace(String(BYTES), String(bytes))}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${await gateway.token("u1")}`, "x-paragon-use-raw-response": "1" } });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  let length = 0;
  for await (const chunk of answer.body) length += chunk.length;
  return length;
}

/** Resident memory of the gateway's process in MiB, now and at its peak. */
async function memory() {
  const status = await readFile(`/proc/${gateway.process.pid}/status`, "utf8");
  const mebibytes = (name) => Math.round((Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))[1]) / 1024) * 10) / 10;
  return { now: mebibytes("VmRSS"), peak: mebibytes("VmHWM") };
}

async function inBrowser(token) {
  const page = await browser.newPage();
  await page.goto(app.url);
  const result = await page.evaluate(
    async ({ url, token, path }) => {
      paragon.configureGlobal({ gateway: url });
      await paragon.authenticate("demo", token);
      const began = performance.now();
      const blob = await paragon.request("azuredevops", path, { responseType: "blob" });
      return { size: blob.size, ms: performance.now() - began };
    },
    { url: gateway.url, token, path },
  );
  console.log(`  the SDK in Chromium: ${result.size} bytes as a blob in ${(result.ms / 1000).toFixed(2)} s`);
}
