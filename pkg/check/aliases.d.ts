/** What the build puts in place of these names. */

declare module "#start" {
  export const start: () => import("../lib/evaluated.js").Bindings;
}
declare module "#text" {
  const packed: [order: string, text: string];
  export default packed;
}
declare module "#main" {
  const main: { default: unknown };
  export default main;
}
declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

/** As the bundler has it: evaluates the file when it is called. */
declare function require(path: "./bindings.js"): unknown;
