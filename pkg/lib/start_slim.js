// @ts-check
/** `./slim`: the app serves `core.wasm` itself and hands it over before the first call. */
import { startOnce } from "./start.js";

/** @param {BufferSource | WebAssembly.Module} source */
export const initSync = (source) => startOnce(() => source);

/** @param {string | URL | Request | Response | Promise<Response>} source */
export const init = async (source) => {
  const given = await source;
  const response = given instanceof Response ? given : await fetch(given);
  initSync(await response.arrayBuffer());
};

export const start = () =>
  startOnce(() => {
    throw new Error("call init(url) or initSync(bytes) of paragon-connect-wasm/slim first");
  });
