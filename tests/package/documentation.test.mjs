/** The documentation: its examples compile, it names all that there is, and its links lead somewhere. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

import { addPackage, root } from "../hosts/lib/tools.mjs";
import { anchorsOf, blocksOf, exampleFile, headingsOf, linksOf } from "./support/documents.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const filesIn = (path, extension) =>
  readdirSync(join(root, path), { recursive: true })
    .filter((name) => name.endsWith(extension))
    .map((name) => join(path, name));
const REFERENCE = "docs/sdk.md";
const reference = read(REFERENCE);

/** What the examples take as given: the script tag's `paragon`, and what an app has. */
const GIVEN = `import "paragon-connect-wasm/paragon.js";
declare global {
  const projectId: string, userToken: string, workflowId: string;
  const button: HTMLButtonElement, cancelButton: HTMLButtonElement, reopenButton: HTMLButtonElement;
  const form: HTMLFormElement, file: File;
  /** Shows text to the user. */
  function show(text: string): void;
  /** Asks the app's backend for a new token. */
  function fetchToken(): Promise<string>;
}
`;
const STRICT = {
  noEmit: true,
  strict: true,
  target: "es2022",
  module: "esnext",
  moduleResolution: "bundler",
  lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
  types: [],
};
/** The compiler that the build uses. */
const COMPILER = join(root, "node_modules/typescript/bin/tsc");
let app;

before(async () => {
  app = mkdtempSync(join(tmpdir(), "paragon-documentation-"));
  await addPackage(app);
  writeFileSync(join(app, "package.json"), '{"type":"module"}');
  writeFileSync(join(app, "given.d.ts"), GIVEN);
});
after(() => rmSync(app, { recursive: true, force: true }));

/** What the compiler says of the examples of `text`; nothing when they are right. */
function faults(document, text) {
  const files = blocksOf(text).flatMap((block) => exampleFile(document, block) ?? []);
  assert.ok(files.length > 0, `${document} has examples`);
  for (const { name, text } of files) writeFileSync(join(app, name), text);
  return ["js", "ts"]
    .map((language) => {
      const names = files.map(({ name }) => name).filter((name) => name.endsWith(`.${language}`));
      if (names.length === 0) return "";
      // Parameters have no types in JavaScript.
      const options = language === "js" ? { ...STRICT, allowJs: true, checkJs: true, noImplicitAny: false } : STRICT;
      writeFileSync(join(app, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["given.d.ts", ...names] }));
      try {
        return execFileSync(process.execPath, [COMPILER, "-p", "."], { cwd: app, encoding: "utf8" });
      } catch (error) {
        return error.stdout || String(error);
      }
    })
    .join("");
}

for (const document of ["README.md", "pkg/README.md", REFERENCE]) {
  test(`the examples of ${document} compile`, () => assert.equal(faults(document, read(document)), ""));
}

test("an example that is wrong is found, with its line", () => {
  const wrong = [
    "Text",
    "```js",
    "paragon.nothing();",
    "```",
    "```js",
    'paragon.connect("azuredevops", { onOpened() {} });',
    "```",
    "```ts",
    'import { noSuchName } from "paragon-connect-wasm";',
    "```",
    "```html",
    "<script>",
    "paragon.configureGlobal({ gatewya: 1 });",
    "</script>",
    "```",
  ].join("\n");
  const said = faults("wrong.md", wrong);
  for (const [place, what] of [
    ["L2.js(3,", "nothing"],
    ["L5.js(6,", "onOpened"],
    ["L8.ts(9,", "noSuchName"],
    ["L11.js(13,", "gatewya"],
  ]) {
    assert.ok(
      said.split("\n").some((line) => line.startsWith(`wrong.md.${place}`) && line.includes(what)),
      `${what}:\n${said}`,
    );
  }
});

