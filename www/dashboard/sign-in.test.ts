import assert from "node:assert/strict";
import { test } from "node:test";
import { problemIn, withoutProblem } from "./sign-in.ts";

const REFERENCE = "0199f1c2-7f4e-7a10-8a54-2f6f3f5e9a01";

test("the address says why a sign-in did not work, in the page's own words", () => {
  const problem = problemIn(`?sign-in=unknown_operator&reference=${REFERENCE}`);
  assert.equal(problem?.title, "You are not an operator of this gateway");
  assert.equal(problem?.reference, REFERENCE);
  assert.equal(problemIn("?sign-in=ended&reference=call%20us")?.reference, undefined);
  for (const search of ["", "?status=failed", "?sign-in=", "?sign-in=toString", "?sign-in=Your%20account%20is%20locked"]) {
    assert.equal(problemIn(search), undefined, search);
  }
});

test("what it said is taken out of the address, and nothing else", () => {
  assert.equal(withoutProblem(`?sign-in=ended&reference=${REFERENCE}`), "");
  assert.equal(withoutProblem("?status=failed&sign-in=ended"), "?status=failed");
  assert.equal(withoutProblem("?user=a%20b"), "?user=a%20b");
});
