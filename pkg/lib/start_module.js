// @ts-check
/** Workers: bytes must not be compiled at run time, so the platform gives a compiled module. */
import { startOnce } from "./start.js";
import module from "./core.wasm";

export const start = () => startOnce(() => module);
