// @ts-check
/**
 * The JavaScript values that the core works on. It holds them by number: a handle is a place in `table`, good until
 * the call that made it returns to the app. What lives longer is kept in JavaScript objects, and freed with them.
 *
 * The functions below are the core's imports: numbers in, numbers out, so that nothing is converted on the way. The
 * core's own texts are numbers, too (`src/value/texts.rs`).
 */
import { resume } from "#core";
import { createError } from "#errors";
import texts from "#texts";

/** Handles that are always good; 0 says that an error is pending. */
const FIXED = [undefined, undefined, null, true, false, globalThis];
/** @type {any[]} */
const table = [...FIXED];
/** Where the next value is put: engines are slow to shorten a list, so its length stays. */
let end = FIXED.length;
/** How many calls into the core are running: the app may call it from a callback. */
let depth = 0;
/** @type {any} */
let pending;
/** @type {WebAssembly.Memory} */
let memory;
let view = new Uint8Array();
/** Parts of templates: what stands before, between and after the gaps, and what kind each gap is. @type {string[][]} */
const templates = [];
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** @param {any} value */
export const put = (value) => {
  if (value === undefined) return 1;
  if (value === null) return 2;
  if (typeof value === "boolean") return value ? 3 : 4;
  table[end] = value;
  return end++;
};

/**
 * Calls into the core; gives the value of the handle it returns.
 * @param {() => number} run
 */
export const enter = (run) => {
  depth++;
  try {
    const handle = run();
    if (handle) return table[handle];
    throw pending;
  } finally {
    if (--depth === 0) {
      table.fill(undefined, FIXED.length, end);
      end = FIXED.length;
      pending = undefined;
    }
  }
};

/** @param {WebAssembly.Exports} exports of the core */
export const attach = (exports) => {
  const found = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  if (!found) throw new TypeError("this WebAssembly is not the core");
  memory = found;
};

/**
 * What `run` gives; 0 with its error pending if it throws.
 * @param {() => any} run
 */
const attempt = (run) => {
  try {
    return put(run());
  } catch (thrown) {
    pending = thrown;
    return 0;
  }
};

/** The core's memory. When it grows, the view of what it was before becomes empty. */
const bytes = () => (view.length > 0 ? view : (view = new Uint8Array(memory.buffer)));
/** @param {number} at @param {number} length */
const decode = (at, length) => decoder.decode(bytes().subarray(at, at + length));

/** @param {any} value */
const isObject = (value) => typeof value === "object" && value !== null;
/** @param {any} value */
const listOf = (value) => (Array.isArray(value) ? value : []);

// Text and numbers.
/** @param {number} text */
export const literal = (text) => put(texts[text]);
/** Text that the core made. @param {number} at @param {number} length */
export const string = (at, length) => put(decode(at, length));
/** Writes a text's bytes to `at`, where there is `room`; gives how many they are. @param {number} value @param {number} at @param {number} room */
export const read = (value, at, room) => {
  const text = table[value];
  const target = bytes();
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    // The engine's encoder takes longer to start than most texts are.
    if (code > 127) return encoder.encodeInto(text, target.subarray(at, at + room)).written;
    target[at + index] = code;
  }
  return text.length;
};
/** @param {number} value */
export const number = (value) => put(value);
/** @param {number} value */
export const float = (value) => (typeof table[value] === "number" ? table[value] : NaN);
/** @param {number} value */
export const integer = (value) => table[value] | 0;
/**
 * A template with its gaps filled, whatever the values are: `{}` with a text, `{%}` with one component of a URL.
 * @param {number} text @param {number} a @param {number} b @param {number} c
 */
export const fill = (text, a, b, c) => {
  const values = [a, b, c];
  const parts = (templates[text] ??= texts[text].split(/\{(%?)\}/));
  let filled = parts[0];
  for (let index = 1; index < parts.length; index += 2) {
    const value = String(table[values[(index - 1) / 2]]);
    filled += (parts[index] ? encodeURIComponent(value) : value) + parts[index + 1];
  }
  return put(filled);
};

// What a value is.
/** 0 nothing, 1 boolean, 2 number, 3 text, 4 function, 5 list, 6 other object. @param {number} value */
export const kind = (value) => {
  const it = table[value];
  if (it === undefined || it === null) return 0;
  if (typeof it === "object") return Array.isArray(it) ? 5 : 6;
  return ["boolean", "number", "string", "function"].indexOf(typeof it) + 1;
};
/** Length of a text; 0 for what is none. @param {number} value */
export const extent = (value) => (typeof table[value] === "string" ? table[value].length : 0);
/** @param {number} value */
export const truth = (value) => Number(Boolean(table[value]));
/** @param {number} value @param {number} text */
export const is = (value, text) => Number(table[value] === texts[text]);
/** @param {number} a @param {number} b */
export const same = (a, b) => Number(table[a] === table[b]);

