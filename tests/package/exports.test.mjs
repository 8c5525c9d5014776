/** What can be imported: constants with the reference's values, errors that apps can make, no more code than is used. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { build } from "esbuild";

import * as ours from "../../pkg/dist/index.js";

const require = createRequire(import.meta.url);
const warn = console.warn;
console.warn = () => {};
const reference = require("@useparagon/connect");
console.warn = warn;

test("every constant of the reference is there with the same contents", () => {
  const names = Object.keys(reference).filter((name) => !/^(paragon|connectSingleton|default)$/.test(name) && typeof reference[name] !== "function");
  assert.ok(names.length >= 25, String(names.length));
  for (const name of names) assert.deepEqual(ours[name], reference[name], name);
  assert.equal(ours.PARAGON_OVERFLOW_EMPTY_VALUE, require("@useparagon/connect/ConnectSDK").PARAGON_OVERFLOW_EMPTY_VALUE);
});

test("every function and class of the reference is there", () => {
  for (const name of Object.keys(reference)) assert.equal(typeof ours[name], typeof reference[name], name);
});

test("apps can make the errors as the reference's", () => {
  const cases = [
    ["UserNotAuthenticatedError"],
    ["NoActiveInstallFlowError"],
    ["HeadlessModeNotEnabledError"],
    ["OAuthBlockedError"],
    ["OAuthTimeoutError"],
    ["IntegrationNotFoundError", "x"],
    ["IntegrationNotInstalledError", "x"],
    ["BaseSDKError", { name: "UnknownError", message: "m" }],
  ];
  for (const [name, ...values] of cases) {
    const [own, theirs] = [new ours[name](...values), new reference[name](...values)];
    for (const field of ["name", "message", "meta"]) assert.deepEqual(own[field], theirs[field], `${name}.${field}`);
    const { code, ...shown } = ours.getConnectSDKError(own);
    assert.equal(code, own.code);
    assert.deepEqual(shown, reference.getConnectSDKError(theirs));
    assert.ok(own instanceof ours.BaseSDKError && own instanceof Error);
  }
  assert.equal(new ours.IntegrationNotInstalledError("x").integrationName, new reference.IntegrationNotInstalledError("x").integrationName);
  const plain = new Error("plain");
  assert.deepEqual(ours.getConnectSDKError(plain), reference.getConnectSDKError(plain));
});

test("the error classes have their names, which error reports show", () => {
  for (const [name, value] of Object.entries(ours)) if (value.prototype instanceof Error) assert.equal(value.name, name);
});

test("a bundle holds only the constants that it uses", async () => {
  const library = fileURLToPath(new URL("../../pkg/lib/constants.js", import.meta.url));
  const bundled = async (contents) => {
    const { outputFiles } = await build({ stdin: { contents, resolveDir: "/" }, bundle: true, minify: true, format: "esm", write: false });
    return outputFiles[0].text;
  };
  const text = await bundled(`import { ModalView } from ${JSON.stringify(library)}; console.log(ModalView.OVERVIEW);`);
  assert.ok(text.includes("overview"));
  assert.ok(text.length < 120, text);
});

test("the class leaves a kept session alone if its flag says so", () => {
  let reads = 0;
  globalThis.localStorage = {
    getItem: () => {
      reads += 1;
      return null;
    },
    setItem() {},
    removeItem() {},
  };
  const options = { gateway: "https://connect.example.com", persistence: "local" };
  try {
    assert.deepEqual(new ours.default(options, { skipBootstrapWithLastKnownState: true }).getUser(), { authenticated: false });
    assert.equal(reads, 0);
    new ours.default(options);
    assert.equal(reads, 1);
  } finally {
    delete globalThis.localStorage;
  }
});

test("methods work on proxies of an instance, as frameworks make them, and belong to the instance", () => {
  const sdk = new ours.default({ gateway: "https://connect.example.com" });
  const proxy = new Proxy(sdk, {
    get: (target, key, receiver) => {
      const value = Reflect.get(target, key, receiver);
      return typeof value === "object" ? new Proxy(value, {}) : value;
    },
  });
  assert.deepEqual(proxy.getUser(), { authenticated: false });
  assert.equal(proxy.getAssetUrl("logo"), sdk.getAssetUrl("logo"));
  assert.equal(proxy.installFlow.getAccountTypeValue(), null);
  assert.deepEqual(Object.keys(sdk), ["installFlow"]);
  assert.deepEqual(Object.keys(ours.default.prototype), []);
});
