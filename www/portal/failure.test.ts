import assert from "node:assert/strict";
import { test } from "node:test";
import { readFailure } from "./failure.ts";

test("the JSON text of an answer is read for its code", () => {
  const failure = readFailure({ message: JSON.stringify({ code: "no_organization", message: "x", requestId: "r1" }) });
  assert.equal(failure.code, "no_organization");
  assert.equal(failure.requestId, "r1");
});

test("the data of an error message of the reference's popup is read", () => {
  const failure = readFailure({ type: "oauth_error_callback", error: "nope", errorResponse: { message: "the app was refused" } });
  assert.equal(failure.advice, "The app was refused.");
});

test("a refusal with several causes is explained by the gateway's sentence, another one by its code", () => {
  const told = (code: string): string => readFailure({ code, message: "Ask its administrator to assign you" }).advice;
  assert.equal(told("sign_in_blocked"), "Ask its administrator to assign you.");
  assert.match(told("no_organization"), /^This account is not a member of any/);
  assert.match(readFailure({ code: "sign_in_blocked" }).advice, /^Ask your directory's administrator/);
});

test("hostile shapes give a general text", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.message = cyclic;
  for (const bad of [cyclic, null, 3, [], { code: "__proto__" }]) assert.equal(readFailure(bad).title, "The account could not be connected");
});
