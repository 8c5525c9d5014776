/**
 * The address if a link may lead there: http(s) only, so that data from outside never becomes `javascript:`.
 *
 * @param base resolves relative addresses; the page's own address by default.
 */
export function safeLink(address: unknown, base: string = globalThis.location?.href): string | undefined {
  if (typeof address !== "string" || address === "") return undefined;
  try {
    const url = new URL(address, base);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** Whether `text` is the serialized origin of an http(s) page, usable as the target of `postMessage`. */
export function isOrigin(text: unknown): text is string {
  if (typeof text !== "string") return false;
  try {
    const url = new URL(text);
    return url.origin === text && (url.protocol === "https:" || url.protocol === "http:");
  } catch {
    return false;
  }
}

/** An origin in the form that people read: the host, with its port. */
export function hostOf(origin: string): string {
  try {
    return new URL(origin).host;
  } catch {
    return origin;
  }
}
