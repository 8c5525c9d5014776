/** What the script-tag file `paragon.js` puts on `window`. */
import type * as sdk from "./index.js";

declare global {
  /** The ready-made instance. */
  const paragon: sdk.Paragon;
  /** Everything that the package exports. */
  const ParagonConnect: typeof sdk;
}
