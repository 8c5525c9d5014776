/** The packed package as an app gets it: entries, import without effects, types, bundlers. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";

const root = resolve(import.meta.dirname, "../..");
const tool = (name) => join(root, "node_modules/.bin", name);
let app;

const write = (name, text) => writeFileSync(join(app, name), text);
const run = (command, ...args) => execFileSync(command, args, { cwd: app, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const node = (name, text) => { write(name, text); return run(process.execPath, name).trim(); };

before(() => {
  app = mkdtempSync(join(tmpdir(), "paragon-app-"));
  run("npm", "pack", join(root, "pkg"), "--pack-destination", app, "--silent");
  const tarball = readdirSync(app).find((name) => name.endsWith(".tgz"));
  mkdirSync(join(app, "node_modules/paragon-connect-wasm"), { recursive: true });
  run("tar", "-xzf", tarball, "--strip-components=1", "-C", "node_modules/paragon-connect-wasm");
  write("package.json", '{"type":"module","private":true}');
});
after(() => rmSync(app, { recursive: true }));

test("ES modules import names and default and call at once", () => {
  const text = 'import SDK, { paragon, authenticate, request, OAuthBlockedError, SDK_EVENT } from "paragon-connect-wasm"; console.log(paragon.getVersion(), typeof SDK, typeof authenticate, typeof request, OAuthBlockedError.name, SDK_EVENT.ON_PORTAL_OPEN);';
  assert.equal(node("esm.mjs", text), "2.4.0 function function function OAuthBlockedError onPortalOpen");
});

test("CommonJS requires the same, and its names are visible to ES imports", () => {
  assert.equal(node("cjs.cjs", 'const { paragon, default: SDK } = require("paragon-connect-wasm"); console.log(paragon.getVersion(), new SDK().getVersion());'), "2.4.0 2.4.0");
  assert.equal(node("mixed.mjs", 'import { paragon } from "./node_modules/paragon-connect-wasm/dist/index.cjs"; console.log(paragon.getVersion());'), "2.4.0");
});

test("importing has no effect", () => {
  const text = `
    let effects = [];
    globalThis.fetch = () => effects.push("fetch");
    const trap = (name) => new Proxy({}, { get: (_, key) => { effects.push(name + "." + String(key)); return () => {}; } });
    for (const name of ["window", "document", "localStorage", "sessionStorage"]) Object.defineProperty(globalThis, name, { value: trap(name) });
    globalThis.addEventListener = () => effects.push("listener");
    const compile = WebAssembly.Module; WebAssembly.Module = class { constructor(bytes) { effects.push("wasm"); return new compile(bytes); } };
    const before = Object.keys(globalThis).length;
    await import("paragon-connect-wasm");
    console.log(effects.length, Object.keys(globalThis).length - before);`;
  assert.equal(node("effects.mjs", text), "0 0");
});

test("without WebAssembly the error says so", () => {
  const text = 'delete globalThis.WebAssembly; const { paragon } = await import("paragon-connect-wasm"); try { paragon.getVersion(); } catch (error) { console.log(error.message); }';
  assert.match(node("nowasm.mjs", text), /WebAssembly is not available/);
});

test("a policy without wasm-unsafe-eval is named in the error", () => {
  const text = 'WebAssembly.Module = class { constructor() { throw new EvalError("blocked by CSP"); } }; const { paragon } = await import("paragon-connect-wasm"); try { paragon.getVersion(); } catch (error) { console.log(error.code, error.message); }';
  assert.match(node("csp.mjs", text), /wasm_refused .*'wasm-unsafe-eval'/);
});

test("the script-tag file sets paragon", () => {
  const text = 'require("node:vm").runInThisContext(require("node:fs").readFileSync(require.resolve("paragon-connect-wasm/paragon.js"), "utf8")); console.log(paragon.getVersion(), typeof ParagonConnect.default);';
  assert.equal(node("script.cjs", text), "2.4.0 function");
});

test("the slim entry works with bytes the app supplies", () => {
  const text = 'import { readFileSync } from "node:fs"; import { paragon, initSync } from "paragon-connect-wasm/slim"; try { paragon.getVersion(); } catch (error) { console.log(error.cause.message); } initSync(readFileSync("node_modules/paragon-connect-wasm/dist/core.wasm")); console.log(paragon.getVersion());';
  assert.match(node("slim.mjs", text), /call init[^]*2\.4\.0/);
});

test("esbuild bundles it with no configuration", () => {
  write("bundled.mjs", 'import { paragon } from "paragon-connect-wasm"; console.log(paragon.getVersion());');
  run(tool("esbuild"), "bundled.mjs", "--bundle", "--minify", "--format=iife", "--outfile=out.cjs", "--log-level=error");
  assert.equal(run(process.execPath, "out.cjs").trim(), "2.4.0");
});

test("Vite builds an app with it with no configuration", () => {
  write("index.html", '<!doctype html><script type="module" src="/app.js"></script>');
  write("app.js", 'import { paragon } from "paragon-connect-wasm"; globalThis.version = paragon.getVersion(); console.log(globalThis.version);');
  run(tool("vite"), "build", "--logLevel", "error");
  const [asset] = readdirSync(join(app, "dist/assets")).filter((name) => name.endsWith(".js"));
  const text = readFileSync(join(app, "dist/assets", asset), "utf8");
  assert.ok(!text.includes("import.meta.url"));
  write("vite-out.mjs", `globalThis.document = { createElement: () => ({ relList: { supports: () => true } }), querySelectorAll: () => [], querySelector: () => null }; globalThis.MutationObserver = class { observe() {} };\n${text}`);
  assert.equal(run(process.execPath, "vite-out.mjs").trim(), "2.4.0");
});

for (const [moduleResolution, module] of [["bundler", "esnext"], ["node16", "node16"]]) {
  test(`the types hold under moduleResolution ${moduleResolution}`, () => {
    write("types.ts", readFileSync(join(import.meta.dirname, "support/types.ts"), "utf8"));
    run(tool("tsc"), "--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom", "--types", "", "--module", module, "--moduleResolution", moduleResolution, "types.ts");
  });
}
