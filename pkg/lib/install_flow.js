// @ts-check
import { INSTALL_FLOW, delegate, setTarget } from "./methods.js";

/** `installFlow`: connecting an account step by step, with pages of the app's own. */
export class InstallFlow {
  /** @param {() => object} target gives the flow whose methods are called */
  constructor(target) {
    setTarget(this, target);
  }
}
delegate(InstallFlow.prototype, INSTALL_FLOW);
