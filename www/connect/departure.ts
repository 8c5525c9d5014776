/**
 * Reports to the gateway how the browser left the page: on to the provider, refused by the user, or closed, so that the
 * app need not wait for nothing.
 *
 * Links of the page and a flow that has ended are no departures: `expect()` says so beforehand.
 */
export class Departure {
  #flow: string | undefined;

  constructor(page: Pick<Window, "addEventListener"> = window) {
    page.addEventListener("pagehide", () => this.report());
  }

  /** From now on leaving the page means that the user gave this flow up. */
  watch(flow: string): void {
    this.#flow = flow;
  }

  /** The page is about to leave on purpose, or there is nothing to give up any more. */
  expect(): void {
    this.#flow = undefined;
  }

  /** Sends the report now, once. */
  report(how: "provider" | "refused" | "closed" = "closed"): void {
    if (this.#flow === undefined) return;
    const body = new Blob([JSON.stringify({ flow: this.#flow, how })], { type: "application/json" });
    this.#flow = undefined;
    navigator.sendBeacon("/connect/departure", body);
  }
}
