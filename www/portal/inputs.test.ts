import assert from "node:assert/strict";
import { test } from "node:test";
import { normalize, problem } from "./inputs.ts";

const ORGANIZATION = { id: "ORGANIZATION", title: "Organization", secret: false, required: true };
const TOKEN = { id: "PERSONAL_ACCESS_TOKEN", title: "Token", secret: true, required: true };

test("a pasted address becomes the organization's name", () => {
  for (const pasted of [" contoso ", "https://dev.azure.com/contoso/Fabrikam", "dev.azure.com/contoso", "https://contoso.visualstudio.com/"]) {
    assert.equal(normalize(ORGANIZATION, pasted), "contoso");
  }
});

test("an address of another site is no organization", () => {
  for (const bad of ["https://evil.example/contoso", "con toso", "-contoso", "contoso-", "a".repeat(51), ""]) {
    assert.ok(problem(ORGANIZATION, normalize(ORGANIZATION, bad)), bad);
  }
  assert.equal(problem(ORGANIZATION, "Contoso-2"), undefined);
});

test("a token has no spaces and no foreign letters", () => {
  assert.ok(problem(TOKEN, ""));
  assert.ok(problem(TOKEN, "ab cd"));
  assert.ok(problem(TOKEN, "abç"));
  assert.equal(problem(TOKEN, "a".repeat(84)), undefined);
});
