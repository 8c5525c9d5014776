// `request`, `event`, `sendConnectRequest`: what goes out and what comes back.

import { me } from "../world.mjs";
import { one, signedOut } from "./support.mjs";

const ADO = "GET proxy /sdk/proxy/azuredevops/items";
const get = (name, answer, more = {}) => ({
  name: `request ${name}`,
  answers: { [ADO]: answer, ...more },
  script: async (t) => {
    await t.login();
    await t.call("request", "azuredevops", "/items");
    t.note("signed in", window.paragon.getUser().authenticated);
  },
});
const send = (name, options) => one(`request ${name}`, "request", ["azuredevops", "/items", options]);

export const requests = [
  send("by default reads", undefined),
  one("request adds the slash that is missing and keeps the query", "request", ["azuredevops", "a/b?x=1&y=%20z&$top=2"]),
  one("request to an empty path", "request", ["azuredevops", ""]),
  send("with an object", { method: "POST", body: { a: 1, b: ["ü", null] } }),
  send("with a list", { method: "POST", body: [{ op: "add", path: "/fields/System.Title", value: "t" }] }),
  send("with null", { method: "POST", body: null }),
  send("with text", { method: "PUT", body: "plain text" }),
  send("with a number", { method: "POST", body: 5 }),
  send("with an empty text", { method: "POST", body: "" }),
  send("without a body", { method: "DELETE" }),
  send("with headers of the app", { headers: { "X-Test": "1", "X-Other": "two", Accept: "text/csv" } }),
  send("with a content type of the app", { method: "PATCH", body: [], headers: { "Content-Type": "application/json-patch+json" } }),
  send("cannot be sent in another's name", { headers: { Authorization: "Bearer other", "X-Paragon-SDK-Version": "0" } }),
  send("with a credential", { selectedCredentialId: "c0000000-0000-4000-8000-000000000002" }),
  send("with a credential by external id", { selectedCredentialId: "ext:other" }),
  send("with a credential header of the app", { selectedCredentialId: "a", headers: { "X-Paragon-Credential": "b" } }),
  send("with a method in lower case", { method: "post", body: { a: 1 } }),
  one("request to an integration that nobody knows", "request", ["nosuch", "/x"]),
  one("request to a custom integration", "request", ["custom.acmeboards", "/x"]),
  signedOut("request", "request", "azuredevops", "/x"),
  get("unwraps output", { json: { output: { a: 1 } } }),
  get("unwraps output once", { json: { output: { output: 2 } } }),
  get("unwraps an output of null", { json: { output: null } }),
  get("gives other JSON as it is", { json: [1, { a: null }] }),
  get("gives nothing for an empty answer", { status: 204 }),
  get("gives nothing for an empty JSON answer", { text: "", type: "application/json" }),
  get("gives text", { text: "hello" }),
  get("leaves JSON of another type as text", { text: '{"output":1}', type: "text/plain" }),
  get("gives the text of what is no JSON", { text: "{oops", type: "application/json" }),
  get("gives a JSON text", { json: "text" }),
  get("error with a message", { status: 404, json: { message: "not here", code: "404", headers: { "x-secret": "1" } } }),
  get("error of an integration", { status: 500, json: { message: "x", meta: { isIntegrationError: true, detail: { a: 1 } } } }),
  get("error with a list of messages", { status: 400, json: { message: ["a", { constraints: { x: "b", y: "c" }, children: [{ constraints: { z: "d" } }] }] } }),
  get("error with a list of messages and another status", { status: 422, json: { message: ["a", "b"] } }),
  get("error with other JSON", { status: 500, json: { reason: "r" } }),
  get("error with text", { status: 500, text: "broken" }),
  get("error with no body", { status: 500 }),
  get("error with a problem document", { status: 400, text: '{"title":"t"}', type: "application/problem+json" }),
  get("error with JSON that is none", { status: 500, text: "{oops", type: "application/json" }),
  get("refused reads the user again", { status: 401, json: { message: "no", code: "1" } }),
  get(
    "refused, and the user too",
    { status: 401, json: { message: "no", code: "1" } },
    { "GET zeus /sdk/me": [{ json: me() }, { status: 401, json: { message: "gone", code: "2" } }] },
  ),
  get("refused by the integration", { status: 403, json: { message: "no", code: "7003" } }),
  get("refused with a mark of the integration", { status: 401, json: { message: "no", meta: { isIntegrationError: true } } }),
  get("when the network fails", { drop: true }),
  {
    name: "request twice at once",
    script: async (t) => {
      await t.login();
      await Promise.all([t.call("request", "azuredevops", "/items"), t.call("request", "azuredevops", "/items")]);
    },
  },
  {
    name: "request twice at once, asking to read",
    script: async (t) => {
      await t.login();
      await Promise.all([t.call("request", "azuredevops", "/items", { method: "GET" }), t.call("request", "azuredevops", "/items", { method: "GET" })]);
    },
  },
  {
    name: "request with a stream, over a connection that carries none",
    script: async (t) => {
      await t.login();
      await t.call("request", "azuredevops", "/x", { method: "POST", body: new Blob(["text"]).stream() });
    },
  },
  {
    name: "request with a form",
    script: async (t) => {
      await t.login();
      await t.call("request", "azuredevops", "/items", { method: "POST", body: new URLSearchParams({ a: "1" }) });
    },
  },
  {
    name: "request with a Headers object",
    script: async (t) => {
      await t.login();
      await t.call("request", "azuredevops", "/items", { headers: new Headers({ "X-Test": "1" }) });
    },
  },
  one("request that climbs out of the integration", "request", ["azuredevops", "/../../../../me"]),
  {
    name: "request in a project whose name has proxy in it",
    script: async (t) => {
      await t.call("authenticate", "team-proxy", t.token());
      t.note("signed in", window.paragon.getUser().authenticated);
    },
  },
  {
    name: "request and getUser are free functions",
    script: async (t, sdk, { request, getUser }) => {
      await t.login();
      t.note("request", await request("azuredevops", "/free"));
      t.note("user", getUser().userId);
    },
  },

  one("event is sent", "event", ["Item Created", { id: 1, nested: { a: ["ü"] } }]),
  one("event for a credential and a configuration", "event", ["e", {}, { selectedCredentialId: "ext:main", selectedConfigurationId: "second" }]),
  one("event for a credential", "event", ["e", {}, { selectedCredentialId: "c0000000-0000-4000-8000-000000000002" }]),
  one("event for a configuration alone", "event", ["e", {}, { selectedConfigurationId: "second" }]),
  one("event without a payload", "event", ["e"]),
  one("event that the server refuses", "event", ["e", {}], {
    "POST hermes /sdk/events/trigger": { status: 400, json: { message: "unknown event", code: "4" } },
  }),
  {
    name: "event that ends the session",
    answers: { "POST hermes /sdk/events/trigger": { status: 401, json: { message: "no" } } },
    script: async (t) => {
      await t.login();
      await t.call("event", "e", {});
      t.user();
      t.storage();
    },
  },
  {
    name: "event refused by an integration keeps the session",
    answers: { "POST hermes /sdk/events/trigger": { status: 403, json: { message: "no", code: "0704" } } },
    script: async (t) => {
      await t.login();
      await t.call("event", "e", {});
      t.note("signed in", window.paragon.getUser().authenticated);
    },
  },
  signedOut("event", "event", "e", {}),

  one("sendConnectRequest reads", "sendConnectRequest", ["/sdk/actions/session-id/k1"], { "GET zeus /sdk/actions/session-id/k1": { json: { a: 1 } } }),
  one("sendConnectRequest writes", "sendConnectRequest", ["/sdk/actions", { method: "POST", body: '{"sourceKey":"s"}', headers: { "X-Test": "1" } }]),
  one("sendConnectRequest outside of the project", "sendConnectRequest", ["/health", {}, false], { "GET zeus /health": { json: { ok: true } } }),
  one("sendConnectRequest to a missing page", "sendConnectRequest", ["/nowhere"]),
  one("sendConnectRequest when the answer is no JSON", "sendConnectRequest", ["/plain"], { "GET zeus /plain": { text: "hello" } }),
  signedOut("sendConnectRequest", "sendConnectRequest", "/x"),
  {
    name: "sendConnectRequest to another service of the SDK",
    script: async (t) => {
      await t.login();
      await t.call("sendConnectRequest", "/triggers", { method: "GET", baseURLOverride: t.services().API_TRIGGER_KIT_PUBLIC_URL });
    },
  },
  {
    name: "sendConnectRequest to a stranger",
    script: async (t) => {
      await t.login();
      await t.call("sendConnectRequest", "/x", { baseURLOverride: "http://stranger.localhost:1" });
    },
  },
  {
    name: "sendConnectRequest of the same thing at once goes out once",
    answers: { "GET zeus /thing": { json: { a: 1 } } },
    script: async (t) => {
      await t.login();
      await Promise.all([
        t.call("sendConnectRequest", "/thing"),
        t.call("sendConnectRequest", "/thing"),
        t.call("sendConnectRequest", "/thing", { method: "GET" }),
      ]);
    },
  },
  {
    name: "sendConnectRequest of results that are kept",
    answers: { "GET zeus /thing": [{ json: { a: 1 } }, { json: { a: 2 } }] },
    script: async (t) => {
      await t.login();
      await t.call("sendConnectRequest", "/thing", { cacheResult: true });
      await t.call("sendConnectRequest", "/thing", { cacheResult: true });
      await t.call("sendConnectRequest", "/thing");
    },
  },
];
