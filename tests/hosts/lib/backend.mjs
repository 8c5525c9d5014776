// The local server that the apps talk to: the stand-in gateway, with a connected user and one proxied answer.

import { CREDENTIAL_ID, credential, integration, startGateway, userToken } from "../../package/support/gateway.mjs";

const state = {
  enabled: true,
  credentialId: CREDENTIAL_ID,
  credentialStatus: "VALID",
  allCredentials: [credential],
};
const me = {
  authenticated: true,
  meta: { Name: "Ada" },
  resources: [],
  project: { id: "p1", accessibleFeatures: ["headless-cp"] },
  integrations: { [integration.type]: state },
};

/** Starts it; `parameters` is the query that tells an app where it is and who the user is. */
export async function startBackend() {
  const backend = await startGateway({
    "GET /projects/p1/sdk/me": (_, response, json) => json(response, 200, me),
    "GET /projects/p1/sdk/proxy/azuredevops/_apis/projects": (call, response, json) =>
      call.headers.authorization === `Bearer ${token}`
        ? json(response, 200, { output: { value: [{ name: "Tailspin Toys" }] } })
        : json(response, 401, { message: "no token" }),
    "POST /v2/projects/p1/sdk/events/trigger": (call, response, json) => json(response, JSON.parse(call.body).name === "opened" ? 200 : 400, {}),
    "POST /projects/p1/sdk/triggers/w1": (call, response, json) => json(response, 200, { answered: JSON.parse(call.body) }),
    "GET /connect/start": (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Popup</title>"),
    "GET /ui": (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Portal</title>"),
  });
  const token = userToken();
  backend.parameters = `gateway=${encodeURIComponent(backend.origin)}&token=${token}`;
  backend.connect = (id) => backend.update(id, { status: "connected", credentialId: CREDENTIAL_ID });
  return backend;
}

/** What an app shows once it has called everything. */
export const expected = { user: "u1", version: "2.4.0", projects: ["Tailspin Toys"], workflow: { answered: { a: 1 } } };
