/** The kept session: an entry that nobody can use is removed, one of another API is left where it is. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import ConnectSDK from "../../pkg/dist/index.js";
import { startGateway, until, userToken } from "./support/gateway.mjs";

const KEY = "paragon-connect-wasm-session";
let gateway;
let entries;

beforeEach(async () => {
  gateway = await startGateway();
  entries = new Map();
  const storage = { getItem: (key) => entries.get(key) ?? null, setItem: (key, value) => entries.set(key, value), removeItem: (key) => entries.delete(key) };
  Object.assign(globalThis, { localStorage: storage, sessionStorage: storage });
});
afterEach(() => {
  delete globalThis.localStorage;
  delete globalThis.sessionStorage;
  gateway.close();
});

/** The entry that a sign-in keeps. */
const keptEntry = async (claims) => {
  const sdk = new ConnectSDK({ gateway: gateway.origin, persistence: "local" });
  await sdk.authenticate("p1", userToken(claims));
  return JSON.parse(entries.get(KEY));
};
const turns = () => new Promise((done) => setTimeout(done, 20));

for (const persistence of ["local", "session"]) {
  test(`an entry that cannot be used is removed (${persistence})`, async () => {
    const good = await keptEntry();
    const token = userToken({ exp: 1 });
    const unusable = {
      "is no JSON": "{",
      "is empty": "",
      "is no object": "null",
      "is a text": '"x"',
      "is a list": "[]",
      "has nothing": "{}",
      "has no token": JSON.stringify({ ...good, token: undefined }),
      "has no project": JSON.stringify({ ...good, projectId: "" }),
      "has a token that is none": JSON.stringify({ ...good, token: "x.y.z" }),
      "has another thing as token": JSON.stringify({ ...good, token: 7 }),
      "has expired": JSON.stringify({ ...good, token }),
      "has expired at another API": JSON.stringify({ ...good, token, api: "https://elsewhere.example" }),
      "has a token that is none, of another API": JSON.stringify({ ...good, token: "x", api: "https://elsewhere.example" }),
    };
    for (const [what, entry] of Object.entries(unusable)) {
      entries.set(KEY, entry);
      const before = gateway.calls.length;
      const sdk = new ConnectSDK({ gateway: gateway.origin, persistence });
      await turns();
      assert.equal(sdk.getUser().authenticated, false, what);
      assert.equal(entries.has(KEY), false, `an entry that ${what}`);
      assert.equal(gateway.calls.length, before, `nothing is sent for an entry that ${what}`);
    }
  });
}

test("an entry of another API stays for the instance that uses it, and goes nowhere", async () => {
  const good = await keptEntry();
  const text = JSON.stringify({ ...good, api: "https://elsewhere.example" });
  entries.set(KEY, text);
  const before = gateway.calls.length;
  const sdk = new ConnectSDK({ gateway: gateway.origin, persistence: "local" });
  await turns();
  assert.equal(sdk.getUser().authenticated, false);
  assert.equal(entries.get(KEY), text);
  assert.equal(gateway.calls.length, before);
});

test("an instance that is configured after it was made finds its entry", async () => {
  await keptEntry({ sub: "later" });
  const sdk = new ConnectSDK({ gateway: "https://elsewhere.example", persistence: "local" });
  await turns();
  sdk.configureGlobal({ gateway: gateway.origin, persistence: "local" });
  await until(() => sdk.getUser().authenticated);
  assert.equal(sdk.getUser().userId, "later");
});

test("without persistence the entry is neither read nor removed", async () => {
  entries.set(KEY, "{");
  new ConnectSDK({ gateway: gateway.origin });
  await turns();
  assert.equal(entries.get(KEY), "{");
});
