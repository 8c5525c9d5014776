// Connect flows under every opener policy: how many were called closed or cancelled though the person went on. FLOWS is
// the number for each combination; 1000 is the design's, which takes an hour and more.

import { launch } from "../lib/chromium.mjs";
import { startDev } from "../lib/gateway.mjs";
import { runMatrix } from "../lib/opener-policies.mjs";

const flows = Number(process.env.FLOWS ?? 25);
const [gateway, browser] = await Promise.all([startDev(), launch()]);
try {
  console.log("app's opener policy        opener   flows  connected  called off  failed");
  const report = ({ policy, opener, connected, called_off, failed }) =>
    console.log(
      `  ${policy.padEnd(24)} ${opener}   ${String(flows).padStart(6)} ${String(connected).padStart(10)} ${String(called_off).padStart(11)} ${String(failed.length).padStart(7)}`,
    );
  const rows = await runMatrix({ browser, gateway, flows, report });
  for (const { failed } of rows) for (const error of failed) console.log(`  failed: ${error.name} ${error.message.split("\n")[0]}`);
} finally {
  await browser.close();
  await gateway.stop();
}