/** The names that an interface or class declares. */
function membersOf(path, head) {
  const text = read(path);
  const start = text.indexOf(head);
  assert.notEqual(start, -1, `${path} has no ${head}`);
  const body = text.slice(start, text.indexOf("\n}", start));
  const names = [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[(<:]/gm)].map(([, name]) => name).filter((name) => name !== "constructor" && name !== "new");
  return [...new Set(names)];
}
const codeIn = (text) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
/** Those of `names` that are no word of any code in `texts`. */
const missing = (names, texts) => {
  const words = new Set(texts.flatMap(codeIn).flatMap((code) => code.match(/\w+/g) ?? []));
  return names.filter((name) => !words.has(name));
};

test("every method has a heading in the reference", () => {
  const methods = [
    ...membersOf("pkg/index.d.ts", "export interface IConnectSDK {"),
    ...membersOf("pkg/index.d.ts", "export interface Paragon "),
    ...membersOf("pkg/index.d.ts", "interface ConnectSDK extends IConnectSDK {"),
  ];
  assert.ok(methods.length > 55, String(methods.length));
  assert.deepEqual(missing(methods, headingsOf(reference)), []);
});

test("the reference names every step of the install flow, every option, and every value that is exported", () => {
  const steps = membersOf("pkg/types/install.d.ts", "export declare class InstallFlow {");
  const options = [
    ["settings", "interface RequestOptions"],
    ["settings", "interface WorkflowOptions"],
    ["settings", "interface PersistenceOption"],
    ["settings", "interface ConstructorFlags"],
    ["install", "interface FlowOptions"],
    ["install", "interface InstallOptions"],
    ["install", "interface CallbackMap"],
    ["install", "interface CompleteInstallOptions"],
    ["install", "interface StartOptions"],
    ["install", "interface FlowStatusReport"],
    ["sources", "interface SetDataSourcesConfig"],
    ["errors", "class RequestError"],
  ].flatMap(([file, head]) => membersOf(`pkg/types/${file}.d.ts`, `export ${head === "class RequestError" ? "declare " : ""}${head}`));
  const types = [...filesIn("pkg/types", ".d.ts"), "pkg/index.d.ts", "pkg/slim.d.ts"];
  const values = types.flatMap((path) => [...read(path).matchAll(/^export declare (?:const|class|function) (\w+)/gm)].map(([, name]) => name));
  assert.ok(steps.length > 7 && options.length > 30 && values.length > 40, [steps, options, values].map(({ length }) => length).join());
  assert.deepEqual(missing([...steps, ...options, ...values], [reference]), []);
});

test("the reference explains every error code, the SDK's and the gateway's", () => {
  const own = [...filesIn("src", ".rs").filter((path) => !path.endsWith("tests.rs")), ...filesIn("pkg/lib", ".js")].flatMap((path) =>
    [
      ...read(path).matchAll(
        /(?:\b(?:error|fail|refuse|failure|Error::new|Error::caused)\(\s*(?:t!\()?|\bcode: |\bdefine(?:For)?\("\w+", )"([a-z]+(?:_[a-z]+)*)"/g,
      ),
    ].map(([, code]) => code),
  );
  const gateway = [
    ...read("crates/wire/src/error_code.rs")
      .split("@operators")
      .at(-2)
      .matchAll(/ = "(\w+)", \d{3}/g),
  ].map(([, code]) => code);
  assert.ok(new Set(own).size > 40 && gateway.length > 35, `${new Set(own).size}, ${gateway.length}`);
  assert.deepEqual(missing([...new Set([...own, ...gateway])], [reference]), []);
});

const documents = ["README.md", "CHANGELOG.md", "pkg/README.md", "www/README.md", "tests/hosts/README.md", ...filesIn("docs", ".md")];

for (const document of documents) {
  test(`the links of ${document} lead to files and headings that are there`, () => {
    for (const link of linksOf(read(document))) {
      if (/^[a-z]+:/.test(link)) continue;
      const [path, anchor] = link.split("#");
      const target = path ? join(dirname(document), path) : document;
      assert.ok(existsSync(join(root, target)), `${link}: there is no ${target}`);
      if (anchor !== undefined) assert.ok(anchorsOf(read(target)).includes(anchor), `${link}: ${target} has no such heading`);
    }
  });
}
