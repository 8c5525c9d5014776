import { isObject } from "./json.ts";

/** `exp` of a JWT, for display only: the gateway is who verifies it. */
export function expiryOf(token: string): Date | undefined {
  try {
    const payload = JSON.parse(atob((token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/"))) as unknown;
    return isObject(payload) && typeof payload.exp === "number" ? new Date(payload.exp * 1000) : undefined;
  } catch {
    return undefined;
  }
}
