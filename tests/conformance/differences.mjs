// THE list of differences from the reference that are meant: each with its reason and where it is decided.
//
// `design`: the promise of the SDK that asks for it; `scenarios`: names, or "*"; `path`: where in the recording; `when`: what must hold for `{reference, ours}`. A test fails when an
// entry allows nothing any more. Where a whole course of events is another, `instead` says what ours must be, by both
// recordings.

const absent = ({ reference }) => reference === undefined;

/** Whether both sent the same requests, in whatever order; the default credential of a request depends on the order. */
const sameRequests = ({ reference, ours }) => {
  const sorted = ({ http }) => JSON.stringify(http.flat().map((request) => JSON.stringify({ ...request, headers: { ...request.headers, "x-paragon-credential": undefined } })).sort());
  return sorted(reference) === sorted(ours);
};
const heard = (name) => ({ ours }) => ours.log.some((entry) => entry.heard === name);
const rejected = (name) => ({ ours }) => ours.log.some(({ how, error }) => how === "rejected" && error.name === name);
/** Whether nothing happened: no callback, no event, no credential. */
const unmoved = ({ ours }) => !ours.log.some((entry) => entry.heard !== undefined) && !ours.http.flat().some(({ method }) => method === "POST");

export const allowed = [
  {
    reason: "errors say more: what kind, which status, which request, why",
    design: "errors with name, code, status, requestId, retryAfter, cause, still instanceof Error",
    scenarios: "*",
    path: /\.⟨?error⟩?\.fields\.(code|status|body|requestId|retryAfter|cause|integrationName|meta)$/,
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
    design: "weakness of the reference: the token stands in what methods return",
    scenarios: ["setUserMetadata saves and reads again", "updateIntegrationUserSettings", "updateIntegrationUserSettings of a credential", "updateIntegrationUserSettings of a configuration", "updateIntegrationUserSettings with problems", "updateWorkflowUserSettings", "updateWorkflowUserSettings of a configuration", "the portal changes settings"],
    path: /^(log\.0\.value|portal\.answers\.\d\.result)(\.userState)?\.token$/,
    when: ({ ours }) => ours === undefined,
  },
  {
    reason: "an error answer whose JSON is none is an HTTP error, not the parser's",
    design: "weakness of the reference: errors without status, malformed JSON raises the parser's error",
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
    design: "weakness of the reference: Headers objects and lists are dropped",
    scenarios: ["request with a Headers object"],
    path: /^http\.1\.0\.headers\.x-test$/,
    when: ({ ours }) => ours === "1",
  },
  {
    reason: "a path cannot leave its integration with the user's token",
    design: "weakness of the reference: a path with dots leaves the proxy",
    scenarios: ["request that climbs out of the integration"],
    path: /^(http\.1|log\.0\.(how|value|error))$/,
    when: ({ path, ours }) => path !== "http.1" || ours === undefined,
  },
  {
    reason: "which rules apply is decided by the service, not by a word in the URL",
    design: "weakness of the reference: a URL with the word proxy follows other rules",
    scenarios: ["request in a project whose name has proxy in it"],
    path: /^log\.\d\.(how|error|value)$/,
  },
  {
    reason: "the user token goes to configured services only",
    design: "weakness of the reference: baseURLOverride sends the token anywhere",
    scenarios: ["sendConnectRequest to a stranger"],
    path: /^(log\.0\.error\.message|http\.1)$/,
  },
  {
    reason: "an unknown name is a named error, not the engine's",
    design: "weakness of the reference: unknown names raise the engine's TypeErrors",
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
    design: "weakness of the reference: external ids work in some methods only",
    scenarios: ["getTriggers for an external id", "updateIntegrationUserSettings by external id"],
    path: /^(log\.0\.(how|error|value)|http\.1)$/,
    when: ({ path, ours }) => !path.endsWith("how") || ours === "resolved",
  },
  {
    reason: "a credential can be named by its external id everywhere",
    design: "weakness of the reference: external ids work in some methods only",
    scenarios: ["createConfiguration by the credential's external id", "createConfiguration by a marked external id"],
    path: /^(log\.0\.value\.connectCredentialId|log\.1\.value\.all(Credentials\.1\.configurations|Configurations)\..*|http\.1\.0\.url)$/,
  },
  {
    reason: "after a credential is removed, the selected configuration is one of the selected credential",
    design: "weakness of the reference: the removed configuration stays selected",
    scenarios: ["uninstallIntegration", "uninstallIntegration calls the callback of connect", "the portal uninstalls", "destroyConfiguration of the selected one closes the portal"],
    path: /(azuredevops|^log\.[23]\.value)\.(credentialConfigId|externalId|sharedSettings\.project)$/,
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
    design: "weakness of the reference: a popup stays open, nobody is told",
    scenarios: "*",
    path: /^popups\.\d+$/,
    when: ({ ours }) => ours === "closed",
  },
  {
    reason: "the portal hears the code of an error",
    design: "errors with name, code, status, requestId, retryAfter, cause, still instanceof Error",
    scenarios: "*",
    path: /^portal\.answers\.\d+\.code$/,
    when: absent,
  },
  {
    reason: "the portal's frame is made when the project is known",
    design: "importing does nothing: the portal frame appears with the first connect",
    scenarios: ["the portal shows itself and hides"],
    path: /^log\.\d+\.value\.src$/,
    when: ({ reference, ours }) => ours === `${reference}?projectId=p1`,
  },
  {
    reason: "importing adds no frame",
    design: "importing does nothing: no DOM node, no request, no storage, no listener",
    scenarios: ["importing leaves no trace in the page"],
    path: /^log\.0\.value$/,
    when: ({ reference, ours }) => reference === 1 && ours === 0,
  },
  {
    reason: "the portal may call a fixed list of methods, and hears so",
    design: "the portal may call a fixed list of methods",
    scenarios: ["the portal calls what is no method"],
    path: /^portal\.answers\.0\.message$/,
    when: ({ ours }) => ours.startsWith("the portal may not call"),
  },
  {
    reason: "an unknown name is a named error, not the engine's",
    design: "weakness of the reference: unknown names raise the engine's TypeErrors",
    scenarios: ["the portal loads the choices of the app", "_loadCustomDropdownOptions of an unknown key"],
    path: /^(portal\.answers\.1\.message|log\.0\.error\.(name|message|class))$/,
    when: ({ path, ours }) => !path.endsWith("message") || ours === "No dropdown loader found for key: nosuch",
  },
  {
    reason: "a stranger's frame cannot call the SDK",
    design: "a message counts only from the exact origin, window and flow",
    scenarios: ["a stranger's frame asks for the user's session to end"],
    path: /^(log\.0\.value|portal\.last\.nextContext\.user\..*)$/,
    when: ({ path, reference, ours }) => !/value|authenticated/.test(path) || (reference === false && ours === true),
  },
  {
    reason: "a stranger's frame cannot call the SDK",
    design: "a message counts only from the exact origin, window and flow",
    scenarios: ["a stranger's frame asks for a request", "installIntegration hears of success from a stranger"],
    path: /^http\.\d$/,
    when: ({ ours }) => ours === undefined,
  },
  {
    reason: "messages of any shape do no harm",
    design: "weakness of the reference: a message of null raises an unhandled rejection",
    scenarios: ["messages that say nothing"],
    path: /^unhandled\.0$/,
    when: ({ ours }) => ours === undefined,
  },
  {
    reason: "the install event names the credential however it came to be",
    design: "events carry what they are about",
    scenarios: "*",
    path: /^log\.\d+\.values\.0\.(credentialId|credential)$/,
    when: absent,
  },
  {
    reason: "the session key is removed while the credential is read",
    design: "the same requests, sooner",
    scenarios: [
      "installIntegration is found by polling",
      "installIntegration polling meets errors",
      "installIntegration polling finds a pending credential",
      "installIntegration polls once the popup is cut off",
      "installIntegration polls once the popup is closed",
      "startOAuthFlow is found by polling",
      "installFlow of an OAuth integration is found by polling",
      "installFlow with an account type, values before and after",
      "installFlow with an account type that skips what comes after",
    ],
    path: /^http\./,
    instead: sameRequests,
  },
  {
    reason: "a flow that fails is over: the promise rejects with an error, the popup closes",
    design: "a blocked or abandoned popup leaves no promise pending",
    scenarios: ["installIntegration fails by a message", "installIntegration when the credential is refused", "installIntegration when the server makes no credential", "installIntegration when the sign-in page cannot be found"],
    path: /^(log|unhandled)\./,
    instead: rejected("OAuthFailedError"),
  },
  {
    reason: "a stranger's message does not count",
    design: "a message counts only from the exact origin, window and flow",
    scenarios: ["installIntegration hears of success from a stranger", "installIntegration hears of failure from a stranger"],
    path: /^log\./,
    instead: unmoved,
  },
  {
    reason: "a blocked popup can be opened by the next click, and nothing is sent before",
    design: "OAuthBlockedError with retry() for the next click",
    scenarios: ["installIntegration when the popup is blocked"],
    path: /(\.fields\.retry|^http\.1)$/,
    instead: rejected("OAuthBlockedError"),
  },
  {
    reason: "nothing is sent for a popup that is blocked",
    design: "OAuthBlockedError with retry() for the next click",
    scenarios: ["startOAuthFlow when the popup is blocked"],
    path: /^(http\.1|log\.0\.error\.fields\.retry)$/,
    when: ({ path, ours }) => !path.startsWith("http") || ours === undefined,
  },
  {
    reason: "an open popup may take longer than three minutes",
    design: "closed never decides; the app has oauthTimeout, signal and cancel",
    scenarios: ["installIntegration takes too long for the SDK"],
    path: /^http\./,
    when: ({ path, reference, ours }) => path.endsWith(".method") || (reference === undefined && ours[0].url.includes("/session-id/")),
  },
  {
    reason: "the app's time limit holds with the portal too",
    design: "a blocked or abandoned popup leaves no promise pending",
    scenarios: ["installIntegration has no time limit of the app with the portal"],
    path: /^log\./,
    instead: rejected("OAuthTimeoutError"),
  },
  {
    reason: "success by a message reaches the callback and ends the polling",
    design: "weakness of the reference: a popup stays open, nobody is told",
    scenarios: ["startOAuthFlow succeeds by a message"],
    path: /^(log\.2|http\.\d)$/,
    instead: heard("onSuccess"),
  },
  {
    reason: "success by a message completes the flow",
    design: "weakness of the reference: a popup stays open, nobody is told",
    scenarios: ["installFlow of an OAuth integration"],
    path: /^log\./,
    instead: heard("onComplete"),
  },
  {
    reason: "an account connected without a popup can be completed",
    design: "weakness of the reference: its credential is not remembered",
    scenarios: ["installFlow with an account type without a popup"],
    path: /^(log|http)\./,
    instead: heard("onComplete"),
  },
];