// Objects. Reading a property may throw, in sandboxed frames and of foreign windows: it is undefined then.
/** @param {any} target @param {any} key */
const property = (target, key) => {
  if (!isObject(target) && typeof target !== "function") return undefined;
  try {
    return target[key];
  } catch {
    return undefined;
  }
};
/** @param {number} target @param {number} text */
export const get = (target, text) => put(property(table[target], texts[text]));
/** A name from outside never reaches `Object.prototype`. @param {number} target @param {number} key */
export const own = (target, key) => (isObject(table[target]) && Object.hasOwn(table[target], table[key]) ? put(table[target][table[key]]) : 1);
/** Sets a property; what is no object, or frozen, stays as it is. @param {any} target @param {any} key @param {any} value */
const assign = (target, key, value) => {
  if (!isObject(target)) return;
  try {
    target[key] = value;
  } catch {}
};
/** @param {number} target @param {number} text @param {number} value */
export const set = (target, text, value) => (assign(table[target], texts[text], table[value]), target);
/** As in an object literal, but nothing for undefined. @param {number} target @param {number} text @param {number} value */
export const add = (target, text, value) => (value === 1 ? target : set(target, text, value));
/** @param {number} target @param {number} key @param {number} value */
export const store = (target, key, value) => void assign(table[target], table[key], table[value]);
/** @param {number} target @param {number} text */
export const remove = (target, text) => void (isObject(table[target]) && Reflect.deleteProperty(table[target], texts[text]));
export const object = () => put({});
/** @param {number} base @param {number} patch */
export const merged = (base, patch) => put({ ...(isObject(table[base]) && table[base]), ...(isObject(table[patch]) && table[patch]) });
/** @param {number} value */
export const keys = (value) => put(isObject(table[value]) ? Object.keys(table[value]) : []);
/** What `run` gives; undefined if it throws. @param {() => any} run */
const orNothing = (run) => {
  try {
    return put(run());
  } catch {
    return 1;
  }
};
// JSON cannot hold everything: circular objects and large integers are nothing.
/** @param {number} value */
export const json = (value) => orNothing(() => JSON.stringify(table[value]));
/** @param {number} value */
export const parse = (value) => orNothing(() => JSON.parse(table[value]));
/** A deep copy of what JSON can hold. @param {number} value */
export const copy = (value) => (isObject(table[value]) ? orNothing(() => JSON.parse(JSON.stringify(table[value]))) : value);

// Lists.
export const array = () => put([]);
/** @param {number} value */
export const list = (value) => (Array.isArray(table[value]) ? value : put([]));
/** Of a list or text. @param {number} value */
export const length = (value) => table[value]?.length ?? 0;
/** @param {number} value @param {number} index */
export const item = (value, index) => put(table[value][index]);
/** @param {number} target @param {number} value */
export const push = (target, value) => (table[target].push(table[value]), target);
/** Position of the first object whose property is `wanted`, else -1. @param {number} value @param {number} text @param {number} wanted */
export const position = (value, text, wanted) => listOf(table[value]).findIndex((one) => property(one, texts[text]) === table[wanted]);
/** @param {number} value @param {number} text @param {number} unwanted */
export const without = (value, text, unwanted) => put(listOf(table[value]).filter((one) => property(one, texts[text]) !== table[unwanted]));

// Functions.
/**
 * Calls a method, without the arguments at the end that are undefined; undefined if there is none.
 * @param {number} target @param {number} text @param {number} a @param {number} b @param {number} c
 */
export const invoke = (target, text, a, b, c) =>
  attempt(() => {
    const it = table[target];
    const name = texts[text];
    if (typeof it?.[name] !== "function") return undefined;
    if (c !== 1) return it[name](table[a], table[b], table[c]);
    if (b !== 1) return it[name](table[a], table[b]);
    return a === 1 ? it[name]() : it[name](table[a]);
  });
/** @param {number} callee @param {number} a @param {number} b */
export const apply = (callee, a, b) => attempt(() => Reflect.apply(table[callee], undefined, [table[a], table[b]]));
/** @param {number} text @param {number} value */
export const construct = (text, value) => attempt(() => new /** @type {any} */ (globalThis)[texts[text]](table[value]));

// What happens later.
/**
 * A function that runs `step` of the core with `context` and its arguments.
 * @param {number} step @param {number} context
 */
export const callback = (step, context) => {
  const kept = table[context];
  return put((/** @type {any} */ first, /** @type {any} */ second) => enter(() => resume(step, put(kept), put(first), put(second))));
};
/** What `step` makes of a promise's value, and `failed` of its error; without `failed` the error stays. @param {number} promise @param {number} step @param {number} failed @param {number} context */
export const then = (promise, step, failed, context) =>
  put(Promise.resolve(table[promise]).then(table[callback(step, context)], failed < 0 ? undefined : table[callback(failed, context)]));
/** A promise of the core's outcome: 0 is the pending error. @param {number} value */
export const settled = (value) => {
  if (value) return put(Promise.resolve(table[value]));
  const rejected = Promise.reject(pending);
  pending = undefined;
  return put(rejected);
};
/** `{promise, resolve, reject}`. */
export const deferred = () => {
  /** @type {any} */
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return put(parts);
};

// Errors.
/** Makes an error pending. @param {number} text @param {number} message @param {number} fields */
export const raise = (text, message, fields) => void (pending = createError(texts[text], table[message], table[fields] ?? {}));
/** The same with a value that was thrown or rejected. @param {number} value */
export const rethrow = (value) => void (pending = table[value]);
/** The pending error, which is pending no more. */
export const caught = () => {
  const error = pending;
  pending = undefined;
  return put(error);
};

// The host.
export const now = () => Date.now();
/** 32 random bytes as base64url. */
export const random = () =>
  attempt(() => btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))).replaceAll("+", "-").replaceAll("/", "_").replace("=", ""));
