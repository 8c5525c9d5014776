import { isObject, type Json } from "./json.ts";

/** The claims of a JWT, for display only: the gateway is who verifies it. */
export function claimsOf(token: string): Json | undefined {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (sign) => sign.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    return isObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

/** `exp` of a JWT, for display only. */
export function expiryOf(token: string): Date | undefined {
  const exp = claimsOf(token)?.exp;
  return typeof exp === "number" ? new Date(exp * 1000) : undefined;
}
