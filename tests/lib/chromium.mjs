// The browser of the tests.

import { chromium } from "playwright-core";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium; `blocksPopups` leaves its popup blocker on, as at a user's. */
export function launch({ extra = [], blocksPopups = false } = {}) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [...flags, ...extra],
    ignoreDefaultArgs: blocksPopups ? ["--disable-popup-blocking"] : [],
  });
}

/** Signs in on the simulator's pages as the person with this mail address, and consents where asked. */
export async function signIn(popup, mail) {
  await popup.getByRole("button", { name: mail }).click();
  await consent(popup);
}

/** Accepts the permissions, if the simulator asks. */
export async function consent(popup) {
  const accept = popup.getByRole("button", { name: "Accept" });
  const asked = accept.waitFor().then(
    () => true,
    () => false,
  );
  const left = popup.waitForURL((url) => !url.pathname.startsWith("/login.microsoftonline.com/"), { waitUntil: "commit" }).catch(() => undefined);
  const closed = popup.waitForEvent("close").catch(() => undefined);
  if ((await Promise.race([asked, left, closed])) === true) await accept.click();
}
