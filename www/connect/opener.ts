import { isObject } from "../lib/json.ts";
import type { FlowRef } from "./page-data.ts";

/** The part of `Window` this needs: given in, so that tests can play the opener. */
export interface PopupWindow {
  readonly opener: { postMessage(message: unknown, targetOrigin: string): void } | null;
  addEventListener(type: "message", listener: (event: MessageEvent) => void, options?: { signal: AbortSignal }): void;
}

/** How long the app has to confirm the flow before the user is asked, in milliseconds. */
export const GO_WAIT_MS = 400;

/**
 * Asks the app that opened this window whether the flow is its own; resolves when it says so, and never otherwise.
 *
 * SECURITY: the question goes to the flow's origin alone. An answer counts only from the opener's window, from that
 * origin, and for this flow; so a link sent by a stranger gets no answer and leads to the question to the user.
 */
export function askApp(window: PopupWindow, ref: FlowRef, signal: AbortSignal): Promise<void> {
  const { opener } = window;
  return new Promise((resolve) => {
    if (opener === null) return;
    const listener = (event: MessageEvent): void => {
      if (event.source !== opener || event.origin !== ref.origin || !isObject(event.data)) return;
      if (event.data.type === "paragon-flow-go" && event.data.flow === ref.flow) resolve();
    };
    window.addEventListener("message", listener, { signal });
    post(opener, { type: "paragon-flow-hello", flow: ref.flow }, ref.origin);
  });
}

/** Tells the app to look at the flow now: to the opener, if there is one, and on the broadcast channel. */
export function announceDone(window: PopupWindow, ref: FlowRef): void {
  const message = { type: "paragon-flow-done", flow: ref.flow };
  if (window.opener !== null) post(window.opener, message, ref.origin);
  if (typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel("paragon-flow");
  channel.postMessage(message);
  channel.close();
}

/** Tells the reference client that its cookie is set. */
export function announceNonce(window: PopupWindow, origin: string): boolean {
  if (window.opener === null) return false;
  return post(window.opener, { type: "oauth-nonce-loaded" }, origin);
}

/** An opener that is cut off or gone may throw; that is as good as none. */
function post(opener: NonNullable<PopupWindow["opener"]>, message: unknown, origin: string): boolean {
  try {
    opener.postMessage(message, origin);
    return true;
  } catch {
    return false;
  }
}
