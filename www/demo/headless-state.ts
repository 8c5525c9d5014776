import { OAuthBlockedError, OAuthCancelledError, OAuthTimeoutError } from "paragon-connect-wasm";
import type { Progress } from "./actions/connect-headless.ts";
import { readable, type Readable } from "./errors.ts";

/** What the app's own connect button shows while no account is connected. */
export type Headless =
  | { readonly state: "idle" }
  | { readonly state: "waiting"; readonly status: Progress | undefined }
  | { readonly state: "blocked"; readonly retry: () => Promise<unknown> }
  | { readonly state: "cancelled" | "timeout" }
  | { readonly state: "failed"; readonly error: Readable };

/** What an error of connecting means to the user. */
export function headlessAfter(error: unknown): Headless {
  if (error instanceof OAuthBlockedError) return { state: "blocked", retry: () => error.retry() };
  if (error instanceof OAuthCancelledError) return { state: "cancelled" };
  if (error instanceof OAuthTimeoutError) return { state: "timeout" };
  return { state: "failed", error: readable(error) };
}
