// The recorder in the app's page, in place before the SDK: what a scenario calls, what it gets, what is fetched and
// opened. Scenario scripts get it as `t`; `window.harness` asks the test process for what a page cannot do.

(() => {
  const log = [];
  const fetches = [];
  const opened = [];
  const unhandled = [];
  let flying = 0;
  /** Rises with everything that begins or ends on the wire. */
  let changes = 0;
  const fly = (by) => ((flying += by), (changes += 1));

  const clock = location.search.includes("clock=true") ? stopClock() : undefined;

  const nativeFetch = window.fetch;
  window.fetch = (...values) => {
    const [resource, init] = values;
    const method = (init?.method ?? resource.method ?? "GET").toUpperCase();
    fetches.push({ start: `${method} ${new URL(resource.url ?? resource, location.href).href}` });
    fly(1);
    const over = () => {
      fly(-1);
      fetches.push({ end: true });
    };
    const answer = nativeFetch.apply(window, values);
    answer.then(over, over);
    return answer;
  };

  // An answer whose body is still being read is under way as well.
  for (const read of ["arrayBuffer", "blob", "formData", "json", "text"]) {
    const native = Response.prototype[read];
    Response.prototype[read] = function (...values) {
      fly(1);
      const over = () => fly(-1);
      const body = native.apply(this, values);
      body.then(over, over);
      return body;
    };
  }

  // The cloud's portal is out of reach: a frame that fails to load it is left in a state that differs from run to run.
  const source = Object.getOwnPropertyDescriptor(HTMLIFrameElement.prototype, "src");
  Object.defineProperty(HTMLIFrameElement.prototype, "src", {
    ...source,
    set(url) {
      source.set.call(this, url.startsWith("https://") ? "about:blank" : url);
    },
  });

  const nativeOpen = window.open;
  let blocked = false;
  window.open = (...values) => {
    opened.push(plain(values));
    return blocked ? null : nativeOpen.apply(window, values);
  };
  window.addEventListener("unhandledrejection", (event) => {
    unhandled.push(event.reason?.message ?? String(event.reason));
    event.preventDefault();
  });

  /** A copy of any value that JSON can carry, with marks for what JSON has no word for. */
  function plain(value, above = []) {
    if (value === undefined) return "⟨undefined⟩";
    if (typeof value === "function") return "⟨function⟩";
    if (typeof value === "bigint" || typeof value === "symbol" || Number.isNaN(value)) return `⟨${String(value)}⟩`;
    if (typeof value !== "object" || value === null) return value;
    if (above.includes(value)) return "⟨circle⟩";
    const inner = [...above, value];
    if (value instanceof Error) return { "⟨error⟩": describe(value) };
    if (value === window || typeof value.postMessage === "function") return "⟨window⟩";
    if (value instanceof Promise) return "⟨promise⟩";
    if (value instanceof Response) return `⟨response ${value.status}⟩`;
    if (Array.isArray(value)) return value.map((one) => plain(one, inner));
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one, inner)]));
  }

  const BUILT_IN = ["TypeError", "SyntaxError", "RangeError", "DOMException"];

  /** Name, message, class by which an app can catch it, and own fields. */
  function describe(error) {
    if (!(error instanceof Error)) return { thrown: plain(error) };
    const kind = Object.keys(window.sdk).find(
      (name) => name !== "BaseSDKError" && window.sdk[name]?.prototype instanceof Error && error instanceof window.sdk[name],
    );
    const { name, message, stack, ...fields } = error;
    return {
      name,
      message,
      class: kind ?? (BUILT_IN.includes(error.constructor.name) ? error.constructor.name : "Error"),
      base: error instanceof window.sdk.BaseSDKError,
      fields: plain(fields),
    };
  }

  const note = (label, value) => log.push({ note: label, value: plain(value) });

  /** Calls a method and records how it ended; never rejects. */
  function callOn(object, label, name, ...values) {
    const path = name.split(".");
    const method = path.pop();
    const owner = path.reduce((one, key) => one?.[key], object);
    const entry = { call: label + name };
    if (typeof owner?.[method] !== "function") {
      log.push({ ...entry, how: "missing" });
      return Promise.resolve();
    }
    let result;
    try {
      result = owner[method](...values);
    } catch (error) {
      log.push({ ...entry, how: "threw", error: describe(error) });
      return Promise.resolve();
    }
    if (typeof result?.then !== "function") {
      log.push({ ...entry, how: "returned", value: plain(result) });
      return Promise.resolve(result);
    }
    const pending = { ...entry, how: "pending" };
    calls.add(pending);
    return result.then(
      (value) => {
        calls.delete(pending);
        log.push({ ...entry, how: "resolved", value: plain(value) });
        return value;
      },
      (error) => {
        calls.delete(pending);
        log.push({ ...entry, how: "rejected", error: describe(error) });
      },
    );
  }
  const calls = new Set();

  const turn = () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (port1.close(), resolve());
      port2.postMessage(0);
    });

  const token = (claims = {}) =>
    `${btoa('{"alg":"RS256"}').replaceAll("=", "")}.${btoa(JSON.stringify({ sub: "u1", iat: 1700000000, exp: 4102444800, ...claims }))
      .replaceAll("=", "")
      .replaceAll("+", "-")
      .replaceAll("/", "_")}.sig`;

  const t = {
    /** Calls a method of `paragon`, else of the instance behind it; `installFlow.start` names a nested one. */
    call(name, ...values) {
      const [first] = name.split(".");
      return callOn(first in window.paragon ? window.paragon : window.sdk.connectSingleton, "", name, ...values);
    },
    callOn,
    note,
    describe,
    token,
    turn,
    /** Signs the user in; anything but success ends the scenario. */
    login: (options, project = "p1") => window.paragon.authenticate(project, token(), options),
    /** A callback that is recorded. */
    hear:
      (label, then) =>
      (...values) => {
        log.push({
          heard: label,
          values: plain(
            values.map((one) =>
              one?.authenticated
                ? { authenticated: true, userId: one.userId, connected: Object.keys(one.integrations).filter((key) => one.integrations[key]?.enabled) }
                : one,
            ),
          ),
        });
        return then?.(...values);
      },
    callbacks: (...names) => Object.fromEntries(names.map((name) => [name, t.hear(name)])),
    allCallbacks: () => t.callbacks("onInstall", "onUninstall", "onWorkflowChange", "onOpen", "onClose", "onError"),
    listen() {
      for (const name of Object.values(window.sdk.SDK_EVENT)) window.paragon.subscribe(name, t.hear(name));
    },
    /** The user as the app sees it; without `type` whole. */
    user: (type) => note(`user ${type ?? ""}`, type ? window.paragon.getUser().integrations?.[type] : window.paragon.getUser()),
    /** Whether a session is kept, under the name that either SDK uses; its form is each one's own. */
    storage: () =>
      note(
        "session kept",
        ["paragon-connect-user-state", "paragon-connect-wasm-session"].some((key) => localStorage.getItem(key) !== null),
      ),
    /** An id as the services have them: `c` credential, `d` configuration, `f` workflow, `e` resource, `1` integration. */
    id: (kind, number) => `${kind}0000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    /** Connects in the portal, and waits until it is loaded. */
    async connectInPortal(integration, options) {
      t.call("connect", integration, options);
      await t.quiet();
      await t.portal.ready();
    },
    /** Waits until no request is under way and nothing was started by the last answer. */
    async quiet() {
      for (let seen = -1; seen < changes || flying > 0; ) {
        seen = changes;
        for (let turns = 0; turns < 6; turns += 1) await turn();
        await window.harness("turn");
      }
    },
    until: async (condition, what = String(condition)) => {
      for (let tries = 0; tries < 500; tries += 1) {
        const value = await condition();
        if (value) return value;
        await window.harness("turn");
      }
      throw new Error(`never came true: ${what}`);
    },
    fetched: (part) => fetches.some((one) => one.start?.includes(part)),
    opened: () => opened.length,
    blockPopups: (is = true) => void (blocked = is),
    /** Lets `ms` pass; what a timer starts is over before the next one fires. For scenarios with `clock`. */
    async advance(ms) {
      const end = clock.now() + ms;
      while (clock.fireNext(end)) await t.quiet();
    },
    popup: {
      ready: () => window.harness("popupReady"),
      /** Says all of it in one task. */
      say: async (...messages) => (await window.harness("popupSays", messages), t.quiet()),
      leave: () => window.harness("popupLeaves"),
      close: () => window.harness("popupCloses"),
      url: async () => note("popup at", await window.harness("popupUrl")),
      isClosed: async () => note("popup closed", await window.harness("popupIsClosed")),
      arrives: () => window.harness("popupArrives"),
    },
    /** A message from another site's frame. */
    stranger: async (message) => (await window.harness("strangerSays", message), t.quiet()),
    portal: {
      ready: () => window.harness("portalReady"),
      /** The portal calls a method of the SDK; the answer is among the frame's messages. */
      call: async (type, ...parameters) => (
        log.push({ asked: type }),
        await window.harness("portalSays", { messageType: "SDK_FUNCTION_INVOCATION", type, parameters, id: `call-${type}` }),
        t.quiet()
      ),
      frame: () => {
        const frame = document.getElementById("paragon-connect-frame");
        note(
          "frame",
          frame && {
            src: frame.getAttribute("src"),
            allow: frame.allow,
            display: frame.style.display,
            position: frame.style.position,
            zIndex: frame.style.zIndex,
            width: frame.style.width,
            parent: frame.parentElement.id || frame.parentElement.localName,
          },
        );
        note("body overflow", document.body.style.overflow);
      },
    },
    /** The scenario's services, for scripts that build instances. */
    services: () => structuredClone(window.run.overrides),
  };

  if (location.search.endsWith("visit=0")) localStorage.clear();

  /** Points the SDK at the recording server; ours keeps the session as the reference does. */
  window.prepare = ({ sdk, visit, configure, host, overrides }) => {
    window.run = { overrides };
    // The reference keeps its services with the session; ours has to be told again.
    if (!configure || (configure === "once" && visit > 0 && sdk === "reference")) return;
    window.paragon.configureGlobal(sdk === "ours" ? { host, persistence: "local" } : { host }, overrides);
  };

  /**
   * Replaces the page's clock by one that stands still. Timers of less than a tenth of a second go on: with them the SDKs
   * order their own work.
   */
  function stopClock() {
    const SHORT = 100;
    const start = Date.UTC(2025, 0, 1);
    const native = { setTimeout: window.setTimeout, clearTimeout: window.clearTimeout, Date };
    const timers = new Map();
    let now = start;
    let last = 1_000_000;
    const add = (run, wait, every) => {
      timers.set(++last, { at: now + wait, run, every });
      return last;
    };
    const clear = (timer) => void (timers.delete(timer) || native.clearTimeout.call(window, timer));
    Object.assign(window, {
      setTimeout: (run, wait = 0, ...values) => (wait < SHORT ? native.setTimeout.call(window, run, wait, ...values) : add(() => run(...values), Number(wait))),
      setInterval: (run, wait = 0, ...values) => add(() => run(...values), Number(wait), Math.max(Number(wait), 1)),
      clearTimeout: clear,
      clearInterval: clear,
      Date: class extends native.Date {
        constructor(...values) {
          super(...(values.length === 0 ? [now] : values));
        }
        static now = () => now;
      },
    });
    performance.now = () => now - start;
    return {
      now: () => now,
      /** Goes on to the next timer due by `end` and fires it; whether there was one. */
      fireNext(end) {
        const due = [...timers].filter(([, timer]) => timer.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
        now = due ? Math.max(now, due[1].at) : end;
        if (!due) return false;
        const [id, timer] = due;
        if (timer.every === undefined) timers.delete(id);
        else timer.at += timer.every;
        timer.run();
        return true;
      },
    };
  }

  window.conformance = {
    t,
    recording: () => ({ log: [...log, ...[...calls].map((one) => ({ ...one }))], fetches, opened, unhandled }),
  };
})();
