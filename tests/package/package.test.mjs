/** The packed package as an app gets it: its files, what others' checkers say of it, its entries, imports without effects. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { packed, toolsOf } from "../hosts/lib/tools.mjs";

let app, archive, installed;

const write = (name, text) => writeFileSync(join(app, name), text);
const run = (command, ...args) => execFileSync(command, args, { cwd: app, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const node = (name, text) => {
  write(name, text);
  return run(process.execPath, name).trim();
};

before(async () => {
  app = mkdtempSync(join(tmpdir(), "paragon-app-"));
  archive = await packed();
  write("package.json", '{"type":"module","private":true}');
  run("npm", "install", "--offline", "--no-audit", "--no-fund", archive);
  installed = join(app, "node_modules/paragon-connect-wasm");
});
after(() => rmSync(app, { recursive: true }));

/** Everything that is published; a file that comes or goes has to be meant. */
const FILES = [
  "ConnectSDK/package.json",
  "README.md",
  "dist/LICENSE-APACHE",
  "dist/LICENSE-MIT",
  "dist/core.wasm",
  ...["index.cjs", "index.js", "lazy.cjs", "lazy.js", "paragon.js", "shared.js", "slim.cjs", "slim.js", "workerd.js"].flatMap((name) => [
    `dist/${name}`,
    `dist/${name}.map`,
  ]),
  ...["constants", "errors", "input-constants", "inputs", "install", "portal", "settings", "sources", "user"].flatMap((name) => [
    `types/${name}.d.ts`,
    `dist/types/${name}.d.cts`,
  ]),
  "dist/index.d.cts",
  "dist/lazy.d.cts",
  "dist/slim.d.cts",
  "index.d.ts",
  "lazy.d.ts",
  "lazy/package.json",
  "package.json",
  "paragon.d.ts",
  "slim.d.ts",
  "slim/package.json",
];

