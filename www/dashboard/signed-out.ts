/** The event that reports an expired session to the dashboard. */
export const SIGNED_OUT = "signed-out";

/** Dispatches it from `element`. */
export function tellSignedOut(element: Element): void {
  element.dispatchEvent(new CustomEvent(SIGNED_OUT, { bubbles: true, composed: true }));
}
