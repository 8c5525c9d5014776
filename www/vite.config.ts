import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Files below this size gain nothing: the headers outweigh them. */
const LEAST_BYTES = 1024;

/** Writes a `.br` and a `.gz` beside each file under `assets/`, which the gateway serves to browsers that accept them. */
const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  writeBundle({ dir = "dist" }) {
    const folder = join(dir, "assets");
    for (const name of readdirSync(folder)) {
      const content = readFileSync(join(folder, name));
      if (content.length < LEAST_BYTES) continue;
      writeFileSync(join(folder, `${name}.br`), brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
      writeFileSync(join(folder, `${name}.gz`), gzipSync(content, { level: 9 }));
    }
  },
};

/**
 * One build, four pages. `base` is absolute: the gateway serves the pages under several paths (`/ui`,
 * `/connect/start`, `/oauth`, `/`, `/dashboard`) and their files under `/assets`.
 *
 * Nothing is inlined as a data URL or a script: the pages run under `script-src 'self'; style-src 'self'`.
 */
export default defineConfig({
  base: "/",
  plugins: [compressed],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["portal.html", "connect.html", "demo.html", "dashboard.html"] },
  },
});
