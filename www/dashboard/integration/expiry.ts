import type { Tone } from "../../elements/notice.ts";

/** What is said of a secret's end: a tone and words. */
export interface Expiry {
  readonly tone: Tone;
  readonly words: string;
}

/** Warns 30, 7 and 1 days ahead; `daysLeft` is undefined where no date is known. */
export function expiryOf(daysLeft: number | undefined): Expiry {
  if (daysLeft === undefined) return { tone: "info", words: "No expiry date set" };
  if (daysLeft < 0) return { tone: "bad", words: "Expired" };
  if (daysLeft < 1) return { tone: "bad", words: "Expires within a day" };
  if (daysLeft <= 7) return { tone: "bad", words: `Expires in ${days(daysLeft)}` };
  if (daysLeft <= 30) return { tone: "warn", words: `Expires in ${days(daysLeft)}` };
  return { tone: "good", words: `Expires in ${days(daysLeft)}` };
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}
