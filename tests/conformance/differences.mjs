// THE list of differences from the reference that are meant: each with its reason and where it is decided.
//
// `scenarios`: names, or "*"; `path`: where in the recording; `when`: what must hold for `{reference, ours}`. A test fails when an
// entry allows nothing any more.

const absent = ({ reference }) => reference === undefined;

export const allowed = [
  {
    reason: "errors say more: what kind, which status, which request, why",
    design: "errors with name, code, status, requestId, retryAfter, cause, still instanceof Error",
    scenarios: "*",
    path: /\.error\.fields\.(code|status|body|requestId|retryAfter|cause)$/,
    when: absent,
  },
  {
    reason: "an HTTP error can be told from others by its class",
    design: "errors with name, code, status, requestId, retryAfter, cause, still instanceof Error",
    scenarios: "*",
    path: /\.error\.(class|base)$/,
    when: ({ reference, ours }) => (reference === "Error" && ours === "RequestError") || (reference === false && ours === true),
  },
  {
    reason: "the user token is not handed to whom did not ask for it",
    design: "protocol.md 10.4",
    scenarios: ["setUserMetadata saves and reads again"],
    path: /\.token$/,
    when: ({ ours }) => ours === undefined,
  },
  {
    reason: "an error answer whose JSON is none is an HTTP error, not the parser's",
    design: "protocol.md 10.10",
    scenarios: ["request error with JSON that is none"],
    path: /^log\.0\.error\.(name|message|class|fields\.response)$/,
  },
  {
    reason: "two identical reads in flight are one request, and both resolve",
    design: "two identical GETs in flight: both resolve, one request on the wire",
    scenarios: ["request twice at once", "request twice at once, asking to read", "sendConnectRequest of the same thing at once goes out once"],
    path: /^(http\.1\.1|log\.0\.(how|error|value))$/,
    when: ({ path, reference, ours }) => (path === "http.1.1" ? ours === undefined : path.endsWith("how") ? ours === "resolved" : reference === undefined || reference.message.includes("body stream already read")),
  },
  {
    reason: "forms go out as they are",
    design: "FormData, Blob, ArrayBuffer, URLSearchParams, streams go out as they are",
    scenarios: ["request with a form"],
    path: /^(log\.0\.value\.body|http\.1\.0\.(headers\.content-type|body))$/,
  },
  {
    reason: "headers of every kind are sent",
    design: "protocol.md 10.7",
    scenarios: ["request with a Headers object"],
    path: /^http\.1\.0\.headers\.x-test$/,
    when: ({ ours }) => ours === "1",
  },
  {
    reason: "a path cannot leave its integration with the user's token",
    design: "protocol.md 10.12",
    scenarios: ["request that climbs out of the integration"],
    path: /^(http\.1|log\.0\.(how|value|error))$/,
    when: ({ path, ours }) => path !== "http.1" || ours === undefined,
  },
  {
    reason: "which rules apply is decided by the service, not by a word in the URL",
    design: "protocol.md 10.11",
    scenarios: ["request in a project whose name has proxy in it"],
    path: /^log\.\d\.(how|error|value)$/,
  },
  {
    reason: "the user token goes to configured services only",
    design: "protocol.md 10.1",
    scenarios: ["sendConnectRequest to a stranger"],
    path: /^(log\.0\.error\.message|http\.1)$/,
  },
  {
    reason: "an unknown name is a named error, not the engine's",
    design: "protocol.md 10.19",
    scenarios: ["getIntegrationConfig of an unknown integration", "getIntegrationConfig without a user"],
    path: /^log\.0\.error\.(name|message|class)$/,
    when: ({ path, reference, ours }) => (path.endsWith("message") ? /^Integration ".*" not found\.$/.test(ours) : reference === "TypeError" && ours === "Error"),
  },
];
