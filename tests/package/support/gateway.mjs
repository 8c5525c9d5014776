/** A small stand-in for the gateway: speaks docs/protocol.md as far as the SDK's tests need it. */
import { createServer } from "node:http";

export const CREDENTIAL_ID = "c0000000-0000-4000-8000-0000000000a1";
export const INTEGRATION_ID = "10000000-0000-4000-8000-000000000001";

/** A user token that nobody verifies. */
export const userToken = (claims = {}) => {
  const payload = { sub: "u1", exp: Math.floor(Date.now() / 1000) + 600, ...claims };
  return `e30.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.c2ln`;
};

export const integration = {
  id: INTEGRATION_ID,
  type: "azuredevops",
  name: "Azure DevOps",
  brandColor: "#0078d7",
  isActive: true,
  authenticationType: "oauth",
  needPreOauthInputs: false,
  workflows: [{ id: "w1", description: "Sync" }],
  noPermissionWorkflows: [],
  configs: [
    {
      id: "k1",
      values: { description: "short", overview: "long", sharedMeta: { inputs: [] }, workflowMeta: { w1: { id: "w1", inputs: [], order: 0, hidden: false } } },
    },
  ],
  sdkIntegrationConfig: { accountTypes: [] },
  unknownField: { kept: true },
};

export const credential = {
  id: CREDENTIAL_ID,
  integrationId: INTEGRATION_ID,
  status: "VALID",
  providerData: {},
  configurations: [
    { id: "d0000000-0000-4000-8000-0000000000a1", connectCredentialId: CREDENTIAL_ID, isDefault: true, workflowSettings: {}, sharedSettings: {} },
  ],
};

const readBody = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/** Starts the stand-in; `routes` (`"GET /path"` → handler) win over its own. */
export const startGateway = async (routes = {}) => {
  const flows = new Map();
  const waiting = new Set();
  const openStreams = new Set();
  const calls = [];
  const gateway = { flows, calls, routes, streams: 0, allowStreams: true };

  gateway.update = (id, patch) => {
    const flow = flows.get(id);
    Object.assign(flow, patch, { version: flow.version + 1 });
    for (const wake of waiting) wake();
  };
  gateway.dropStreams = () => {
    for (const stream of openStreams) stream.end();
  };
  const changed = () =>
    new Promise((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        resolve();
      };
      waiting.add(wake);
    });
  const view = ({ ticket, ...flow }) => flow;
  const isFinal = (flow) => ["connected", "failed", "cancelled", "expired"].includes(flow.status);
  const json = (response, status, body) => {
    response.writeHead(status, { "content-type": "application/json", "access-control-allow-origin": "*" });
    response.end(body === undefined ? "" : JSON.stringify(body));
  };

  const stream = async (request, response, flow) => {
    gateway.streams += 1;
    response.writeHead(200, { "content-type": "text/event-stream", "access-control-allow-origin": "*" });
    let seen = Number(request.headers["last-event-id"] ?? 0);
    response.write(": hello\n\n");
    openStreams.add(response);
    while (!response.destroyed && !response.writableEnded) {
      if (response.writableEnded) return;
      if (flow.version > seen) {
        seen = flow.version;
        response.write(`id: ${seen}\nevent: flow\ndata: ${JSON.stringify(view(flow))}\n\n`);
      }
      if (isFinal(flow)) break;
      await changed();
    }
    if (!response.writableEnded) response.end();
  };

  const own = {
    "GET /projects/p1/sdk/me": (_, response) =>
      json(response, 200, {
        authenticated: true,
        meta: { Name: "Ada" },
        resources: [],
        project: { id: "p1", accessibleFeatures: ["headless-cp"] },
        integrations: { azuredevops: { enabled: false, allCredentials: [], configuredWorkflows: {} } },
      }),
    "GET /projects/p1/sdk/integrations": (_, response) => json(response, 200, [integration]),
    [`GET /projects/p1/sdk/credentials/${CREDENTIAL_ID}`]: (_, response) => json(response, 200, credential),
    "POST /projects/p1/sdk/flows": (call, response) => {
      const { id, ticket } = JSON.parse(call.body);
      flows.set(id, { id, ticket, version: 1, status: "pending" });
      json(response, 201, view(flows.get(id)));
      gateway.onFlow?.(id);
    },
  };

  const flowRoute = async (call, request, response) => {
    const flow = flows.get(call.path.split("/").pop());
    if (!flow) return json(response, 404, { message: "no such flow", code: "flow_not_found", status: 404, requestId: "r" });
    if (request.method === "DELETE") {
      if (!isFinal(flow)) gateway.update(flow.id, { status: "cancelled" });
      return json(response, 200, view(flow));
    }
    if (request.headers.accept === "text/event-stream" && gateway.allowStreams) return stream(request, response, flow);
    if (call.query.get("wait") && flow.version <= Number(call.query.get("after")) && !isFinal(flow)) await changed();
    json(response, 200, view(flow));
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url, "http://gateway");
    if (request.method === "OPTIONS") {
      const allow = { "access-control-allow-origin": "*", "access-control-allow-methods": "*", "access-control-allow-headers": "*, authorization" };
      return response.writeHead(204, allow).end();
    }
    const body = await readBody(request);
    const call = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      url: request.url,
      headers: request.headers,
      body: body.toString(),
      bytes: body,
    };
    calls.push(call);
    const handler = routes[`${call.method} ${call.path}`] ?? own[`${call.method} ${call.path}`];
    if (handler) return handler(call, response, json);
    if (call.path.startsWith("/projects/p1/sdk/flows/")) return flowRoute(call, request, response);
    json(response, 404, { message: "no such route", code: "route_not_found", status: 404, requestId: "r" });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  gateway.origin = `http://127.0.0.1:${server.address().port}`;
  gateway.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return gateway;
};

/** Resolves once `condition` gives something truthy. */
export const until = async (condition, what = condition.toString()) => {
  for (let tries = 0; tries < 1000; tries += 1) {
    const value = condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`never came true: ${what}`);
};
