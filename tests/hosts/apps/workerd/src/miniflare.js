// Runs the built worker in workerd and asks it.
import { readdirSync } from "node:fs";
import { Miniflare } from "miniflare";

const [gateway, token] = process.argv.slice(2);
const files = readdirSync("dist").filter((name) => name !== "worker.js");
const worker = new Miniflare({
  // Later ones allow bytes to be compiled while the worker starts; here they are never.
  compatibilityDate: "2024-01-01",
  modulesRoot: "dist",
  modules: [{ type: "ESModule", path: "dist/worker.js" }, ...files.map((name) => ({ type: "CompiledWasm", path: `dist/${name}` }))],
});
const response = await worker.dispatchFetch(`http://worker/?${new URLSearchParams({ gateway, token })}`);
console.log(await response.text());
await worker.dispose();
