/** Files of the pages: compressed as the browser accepts it, and cached for good when their name has a hash. */
import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

import { startDev } from "../lib/gateway.mjs";

let gateway;
/** The largest script of the dashboard's page. */
let script;

before(async () => {
  gateway = await startDev();
  const page = await (await fetch(`${gateway.url}/dashboard`)).text();
  script = page.match(/src="(\/assets\/dashboard-[^"]+\.js)"/)[1];
});

after(() => gateway?.stop());

/** The answer as it is on the wire; `fetch` would decompress it. */
function ask(path, accepted) {
  return new Promise((done, failed) => {
    get(`${gateway.url}${path}`, { headers: accepted === undefined ? {} : { "accept-encoding": accepted } }, async (response) => {
      done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(await response.toArray()) });
    }).on("error", failed);
  });
}

test("a file comes in the best coding that the browser accepts, and says that it varies", async () => {
  const plain = await ask(script);
  assert.equal(plain.headers["content-encoding"], undefined);
  for (const [accepted, coding, unpack] of [
    ["gzip, deflate, br, zstd", "br", brotliDecompressSync],
    ["gzip", "gzip", gunzipSync],
    ["br;q=0, gzip;q=0.1", "gzip", gunzipSync],
    ["*", "br", brotliDecompressSync],
    ["identity", undefined, (body) => body],
    ["br;q=0", undefined, (body) => body],
  ]) {
    const { status, headers, body } = await ask(script, accepted);
    assert.equal(status, 200);
    assert.equal(headers["content-encoding"], coding, accepted);
    assert.equal(headers.vary, "accept-encoding");
    assert.match(headers["content-type"], /javascript/);
    assert.equal(Number(headers["content-length"]), body.length);
    assert.ok(unpack(body).equals(plain.body), accepted);
    if (coding !== undefined) assert.ok(body.length < plain.body.length / 2, `${coding}: ${body.length} of ${plain.body.length} bytes`);
  }
});

test("a file with a hash in its name is cached for good, others for an hour, pages never", async () => {
  assert.equal((await ask(script, "br")).headers["cache-control"], "public, max-age=31536000, immutable");
  assert.equal((await ask("/favicon.svg")).headers["cache-control"], "public, max-age=3600");
  const page = await ask("/dashboard", "br");
  assert.equal(page.headers["cache-control"], "no-store");
  assert.equal(page.headers["content-encoding"], undefined);
});

test("the compressed files have no address of their own", async () => {
  assert.equal((await ask(`${script}.br`)).status, 404);
  assert.equal((await ask(`${script}.gz`)).status, 404);
});
