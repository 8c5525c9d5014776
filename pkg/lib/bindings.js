// @ts-check
/** What the package uses of the generated bindings; the rest of them is left out of its files. */
export { Paragon, initSync } from "#core";
