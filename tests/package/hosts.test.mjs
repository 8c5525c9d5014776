/** Hosts that lack what browsers have: importing works everywhere, and the first call names what is missing. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { join } from "node:path";
import { test } from "node:test";

const dist = join(import.meta.dirname, "../../pkg/dist");
const LANGUAGE = ["FinalizationRegistry", "WeakRef", "SharedArrayBuffer", "Atomics", "Intl"];

/**
 * The exports of a CommonJS file that is evaluated in a realm of its own, with nothing but the language. Engines put
 * WebAssembly there, too.
 */
const required = (name, given = {}) => {
  const realm = createContext({});
  for (const missing of [...LANGUAGE, "WebAssembly"]) delete realm[missing];
  runInContext(`for (const name of ${JSON.stringify([...LANGUAGE, "WebAssembly", "console"])}) delete globalThis[name];`, realm);
  Object.assign(realm, given);
  const load = (file) => {
    const module = { exports: {} };
    runInContext(`(function (module, exports, require) {${readFileSync(join(dist, file), "utf8")}\n})`, realm, { filename: file })(
      module,
      module.exports,
      load,
    );
    return module.exports;
  };
  return load(name);
};
const codes = async (work) => {
  try {
    await work();
  } catch ({ code, message }) {
    return `${code}: ${message}`;
  }
};

for (const name of ["index.cjs", "lazy.cjs", "slim.cjs"]) {
  test(`${name} can be required where there is nothing but the language`, async () => {
    const { paragon, default: ConnectSDK, OAuthBlockedError, SDK_EVENT } = required(name);
    assert.equal(typeof paragon.connect, "function");
    assert.equal(new OAuthBlockedError().code, "popup_blocked");
    assert.equal(SDK_EVENT.ON_PORTAL_OPEN, "onPortalOpen");
    assert.equal(typeof paragon.installFlow.start, "function");
    assert.match(await codes(() => paragon.getVersion()), /^wasm_unavailable: WebAssembly is not available/);
    assert.match(await codes(() => new ConnectSDK()), /^wasm_unavailable/);
  });
}

test("the first call names the global that is missing, until it is there", async () => {
  const given = { WebAssembly };
  for (const [name, value] of Object.entries({ TextDecoder, TextEncoder })) {
    const { paragon } = required("index.cjs", given);
    assert.match(await codes(() => paragon.getVersion()), new RegExp(`^host_unsupported: this host has no ${name}, `));
    assert.match(await codes(() => paragon.getVersion()), new RegExp(`^host_unsupported: this host has no ${name}, `), "every time");
    given[name] = value;
  }
  const { paragon } = required("index.cjs", given);
  assert.equal(paragon.getVersion(), "2.4.0");
});

test("the first sign-in names what it needs of the host and does not find", async () => {
  const given = { WebAssembly, TextDecoder, TextEncoder };
  for (const [name, value] of Object.entries({ atob, fetch, Headers })) {
    const { paragon } = required("index.cjs", given);
    assert.equal(paragon.getUser().authenticated, false);
    assert.match(await codes(() => paragon.authenticate("project", "no token")), new RegExp(`^host_unsupported: this host has no ${name}, `));
    given[name] = value;
  }
  const { paragon } = required("index.cjs", given);
  assert.match(await codes(() => paragon.authenticate("project", "no token")), /^token_malformed: /);
});

test("the script-tag file can be evaluated there, too", () => {
  const realm = createContext({});
  runInContext("delete globalThis.WebAssembly", realm);
  runInContext(readFileSync(join(dist, "paragon.js"), "utf8"), realm);
  assert.equal(typeof realm.paragon.connect, "function");
});
