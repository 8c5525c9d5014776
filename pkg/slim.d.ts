export * from "./index.js";
export { default } from "./index.js";

/** Starts the core from bytes or a compiled module. */
export declare function initSync(source: BufferSource | WebAssembly.Module): void;
/** Loads `core.wasm` and starts it. */
export declare function init(source: string | URL | globalThis.Request | globalThis.Response | Promise<globalThis.Response>): Promise<void>;
