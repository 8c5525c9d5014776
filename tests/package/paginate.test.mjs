/** `paginate`: continuation tokens, `$skip`/`$top`, and where lists end. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK from "../../pkg/dist/index.js";
import { paginate } from "../../pkg/lib/paginate.js";
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
  list("/groups", ({ continuationToken: token = "0" }) => ({
    body: { value: [`${token}a`, `${token}b`] },
    token: token === "2" ? undefined : String(Number(token) + 1),
  }));
  assert.deepEqual(await all(sdk.paginate("azuredevops", "/groups?api-version=7.1")), ["0a", "0b", "1a", "1b", "2a", "2b"]);
  assert.deepEqual(
    asked.map((query) => query["api-version"]),
    ["7.1", "7.1", "7.1"],
  );
});

test("follows $skip and $top until a page is not full", async () => {
  const rows = [1, 2, 3, 4, 5];
  list("/projects", (query) => ({ body: { count: 2, value: rows.slice(Number(query.$skip ?? 0), Number(query.$skip ?? 0) + Number(query.$top)) } }));
  assert.deepEqual(await all(sdk.paginate("azuredevops", "/projects?$top=2")), rows);
  assert.deepEqual(
    asked.map((query) => query.$skip),
    [undefined, "2", "4"],
  );
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

/** A stand-in for an instance: `answer(query)` gives `[body, token?]`; `paths` are those that were asked for. */
const standIn = (answer) => {
  const paths = [];
  const request = async (integration, path) => {
    assert.equal(integration, "azuredevops");
    assert.ok(paths.push(path) < 20, "it ends");
    const [body, token] = answer(Object.fromEntries(new URL(path, "http://x").searchParams));
    return new Response(JSON.stringify(body), { headers: token ? { "x-ms-continuationtoken": token } : {} });
  };
  return { paths, all: (path) => all(paginate({ request }, "azuredevops", path)) };
};

test("after the last token a list has ended, however full its last page is", async () => {
  const { paths, all } = standIn(({ continuationToken }) => (continuationToken ? [{ value: [3, 4] }] : [{ value: [1, 2] }, "a/b"]));
  assert.deepEqual(await all("/projects?%24top=2&x"), [1, 2, 3, 4]);
  assert.deepEqual(paths, ["/projects?%24top=2&x", "/projects?%24top=2&x&continuationToken=a%2Fb"]);
});

test("a list that an app continues by its token ends without one, too", async () => {
  const { all } = standIn(() => [{ value: [1, 2] }]);
  assert.deepEqual(await all("/projects?$top=2&continuationtoken=t"), [1, 2]);
});

test("a token and $skip are never sent together", async () => {
  const { paths, all } = standIn(({ continuationToken, $skip }) =>
    continuationToken || $skip === "5" ? [[$skip ?? continuationToken, 0], continuationToken ? undefined : "t"] : [[]],
  );
  await all("/projects?$skip=5&$top=2");
  assert.deepEqual(paths, ["/projects?$skip=5&$top=2", "/projects?$top=2&continuationToken=t"]);
});

test("a resource that ignores $skip is an error at its second page", async () => {
  const { paths, all } = standIn(() => [{ value: [{ id: 1 }, { id: 2 }] }]);
  await assert.rejects(all("/queries?$top=2"), { code: "page_repeated" });
  assert.equal(paths.length, 2);
});

test("other tokens with the same page, and a token that comes back, are errors", async () => {
  let token = 0;
  await assert.rejects(standIn(() => [[1], `${token++}`]).all("/x"), { code: "page_repeated" });
  const circle = standIn(({ continuationToken = "a" }) => [[continuationToken], continuationToken === "a" ? "b" : "a"]);
  await assert.rejects(circle.all("/x"), { code: "page_repeated" });
  assert.ok(circle.paths.length <= 3);
});

test("empty pages between others are no repetition", async () => {
  const pages = { "": [[1], "a"], a: [[], "b"], b: [[], "c"], c: [[2]] };
  assert.deepEqual(await standIn(({ continuationToken = "" }) => pages[continuationToken]).all("/x"), [1, 2]);
});

for (const name of ["value", "values", "items", "comments"]) {
  test(`the list of a body is found under ${name}, its token in the body`, async () => {
    const { paths, all } = standIn(({ continuationToken }) =>
      continuationToken
        ? [{ totalCount: 3, count: 1, [name]: [3] }]
        : [{ totalCount: 3, count: 2, [name]: [1, 2], continuationToken: "2", nextPage: "https://x" }],
    );
    assert.deepEqual(await all("/contoso/_apis/wit/workItems/1/comments?$top=2&api-version=7.1-preview.4"), [1, 2, 3]);
    assert.equal(paths[1], "/contoso/_apis/wit/workItems/1/comments?$top=2&api-version=7.1-preview.4&continuationToken=2");
  });
}

test("a batch that says it is the last one ends the list, though it has a token for what comes later", async () => {
  for (const end of [{ isLastBatch: true }, { hasMore: false }]) {
    const { all } = standIn(({ continuationToken }) => [{ values: [continuationToken ?? 0], continuationToken: "later", ...(continuationToken && end) }]);
    assert.deepEqual(await all("/_apis/wit/reporting/workitemrevisions"), [0, "later"]);
  }
});

test("what has no list says where lists are looked for", async () => {
  await assert.rejects(standIn(() => [{ id: 1 }]).all("/x?y"), {
    code: "not_a_list",
    message: 'paginate: the answer of /x is no list and has no list "value", "values", "items", "comments"',
  });
  await assert.rejects(standIn(() => [null]).all("/x"), { code: "not_a_list" });
});
