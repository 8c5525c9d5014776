import { defineConfig } from "vite";

/**
 * One build, four pages. `base` is absolute: the gateway serves the pages under several paths (`/ui`,
 * `/connect/start`, `/oauth`, `/`, `/dashboard`) and their files under `/assets`.
 *
 * Nothing is inlined as a data URL or a script: the pages run under `script-src 'self'; style-src 'self'`.
 */
export default defineConfig({
  base: "/",
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["portal.html", "connect.html", "demo.html", "dashboard.html"] },
  },
});
