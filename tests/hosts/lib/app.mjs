// Lays out an app the way its author would: sources, a package.json, the package installed.

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { addPackage, root, toolsOf } from "./tools.mjs";

const apps = join(root, "tests/hosts/apps");

/** Every app's sources: what calls the package, and what runs it in a page. */
const shared = ["calls.js", "page.js"];

/** The page of an app; `script` is the tag that loads it. */
export const html = (script) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Host</title>
<p id="state"></p><button id="connect">Connect</button><p id="opened"></p><p id="connected"></p>
${script}</html>
`;

/** Makes the host's app in a folder below its tools; gives that folder. */
export async function makeApp(host) {
  const folder = join(await toolsOf(host.tools), "apps", host.name.replaceAll(/[^\w.]+/g, "-"));
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "src"), { recursive: true });
  const description = { private: true, type: "module", dependencies: { "paragon-connect-wasm": "*" } };
  const files = {
    "package.json": JSON.stringify(description),
    "src/index.js": 'import { run } from "./page.js";\nrun();\n',
    ...Object.fromEntries(await Promise.all(shared.map(async (name) => [`src/${name}`, await readFile(join(apps, name), "utf8")]))),
    ...host.files,
  };
  if (host.template) await cp(join(apps, host.template), folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await addPackage(folder);
  return folder;
}

/** An app's source without its modules: for a classic script, or with `require`. */
export async function withoutModules(name, { commonjs = false } = {}) {
  const text = await readFile(join(apps, name), "utf8");
  return text
    .replaceAll(/^import (\{.*\}) from "(paragon-connect-wasm)";$/gm, commonjs ? 'const $1 = require("$2");' : "")
    .replaceAll(/^import .*$/gm, "")
    .replaceAll(/^export /gm, "");
}
