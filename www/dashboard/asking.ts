import type { ReactiveController, ReactiveControllerHost } from "lit";
import { failureOf, isSignedOut, type Failure } from "./failure.ts";

/**
 * What a view asks of the gateway: whether an answer is awaited, and what failed. The last question counts: answers to those
 * before it, and to a view that is no longer shown, are dropped.
 */
export class Asking implements ReactiveController {
  busy = false;
  failure: Failure | undefined;
  readonly #host: ReactiveControllerHost & Element;
  #asked = 0;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#asked++;
    this.busy = false;
  }

  /** Asks, and gives the answer to `use`. @returns whether it came, and counted. */
  async ask<T>(question: () => Promise<T>, use: (answer: T) => void): Promise<boolean> {
    const asked = ++this.#asked;
    this.busy = true;
    this.failure = undefined;
    this.#host.requestUpdate();
    try {
      const answer = await question();
      if (asked !== this.#asked) return false;
      use(answer);
    } catch (error) {
      if (asked !== this.#asked) return false;
      if (isSignedOut(error)) tellSignedOut(this.#host);
      this.failure = failureOf(error);
    }
    this.busy = false;
    this.#host.requestUpdate();
    return this.failure === undefined;
  }
}

/** The event that reports an expired session to the dashboard. */
export const SIGNED_OUT = "signed-out";

/** Dispatches it from `element`. */
export function tellSignedOut(element: Element): void {
  element.dispatchEvent(new CustomEvent(SIGNED_OUT, { bubbles: true, composed: true }));
}
