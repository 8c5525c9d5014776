// The browser of the tests.

import { chromium } from "playwright-core";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** Starts Chromium. */
export function launch(extra = []) {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...flags, ...extra] });
}

/** Signs in on the simulator's pages as the person with this mail address, and consents where asked. */
export async function signIn(popup, mail) {
  await popup.getByRole("button", { name: mail }).click();
  await consent(popup);
}

/** Accepts the permissions, if the simulator asks. */
export async function consent(popup) {
  const accept = popup.getByRole("button", { name: "Accept" });
  const done = popup.waitForURL(/\/oauth\?/, { timeout: 15000 }).catch(() => undefined);
  const closed = popup.waitForEvent("close", { timeout: 15000 }).catch(() => undefined);
  const which = await Promise.race([accept.waitFor({ timeout: 15000 }).then(() => "asked", () => "not asked"), done, closed]);
  if (which === "asked") await accept.click();
}
