// @ts-check
import { INSTALL_FLOW, delegate } from "./methods.js";

/** `installFlow`: connecting an account step by step, with pages of the app's own. */
export class InstallFlow {
  /** @type {() => object} */
  #flow;

  static {
    delegate(this.prototype, INSTALL_FLOW, (flow) => flow.#flow());
  }

  /** @param {() => object} flow gives the one whose methods are called */
  constructor(flow) {
    this.#flow = flow;
  }
}
