// Signing in, the user, metadata, what is kept over a reload.

import { me } from "../world.mjs";
import { signedOut, withMe } from "./support.mjs";

const ME = "GET zeus /sdk/me";
const failing = (name, answers) => ({
  name,
  answers,
  script: async (t) => {
    await t.call("authenticate", "p1", t.token());
    t.user();
    t.storage();
  },
});

export const session = [
  {
    name: "authenticate fills the user and keeps the session",
    script: async (t) => {
      await t.call("authenticate", "p1", t.token());
      await t.call("getUser");
      t.storage();
    },
  },
  {
    name: "authenticate with metadata that changes the user's",
    script: async (t) => {
      await t.call("authenticate", "p1", t.token(), { metadata: { name: "Ada L.", team: { size: 3 } } });
      t.user();
    },
  },
  {
    name: "authenticate with metadata that the user has already",
    script: async (t) => {
      await t.call("authenticate", "p1", t.token(), { metadata: { Name: "Ada", Email: "ada@example.test" } });
    },
  },
  {
    name: "authenticate brings metadata into the usual form",
    script: async (t) => {
      await t.call("authenticate", "p1", t.token(), { metadata: { " NAME ": "Zoë 名", EMAIL: "z@example.test", " plan ": "pro", apiKey: null } });
      t.user();
    },
  },
  {
    name: "authenticate merges nested metadata before it compares",
    answers: withMe({}, { meta: { Name: "Ada", team: { size: 3, name: "x" } } }),
    script: async (t) => {
      await t.call("authenticate", "p1", t.token(), { metadata: { team: { size: 3 } } });
      t.user();
    },
  },
  {
    name: "authenticate with empty metadata",
    script: async (t) => {
      await t.call("authenticate", "p1", t.token(), { metadata: {} });
    },
  },
  {
    name: "authenticate without project or token",
    script: async (t) => {
      await t.call("authenticate", "", t.token());
      await t.call("authenticate", "p1", "");
      await t.call("authenticate");
      t.user();
    },
  },
  {
    name: "authenticate with something that is no token",
    script: async (t) => {
      await t.call("authenticate", "p1", "not-a-jwt");
      await t.call("authenticate", "p1", "a.%%%.c");
      t.user();
    },
  },
  {
    name: "authenticate with no token keeps the user who is signed in",
    script: async (t) => {
      await t.login();
      await t.call("authenticate", "p1", "not-a-jwt");
      t.note("still", t.describe ? window.paragon.getUser().authenticated : undefined);
      t.storage();
    },
  },
  {
    name: "authenticate takes the id claim where there is no subject",
    answers: withMe({}, { userId: "other" }),
    script: async (t) => {
      await t.call("authenticate", "p1", t.token({ sub: undefined, id: "by-id" }));
      t.note("user id", window.paragon.getUser().userId);
    },
  },
  {
    name: "authenticate with an expired token",
    script: async (t) => {
      await t.call("authenticate", "p1", t.token({ exp: 1700000001 }));
      t.user();
      t.storage();
    },
  },
  {
    name: "authenticate with a token that never expires",
    script: async (t) => {
      await t.call("authenticate", "p1", t.token({ exp: undefined }));
      t.note("signed in", window.paragon.getUser().authenticated);
    },
  },
  failing("authenticate when the user is refused", { [ME]: { status: 401, json: { message: "bad token", code: "1" } } }),
  failing("authenticate when the user is forbidden by an integration", { [ME]: { status: 403, json: { message: "no", code: "7210" } } }),
  failing("authenticate when the server fails with JSON", { [ME]: { status: 500, json: { message: "broken", details: [1] } } }),
  failing("authenticate when the server fails with text", { [ME]: { status: 502, text: "Bad Gateway" } }),
  failing("authenticate when the server says nothing of the user", { [ME]: {} }),
  failing("authenticate when the server lists no integrations", { "GET zeus /sdk/integrations": {} }),
  failing("authenticate with an empty list of integrations", { "GET zeus /sdk/integrations": { json: [] } }),
  failing("authenticate when the network fails", { [ME]: { drop: true } }),
  {
    name: "authenticate when saving metadata fails",
    answers: { "PATCH zeus /sdk/me": { status: 400, json: { message: "too long" } } },
    script: async (t) => {
      await t.call("authenticate", "p1", t.token(), { metadata: { name: "New" } });
      t.user();
    },
  },
  {
    name: "authenticate again as another user",
    answers: {
      [ME]: [
        { json: me() },
        { json: me({ azuredevops: { enabled: false, allCredentials: [], configuredWorkflows: {} } }, { userId: "u2", meta: { Name: "Bob" } }) },
      ],
    },
    script: async (t) => {
      await t.login();
      await t.call("authenticate", "p2", t.token({ sub: "u2" }));
      t.user();
    },
  },
  {
    name: "authenticate fails after another user was signed in",
    answers: { [ME]: [{ json: me() }, { status: 500, json: { message: "broken" } }] },
    script: async (t) => {
      await t.login();
      await t.call("authenticate", "p1", t.token({ sub: "u2" }));
      t.user();
      t.storage();
    },
  },
  {
    name: "getUser before anybody signed in",
    script: async (t) => {
      await t.call("getUser");
    },
  },
  {
    name: "getUser gives a copy",
    script: async (t, sdk, paragon) => {
      await t.login();
      const user = paragon.getUser();
      user.meta.Name = "changed";
      delete user.integrations.azuredevops;
      t.note("meta", paragon.getUser().meta);
      t.note("integrations", Object.keys(paragon.getUser().integrations).sort());
      t.note("token", "token" in user);
    },
  },
  {
    name: "setUserMetadata saves and reads again",
    answers: { [ME]: [{ json: me() }, { json: me({}, { meta: { Name: "Ada", plan: "pro" } }) }] },
    script: async (t) => {
      await t.login();
      await t.call("setUserMetadata", { plan: "pro", nested: { a: [1, "ü"] } });
      t.note("meta", window.paragon.getUser().meta);
    },
  },
  {
    name: "setUserMetadata brings metadata into the usual form",
    script: async (t) => {
      await t.login();
      await t.call("setUserMetadata", { name: "N", " EMAIL ": "n@example.test", " plan ": "pro", team: { name: "x" } });
    },
  },
  {
    name: "setUserMetadata with a name twice, and with what the user has already",
    script: async (t) => {
      await t.login();
      await t.call("setUserMetadata", { name: "first", Name: "last" });
      await t.call("setUserMetadata", { Name: "Ada" });
      await t.call("setUserMetadata", {});
      await t.call("setUserMetadata");
    },
  },
  {
    name: "setUserMetadata when the server refuses",
    answers: { "PATCH zeus /sdk/me": { status: 400, json: { message: "too long", code: "9" } } },
    script: async (t) => {
      await t.login();
      await t.call("setUserMetadata", { plan: "pro" });
      t.note("signed in", window.paragon.getUser().authenticated);
    },
  },
  signedOut("setUserMetadata", "setUserMetadata", { plan: "pro" }),
  {
    name: "logout forgets the user",
    script: async (t) => {
      await t.login();
      await t.call("logout");
      t.user();
      t.storage();
      await t.call("event", "after", {});
    },
  },
  {
    name: "logout while the portal is open",
    script: async (t) => {
      t.listen();
      await t.login();
      await t.connectInPortal("azuredevops", t.allCallbacks());
      await t.portal.call("onOpen");
      await t.call("logout");
      t.user();
      await t.login();
      await t.call("request", "azuredevops", "/x");
    },
  },
  {
    name: "logout of nobody",
    script: async (t) => {
      await t.call("logout");
      t.user();
    },
  },
  {
    name: "a session is restored after a reload",
    script: [
      async (t) => {
        await t.login();
        t.storage();
      },
      async (t, sdk, paragon) => {
        await t.until(() => paragon.getUser().authenticated);
        await t.quiet();
        t.user();
        t.storage();
      },
    ],
    configure: "once",
  },
  {
    name: "a session that the server refuses after a reload is forgotten",
    answers: { [ME]: [{ json: me() }, { status: 401, json: { message: "no", code: "1" } }] },
    script: [
      async (t) => {
        await t.login();
      },
      async (t) => {
        await t.quiet();
        t.user();
        t.storage();
      },
    ],
    configure: "once",
  },
  {
    name: "no session is restored after logout and a reload",
    script: [
      async (t) => {
        await t.login();
        await t.call("logout");
      },
      async (t) => {
        await t.quiet();
        t.user();
      },
    ],
    configure: "once",
  },
  {
    name: "updateAuthenticatedUser merges into the user",
    script: async (t) => {
      await t.login();
      await t.call("updateAuthenticatedUser", { meta: { Name: "Eve" } });
      t.note("meta", window.paragon.getUser().meta);
    },
  },
  {
    name: "updateAuthenticatedUser before anybody signed in",
    script: async (t) => {
      await t.call("updateAuthenticatedUser", { meta: { Name: "Eve" } });
      t.user();
    },
  },
];