test("exactly the files that are meant are published", () => {
  const files = run("tar", "-tzf", archive)
    .trim()
    .split("\n")
    .map((name) => name.replace(/^package\//, ""));
  assert.deepEqual(files.sort(), [...FILES].sort());
});

test("what a registry and a package's page show is there", () => {
  const description = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  const { repository, bugs, homepage, keywords, engines, publishConfig, license, sideEffects, dependencies, scripts } = description;
  assert.equal(repository.directory, "pkg");
  for (const address of [repository.url.replace("git+", ""), bugs, homepage]) assert.equal(new URL(address).host, "github.com");
  assert.ok(keywords.length > 4);
  assert.deepEqual([engines, publishConfig, license], [{ node: ">=18" }, { access: "public", provenance: true }, "MIT OR Apache-2.0"]);
  assert.deepEqual(sideEffects, ["./dist/paragon.js"], "only the script-tag file does something when it is loaded");
  assert.deepEqual([dependencies, scripts], [undefined, undefined]);
});

/** A library of the checkers, which stand in a folder of their own. */
const checker = async (name) => {
  const require = createRequire(join(await toolsOf("package"), "index.js"));
  return import(pathToFileURL(require.resolve(name)));
};

test("publint finds nothing", async () => {
  const { publint } = await checker("publint");
  const { messages } = await publint({ pkgDir: installed, pack: false, strict: true, level: "suggestion" });
  assert.deepEqual(messages, []);
});

test("the types are found right by every way of resolving modules", async () => {
  const { checkPackage, createPackageFromTarballData } = await checker("@arethetypeswrong/core");
  const given = createPackageFromTarballData(new Uint8Array(readFileSync(archive)));
  // The one is no module, and nothing imports the other: it is for script tags.
  const { entrypoints, problems } = await checkPackage(given, { excludeEntrypoints: ["./core.wasm", "./paragon.js"] });
  assert.deepEqual(Object.keys(entrypoints), [".", "./ConnectSDK", "./lazy", "./slim", "./package.json"]);
  assert.deepEqual(problems, []);
});

test("source maps show the package's own sources, in files of their own that stay small", () => {
  for (const name of readdirSync(join(installed, "dist")).filter((file) => /\.c?js$/.test(file))) {
    const text = readFileSync(join(installed, "dist", name), "utf8");
    const comments = text.match(/\n\/\/# sourceMappingURL=.*/g);
    assert.deepEqual(comments, [`\n//# sourceMappingURL=${name}.map`], "a browser loads one line more, and the map only for its developer tools");
    const map = JSON.parse(readFileSync(join(installed, "dist", `${name}.map`), "utf8"));
    const own = map.sources.filter((source) => source.startsWith("../lib/"));
    assert.ok(own.length > 0, map.sources.join());
    assert.equal(map.sourcesContent.filter((content) => typeof content !== "string").length, 0, "tools that read maps look for sources that are not in them");
    assert.ok(statSync(join(installed, "dist", `${name}.map`)).size < 96 * 1024, `${name}.map is small`);
  }
});

test("ES modules import names and default and call at once", () => {
  const text =
    'import SDK, { paragon, authenticate, request, OAuthBlockedError, SDK_EVENT } from "paragon-connect-wasm"; console.log(paragon.getVersion(), typeof SDK, typeof authenticate, typeof request, OAuthBlockedError.name, SDK_EVENT.ON_PORTAL_OPEN);';
  assert.equal(node("esm.mjs", text), "2.4.0 function function function OAuthBlockedError onPortalOpen");
});

test("CommonJS requires the same, and all its names are visible to ES imports", () => {
  assert.equal(
    node("cjs.cjs", 'const { paragon, default: SDK } = require("paragon-connect-wasm"); console.log(paragon.getVersion(), new SDK().getVersion());'),
    "2.4.0 2.4.0",
  );
  assert.equal(node("mixed.mjs", 'import { paragon } from "./node_modules/paragon-connect-wasm/dist/index.cjs"; console.log(paragon.getVersion());'), "2.4.0");
  const names = (load) =>
    `const names = Object.keys(${load}).filter((name) => name !== "module.exports" && name !== "__esModule"); process.stdout.write(names.sort().join());`;
  const esm = node("names.mjs", names('await import("paragon-connect-wasm")'));
  assert.equal(node("names.cjs", names('require("paragon-connect-wasm")')), esm);
  assert.equal(node("names.mjs", names('await import("./node_modules/paragon-connect-wasm/dist/index.cjs")')), esm);
  assert.ok(esm.split(",").length > 20, esm);
});

test("every name that the reference exports is exported, and every constant has its value", async () => {
  const load = createRequire(import.meta.url);
  const { warn } = console;
  // Theirs says that it is made for browsers only.
  console.warn = () => {};
  const reference = load("@useparagon/connect");
  console.warn = warn;
  const ours = createRequire(join(app, "index.js"))("paragon-connect-wasm");
  const objects = ["paragon", "connectSingleton"];
  for (const [name, value] of Object.entries(reference)) {
    if (typeof value === "function" || objects.includes(name)) assert.equal(typeof ours[name], typeof value, name);
    else assert.deepEqual(ours[name], value, name);
  }
  assert.deepEqual(
    Object.keys(reference.paragon).filter((name) => !(name in ours.paragon)),
    [],
    "methods",
  );
});

/** Counts what importing `entry` does to the host, told by traps that are set before. */
const effects = (load) => `
  const effects = [];
  globalThis.fetch = () => effects.push("fetch");
  const trap = (name) => new Proxy({}, { get: (_, key) => { effects.push(name + "." + String(key)); return () => {}; } });
  for (const name of ["window", "document", "localStorage", "sessionStorage"]) Object.defineProperty(globalThis, name, { value: trap(name) });
  for (const name of ["addEventListener", "setTimeout", "setInterval", "queueMicrotask"]) globalThis[name] = () => effects.push(name);
  for (const name of ["Module", "Instance"]) WebAssembly[name] = class { constructor() { effects.push("WebAssembly." + name); } };
  for (const name of ["log", "warn", "error"]) console[name] = () => effects.push("console." + name);
  const before = Object.keys(globalThis).length;
  const finish = () => process.stdout.write(JSON.stringify([effects, Object.keys(globalThis).length - before]));
  ${load}`;

for (const entry of ["", "/ConnectSDK", "/lazy", "/slim"].map((path) => `paragon-connect-wasm${path}`)) {
  test(`importing ${entry} has no effect, in either module system`, () => {
    assert.equal(node("effects.mjs", effects(`import("${entry}").then(finish);`)), "[[],0]");
    assert.equal(node("effects.cjs", effects(`require("${entry}"); finish();`)), "[[],0]");
  });
}

test("without WebAssembly the error says so", () => {
  const text =
    'delete globalThis.WebAssembly; const { paragon } = await import("paragon-connect-wasm"); try { paragon.getVersion(); } catch (error) { console.log(error.code, error.message); }';
  assert.match(node("nowasm.mjs", text), /wasm_unavailable WebAssembly is not available/);
});

test("a policy without wasm-unsafe-eval is named in the error", () => {
  const text =
    'WebAssembly.Module = class { constructor() { throw new EvalError("blocked by CSP"); } }; const { paragon } = await import("paragon-connect-wasm"); try { paragon.getVersion(); } catch (error) { console.log(error.code, error.message); }';
  assert.match(node("csp.mjs", text), /wasm_refused .*'wasm-unsafe-eval'/);
});

test("the script-tag file sets paragon", () => {
  const text =
    'require("node:vm").runInThisContext(require("node:fs").readFileSync(require.resolve("paragon-connect-wasm/paragon.js"), "utf8")); console.log(paragon.getVersion(), typeof ParagonConnect.default);';
  assert.equal(node("script.cjs", text), "2.4.0 function");
});

test("the slim entry works with bytes the app supplies", () => {
  const text =
    'import { readFileSync } from "node:fs"; import { paragon, initSync } from "paragon-connect-wasm/slim"; try { paragon.getVersion(); } catch (error) { console.log(error.code, error.message); } initSync(readFileSync("node_modules/paragon-connect-wasm/dist/core.wasm")); console.log(paragon.getVersion());';
  assert.match(node("slim.mjs", text), /wasm_not_given call init[\s\S]*2\.4\.0/);
});

test("the slim entry tells apart what can go wrong with its file", () => {
  const text = `
    import { init, initSync, paragon } from "paragon-connect-wasm/slim";
    const told = async (work) => { try { await work(); } catch ({ code, status, message }) { console.log(code, status, message); } };
    const page = new Response("<!doctype html>", { headers: { "content-type": "text/html" } });
    await told(() => init(Promise.resolve(new Response("no", { status: 404 }))));
    await told(() => init(page));
    await told(() => init("http://127.0.0.1:1/core.wasm"));
    await told(() => initSync());
    await told(() => initSync(new Uint8Array([0, 97, 115, 109, 9, 9])));
    await told(() => initSync(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));`;
  const lines = node("slim-errors.mjs", text)
    .split("\n")
    .map((line) => line.split(" ").slice(0, 2).join(" "));
  assert.deepEqual(lines, [
    "wasm_not_loaded 404",
    "wasm_invalid undefined",
    "wasm_not_loaded undefined",
    "wasm_invalid undefined",
    "wasm_refused undefined",
    "wasm_failed undefined",
  ]);
});
