// What the services answer when a scenario does not say otherwise.

import { configuration, credential, id, integrations, main, me, other } from "./world.mjs";

const json = (value, status = 200) => ({ status, json: value });
const empty = () => ({ status: 200 });

/** Credentials that the server knows before anything was made. */
const known = () => [main(), other(), credential(8, 8)];
const find = (wanted) => known().find((one) => one.id === wanted) ?? made(wanted);
/** A credential that was made in this run. */
const made = (wanted, integrationId = id("1", 2)) => ({
  ...credential(2, 9),
  id: wanted,
  integrationId,
  configurations: [configuration(9, 9, { connectCredentialId: wanted, workflowSettings: {}, sharedSettings: {} })],
});

const routes = [
  ["GET zeus", /^\/sdk\/me$/, () => json(me())],
  ["PATCH zeus", /^\/sdk\/me$/, () => json({})],
  ["GET zeus", /^\/sdk\/integrations$/, () => json(integrations())],
  ["GET zeus", /^\/sdk\/credentials$/, account],
  ["POST zeus", /^\/sdk\/credentials$/, ({ body }) => json(made(id("c", 9), body.integrationId))],
  ["GET zeus", /^\/sdk\/credentials\/([^/]+)$/, (_, [wanted]) => json(find(wanted))],
  ["PATCH zeus", /^\/sdk\/credentials\/([^/]+)$/, ({ body, headers }, [wanted]) => json(patched(find(wanted), headers, body.config))],
  ["POST zeus", /^\/sdk\/credentials\/([^/]+)\/complete-setup$/, (_, [wanted]) => json(find(wanted))],
  ["POST zeus", /^\/sdk\/credentials\/([^/]+)\/configurations$/, ({ body }, [wanted]) => json(extended(find(wanted), body))],
  [
    "PATCH zeus",
    /^\/sdk\/credentials\/([^/]+)\/configurations$/,
    ({ body, headers }, [wanted]) => json(patched(find(wanted), headers, { configMeta: body.meta })),
  ],
  ["DELETE zeus", /^\/sdk\/credentials\/([^/]+)\/configurations$/, empty],
  ["POST zeus", /^\/sdk\/workflows\/[^/]+$/, empty],
  ["DELETE zeus", /^\/sdk\/workflows\/[^/]+$/, empty],
  ["DELETE zeus", /^\/sdk\/integrations\/[^/]+$/, empty],
  ["GET zeus", /^\/sdk\/actions\/build-oauth$/, (_, __, run) => json({ redirectUrl: `${run.services.provider}/authorize?state=s1` })],
  ["GET zeus", /^\/sdk\/actions\/session-id\/[^/]+$/, () => json({})],
  ["DELETE zeus", /^\/sdk\/actions\/session-id\/[^/]+$/, empty],
  [
    "POST zeus",
    /^\/sdk\/actions$/,
    ({ body }) =>
      json({
        output: {
          records: [
            { label: `${body?.sourceKey} A`, value: "a" },
            { label: `${body?.sourceKey} B`, value: "b" },
          ],
          nextPageCursor: "2",
        },
      }),
  ],
  ["POST zeus", /^\/sdk\/resources\/[^/]+\/connect$/, () => json(credential(1, 7))],
  ["POST hermes", /^\/sdk\/triggers\/[^/]+$/, ({ body }) => json({ received: body })],
  ["POST hermes", /^\/sdk\/events\/trigger$/, empty],
  [
    "GET kit",
    /^\/triggers$/,
    () =>
      json({ triggers: { azuredevops: [{ type: "RECORD", triggerModel: "POLLING", title: "Record", description: "A record", parameters: [] }] }, errors: [] }),
  ],
];

/** The answer to a request that the scenario does not script. */
export function defaultAnswer(call, run) {
  const path = call.path.replace(/^(\/v2)?\/projects\/[^/]+(?=\/|$)/, "");
  for (const [key, pattern, answer] of routes) {
    const match = key === `${call.method} ${call.service}` && pattern.exec(path);
    if (match) return answer({ ...call, body: parsed(call.body) }, match.slice(1), run);
  }
  if (call.service === "proxy") return json({ output: { method: call.method, path: path.replace(/^\/sdk\/proxy\//, ""), body: call.body } });
  return json({ message: `no route ${call.method} ${path}`, code: "404" }, 404);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function account(call) {
  const query = new URLSearchParams(call.query);
  const found = integrations().find((one) => one.type === query.get("integration"));
  const auth = query.get("includeAccountAuth") === "true" ? { accountAuth: { OAUTH_ACCESS_TOKEN: "provider-token" } } : {};
  return json({ ...found, providerData: { login: "ada" }, ...auth });
}

/** The credential with `config` laid over the configuration that the header names. */
function patched(found, headers, config) {
  const wanted = headers["x-paragon-configuration-id"];
  const configurations = found.configurations.map((one) => (one.id === wanted || !wanted ? { ...one, ...config } : one));
  return { ...found, configurations };
}

function extended(found, { externalId } = {}) {
  const added = configuration(1, 21, {
    connectCredentialId: found.id,
    isDefault: false,
    dateCreated: "2024-03-01T00:00:00.000Z",
    ...(externalId ? { externalId } : {}),
  });
  return { ...found, configurations: [added, ...found.configurations] };
}
