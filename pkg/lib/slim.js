// @ts-check
export * from "./sdk.js";
export { default } from "./sdk.js";
export { init, initSync } from "./start_slim.js";
