// Every scenario: `{name, script, answers?, clock?, configure?}`.
//
// `script(t, sdk, paragon)` runs in the page, the same for both SDKs, with `t` of page.js; a list of scripts is one per visit of the
// page. `answers` are the services' (server.mjs). With `clock` time stands still until `t.advance`. `configure` says when the
// SDK is pointed at the services: at every visit, "once", or not (false).

import { connect } from "./connect.mjs";
import { flows } from "./flow.mjs";
import { integrations } from "./integrations.mjs";
import { oauth } from "./oauth.mjs";
import { portal } from "./portal.mjs";
import { requests } from "./requests.mjs";
import { session } from "./session.mjs";
import { settings } from "./settings.mjs";
import { sources } from "./sources.mjs";
import { surface } from "./surface.mjs";
import { workflows } from "./workflows.mjs";

export const scenarios = [
  ...session,
  ...requests,
  ...workflows,
  ...integrations,
  ...settings,
  ...connect,
  ...portal,
  ...oauth,
  ...flows,
  ...sources,
  ...surface,
];
