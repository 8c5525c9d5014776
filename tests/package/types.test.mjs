/** The types: what an app writes compiles, with old and new TypeScript, by every way of resolving modules. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { addPackage, root, toolsOf } from "../hosts/lib/tools.mjs";

const support = join(import.meta.dirname, "support");
const dropIn = readFileSync(join(support, "types-drop-in.ts"), "utf8");
const own = readFileSync(join(support, "types.ts"), "utf8");
const ours = (text) => text.replaceAll('"@useparagon/connect', '"paragon-connect-wasm');
let app, tools;

before(async () => {
  app = mkdtempSync(join(tmpdir(), "paragon-types-"));
  tools = await toolsOf("types");
  await addPackage(app);
  mkdirSync(join(app, "node_modules/@useparagon"));
  symlinkSync(join(root, "node_modules/@useparagon/connect"), join(app, "node_modules/@useparagon/connect"));
  const files = { "reference.ts": dropIn, "drop-in.ts": ours(dropIn), "own.ts": own, "drop-in.cts": ours(dropIn), "own.cts": own };
  for (const [name, text] of Object.entries({ ...files, "package.json": '{"type":"module"}' })) writeFileSync(join(app, name), text);
});
after(() => rmSync(app, { recursive: true, force: true }));

/** What the compiler says of `files`; nothing when they are right. */
function compile(typescript, files, options, skipLibCheck = false) {
  const compilerOptions = { noEmit: true, strict: true, target: "es2022", lib: ["es2022", "dom", "dom.iterable"], types: [], skipLibCheck, ...options };
  writeFileSync(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  try {
    return execFileSync(process.execPath, [join(tools, "node_modules", typescript, "bin/tsc"), "-p", "."], { cwd: app, encoding: "utf8" });
  } catch (error) {
    return error.stdout || String(error);
  }
}

test("the app that uses every name compiles with the reference's own types", () => {
  // Theirs name packages that they do not bring along.
  assert.equal(compile("typescript-5.0", ["reference.ts"], { module: "esnext", moduleResolution: "bundler" }, true), "");
});

const resolutions = [
  ["bundler", { module: "esnext", moduleResolution: "bundler" }, ["ts"]],
  ["node16", { module: "node16", moduleResolution: "node16" }, ["ts", "cts"]],
];
const node10 = ["node10", { module: "esnext", moduleResolution: "node10" }, ["ts"]];

for (const [typescript, ways] of [
  // The current major no longer knows `node10`.
  ["typescript", resolutions],
  ["typescript-5.0", [...resolutions, node10]],
]) {
  for (const [name, options, extensions] of ways) {
    const files = (base) => extensions.map((extension) => `${base}.${extension}`);
    test(`${typescript}, moduleResolution ${name}: what the reference does not have has its types`, () => {
      assert.equal(compile(typescript, files("own"), options), "");
    });
    test(`${typescript}, moduleResolution ${name}: for an app of the reference, changing the import is enough`, () => {
      assert.equal(compile(typescript, files("drop-in"), options), "");
    });
  }
}

test("the script-tag file's globals have types", () => {
  writeFileSync(
    join(app, "classic.ts"),
    'import "paragon-connect-wasm/paragon.js";\nconst version: string = paragon.getVersion();\nnew ParagonConnect.default().logout();\nexport { version };\n',
  );
  assert.equal(compile("typescript", ["classic.ts"], { module: "esnext", moduleResolution: "bundler" }), "");
});

test("a mistake is found", () => {
  writeFileSync(join(app, "wrong.ts"), 'import { paragon } from "paragon-connect-wasm";\nparagon.authenticate(1);\nparagon.nothing();\n');
  const said = compile("typescript", ["wrong.ts"], { module: "esnext", moduleResolution: "bundler" });
  assert.match(said, /wrong\.ts\(2,/);
  assert.match(said, /wrong\.ts\(3,.*nothing/);
});
