// @ts-check
/**
 * What the SDK's synchronous methods answer as long as nobody is signed in, word for word: `lazy.js` needs it before
 * the SDK is loaded.
 */
import { SDK_EVENT } from "./constants.js";
import { IntegrationNotFoundError, NoActiveInstallFlowError, UserNotAuthenticatedError, failure } from "./errors.js";

const unauthenticated = () => {
  throw new UserNotAuthenticatedError();
};
/** @param {string} name */
const notFound = (name) => {
  throw new IntegrationNotFoundError(name);
};

/** @type {Record<string, (...values: any[]) => unknown>} */
export const signedOut = {
  getUser: () => ({ authenticated: false }),
  getVersion: () => "2.4.0",
  getSourcesForActionInput: () => null,
  getSourcesForInput: () => null,
  getIntegrationMetadata(name) {
    if (name === undefined) return [];
    throw failure("integration_unknown", `${name} is not a valid integration name`);
  },
  getIntegrationConfig(name) {
    if (!name) throw failure("integration_missing", "Integration is required.");
    throw failure("integration_unknown", `Integration "${name}" not found.`);
  },
  getIntegrationId(name) {
    throw failure("integration_not_found", `Integration "${name}" not found`);
  },
  validateAction(name) {
    throw failure("integration_unknown", `"${name}" is not a valid integration type. The integrations you have configured for this Paragon project are `);
  },
  workflow(id) {
    if (!id) throw failure("argument_missing", "workflowId is required.");
    return unauthenticated();
  },
  getAccountTypeOptions: notFound,
  getPostOptions: notFound,
  getPreOptions: notFound,
  installIntegration: unauthenticated,
  startOAuthFlow: unauthenticated,
  getAssetUrl() {
    throw failure("sdk_not_loaded", "getAssetUrl: the SDK is not loaded yet; call `await load()` first");
  },
};

/** The same of an install flow. @type {typeof signedOut} */
export const noInstallFlow = {
  getAccountTypeValue: () => null,
  getPostOptionsValue: () => null,
  getPreOptionsValue: () => null,
  next() {
    throw new NoActiveInstallFlowError();
  },
};

const EVENTS = Object.values(SDK_EVENT);

/**
 * Throws unless there is such an event, and something that can listen to it.
 * @param {any} event
 * @param {unknown} listener
 * @param {string} missing what is said if it cannot
 */
export const checkListener = (event, listener, missing) => {
  if (!EVENTS.includes(event)) throw failure("unknown_event", `${event} is not valid paragon event`);
  if (typeof listener !== "function") throw failure("listener_missing", missing);
};
