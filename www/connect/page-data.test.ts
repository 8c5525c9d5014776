import assert from "node:assert/strict";
import { test } from "node:test";
import { isTicket, readPageData, readTicketAnswer } from "./page-data.ts";

const FLOW = "F".repeat(43);
const REF = { flow: FLOW, origin: "https://app.example" };

test("data that cannot be used becomes an error page", () => {
  const bad = [undefined, "", "{", "[]", "null", '{"view":"constructor"}', '{"view":"done"}', '{"view":"nonce","origin":"*"}'];
  for (const json of bad) assert.equal(readPageData(json).view, "error", json);
});

test("a target of messages is an origin, never a wildcard", () => {
  for (const origin of ["*", "null", "https://app.example/path", "javascript:1"]) {
    assert.equal(readPageData(JSON.stringify({ view: "done", flow: FLOW, origin })).view, "error", origin);
  }
});

test("the organizations of a page are its names", () => {
  const json = JSON.stringify({ view: "organizations", ...REF, appName: "App", organizations: [{ name: "a" }, { name: 7 }, "b"] });
  const data = readPageData(json);
  assert.ok(data.view === "organizations");
  assert.deepEqual(data.organizations, ["a"]);
});

test("a page without any organization says why", () => {
  const read = (more: object): ReturnType<typeof readPageData> =>
    readPageData(JSON.stringify({ view: "organizations", ...REF, appName: "App", organizations: [], ...more }));
  assert.equal(read({}).view, "error");
  const data = read({ problem: { code: "not_a_member", message: "no", link: "javascript:alert(1)" }, account: "ada", several: true });
  assert.ok(data.view === "organizations");
  assert.deepEqual(data.problem, { code: "not_a_member", message: "no", link: undefined });
  assert.deepEqual([data.account, data.several], ["ada", true]);
});

test("a second sign-in goes to http or https alone", () => {
  const read = (authorizationUrl: unknown): string => readPageData(JSON.stringify({ view: "signIn", ...REF, authorizationUrl })).view;
  assert.equal(read("https://login.example/authorize"), "signIn");
  for (const wrong of ["javascript:alert(1)", "data:text/html,x", 7, undefined]) assert.equal(read(wrong), "error");
});

test("a ticket's answer has an address or a problem", () => {
  const problem = { code: "organization_not_found", message: "none" };
  assert.equal(readTicketAnswer({ ...REF, problem })?.problem?.code, "organization_not_found");
  assert.equal(readTicketAnswer(REF), undefined);
});

test("the address to go on to is http or https", () => {
  assert.ok(readTicketAnswer({ ...REF, authorizationUrl: "https://login.example/authorize" }));
  globalThis.location ??= { href: "https://gateway.example/connect/start" } as Location;
  for (const authorizationUrl of ["javascript:alert(1)", "data:text/html,x", 7, undefined]) {
    assert.equal(readTicketAnswer({ ...REF, authorizationUrl }), undefined);
  }
});

test("a ticket is 43 characters of base64url", () => {
  assert.ok(isTicket(FLOW));
  for (const bad of ["", "F".repeat(42), "F".repeat(44), `${"F".repeat(42)}=`, `${"F".repeat(42)}/`]) assert.ok(!isTicket(bad));
});

test("the way back leads to a page of the flow's own origin, or nowhere", () => {
  const back = (returnTo: unknown): string | undefined => {
    const data = readPageData(JSON.stringify({ view: "done", returnTo, ...REF }));
    return data.view === "done" ? data.returnTo : assert.fail(data.view);
  };
  assert.equal(back("https://app.example/settings#accounts"), "https://app.example/settings#accounts");
  for (const wrong of [undefined, 1, "", "https://evil.example/", "https://app.example.evil.example/", "javascript:alert(1)", "http://app.example/"]) {
    assert.equal(back(wrong), undefined, String(wrong));
  }
});
