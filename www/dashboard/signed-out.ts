/** The event by which a view tells the dashboard that the session has ended. */
export const SIGNED_OUT = "signed-out";

/** Tells it from `element`. */
export function tellSignedOut(element: Element): void {
  element.dispatchEvent(new CustomEvent(SIGNED_OUT, { bubbles: true, composed: true }));
}
