import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRoute, pathOf } from "./route.ts";

test("a path and its view belong together", () => {
  for (const path of [
    "/dashboard/projects/demo/integration",
    "/dashboard/projects/my-app/audit",
    "/dashboard/projects/demo/overview",
    "/dashboard/projects/demo/runs",
    "/dashboard/projects/demo/runs/01a21a04-6c0f",
    "/dashboard/projects/demo/workflows/bugs",
    "/dashboard/projects/demo/new-workflow",
    "/dashboard/operators",
    "/dashboard/account",
  ]) {
    assert.equal(pathOf(parseRoute(path)), path);
  }
  assert.equal(pathOf(parseRoute("/dashboard")), "/dashboard");
});

test("a query stays with its view", () => {
  const route = { project: "demo", view: "runs", search: "?status=failed" } as const;
  assert.equal(pathOf(route), "/dashboard/projects/demo/runs?status=failed");
  assert.deepEqual(parseRoute("/dashboard/projects/demo/runs", "?status=failed"), route);
  assert.deepEqual(parseRoute("/dashboard/projects/demo/nothing", "?status=failed"), { project: "demo", view: "integration" });
});

test("an unknown path leads to what there is", () => {
  assert.deepEqual(parseRoute("/dashboard/projects/demo"), { project: "demo", view: "integration" });
  assert.deepEqual(parseRoute("/dashboard/projects/demo/toString"), { project: "demo", view: "integration" });
  assert.deepEqual(parseRoute("/dashboard/projects/demo/users/7"), { project: "demo", view: "users" });
  assert.deepEqual(parseRoute("/dashboard/toString"), { project: undefined, view: "integration" });
  assert.deepEqual(parseRoute("/dashboard/projects/%2e%2e/audit"), { project: undefined, view: "integration" });
});
