import type { Flow, Portal } from "./model.ts";

/** One try to connect in another window, from the user's click to its end. */
export interface Attempt {
  readonly fingerprint: string;
  /** The last flow that the SDK reported for this try. */
  readonly last: Flow | undefined;
  /** The browser opened no window; the next click has to. */
  readonly blocked: boolean;
}

/**
 * What became of an attempt when the SDK's state changed. `unclear`: the SDK's flow is over but neither an account nor
 * an error is there yet; one of them may be on its way.
 */
export type Outcome = "waiting" | "connected" | "failed" | "cancelled" | "expired" | "unclear";

/** Begins an attempt from the state before it. */
export function begin(portal: Portal): Attempt {
  return { fingerprint: portal.fingerprint, last: undefined, blocked: false };
}

/**
 * Follows the attempt into the next state.
 *
 * An SDK that reports its flow decides by it. With one that does not, a changed account means success and an error
 * means the end; a closed window means nothing, since sign-in pages may cut a living window off.
 */
export function follow(attempt: Attempt, next: Portal): { attempt: Attempt | undefined; outcome: Outcome } {
  if (next.fingerprint !== attempt.fingerprint && next.accounts.some((account) => account.status === "VALID")) {
    return { attempt: undefined, outcome: "connected" };
  }
  if (next.error !== undefined) return { attempt: undefined, outcome: "failed" };
  const { flow } = next;
  if (flow !== undefined) {
    const ending = endingOf(flow);
    if (ending !== undefined) return { attempt: undefined, outcome: ending };
    return { attempt: { ...attempt, last: flow, blocked: flow.blocked }, outcome: "waiting" };
  }
  const over = next.reportsFlow && attempt.last !== undefined && !attempt.blocked;
  return { attempt, outcome: over ? "unclear" : "waiting" };
}

function endingOf(flow: Flow): Outcome | undefined {
  return flow.status === "failed" || flow.status === "cancelled" || flow.status === "expired" ? flow.status : undefined;
}
