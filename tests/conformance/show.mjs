// Prints both recordings of a scenario: node tests/conformance/show.mjs "<name>" [reference|ours|diff]

import { differences, judge, report } from "./compare.mjs";
import { allowed } from "./differences.mjs";
import { startHarness } from "./harness.mjs";
import { scenarios } from "./scenarios/index.mjs";

const [name, only] = process.argv.slice(2);
const chosen = scenarios.filter((one) => one.name === name);
const found = chosen.length > 0 ? chosen : scenarios.filter((one) => one.name.includes(name ?? ""));
if (name === undefined || found.length === 0) {
  console.log(scenarios.map((one) => one.name).join("\n"));
  process.exit(name === undefined ? 0 : 1);
}
const harness = await startHarness();
try {
  for (const scenario of found) {
    console.log(`\n=== ${scenario.name}`);
    const recordings = {};
    for (const sdk of only === "reference" || only === "ours" ? [only] : ["reference", "ours"]) {
      recordings[sdk] = await harness.record(scenario, sdk);
      if (only !== "diff") console.log(`--- ${sdk}\n${JSON.stringify(recordings[sdk], null, 1)}`);
    }
    if (recordings.reference && recordings.ours) {
      const all = differences(recordings.reference, recordings.ours);
      const open = judge(scenario, all, allowed, recordings);
      console.log(`--- ${all.length} differences, ${open.length} not allowed\n${report(open)}`);
    }
  }
} finally {
  await harness.stop();
}
