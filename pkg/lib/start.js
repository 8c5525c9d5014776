// @ts-check
/**
 * Starts the core from given bytes or a compiled module, once.
 */
import { initSync } from "#core";

let isStarted = false;

/**
 * @param {string} code
 * @param {string} message
 * @param {object} [fields]
 */
export const failure = (code, message, fields) => Object.assign(new Error(message), { code, ...fields });

/**
 * What the engine threw, told apart: only a refusal to compile can be the page's policy, for which one engine throws an
 * `EvalError` and the others a `CompileError`. By name: it may be of another realm.
 * @param {any} cause
 */
const refusal = (cause) =>
  ["CompileError", "EvalError"].includes(cause?.name)
    ? failure("wasm_refused", "the SDK's WebAssembly could not be started; if the page has a Content-Security-Policy, add 'wasm-unsafe-eval' to script-src", { cause })
    : failure("wasm_failed", "the SDK's WebAssembly could not be started", { cause });

/** @param {() => BufferSource | WebAssembly.Module} source */
export const startOnce = (source) => {
  if (isStarted) return;
  if (typeof WebAssembly !== "object") {
    throw failure("wasm_unavailable", "WebAssembly is not available here (iOS Lockdown Mode, or an old browser)");
  }
  const module = source();
  try {
    initSync({ module });
  } catch (cause) {
    throw refusal(cause);
  }
  isStarted = true;
};
