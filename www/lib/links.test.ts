import assert from "node:assert/strict";
import { test } from "node:test";
import { isOrigin, safeLink } from "./links.ts";

test("only http and https addresses become links", () => {
  const base = "https://gateway.example/oauth";
  assert.equal(safeLink("javascript:alert(1)", base), undefined);
  assert.equal(safeLink("data:text/html,x", base), undefined);
  assert.equal(safeLink(7, base), undefined);
  assert.equal(safeLink("/connect/start", base), "https://gateway.example/connect/start");
});

test("an origin has no path, no user and no other scheme", () => {
  for (const bad of ["*", "null", "", "https://a.example/", "https://u@a.example", "file://", "a.example"]) {
    assert.equal(isOrigin(bad), false, bad);
  }
  assert.ok(isOrigin("https://a.example"));
  assert.ok(isOrigin("http://localhost:4400"));
});
