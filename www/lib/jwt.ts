import { decodeJwt } from "jose";

import type { Json } from "./json.ts";

/** The claims of a JWT, for display only: the gateway is who verifies it. */
export function claimsOf(token: string): Json | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

/** `exp` of a JWT, for display only. */
export function expiryOf(token: string): Date | undefined {
  const exp = claimsOf(token)?.exp;
  return typeof exp === "number" ? new Date(exp * 1000) : undefined;
}
