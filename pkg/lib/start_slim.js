// @ts-check
/** `./slim`: the app serves `core.wasm` itself and hands it over before the first call. */
import { failure } from "./errors.js";
import { isModule, startOnce } from "./start.js";

/**
 * Whether these are the bytes of a module: they begin with "\0asm".
 * @param {any} source
 */
const isBytes = (source) => {
  if (!(source?.byteLength >= 4)) return false;
  const [zero, a, s, m] = new Uint8Array(source.buffer ?? source, source.byteOffset ?? 0, 4);
  return zero === 0 && a === 97 && s === 115 && m === 109;
};

/** @param {BufferSource | WebAssembly.Module} source */
export const initSync = (source) => {
  startOnce(() => {
    if (isModule(source) || isBytes(source)) return source;
    throw failure("wasm_invalid", "what init or initSync was given is no WebAssembly: it must be core.wasm of paragon-connect-wasm");
  });
};

/** @param {string | URL | Request | Response | Promise<Response>} source */
export const init = async (source) => {
  initSync(await (await load(source)).arrayBuffer());
};

/**
 * The answer with the file.
 * @param {string | URL | Request | Response | Promise<Response>} source
 */
const load = async (source) => {
  let response;
  try {
    const given = await source;
    response = given instanceof Response ? given : await fetch(given);
  } catch (cause) {
    throw failure("wasm_not_loaded", "core.wasm could not be loaded: no answer", { cause });
  }
  const { ok, status, url } = response;
  if (!ok) throw failure("wasm_not_loaded", `core.wasm could not be loaded: ${url || "the server"} answered ${status}`, { status });
  return response;
};

export const start = () =>
  startOnce(() => {
    throw failure("wasm_not_given", "call init(url) or initSync(bytes) of paragon-connect-wasm/slim first");
  });
