// An app that does nothing but sign a user in, bundled with each SDK as apps are: as modules, in parts where the SDK has some.

import { existsSync } from "node:fs";
import { basename } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { build } from "esbuild";

const root = new URL("../../../", import.meta.url).pathname;

const entries = {
  ours: `${root}pkg/dist/index.js`,
  lazy: `${root}pkg/dist/lazy.js`,
  reference: "@useparagon/connect",
};

/** The SDKs that there are, by name; an entry that is not built is left out. */
export const sdks = Object.entries(entries)
  .filter(([, entry]) => !entry.startsWith("/") || existsSync(entry))
  .map(([name]) => name);

/** Source of the app. With `isBare` it only imports. */
const source = (entry, isBare) => `import { paragon } from ${JSON.stringify(entry)};
window.paragon = paragon;
${isBare ? "" : "window.useSdk?.(paragon);"}`;

/** The app's files by name, with `entry` the first; and which of them are loaded only when the SDK is first called. */
export async function bundleApp(sdk, { isBare = false } = {}) {
  const result = await build({
    stdin: { contents: source(entries[sdk], isBare), resolveDir: `${root}tests`, loader: "js" },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    splitting: true,
    outdir: "/app",
    entryNames: "app",
    chunkNames: "part-[hash]",
    format: "esm",
    platform: "browser",
    logLevel: "error",
    define: { global: "window" },
  });
  const files = new Map(result.outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]));
  const imports = new Map(
    Object.entries(result.metafile.outputs).map(([path, output]) => [
      basename(path),
      output.imports.filter(({ external, kind }) => !external && kind === "import-statement").map(({ path }) => basename(path)),
    ]),
  );
  const atOnce = new Set();
  const visit = (name) => {
    if (atOnce.has(name)) return;
    atOnce.add(name);
    imports.get(name).forEach(visit);
  };
  visit("app.js");
  return { files, later: [...files.keys()].filter((name) => !atOnce.has(name)) };
}

export const brotli = (bytes) =>
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });

/** What files weigh, added up. */
export const weigh = (files) => ({
  raw: sum(files, (bytes) => bytes.length),
  gzip: sum(files, (bytes) => gzipSync(bytes, { level: 9 }).length),
  brotli: sum(files, (bytes) => brotli(bytes).length),
});
const sum = (list, value) => list.reduce((all, one) => all + value(one), 0);
