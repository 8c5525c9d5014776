// Connect flows under every opener policy: the app's page with each of its own, the provider's page with and without.

import { openApp, mail } from "./app.mjs";
import { signIn } from "./chromium.mjs";
import { knob } from "./gateway.mjs";
import { startHostApp } from "./host-app.mjs";

/** What the app's page may send as `Cross-Origin-Opener-Policy` (HTML, section 7.1.3); none where undefined. */
export const policies = [undefined, "same-origin", "same-origin-allow-popups", "noopener-allow-popups"];

/**
 * Runs `flows` flows for each policy of the app and with the opener kept and cut by the provider, `width` at a time.
 * Gives a row a combination: how many flows were connected, how many were called closed or cancelled though the person
 * went on, how many failed otherwise.
 */
export async function runMatrix({ browser, gateway, flows, width = 3, report = () => {} }) {
  const rows = [];
  for (const cut of [false, true]) {
    await knob(gateway.sandbox, "PATCH", "settings", { openerPolicy: cut });
    for (const policy of policies) {
      const row = { policy: policy ?? "none", opener: cut ? "cut" : "kept", connected: 0, called_off: 0, failed: [] };
      const host = await startHostApp("ours", policy ? { "cross-origin-opener-policy": policy } : {});
      let left = flows;
      const worker = async () => {
        while (left-- > 0) count(row, await runFlow({ browser, gateway, host }));
      };
      await Promise.all(Array.from({ length: Math.min(width, flows) }, worker));
      await host.stop();
      rows.push(row);
      report(row);
    }
  }
  return rows;
}

function count(row, { value, error }) {
  if (value?.credential?.status === "VALID") row.connected++;
  else if (["OAuthCancelledError", "OAuthTimeoutError"].includes(error?.name)) row.called_off++;
  else row.failed.push(error);
}

/** One person connects: says yes where the gateway has to ask for whom it is, and signs in. */
async function runFlow({ browser, gateway, host }) {
  const app = await openApp(browser, { gateway, host });
  try {
    const popup = await app.connect();
    const person = popup.getByRole("button", { name: mail.grace });
    const yes = popup.getByTestId("yes");
    await person.or(yes).waitFor();
    if (await yes.isVisible()) await yes.click();
    await signIn(popup, mail.grace);
    return await app.outcome();
  } catch (error) {
    return { error: { name: error.name, message: error.message } };
  } finally {
    await app.close();
  }
}
