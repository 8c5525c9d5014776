import assert from "node:assert/strict";
import { test } from "node:test";
import { expiryOf } from "./expiry.ts";
import { resultsOf, settingsOf } from "./model.ts";
import { grouped, isSame, standingOf, toggled, type Catalog, type Permission } from "./permissions.ts";

const permission = (name: string, ...includes: string[]): Permission => ({
  group: name.split("_")[0] ?? "",
  name,
  allows: `about ${name}`,
  highPrivilege: false,
  includes,
});
const catalog: Catalog = {
  permissions: [permission("profile"), permission("work"), permission("work_write", "work"), permission("work_full", "work_write", "work")],
  required: "profile",
};
const named = (name: string): Permission => catalog.permissions.find((one) => one.name === name) as Permission;

test("what comes with another permission is ticked and locked", () => {
  const chosen = ["profile", "work_write"];
  assert.deepEqual(standingOf(named("work"), chosen, catalog), { state: "inherited", by: "work_write" });
  assert.deepEqual(standingOf(named("work_write"), chosen, catalog), { state: "chosen" });
  assert.deepEqual(standingOf(named("work_full"), chosen, catalog), { state: "open" });
  assert.deepEqual(standingOf(named("profile"), [], catalog), { state: "required" });
});

test("ticking a larger permission takes the place of the smaller", () => {
  assert.deepEqual(toggled("work_full", ["profile", "work_write"], catalog), ["profile", "work_full"]);
  assert.deepEqual(toggled("work_full", ["profile", "work_full"], catalog), ["profile"]);
  assert.deepEqual(toggled("work", [], catalog), ["profile", "work"], "the required one comes back");
  assert.ok(isSame(["a", "b"], ["b", "a"]) && !isSame(["a"], ["a", "b"]));
});

test("a search looks at names and words", () => {
  assert.deepEqual([...grouped(catalog, "ABOUT WORK_F", []).keys()], ["work"]);
  assert.equal(grouped(catalog, "nothing", []).size, 0);
  assert.deepEqual([...grouped(catalog, "", ["work_full"]).keys()], ["work", "profile"], "groups in use first");
});

test("an expiry warns 30, 7 and 1 days ahead", () => {
  const tones = [undefined, 365, 31, 30, 8, 7, 1, 0, -1].map((days) => expiryOf(days).tone);
  assert.deepEqual(tones, ["info", "good", "good", "warn", "warn", "bad", "bad", "bad", "bad"]);
  assert.equal(expiryOf(1).words, "Expires in 1 day");
  assert.equal(expiryOf(-3).words, "Expired");
});

test("an answer that is not what it should be breaks nothing", () => {
  const settings = settingsOf({ secrets: { stored: [null, { id: "s", expiresAt: "nonsense" }] }, scopes: [] });
  assert.deepEqual(settings.scopes, { value: [], source: "nowhere" });
  assert.equal(settings.secrets.stored[0]?.expiresAt, undefined);
  const results = resultsOf({ results: [{ outcome: "wrong_secret", entra: { error: "invalid_client", numbers: [7000215] } }] });
  assert.equal(results[0]?.said, "invalid_client, AADSTS7000215");
});
