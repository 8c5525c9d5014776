/** The oldest hosts that the README names: they have all that the package's files use. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { transformSync } from "esbuild";

const root = join(import.meta.dirname, "../..");
const read = (path) => readFileSync(join(root, path), "utf8");
const description = JSON.parse(read("pkg/package.json"));
const FILES = ["index.js", "index.cjs", "lazy.js", "lazy.cjs", "paragon.js", "shared.js", "slim.js", "slim.cjs", "workerd.js"];

/** `{ chrome: 98, … }` of package.json. */
const oldest = Object.fromEntries(description.browserslist.map((line) => line.split(" >= ")).map(([name, version]) => [name, Number(version)]));

test("the README's table, browserslist and engines say the same", () => {
  const [, table] = read("pkg/README.md").split(/\| oldest[^\n]*\n\|[-|]+\n/);
  const rows = Object.fromEntries(
    table
      .split("\n\n")[0]
      .split("\n")
      .map((row) =>
        row
          .split("|")
          .slice(1, 3)
          .map((cell) => cell.trim()),
      ),
  );
  assert.equal(oldest.edge, oldest.chrome);
  assert.equal(oldest.ios_saf, oldest.safari);
  assert.equal(description.engines.node, `>=${oldest.node}`);
  assert.deepEqual(rows, {
    "Chrome, Edge": `${oldest.chrome}`,
    Firefox: `${oldest.firefox}`,
    "Safari, iOS": `${oldest.safari}`,
    "Node.js": `${oldest.node}`,
    Deno: "1.28",
    Bun: "1.0",
  });
});

test("their syntax is the files' own", () => {
  const { chrome, edge, firefox, safari, ios_saf, node } = oldest;
  const target = [`chrome${chrome}`, `edge${edge}`, `firefox${firefox}`, `safari${safari}`, `ios${ios_saf}`, `node${node}`, "deno1.28"];
  // All of them have it, but esbuild does not know that of Deno.
  const supported = { "dynamic-import": true };
  for (const file of FILES) {
    const text = read(`pkg/dist/${file}`);
    const written = (to) => transformSync(text, { minify: true, target: to, supported }).code;
    assert.ok(written(target) === written("esnext"), `${file} needs no translation for ${target}`);
  }
});

/** What appeared late, the pattern that finds it in code, and since which Chrome, Firefox and Safari it is there. */
const NAMES = [
  ["FinalizationRegistry, WeakRef", /\b(?:FinalizationRegistry|WeakRef)\b/, 84, 79, 14.1],
  ["replaceAll", /\.replaceAll\(/, 85, 77, 13.1],
  ["Promise.any", /Promise\.any\(/, 85, 79, 14],
  ["Array.prototype.at", /\.at\(/, 92, 90, 15.4],
  ["Object.hasOwn", /\.hasOwn\(/, 93, 92, 15.4],
  ["BroadcastChannel", /\bBroadcastChannel\b/, 54, 38, 15.4],
  ["crypto.randomUUID", /\brandomUUID\b/, 92, 95, 15.4],
  ["WebAssembly.Tag", /WebAssembly\.(?:JS)?Tag\b/, 95, 100, 15.2],
  ["findLast", /\.findLast(?:Index)?\(/, 97, 104, 15.4],
  ["structuredClone", /\bstructuredClone\(/, 98, 94, 15.4],
  ["AbortSignal.reason", /\.reason\b/, 98, 97, 15.4],
  ["throwIfAborted", /\.throwIfAborted\(/, 100, 97, 15.4],
  ["AbortSignal.timeout", /AbortSignal\.timeout\b/, 103, 100, 16],
  ["copies of lists", /\.(?:toSorted|toReversed|toSpliced)\(/, 110, 115, 16],
  ["well-formed text", /\.(?:is|to)WellFormed\(/, 111, 119, 16.4],
  ["memory that is resized in place", /\b(?:maxByteLength|resizable)\b/, 111, 128, 16.4],
  ["AbortSignal.any", /AbortSignal\.any\b/, 116, 124, 17.4],
  ["groupBy", /\b(?:Object|Map)\.groupBy\b/, 117, 119, 17.4],
  ["Promise.withResolvers", /\bwithResolvers\b/, 119, 121, 17.4],
  ["URL.canParse", /\bcanParse\b/, 120, 115, 17],
  ["Array.fromAsync", /\bfromAsync\b/, 121, 115, 16.4],
  ["Promise.try", /Promise\.try\b/, 128, 134, 18.2],
  ["bytes as base64", /\b(?:to|from)Base64\b/, 140, 133, 18.2],
];

test("their engines have every function and global that the files use", () => {
  // Not those with the WebAssembly as text, in which any pattern may be found.
  const code = ["slim.js", "lazy.js", "shared.js"].map((file) => read(`pkg/dist/${file}`)).join("\n");
  const used = NAMES.filter(([, pattern]) => pattern.test(code));
  assert.ok(used.length > 2, "the patterns find something");
  for (const [name, , ...since] of used) {
    for (const [index, browser] of ["chrome", "firefox", "safari"].entries()) assert.ok(oldest[browser] >= since[index], `${name}: ${browser} ${since[index]}`);
  }
});

/** What the WebAssembly may use beyond its first version, by the names of `wasm-opt`; since which versions. */
const FEATURES = {
  "mutable-globals": [74, 61, 13.1],
  "sign-ext": [74, 62, 14.1],
  "nontrapping-float-to-int": [75, 64, 15],
  "bulk-memory": [75, 79, 15],
  multivalue: [85, 78, 13.1],
  "reference-types": [96, 79, 15],
};

test("their engines have every feature that the WebAssembly uses", () => {
  for (const since of Object.values(FEATURES)) ["chrome", "firefox", "safari"].forEach((browser, index) => assert.ok(oldest[browser] >= since[index], browser));
  const valid = (features) => {
    const flags = features.map((feature) => `--enable-${feature}`);
    execFileSync(
      join(root, "node_modules/.bin/wasm-opt"),
      [join(root, "pkg/dist/core.wasm"), "--mvp-features", ...flags, "-o", join(tmpdir(), "paragon-features.wasm")],
      { stdio: "pipe" },
    );
  };
  valid(Object.keys(FEATURES));
  assert.throws(() => valid([]), "one that is not named is found");
});
