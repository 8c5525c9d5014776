// @ts-check
/** The script-tag file: `window.paragon`. */
import * as sdk from "./sdk.js";

Object.assign(globalThis, { paragon: sdk.paragon, ParagonConnect: sdk });
