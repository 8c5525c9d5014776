// @ts-check
/**
 * Starts the core from given bytes or a compiled module, once.
 */
import { initSync } from "#core";
import { attach } from "./values.js";

let isStarted = false;

/** @param {() => BufferSource | WebAssembly.Module} source */
export const startOnce = (source) => {
  if (isStarted) return;
  if (typeof WebAssembly !== "object") {
    throw new Error("WebAssembly is not available here (iOS Lockdown Mode, or an old browser)");
  }
  try {
    attach(initSync({ module: source() }));
  } catch (cause) {
    const message =
      "the SDK's WebAssembly could not be started; if the page has a Content-Security-Policy, add 'wasm-unsafe-eval' to script-src";
    throw Object.assign(new Error(message), { code: "wasm_refused", cause });
  }
  isStarted = true;
};
