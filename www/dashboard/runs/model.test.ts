import assert from "node:assert/strict";
import { test } from "node:test";
import { duration, filterOf, statusOf } from "./model.ts";

test("times are written as people write them", () => {
  const from = new Date(0);
  const after = (ms: number): string => duration(from, new Date(ms));
  assert.deepEqual([after(0), after(999), after(1500), after(61_000), after(3_661_000)], ["0 ms", "999 ms", "1.5 s", "1 min 1 s", "1 h 1 min"]);
  assert.equal(duration(from, undefined, new Date(2000)), "2.0 s", "it goes on");
  assert.equal(duration(new Date(5), new Date(0)), "0 ms", "clocks may differ");
});

test("a status that is not known is shown as it is", () => {
  assert.deepEqual(statusOf("failed"), ["bad", "Failed"]);
  assert.deepEqual(statusOf("toString"), ["", "toString"]);
});

test("a link may name a filter", () => {
  assert.deepEqual(filterOf("?workflow=bugs&status=failed&more=1"), { workflow: "bugs", status: "failed", user: "" });
  assert.deepEqual(filterOf(undefined), { workflow: "", status: "", user: "" });
});
