export * from "./index.js";
export { default } from "./index.js";

/**
 * Loads the SDK now. Without it the first call that needs the SDK does. Rejects with the code `sdk_not_loaded`; the next
 * call tries again.
 */
export declare function load(): Promise<void>;
