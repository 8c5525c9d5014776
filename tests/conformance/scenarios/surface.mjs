// Constructing, configuring, and what else the package exports.

import { one } from "./support.mjs";

/** Builds an instance of the class with an argument made by `make`, and says how that ended. */
const constructing = (name, make, steps = async () => {}) => ({
  name,
  script: `async (t, sdk) => {
    const made = { build: () => (window.made = new sdk.default((${make})(t.services()))) && "built" };
    await t.callOn(made, "", "build");
    if (window.made) await (${steps})(t, window.made, sdk);
  }`,
});
const without = (key) => `(services) => ({ ...services, ${key}: "" })`;

export const surface = [
  constructing(
    "an instance of its own with services",
    (services) => services,
    async (t, made) => {
      await t.callOn(made, "own: ", "getUser");
      await t.callOn(made, "own: ", "authenticate", "p1", t.token());
      await t.callOn(made, "own: ", "request", "azuredevops", "/x");
      t.note("the other's user", window.paragon.getUser().authenticated);
    },
  ),
  constructing(
    "an instance of its own with nothing",
    () => undefined,
    async (t, made) => {
      await t.callOn(made, "own: ", "getAssetUrl", "a");
      await t.callOn(made, "own: ", "getVersion");
    },
  ),
  constructing(
    "an instance of its own with a host",
    () => "example.com",
    async (t, made) => t.callOn(made, "own: ", "getAssetUrl", "a"),
  ),
  ...["CONNECT", "DASHBOARD", "PASSPORT", "WORKER_PROXY", "ZEUS"].map((name) =>
    constructing(`an instance of its own without ${name.toLowerCase()}`, without(`${name}_PUBLIC_URL`)),
  ),
  {
    name: "configureGlobal with a host",
    configure: false,
    script: async (t) => {
      await t.call("configureGlobal", { host: "example.com" });
      await t.call("getAssetUrl", "a");
      await t.call("configureGlobal", { host: "https://other.example.com:8443/path" });
      await t.call("getAssetUrl", "a");
      await t.call("configureGlobal", { host: "example.com" }, { DASHBOARD_PUBLIC_URL: "http://h:1/dashboard", ZEUS_PUBLIC_URL: null });
      await t.call("getAssetUrl", "a");
    },
  },
  {
    name: "configureGlobal without a host",
    configure: false,
    script: async (t) => {
      await t.call("configureGlobal", {});
      await t.call("configureGlobal", { host: "" });
      await t.call("getAssetUrl", "a");
    },
  },
  {
    name: "configureGlobal signs the user out of the page",
    script: async (t) => {
      await t.login();
      await t.call("configureGlobal", { host: "shop.example" }, t.services());
      t.note("signed in", window.paragon.getUser().authenticated);
      t.storage();
    },
  },
  {
    name: "services can have paths, and triggers fall back to the API",
    script: async (t, sdk) => {
      const services = t.services();
      delete services.API_TRIGGER_KIT_PUBLIC_URL;
      const made = new sdk.default(services);
      await made.authenticate("p1", t.token());
      await t.callOn(made, "own: ", "getTriggers", "azuredevops");
    },
    answers: { "GET zeus /triggers": { json: { triggers: {} } } },
  },
  {
    name: "setHeadless takes a switch and gives nothing",
    script: async (t) => {
      await t.call("setHeadless", true);
      await t.call("setHeadless", false);
      await t.call("setHeadless");
    },
  },
  {
    name: "the package's constants",
    configure: false,
    script: async (t, sdk) => {
      const isConstant = (name) => typeof sdk[name] !== "function" && !["paragon", "connectSingleton", "__esModule"].includes(name);
      t.note(
        "constants",
        Object.fromEntries(
          Object.keys(sdk)
            .filter(isConstant)
            .map((name) => [name, sdk[name]]),
        ),
      );
    },
  },
  {
    name: "the package's functions and classes",
    configure: false,
    script: async (t, sdk) => {
      const kinds = (object) => Object.fromEntries(Object.keys(object).map((name) => [name, typeof object[name]]));
      t.note("the package", kinds(sdk));
      t.note("paragon", kinds(sdk.paragon));
      t.note("one instance", sdk.connectSingleton instanceof sdk.default);
    },
  },
  {
    name: "the package's errors",
    configure: false,
    script: async (t, sdk) => {
      for (const name of [
        "UserNotAuthenticatedError",
        "NoActiveInstallFlowError",
        "IntegrationNotFoundError",
        "IntegrationNotInstalledError",
        "HeadlessModeNotEnabledError",
        "OAuthBlockedError",
        "OAuthTimeoutError",
      ]) {
        const error = new sdk[name]("given");
        t.note(name, t.describe(error));
        t.note(`${name} as told`, sdk.getConnectSDKError(error));
      }
      t.note("other as told", sdk.getConnectSDKError(new Error("other")));
      t.note("text as told", sdk.getConnectSDKError("text"));
    },
  },
  one("a method that is free of its object", "getVersion"),
];
