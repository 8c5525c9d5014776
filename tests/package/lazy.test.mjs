/** `./lazy`: small until it is used, and from then on the SDK itself. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

import * as main from "../../pkg/dist/index.js";
import { startGateway, until, userToken } from "./support/gateway.mjs";
import { installPage } from "./support/page.mjs";

const dist = join(import.meta.dirname, "../../pkg/dist");
const PROXY = "/projects/p1/sdk/proxy/azuredevops";
let gateway;
let count = 0;

beforeEach(async () => {
  gateway = await startGateway({ [`GET ${PROXY}/x`]: (_, response, json) => json(response, 200, { output: 7 }) });
});
afterEach(() => gateway.close());

/** The entry as a page that has just been opened has it. */
const fresh = () => import(`../../pkg/dist/lazy.js?page=${count++}`);
const options = () => ({ gateway: gateway.origin });
/** How a call ends: what it returns or throws at once, or what its promise does. */
const outcome = (work) => {
  const told = (kind, error) => [kind, error.name, error.code, error.message, error.integrationName];
  try {
    const value = work();
    return value instanceof Promise
      ? value.then(
          (result) => ["resolves", result],
          (error) => told("rejects", error),
        )
      : ["returns", value];
  } catch (error) {
    return told("throws", error);
  }
};

test("what a page pays before its first call is small", () => {
  const bytes = ["lazy.js", "shared.js"].map((name) => brotliCompressSync(readFileSync(join(dist, name))).length);
  assert.ok(bytes[0] + bytes[1] < 8_000, bytes.join(" + "));
  assert.doesNotMatch(readFileSync(join(dist, "lazy.js"), "utf8"), /from"\.\/index\.js"/, "it is not loaded before");
});

test("a bundler splits the rest off by itself", async () => {
  const contents = `import { load, paragon } from ${JSON.stringify(join(dist, "lazy.js"))}; console.log(load, paragon);`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: dist },
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    outdir: "out",
    write: false,
  });
  const texts = Object.fromEntries(outputFiles.map(({ path, text }) => [path.split("/").pop(), text]));
  const loaded = new Set();
  const read = (name) => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const [, other] of texts[name].matchAll(/(?:from|import)"\.\/([^"]+)"/g)) read(other);
  };
  read("stdin.js");
  const bytes = [...loaded].map((name) => brotliCompressSync(texts[name]).length).reduce((sum, size) => sum + size, 0);
  assert.ok(bytes < 6_500, `${bytes}`);
  assert.ok(loaded.size < outputFiles.length);
});

test("it exports what the default entry does, errors and constants from the same place, and load", async () => {
  const lazy = await fresh();
  assert.deepEqual(
    Object.keys(lazy).filter((name) => name !== "load"),
    Object.keys(main),
  );
  const own = ["default", "paragon", "connectSingleton", "authenticate", "request"];
  for (const name of Object.keys(main)) assert.equal(lazy[name] === main[name], !own.includes(name), name);
  assert.deepEqual(Object.keys(lazy.paragon), Object.keys(main.paragon));
  assert.deepEqual(Object.getOwnPropertyNames(lazy.default.prototype).sort(), Object.getOwnPropertyNames(main.default.prototype).sort());
});

test("before the SDK is loaded, every method does what a signed-out SDK does", async () => {
  const skipped = ["constructor", "authenticate", "getAssetUrl", "paginate"];
  const later = ["configureGlobal", "setDataSources"];
  const methods = Object.getOwnPropertyNames(main.default.prototype).filter((name) => !skipped.includes(name));
  const steps = Object.getOwnPropertyNames(main.InstallFlow.prototype).filter((name) => name !== "constructor");
  const { default: Lazy } = await fresh();
  for (const values of [[], ["azuredevops", { id: "x" }, {}]]) {
    for (const name of methods.filter((one) => values.length > 0 || !later.includes(one))) {
      const given = name === "configureGlobal" ? [options()] : values;
      const asked = await outcome(() => new Lazy(options())[name](...given));
      assert.deepEqual(asked, await outcome(() => new main.default(options())[name](...given)), `${name}(${given.length})`);
    }
    for (const name of steps) {
      const asked = await outcome(() => new Lazy(options()).installFlow[name](...values));
      assert.deepEqual(asked, await outcome(() => new main.default(options()).installFlow[name](...values)), `installFlow.${name}`);
    }
  }
});

test("what cannot be known before the SDK is loaded says so, and is known afterwards", async () => {
  const { default: Lazy, load } = await fresh();
  const sdk = new Lazy(options());
  assert.throws(() => sdk.getAssetUrl("logo"), { code: "sdk_not_loaded", message: /load\(\)/ });
  await load();
  assert.equal(sdk.getAssetUrl("logo"), new main.default(options()).getAssetUrl("logo"));
});

