// @ts-check
/** Evaluates the generated bindings. What of them is not named here is left out of the package's files. */
import { Paragon, initSync } from "#core";
import { evaluated } from "./evaluated.js";

evaluated.bindings = { Paragon, initSync };
