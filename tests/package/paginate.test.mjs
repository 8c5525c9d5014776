/** `paginate`: continuation tokens, `$skip`/`$top`, and where lists end. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK from "../../pkg/dist/index.js";
import { startGateway, userToken } from "./support/gateway.mjs";

const PROXY = "/projects/p1/sdk/proxy/azuredevops";
let gateway;
let sdk;
let asked;

beforeEach(async () => {
  gateway = await startGateway();
  sdk = new ConnectSDK({ gateway: gateway.origin });
  await sdk.authenticate("p1", userToken());
  asked = [];
});
afterEach(() => gateway.close());

/** Answers lists: `pageOf(query)` gives `{items, token}`. */
const list = (path, pageOf) => {
  gateway.routes[`GET ${PROXY}${path}`] = (call, response) => {
    const query = Object.fromEntries(new URL(call.url, "http://x").searchParams);
    asked.push(query);
    const { body, token } = pageOf(query);
    response.writeHead(200, { "content-type": "application/json", ...(token ? { "x-ms-continuationtoken": token } : {}) }).end(JSON.stringify(body));
  };
};

const all = async (iterable) => {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
};

test("follows the continuation token to its end", async () => {
  list("/groups", ({ continuationToken: token = "0" }) => ({ body: { value: [`${token}a`, `${token}b`] }, token: token === "2" ? undefined : String(Number(token) + 1) }));
  assert.deepEqual(await all(sdk.paginate("azuredevops", "/groups?api-version=7.1")), ["0a", "0b", "1a", "1b", "2a", "2b"]);
  assert.deepEqual(asked.map((query) => query["api-version"]), ["7.1", "7.1", "7.1"]);
});

test("follows $skip and $top until a page is not full", async () => {
  const rows = [1, 2, 3, 4, 5];
  list("/projects", (query) => ({ body: { count: 2, value: rows.slice(Number(query.$skip ?? 0), Number(query.$skip ?? 0) + Number(query.$top)) } }));
  assert.deepEqual(await all(sdk.paginate("azuredevops", "/projects?$top=2")), rows);
  assert.deepEqual(asked.map((query) => query.$skip), [undefined, "2", "4"]);
});

test("a list without token and $top is one page; pages are asked for when they are wanted", async () => {
  list("/one", () => ({ body: [1, 2] }));
  assert.deepEqual(await all(sdk.paginate("azuredevops", "/one").byPage()), [[1, 2]]);
  list("/many", ({ continuationToken = "0" }) => ({ body: { value: [continuationToken] }, token: `${continuationToken}1` }));
  asked = [];
  for await (const item of sdk.paginate("azuredevops", "/many")) {
    assert.equal(item, "0");
    break;
  }
  assert.equal(asked.length, 1);
});

test("what is no list, a repeated page and a refusal are errors", async () => {
  list("/object", () => ({ body: { id: 1 } }));
  await assert.rejects(all(sdk.paginate("azuredevops", "/object")), { code: "not_a_list" });
  list("/loop", () => ({ body: { value: [1] }, token: "same" }));
  await assert.rejects(all(sdk.paginate("azuredevops", "/loop")), { code: "page_repeated" });
  await assert.rejects(all(sdk.paginate("azuredevops", "/missing")), { status: 404 });
});

test("options reach every request", async () => {
  list("/signal", () => ({ body: { value: [1] }, token: "t" }));
  const controller = new AbortController();
  const seen = [];
  const walk = async () => {
    for await (const item of sdk.paginate("azuredevops", "/signal", { signal: controller.signal })) {
      seen.push(item);
      controller.abort();
    }
  };
  await assert.rejects(walk(), { name: "AbortError" });
  assert.deepEqual(seen, [1]);
});