test("calls that return nothing load nothing, and take effect in their order before the first that is waited for", async () => {
  const { paragon } = await fresh();
  const heard = [];
  const removed = (event) => heard.push(event);
  paragon.configureGlobal({ gateway: "https://elsewhere.example" });
  paragon.configureGlobal(options());
  paragon.subscribe("onPortalOpen", removed);
  const stop = paragon.subscribe("onPortalClose", removed);
  assert.deepEqual([paragon.unsubscribe("onPortalOpen", removed), paragon.unsubscribe("onPortalOpen", removed), stop(), stop()], [true, false, true, false]);
  assert.throws(() => paragon.subscribe("onNothing", removed), { code: "unknown_event" });
  assert.throws(() => paragon.subscribe("onPortalOpen"), { code: "listener_missing" });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(gateway.calls.length, 0);
  assert.throws(() => paragon.getAssetUrl("x"), { code: "sdk_not_loaded" });
  const { authenticate, request } = paragon;
  await authenticate("p1", userToken());
  assert.equal(await request("azuredevops", "/x"), 7);
  assert.equal(paragon.getUser().userId, "u1");
  paragon.unsubscribe("onPortalClose", removed);
});

test("a listener of before the load hears what happens after it, until it is removed", async () => {
  const { default: Lazy, load } = await fresh();
  const sdk = new Lazy(options());
  const heard = [];
  const stop = sdk.subscribe("onPortalOpen", () => heard.push("open"));
  await load();
  const send = () => sdk.triggerSDKEvent({ type: "onPortalOpen", integrationId: "x", integrationType: "azuredevops" });
  send();
  const before = heard.length;
  assert.deepEqual([stop(), stop()], [true, false]);
  send();
  assert.equal(heard.length, before);
});

test("after the load a click opens its popup in its own task", async () => {
  const page = installPage();
  const { default: Lazy } = await fresh();
  const sdk = new Lazy(options());
  assert.throws(() => sdk.installIntegration("azuredevops"), main.UserNotAuthenticatedError);
  await sdk.authenticate("p1", userToken());
  const connecting = sdk.installIntegration("azuredevops");
  assert.equal(page.popups.length, 1);
  await until(() => gateway.flows.size === 1);
  sdk.logout();
  await assert.rejects(connecting, main.OAuthCancelledError);
});

test("instances are apart, and the ready-made one is the default entry's", async () => {
  const { default: Lazy, connectSingleton, load } = await fresh();
  const [one, other] = [new Lazy(options()), new Lazy(options())];
  await one.authenticate("p1", userToken());
  assert.deepEqual(
    [one.getUser().authenticated, other.getUser().authenticated, connectSingleton.getUser().authenticated],
    [true, false, main.connectSingleton.getUser().authenticated],
  );
  await load();
  assert.ok(one.installFlow instanceof main.InstallFlow);
});

test("lists can be paged through before the load", async () => {
  const { default: Lazy } = await fresh();
  const sdk = new Lazy(options());
  await assert.rejects(sdk.paginate("azuredevops", "/x").byPage().next(), { code: "user_not_authenticated" });
});

test("after a configuration that is wrong nobody is signed in with another", async () => {
  const { paragon } = await fresh();
  paragon.configureGlobal({ gateway: 7 });
  await assert.rejects(paragon.authenticate("p1", userToken()), { code: "invalid_configuration" });
  const { default: Lazy } = await fresh();
  const sdk = new Lazy({ gateway: 7 });
  await assert.rejects(sdk.authenticate("p1", userToken()), { code: "invalid_configuration" });
  assert.throws(() => sdk.getUser(), { code: "invalid_configuration" });
  assert.equal(gateway.calls.length, 0);
});

test("a load that fails is an error of its own, and the next call tries again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "paragon-lazy-"));
  try {
    for (const name of ["lazy.js", "shared.js", "index.js"]) cpSync(join(dist, name), join(folder, name === "index.js" ? "away.mjs" : name));
    cpSync(join(dist, "../package.json"), join(folder, "package.json"));
    const { default: Lazy, load, isSDKError } = await import(join(folder, "lazy.js"));
    const sdk = new Lazy();
    sdk.configureGlobal(options());
    const failed = await sdk.authenticate("p1", userToken()).catch((error) => error);
    assert.deepEqual([failed.code, isSDKError(failed), failed.cause.code], ["sdk_not_loaded", false, "ERR_MODULE_NOT_FOUND"]);
    await assert.rejects(load(), { code: "sdk_not_loaded" });
    assert.deepEqual(sdk.getUser(), { authenticated: false });
    renameSync(join(folder, "away.mjs"), join(folder, "index.js"));
    await sdk.authenticate("p1", userToken());
    assert.equal(await sdk.request("azuredevops", "/x"), 7, "it is still configured");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
