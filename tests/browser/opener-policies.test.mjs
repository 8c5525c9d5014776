/** However windows are cut off from each other, a person who goes on is connected: nothing is called closed or cancelled. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch } from "../lib/chromium.mjs";
import { startDev } from "../lib/gateway.mjs";
import { policies, runMatrix } from "../lib/opener-policies.mjs";

const FLOWS = 2;
let gateway, browser;

before(async () => {
  [gateway, browser] = await Promise.all([startDev(), launch()]);
});
after(async () => {
  await browser?.close();
  await gateway?.stop();
});

test("no opener policy makes a flow look closed or cancelled", async () => {
  const rows = await runMatrix({ browser, gateway, flows: FLOWS });
  assert.equal(rows.length, 2 * policies.length);
  for (const { policy, opener, ...outcome } of rows) {
    assert.deepEqual(outcome, { connected: FLOWS, called_off: 0, failed: [] }, `app's policy ${policy}, opener ${opener}`);
  }
});
