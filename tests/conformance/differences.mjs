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
    path: /\.⟨?error⟩?\.fields\.(code|status|body|requestId|retryAfter|cause|integrationName)$/,
    when: absent,
  },
  {
    reason: "an HTTP error can be told from others by its class",
    design: "errors with name, code, status, requestId, retryAfter, cause, still instanceof Error",
    scenarios: "*",
    path: /\.⟨?error⟩?\.(class|base)$/,
    when: ({ reference, ours }) => (reference === "Error" && ours === "RequestError") || (reference === false && ours === true),
  },
  {
    reason: "the user token is not handed to whom did not ask for it",
    design: "protocol.md 10.4",
    scenarios: ["setUserMetadata saves and reads again", "updateIntegrationUserSettings", "updateIntegrationUserSettings of a credential", "updateIntegrationUserSettings of a configuration", "updateIntegrationUserSettings with problems", "updateWorkflowUserSettings", "updateWorkflowUserSettings of a configuration"],
    path: /^log\.0\.value(\.userState)?\.token$/,
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
  {
    reason: "the portal is told how the sign-in goes",
    design: "the app can show \"finish in the other window, open again, cancel\"",
    scenarios: "*",
    path: /^portal\.last\.nextModalState\.flow$/,
    when: absent,
  },
  {
    reason: "options of the portal that are off are left out",
    design: "the portal frame",
    scenarios: "*",
    path: /^portal\.last\.nextModalState\.(shouldShowPortalAfterInstall|apiInstallationOptions\.isApiInstallation)$/,
    when: ({ reference, ours }) => reference === false && ours === undefined,
  },
  {
    reason: "a closed portal keeps no options",
    design: "the portal frame",
    scenarios: "*",
    path: /^portal\.last\.(nextContext\.endUserIntegrationConfig|nextModalState\.(config|apiInstallationOptions))$/,
    when: ({ path, ours }) => (path.endsWith("endUserIntegrationConfig") ? JSON.stringify(ours) === "{}" : ours === undefined),
  },
  {
    reason: "a credential can be named by its external id everywhere",
    design: "protocol.md 10.17",
    scenarios: ["getTriggers for an external id", "updateIntegrationUserSettings by external id"],
    path: /^(log\.0\.(how|error|value)|http\.1)$/,
    when: ({ path, ours }) => !path.endsWith("how") || ours === "resolved",
  },
  {
    reason: "a credential can be named by its external id everywhere",
    design: "protocol.md 10.17",
    scenarios: ["createConfiguration by the credential's external id", "createConfiguration by a marked external id"],
    path: /^(log\.0\.value\.connectCredentialId|log\.1\.value\.all(Credentials\.1\.configurations|Configurations)\..*|http\.1\.0\.url)$/,
  },
  {
    reason: "after a credential is removed, the selected configuration is one of the selected credential",
    design: "protocol.md 10.16",
    scenarios: ["uninstallIntegration", "uninstallIntegration calls the callback of connect", "the portal uninstalls"],
    path: /azuredevops\.credentialConfigId$|azuredevops\.sharedSettings\.project$|^log\.2\.value\.(credentialConfigId|sharedSettings\.project)$/,
  },
  {
    reason: "a popup's window says that it has no name",
    design: "window.open: the same as no target",
    scenarios: "*",
    path: /^opened\.\d+\.1$/,
    when: ({ ours }) => ours === "_blank",
  },
  {
    reason: "a popup is closed once its flow is over",
    design: "protocol.md 10.13",
    scenarios: "*",
    path: /^popups\.\d+$/,
    when: ({ ours }) => ours === "closed",
  },
];
