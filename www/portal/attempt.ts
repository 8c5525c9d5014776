import type { Portal } from "./model.ts";

/**
 * One try to connect in another window, from the user's click to its end.
 *
 * `seen`: the SDK has reported a flow of this try. `refused`: the SDK's own error text, such as a blocked window.
 */
export interface Attempt {
  readonly accountType: string | undefined;
  readonly credentialId: string | undefined;
  readonly fingerprint: string;
  readonly seen: boolean;
  readonly refused: string | undefined;
}

/** What became of an attempt when the SDK's state changed. */
export type Outcome = "waiting" | "connected" | "ended";

const ENDED = new Set(["failed", "cancelled", "expired"]);

/** Begins an attempt from the state before it. */
export function begin(portal: Portal, accountType: string | undefined, credentialId: string | undefined): Attempt {
  return { accountType, credentialId, fingerprint: portal.fingerprint, seen: false, refused: undefined };
}

/**
 * Follows the attempt into the next state.
 *
 * An SDK that reports its flow decides by it. With one that does not, a changed account means success and an error
 * means the end; a closed window means nothing, since sign-in pages may cut a living window off.
 */
export function follow(attempt: Attempt, next: Portal): { attempt: Attempt | undefined; outcome: Outcome } {
  const seen = attempt.seen || next.flow !== undefined;
  const current = { ...attempt, seen, refused: next.flow === undefined ? attempt.refused : undefined };
  if (next.fingerprint !== attempt.fingerprint && next.accounts.some((account) => account.status === "VALID")) {
    return { attempt: undefined, outcome: "connected" };
  }
  if (next.error !== undefined) return { attempt: undefined, outcome: "ended" };
  const over = next.flow === undefined ? next.reportsFlow && attempt.seen : ENDED.has(next.flow.status);
  return over ? { attempt: undefined, outcome: "ended" } : { attempt: current, outcome: "waiting" };
}
