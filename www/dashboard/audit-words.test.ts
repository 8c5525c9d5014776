import assert from "node:assert/strict";
import { test } from "node:test";
import { actionWords, changeLines } from "./audit-words.ts";

const entry = (action: string, subject?: string) => ({ id: 1, at: new Date(0), actor: "ada", action, subject, before: undefined, after: undefined });

test("an action is a sentence, one that is not known its own name", () => {
  assert.equal(actionWords(entry("operator.added", "eve@example.com")), "added the operator eve@example.com");
  assert.equal(actionWords(entry("operator.sign_in_refused", "eve@example.com")), "failed to sign in as eve@example.com");
  assert.equal(actionWords(entry("operator.sign_in_refused")), "failed to sign in");
  assert.equal(actionWords(entry("later.than.this.page")), "later.than.this.page");
  assert.equal(actionWords(entry("toString")), "toString");
});

test("only what differs is listed", () => {
  assert.deepEqual(changeLines({ active: true, clientId: "a", scopes: ["x"] }, { active: false, clientId: "a", scopes: ["x", "y"] }), [
    { field: "Active", before: "yes", after: "no" },
    { field: "Permissions", before: "x", after: "x, y" },
  ]);
  assert.deepEqual(changeLines(undefined, { role: "admin" }), [{ field: "Role", before: undefined, after: "admin" }]);
});
