export * from "./index.js";
export { default } from "./index.js";

/** Starts the core from bytes or a compiled module. Throws codes `wasm_invalid`, `wasm_refused`, `wasm_failed`. */
export declare function initSync(source: BufferSource | WebAssembly.Module): void;
/** Loads `core.wasm` and starts it. Rejects also with the code `wasm_not_loaded`. */
export declare function init(source: string | URL | globalThis.Request | globalThis.Response | Promise<globalThis.Response>): Promise<void>;
