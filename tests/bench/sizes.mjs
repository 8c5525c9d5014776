// Bytes over the wire of a page that only imports `paragon`, ours next to the reference's, bundled the same way.

import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { build } from "esbuild";

const root = new URL("../../", import.meta.url).pathname;

async function bundle(entry) {
  const result = await build({
    stdin: { contents: `import { paragon } from ${JSON.stringify(entry)}; window.paragon = paragon;`, resolveDir: `${root}tests`, loader: "js" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    logLevel: "error",
  });
  return result.outputFiles[0].contents;
}

const weigh = (bytes) => ({
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
});

const ours = weigh(await bundle(`${root}pkg/dist/index.js`));
const reference = weigh(await bundle("@useparagon/connect"));
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1).padStart(6)} KB`;
console.log("default entry, all it loads     raw        gzip -9    brotli 11");
for (const [name, size] of [["paragon-connect-wasm", ours], ["@useparagon/connect 2.4.0", reference]]) {
  console.log(`  ${name.padEnd(27)} ${kilobytes(size.raw)}  ${kilobytes(size.gzip)}  ${kilobytes(size.brotli)}`);
}
const ratio = (key) => (ours[key] / reference[key]).toFixed(2).padStart(6);
console.log(`  ${"ratio".padEnd(27)} ${ratio("raw")}     ${ratio("gzip")}     ${ratio("brotli")}`);
