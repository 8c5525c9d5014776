// The demo app in the other engines: from the button to the list of projects, with their popup blockers on.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { startDev } from "../lib/gateway.mjs";
import { startPages } from "../lib/pages.mjs";
import { byTestId } from "./lib/elements.mjs";
import { launchFirefox } from "./lib/firefox.mjs";
import { launchWebKit } from "./lib/webkit.mjs";

const { FIREFOX, WEBKIT_DRIVER, WEBKIT_BROWSER } = process.env;
const engines = [
  ["Firefox", FIREFOX && (() => launchFirefox(FIREFOX))],
  ["WebKit", WEBKIT_DRIVER && (() => launchWebKit(WEBKIT_DRIVER, WEBKIT_BROWSER))],
];

/** The person of the simulator whom each way of connecting signs in. */
const grace = "grace@contoso.example";

for (const [name, start] of engines) {
  const why = process.env.TEST_ALL === "1" ? `${name} is not on this machine` : "only with --all";
  describe(name, { skip: start ? false : why }, () => {
    let gateway, browser;
    before(async () => {
      gateway = await startDev();
      browser = await start();
    });
    after(async () => {
      await browser?.close();
      await gateway?.stop();
    });

    /** Signs in at the simulated Microsoft page, and consents where it asks. */
    const signIn = async (popup, { consents }) => {
      await popup.click("button.account", grace);
      if (consents) await popup.click("#accept");
    };
    const projects = async (app) => {
      assert.match(await app.text(byTestId("account")), /Grace Sample/);
      assert.match(await app.text(byTestId("project")), /Tailspin Toys/);
    };

    test("its popup blocker is on: without a click no window opens", async () => {
      const site = await startPages({
        "/": '<p></p><script>onload = () => (document.querySelector("p").textContent = String(open("/", "x", "width=99")))</script>',
      });
      try {
        const page = await browser.open(site.url);
        assert.equal(await page.text("p", "null"), "null");
      } finally {
        await site.stop();
      }
    });

    test("the app's own button opens the popup, and the projects are shown", async () => {
      const app = await browser.open(gateway.url);
      await app.click(byTestId("sign-in-grace"));
      await signIn(await app.popup(() => app.click(byTestId("connect-headless"))), { consents: true });
      await projects(app);
      await app.click(byTestId("disconnect"));
      await app.text(byTestId("connect-portal"));
    });

    test("the portal's button opens the popup, and the projects are shown", async () => {
      const app = await browser.open(gateway.url);
      await app.click(byTestId("sign-in-grace"));
      await app.click(byTestId("connect-portal"));
      const portal = await app.frame("#paragon-connect-frame");
      await signIn(await app.popup(() => portal.click(byTestId("connect"))), { consents: false });
      await portal.click(byTestId("finish"));
      await projects(app);
    });
  });
}
