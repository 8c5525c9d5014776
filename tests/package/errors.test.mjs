/** The error classes: what apps can observe of them, also where the built-in prototypes are frozen. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

import * as errors from "../../pkg/lib/errors.js";

const root = join(import.meta.dirname, "../..");
const CLASSES = [
  "UserNotAuthenticatedError",
  "NoActiveInstallFlowError",
  "HeadlessModeNotEnabledError",
  "OAuthBlockedError",
  "OAuthTimeoutError",
  "OAuthCancelledError",
  "OAuthFailedError",
  "TimeoutError",
  "IntegrationNotFoundError",
  "IntegrationNotInstalledError",
  "RequestError",
];
const enumerable = (error) => Object.keys(error).sort();

test("an error's own fields can be listed, its message and stack cannot", () => {
  assert.deepEqual(enumerable(new errors.OAuthTimeoutError()), ["meta", "name"]);
  assert.deepEqual(enumerable(new errors.IntegrationNotFoundError("x")), ["integrationName", "meta", "name"]);
  const made = errors.createError("RequestError", "m", { status: 400, code: "c", cause: 1, message: "other" });
  assert.deepEqual([enumerable(made), made.message], [["cause", "code", "meta", "name", "status"], "other"]);
  assert.deepEqual(JSON.parse(JSON.stringify(made)), { name: "Error", meta: null, status: 400, code: "c", cause: 1 });
});

test("the code of a class is every instance's, unless it was made with another", () => {
  assert.equal(new errors.OAuthFailedError("m").code, "oauth_failed");
  assert.equal(errors.createError("OAuthFailedError", "m", { code: "access_denied" }).code, "access_denied");
  assert.equal(errors.OAuthFailedError.name, "OAuthFailedError");
});

test("a kind that is no class makes a plain error", () => {
  for (const kind of ["Error", "constructor", "toString"]) {
    const error = errors.createError(kind, "m", { code: "c" });
    assert.deepEqual([Object.getPrototypeOf(error), error.message, error.code], [Error.prototype, "m", "c"]);
  }
});

test("fields that the app changes stay changed", () => {
  const error = errors.createError("RequestError", "m", { status: 1 });
  Object.assign(error, { name: "Mine", status: 2, message: "other" });
  assert.deepEqual([error.name, error.status, error.message], ["Mine", 2, "other"]);
});

/** What `text` prints in a Node.js of its own, whose built-in prototypes are frozen before anything is imported. */
const hardened = (text) => {
  const freeze = `for (const it of [Object, Function, Array, Error, TypeError, Promise, Map, Set, String]) { Object.freeze(it); Object.freeze(it.prototype); }`;
  return execFileSync(process.execPath, ["--input-type=module", "-e", `${freeze}\n${text}`], { cwd: root, encoding: "utf8" });
};

test("every error can be made where the built-in prototypes are frozen", () => {
  const library = pathToFileURL(join(root, "pkg/lib/errors.js"));
  const told = JSON.parse(
    hardened(`
    const errors = await import("${library}");
    const made = ${JSON.stringify(CLASSES)}.map((name) => errors.createError(name, "m", { integrationName: "i", code: "c", cause: 1, name: "n", meta: {}, message: "own", stack: "s" }));
    const given = ${JSON.stringify(CLASSES)}.map((name) => new errors[name]("m").name);
    console.log(JSON.stringify([made.map(({ name, message, code, cause, stack }) => [name, message, code, cause, stack].join()), given, errors.failure("c", "m", { cause: 1, toString: 1 }).code]));`),
  );
  assert.deepEqual(
    told[0],
    CLASSES.map(() => "n,own,c,1,s"),
  );
  assert.deepEqual(
    told[1],
    CLASSES.map((name) => (name === "RequestError" ? "Error" : name)),
  );
  assert.equal(told[2], "c");
});

test("the package's errors reach an app whose built-in prototypes are frozen", () => {
  const dist = pathToFileURL(join(root, "pkg/dist/index.js"));
  const told = JSON.parse(
    hardened(`
    const { paragon, default: SDK, UserNotAuthenticatedError, NoActiveInstallFlowError } = await import("${dist}");
    const told = async (work) => { try { await work(); } catch (error) { return [error.name, error.code, error instanceof UserNotAuthenticatedError || error instanceof NoActiveInstallFlowError]; } };
    console.log(JSON.stringify([
      await told(() => paragon.connect("azuredevops")),
      await told(() => paragon.installFlow.next()),
      await told(() => paragon.authenticate("p", "x")),
      await told(() => paragon.request("azuredevops", "/x")),
    ]));`),
  );
  assert.deepEqual(told[1], ["NoActiveInstallFlowError", "no_active_install_flow", true]);
  for (const one of told) assert.ok(one?.[1], JSON.stringify(told));
  for (const one of told) assert.notEqual(one[0], "TypeError", JSON.stringify(told));
});
