// Bytes over the wire of a page that only imports `paragon`, ours next to the reference's, bundled the same way.

import { bundleApp, sdks, weigh } from "./support/apps.mjs";

const sizes = {};
for (const sdk of sdks) {
  const { files, later } = await bundleApp(sdk, { isBare: true });
  const [atOnce, rest] = [(name) => !later.includes(name), (name) => later.includes(name)].map((is) =>
    weigh([...files].filter(([name]) => is(name)).map(([, bytes]) => bytes)),
  );
  sizes[sdk] = { atOnce, rest };
}
const total = ({ atOnce, rest }) => ({ raw: atOnce.raw + rest.raw, gzip: atOnce.gzip + rest.gzip, brotli: atOnce.brotli + rest.brotli });
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1).padStart(6)} KB`;
const row = (name, size) => console.log(`  ${name.padEnd(44)} ${kilobytes(size.raw)}  ${kilobytes(size.gzip)}  ${kilobytes(size.brotli)}`);

console.log(`${"".padEnd(46)}     raw    gzip -9  brotli 11`);
row("paragon-connect-wasm, all it loads", total(sizes.ours));
row("@useparagon/connect 2.4.0", total(sizes.reference));
const ratio = (key) => (total(sizes.ours)[key] / total(sizes.reference)[key]).toFixed(2).padStart(9);
console.log(`  ${"ratio".padEnd(44)} ${["raw", "gzip", "brotli"].map(ratio).join("  ")}`);
if (sizes.lazy) {
  row("paragon-connect-wasm/lazy, before its first call", sizes.lazy.atOnce);
  row("paragon-connect-wasm/lazy, with its first call", sizes.lazy.rest);
} else console.log("  paragon-connect-wasm/lazy: not built");
