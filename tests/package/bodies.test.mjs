/** Bodies of `request` that are read while they are sent: what goes out, and what is refused. */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK from "../../pkg/dist/index.js";
import { startGateway, userToken } from "./support/gateway.mjs";

const { fetch } = globalThis;
const PROXY = "/projects/p1/sdk/proxy/azuredevops";
let gateway;
let sdk;
/** What reached the proxy: `[type, text]`. */
let seen;

beforeEach(async () => {
  seen = [];
  gateway = await startGateway({
    [`POST ${PROXY}/x`]: (call, response, json) => {
      seen.push([call.headers["content-type"], call.body]);
      json(response, 200, { output: "done" });
    },
  });
  sdk = new ConnectSDK({ gateway: gateway.origin });
  await sdk.authenticate("p1", userToken());
});
afterEach(() => {
  globalThis.fetch = fetch;
  gateway.close();
});

const post = (body, more = {}) => sdk.request("azuredevops", "/x", { method: "POST", body, ...more });
const parts = () => ["first ", "second"].map((text) => new TextEncoder().encode(text));
const stream = () => new ReadableStream({ start: (controller) => (parts().forEach((part) => controller.enqueue(part)), controller.close()) });
/** `fetch` as a page of an engine has it that cannot send streams over this connection: `times` it was asked. */
const cannotSend = () => {
  const asked = { times: 0 };
  globalThis.fetch = async (url, init) => {
    if (!init?.body?.getReader) return fetch(url, init);
    asked.times += 1;
    throw new TypeError("Failed to fetch");
  };
  return asked;
};

test("what Node reads piece by piece goes out as its bytes, or is refused by name; never as JSON of what it is made of", async () => {
  const kinds = {
    Readable: () => Readable.from(parts()),
    "a generator": async function* () {
      yield* parts();
    },
  };
  for (const [kind, make] of Object.entries(kinds)) {
    seen = [];
    const body = kind === "Readable" ? make() : make.call();
    const outcome = await post(body).then(
      (value) => ({ value }),
      (error) => ({ error }),
    );
    if (outcome.error) {
      assert.equal(outcome.error.code, "body_not_sendable", kind);
      assert.match(outcome.error.message, /body/, kind);
      assert.deepEqual(seen, [], `nothing is sent of ${kind}`);
    } else assert.deepEqual(seen, [["application/octet-stream", "first second"]], kind);
  }
});

test("a stream goes out as its bytes", async () => {
  assert.equal(await post(stream()), "done");
  assert.deepEqual(seen, [["application/octet-stream", "first second"]]);
});

test("a stream that the connection cannot send is told from a network that failed", async () => {
  const asked = cannotSend();
  const error = await post(stream()).catch((reason) => reason);
  assert.ok(error instanceof Error);
  assert.equal(error.code, "body_not_sendable");
  assert.ok(error.cause instanceof TypeError);
  assert.equal(asked.times, 1);
});

test("a stream is sent once, whatever the app says of repeats", async () => {
  const asked = cannotSend();
  await assert.rejects(post(stream(), { method: "PUT", retry: 3 }), { code: "body_not_sendable" });
  assert.equal(asked.times, 1);
});

test("a network that fails under another body is a network error", async () => {
  globalThis.fetch = async () => {
    throw new TypeError("Failed to fetch");
  };
  for (const body of [undefined, "text", { a: 1 }, new Blob(["x"]), new URLSearchParams("a=b")]) await assert.rejects(post(body), { code: "network_error" });
});

test("objects with methods of their own are still JSON", async () => {
  for (const [body, text] of [
    [{ pipe: "line" }, '{"pipe":"line"}'],
    [{ toJSON: () => ({ a: 1 }) }, '{"a":1}'],
    [new Map([[1, 2]]), "{}"],
    [[1, 2], "[1,2]"],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ]) {
    seen = [];
    await post(body);
    assert.deepEqual(seen, [["auto", text]]);
  }
});
