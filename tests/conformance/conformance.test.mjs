/** The reference SDK and ours, side by side: each scenario runs with both, and they must do the same but for the list. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { differences, judge, report, stale } from "./compare.mjs";
import { publicMethods, uses } from "./coverage.mjs";
import { allowed } from "./differences.mjs";
import { startHarness } from "./harness.mjs";
import { scenarios } from "./scenarios/index.mjs";

const recorded = { reference: new Map(), ours: new Map() };
let harness;

before(async () => {
  harness = await startHarness();
});
after(() => harness.stop());

for (const scenario of scenarios) {
  test(scenario.name, async () => {
    const results = await Promise.allSettled(["reference", "ours"].map((sdk) => harness.record(scenario, sdk)));
    for (const { reason } of results) if (reason) throw reason;
    const [reference, ours] = results.map(({ value }) => value);
    recorded.reference.set(scenario.name, reference);
    recorded.ours.set(scenario.name, ours);
    const open = judge(scenario, differences(reference, ours), allowed, { reference, ours });
    assert.equal(open.length, 0, `${open.length} differences that no entry allows\n${report(open)}\n`);
  });
}

test("the list of allowed differences has no entry that is over", (context) => {
  if (recorded.ours.size < scenarios.length) return context.skip("not all scenarios ran");
  assert.deepEqual(stale(allowed, new Set(recorded.ours.keys())), []);
});

test("scenarios have names of their own, and are many", () => {
  assert.equal(new Set(scenarios.map(({ name }) => name)).size, scenarios.length);
  assert.ok(scenarios.length >= 150, `${scenarios.length} scenarios`);
});

test("every public method of the reference is used in two scenarios or more", async (context) => {
  if (recorded.reference.size < scenarios.length) return context.skip("not all scenarios ran");
  const methods = await harness.inReference(publicMethods);
  const rare = [...uses(methods, recorded.reference)].filter(([, count]) => count < 2);
  assert.deepEqual(rare, []);
});
