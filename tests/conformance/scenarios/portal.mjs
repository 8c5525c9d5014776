// The portal's frame: what it may ask, what it is told, who else asks; events.

const opened = (name, steps, more = {}) => ({
  name,
  script: `async (t) => {
    t.listen();
    await t.login();
    await t.portal.ready();
    await t.connectInPortal("azuredevops", t.allCallbacks());
    await (${steps})(t);
  }`,
  ...more,
});

export const portal = [
  opened("the portal shows itself and hides", async (t) => {
    t.portal.frame();
    await t.portal.call("updateContainerStyle", { isModalShown: true });
    t.portal.frame();
    await t.portal.call("onOpen");
    t.portal.frame();
    await t.portal.call("onClose", true);
    await t.portal.call("updateContainerStyle", { isModalShown: false });
    t.portal.frame();
  }),
  opened("the portal sends requests", async (t) => {
    await t.portal.call("sendConnectRequest", "/sdk/actions", { method: "POST", body: '{"sourceKey":"s"}' });
    await t.portal.call("sendConnectRequest", "/nowhere");
  }),
  opened("the portal enables and disables a workflow", async (t) => {
    await t.portal.call("enableWorkflow", t.id("f", 2));
    await t.portal.call("disableWorkflow", t.id("f", 1));
    await t.portal.call("triggerSDKEvent", {
      type: "onWorkflowChange",
      integrationId: t.id("1", 1),
      integrationType: "azuredevops",
      workflowId: t.id("f", 2),
      workflowStateChange: { enabled: true },
    });
    t.user("azuredevops");
  }),
  opened("the portal changes its state and the user's", async (t) => {
    await t.portal.call("setModalState", { connectionError: { message: "wrong" } });
    await t.portal.call("updateAuthenticatedUser", { meta: { Name: "Portal" } });
    t.note("meta", window.paragon.getUser().meta);
  }),
  opened("the portal uninstalls", async (t) => {
    await t.portal.call("uninstallIntegration", "azuredevops");
    t.user("azuredevops");
  }),
  opened("the portal calls what is no method", async (t) => {
    await t.portal.call("noSuchMethod", 1);
  }),
  opened("the portal changes settings", async (t) => {
    await t.portal.call("updateIntegrationUserSettings", "azuredevops", { project: "P" });
    await t.portal.call("updateWorkflowUserSettings", "azuredevops", t.id("f", 1), { query: "q" });
    t.user("azuredevops");
  }),
  opened("the portal reads the choices of a field", async (t) => {
    await t.portal.call("getFieldOptions", { integration: "azuredevops", action: "projects" });
  }),
  {
    name: "the portal loads the choices of the app",
    script: async (t) => {
      await t.login();
      await t.portal.ready();
      await t.connectInPortal("azuredevops", {
        dropdowns: {
          colors: { loadOptions: t.hear("load", async (cursor, search) => ({ options: [{ label: `${search} ${cursor}`, value: "v" }], nextPageCursor: "n" })) },
        },
      });
      await t.portal.call("_loadCustomDropdownOptions", "colors", "c1", "re");
      await t.portal.call("_loadCustomDropdownOptions", "nosuch", "c1", "re");
    },
  },
  {
    name: "the portal loads the fields to map of the app",
    script: async (t) => {
      await t.login();
      await t.portal.ready();
      const load = (label) => ({ get: t.hear(label, async () => ({ options: [{ label, value: "v" }], nextPageCursor: null })) });
      await t.connectInPortal("azuredevops", {
        mapObjectFields: {
          Task: { objectTypes: load("types"), integrationFields: load("fields"), applicationFields: { fields: [{ label: "Title", value: "t" }] } },
        },
      });
      await t.portal.call("_fetchBYOFieldMappingOptions", "azuredevops", "objectTypes", "Task", { cursor: "c", search: "s" });
      await t.portal.call("_fetchBYOFieldMappingOptions", "azuredevops", "integrationFields", "Task", { objectType: "o", cursor: "c", search: "s" });
      await t.portal.call("_fetchBYOFieldMappingOptions", "azuredevops", "integrationFields", "Task", { cursor: "c" });
      await t.portal.call("_fetchBYOFieldMappingOptions", "azuredevops", "nosuch", "Task", {});
      await t.portal.call("_fetchBYOFieldMappingOptions", "azuredevops", "objectTypes", "Nothing", {});
    },
  },
  {
    name: "_fetchBYOFieldMappingOptions without loaders",
    script: async (t) => {
      await t.login();
      await t.call("_fetchBYOFieldMappingOptions", "azuredevops", "objectTypes", "Task", {});
    },
  },
  opened("a stranger's frame asks for the user's session to end", async (t) => {
    await t.stranger({ messageType: "SDK_FUNCTION_INVOCATION", type: "logout", parameters: [], id: "x" });
    t.note("signed in", window.paragon.getUser().authenticated);
  }),
  opened("a stranger's frame asks for a request", async (t) => {
    await t.stranger({ messageType: "SDK_FUNCTION_INVOCATION", type: "sendConnectRequest", parameters: ["/sdk/me"], id: "x" });
  }),
  {
    name: "messages that say nothing",
    script: async (t) => {
      await t.login();
      await t.stranger({ some: "thing" });
      await t.stranger("text");
      await t.stranger(null);
      t.note("signed in", window.paragon.getUser().authenticated);
    },
  },
  {
    name: "updateContainerStyle, onOpen and onClose of the instance",
    script: async (t) => {
      t.listen();
      await t.login();
      await t.call("updateContainerStyle", { isModalShown: false });
      await t.call("onOpen");
      await t.call("onClose");
      await t.call("setModalState", { connectionError: null });
    },
  },
  {
    name: "importing leaves no trace in the page",
    configure: false,
    script: async (t) => {
      t.note("frames", document.querySelectorAll("iframe").length);
      t.note("storage", localStorage.length);
    },
  },

  {
    name: "subscribe hears events in order, until it is unsubscribed",
    script: async (t, { SDK_EVENT: { ON_PORTAL_OPEN } }, paragon) => {
      await t.login();
      const event = { type: ON_PORTAL_OPEN, integrationId: "i", integrationType: "azuredevops" };
      const [a, b] = [
        t.hear("a", () => {
          throw new Error("a's own");
        }),
        t.hear("b"),
      ];
      const stop = paragon.subscribe(ON_PORTAL_OPEN, a);
      await t.call("subscribe", ON_PORTAL_OPEN, b);
      await t.call("subscribe", ON_PORTAL_OPEN, b);
      await t.call("triggerSDKEvent", event);
      t.note("stopped", stop());
      t.note("stopped again", stop());
      await t.call("triggerSDKEvent", event);
      await t.call("unsubscribe", ON_PORTAL_OPEN, b);
      await t.call("unsubscribe", ON_PORTAL_OPEN, b);
      await t.call("triggerSDKEvent", event);
    },
  },
  {
    name: "subscribe to what is no event, and with no listener",
    script: async (t) => {
      await t.call("subscribe", "onNothing", () => {});
      await t.call("subscribe", "onPortalOpen");
      await t.call("subscribe");
      await t.call("subscribe", "onPortalOpen", "text");
      await t.call("unsubscribe", "onNothing", () => {});
      await t.call("unsubscribe", "onPortalOpen");
      await t.call("unsubscribe", "onPortalOpen", () => {});
    },
  },
  {
    name: "triggerSDKEvent of no integration fires nothing",
    script: async (t, { SDK_EVENT }) => {
      t.listen();
      await t.login();
      for (const type of Object.values(SDK_EVENT)) {
        await t.call("triggerSDKEvent", { type });
        await t.call("triggerSDKEvent", { type, integrationId: "i" });
        await t.call("triggerSDKEvent", { type, integrationType: "azuredevops" });
      }
      await t.call("triggerSDKEvent", { type: "onNothing", integrationId: "i", integrationType: "azuredevops" });
    },
  },
  {
    name: "triggerSDKEvent fires each kind of event",
    script: async (t, { SDK_EVENT }) => {
      t.listen();
      await t.login();
      for (const type of Object.values(SDK_EVENT))
        await t.call("triggerSDKEvent", {
          type,
          integrationId: t.id("1", 1),
          integrationType: "azuredevops",
          workflowId: "w",
          workflowStateChange: { enabled: true },
        });
    },
  },
];
