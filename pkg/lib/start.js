// @ts-check
/**
 * Starts the core from given bytes or a compiled module, once.
 */
import { failure } from "./errors.js";
import { evaluated } from "./evaluated.js";

/** @typedef {import("./evaluated.js").Bindings} Bindings */

/** What the bindings use of the host as soon as they are evaluated. */
const NEEDED = ["TextDecoder", "TextEncoder"];

/** @type {Bindings | undefined} */
let started;

/**
 * The bindings. Unlike `import`, `require` evaluates them when it is called, so that importing the package touches no
 * global that a host may lack. Its value is not used: that would put a list of exports before the file's own, which
 * tools that read files without running them would take for it.
 */
const evaluate = () => {
  if (typeof WebAssembly !== "object") {
    throw failure("wasm_unavailable", "WebAssembly is not available here (iOS Lockdown Mode, or an old browser)");
  }
  const missing = NEEDED.find((name) => typeof Reflect.get(globalThis, name) !== "function");
  if (missing) {
    throw failure("host_unsupported", `this host has no ${missing}, which the SDK needs; in a test environment, add it to its globals`);
  }
  require("./bindings.js");
  return /** @type {Bindings} */ (evaluated.bindings);
};

/**
 * What the engine threw, told apart: only a refusal to compile can be the page's policy, for which one engine throws an
 * `EvalError` and the others a `CompileError`. By name: it may be of another realm.
 * @param {any} cause
 */
const refusal = (cause) =>
  ["CompileError", "EvalError"].includes(cause?.name)
    ? failure("wasm_refused", "the SDK's WebAssembly could not be started; if the page has a Content-Security-Policy, add 'wasm-unsafe-eval' to script-src", { cause })
    : failure("wasm_failed", "the SDK's WebAssembly could not be started", { cause });

/**
 * Whether this is a compiled module, of whatever realm.
 * @param {any} source
 * @returns {source is WebAssembly.Module}
 */
export const isModule = (source) => source?.[Symbol.toStringTag] === "WebAssembly.Module";

/**
 * Another module is refused here: the bindings keep whatever could be instantiated, for good.
 * @param {BufferSource | WebAssembly.Module} source
 */
const compile = (source) => {
  const module = isModule(source) ? source : new WebAssembly.Module(source);
  // The name is renamed with those in the WebAssembly.
  if (WebAssembly.Module.exports(module).some(({ name }) => name === /* @__KEY__ */ "__wbindgen_start")) return module;
  throw new TypeError("this WebAssembly is not the core");
};

/**
 * @param {() => BufferSource | WebAssembly.Module} source asked at the first call
 * @returns {Bindings}
 */
export const startOnce = (source) => {
  if (started) return started;
  const bindings = evaluate();
  const given = source();
  try {
    bindings.initSync({ module: compile(given) });
  } catch (cause) {
    throw refusal(cause);
  }
  return (started = bindings);
};
