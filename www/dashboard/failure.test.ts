import assert from "node:assert/strict";
import { test } from "node:test";
import { HttpError } from "../lib/http.ts";
import { failureOf, isSignedOut } from "./failure.ts";

const http = (code: string, status: number, more = {}): HttpError => new HttpError("the message", { status, code, ...more });

test("an error says what happened and what to do", () => {
  assert.deepEqual(failureOf(http("role_not_sufficient", 403)), {
    title: "Your role does not allow this",
    advice: "The message.",
    reference: undefined,
  });
  assert.equal(failureOf(http("rate_limited", 429, { retryAfterMs: 840_001 })).advice, "Wait 15 minutes, then try again.");
  assert.equal(failureOf(http("internal", 500, { requestId: "r1" })).reference, "r1");
  assert.equal(failureOf(http("toString", 400)).title, "The request failed");
  assert.equal(failureOf(new TypeError("x")).title, "Something went wrong");
});

test("only an ended session asks to sign in again", () => {
  assert.ok(isSignedOut(http("sign_in_required", 401)));
  assert.ok(!isSignedOut(http("sign_in_refused", 401)) && !isSignedOut(new Error("x")));
});
