// Which methods the reference has in public, and which of them the scenarios use.

import { readFile } from "node:fs/promises";

const types = new URL("../../node_modules/@useparagon/connect/dist/src/ConnectSDK.d.ts", import.meta.url);

/** Public in the types, but steps of other methods that no documentation names and no app or portal calls. */
const STEPS = [
  "_getIntegration",
  "getIntegrationBySlug",
  "validateAction",
  "resolveCustomDropdownSource",
  "hasCustomDropdownLoader",
  "ensureHeadlessIsSupported",
  "setHasFinishedInstruction",
];

/** Names that the types declare private. */
async function privates() {
  const text = await readFile(types, "utf8");
  return new Set([...text.matchAll(/^ +private (?:readonly )?(\w+)/gm)].map(([, name]) => name));
}

/** The public methods of the reference as the page's objects have them, `installFlow`'s with their prefix. */
export async function publicMethods(page) {
  const hidden = await privates();
  const found = await page.evaluate(() => {
    const { paragon, connectSingleton } = window.sdk;
    const functions = (object) => Object.keys(object).filter((key) => typeof object[key] === "function");
    const methods = (prototype) => Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
    const klass = Object.getPrototypeOf(connectSingleton);
    return {
      paragon: functions(paragon),
      klass: methods(klass),
      flow: methods(Object.getPrototypeOf(paragon.installFlow)),
    };
  });
  const open = (names) => names.filter((name) => !hidden.has(name) && !STEPS.includes(name));
  return [...new Set([...found.paragon, ...open(found.klass), ...open(found.flow).map((name) => `installFlow.${name}`)])].sort();
}

/** How many scenarios call each method, by themselves or by the portal; `recordings` by scenario. */
export function uses(methods, recordings) {
  const called = [...recordings.values()].map(({ log }) => new Set(log.map(({ call, asked }) => asked ?? call?.replace(/^.*: /, ""))));
  return new Map(methods.map((method) => [method, called.filter((names) => names.has(method)).length]));
}
