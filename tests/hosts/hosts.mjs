// Every host that the package has to work in without configuration: how its app is laid out, built and served.
//
// `tools` names a folder below `tools/`; `files` stand beside the sources that all apps share; `build` is a command of the
// tools; `serve` says what is served then. Hosts that are `slow` run with `cargo xtask test --all` only.

import { html, withoutModules } from "./lib/app.mjs";

const bundle = html('<script type="module" src="/main.js"></script>');
const source = html('<script type="module" src="/src/index.js"></script>');
const port = ["--port", "PORT", "--strictPort", "--host", "127.0.0.1"];

/** Builds `dist/main.js` from `src/index.js`. */
const bundled = (name, tools, build, more = {}) => ({ name, tools, files: { "dist/index.html": bundle }, build, serve: { folder: "dist" }, ...more });

const vite = (name, tools, more = {}) => [
  { name: `${name}, development`, tools, files: { "index.html": source }, serve: { program: ["vite", ...port] }, ...more },
  { name: `${name}, build`, tools, files: { "index.html": source }, build: ["vite", "build", "--logLevel", "error"], serve: { folder: "dist" }, ...more },
];

const next = (name, tools) => ({
  name,
  tools,
  template: "next",
  build: ["next", "build"],
  serve: { program: ["next", "start", "-p", "PORT"] },
  rendersOnServer: true,
  slow: true,
});

const esbuild = (name, format, more = {}) =>
  bundled(name, "bundlers", ["esbuild", "src/index.js", "--bundle", `--format=${format}`, "--outfile=dist/main.js", "--log-level=warning"], more);

/** The strictest policy under which a page may use WebAssembly and talk to its gateway; without `'wasm-unsafe-eval'` it may not. */
const policy = (script) => (backend) => ({ "content-security-policy": `default-src 'none'; script-src ${script}; connect-src ${backend.origin}` });

/** Shows what the first call says where WebAssembly is forbidden. */
const refused = `import { paragon } from "paragon-connect-wasm";
try {
  paragon.getVersion();
} catch ({ message, code }) {
  document.getElementById("state").textContent = JSON.stringify({ message, code });
}
`;

export const pages = [
  esbuild("esbuild, ES module", "esm"),
  esbuild("esbuild, classic script", "iife", { files: { "dist/index.html": html('<script src="/main.js"></script>') } }),
  esbuild("page with a strict content security policy", "esm", { headers: policy("'self' 'wasm-unsafe-eval'") }),
  esbuild("page whose policy forbids WebAssembly", "esm", {
    headers: policy("'self'"),
    files: { "dist/index.html": bundle, "src/index.js": refused },
    isRefused: true,
  }),
  ...vite("Vite 8", "bundlers"),
  {
    name: "unbundled modules",
    tools: "bundlers",
    files: {
      "index.html": html(
        '<script type="importmap">{"imports":{"paragon-connect-wasm":"/node_modules/paragon-connect-wasm/dist/index.js"}}</script>\n<script type="module" src="/src/index.js"></script>',
      ),
    },
    serve: { folder: "." },
  },
  {
    name: "script tag",
    tools: "bundlers",
    files: {
      "index.html": html('<script src="/node_modules/paragon-connect-wasm/dist/paragon.js"></script>\n<script src="/src/classic.js"></script>'),
      "src/classic.js": `${await withoutModules("calls.js")}${await withoutModules("page.js")}run();\n`,
    },
    serve: { folder: "." },
  },
  // The longest builds first, so that none is left running alone.
  next("Next.js 14", "next-14"),
  next("Next.js 16", "next"),
  {
    name: "SvelteKit 2",
    tools: "sveltekit",
    template: "sveltekit",
    build: ["vite", "build", "--logLevel", "error"],
    serve: { program: [process.execPath, "build"] },
    rendersOnServer: true,
    slow: true,
  },
  bundled("webpack 5.112", "bundlers", ["webpack", "--mode", "production"], { slow: true }),
  bundled("webpack 5.90", "webpack-5.90", ["webpack", "--mode", "production"], { slow: true }),
  bundled("Rspack 2", "bundlers", ["rspack", "build", "--mode", "production"], { slow: true }),
  bundled("Rollup 4", "bundlers", ["rollup", "src/index.js", "-o", "dist/main.js", "-p", "node-resolve", "-p", "commonjs", "--silent"], { slow: true }),
  ...vite("Vite 5", "vite-5", { slow: true }),
  {
    name: "Parcel 2",
    tools: "parcel",
    files: { "index.html": html('<script type="module" src="./src/index.js"></script>') },
    build: ["parcel", "build", "index.html"],
    serve: { folder: "dist" },
    slow: true,
  },
];

const call = 'import { calls } from "./calls.js";\nconsole.log(JSON.stringify(await calls(...process.argv.slice(2))));\n';
const bundleWorker = "src/worker.js --bundle --format=esm --conditions=workerd,worker,browser --loader:.wasm=copy --outdir=dist --log-level=warning";

/** Hosts without a page: a command that prints what the calls gave. */
export const runtimes = [
  { name: "Node.js, ES module", tools: "jsdom", files: { "src/main.js": call }, command: [process.execPath, "src/main.js"] },
  {
    name: "Node.js, CommonJS",
    tools: "jsdom",
    files: {
      "src/main.cjs": `${await withoutModules("calls.js", { commonjs: true })}calls(...process.argv.slice(2)).then((result) => console.log(JSON.stringify(result)));\n`,
    },
    command: [process.execPath, "src/main.cjs"],
  },
  { name: "jsdom", tools: "jsdom", template: "jsdom", command: [process.execPath, "src/jsdom.js"] },
  { name: "Deno 2", tools: "runtimes", files: { "src/main.js": call }, command: ["deno", "run", "--allow-net", "--allow-read", "src/main.js"], slow: true },
  { name: "Bun 1", tools: "runtimes", files: { "src/main.js": call }, command: ["bun", "src/main.js"], slow: true },
  {
    name: "workerd",
    tools: "runtimes",
    template: "workerd",
    build: ["esbuild", ...bundleWorker.split(" ")],
    command: [process.execPath, "src/miniflare.js"],
    slow: true,
  },
];
