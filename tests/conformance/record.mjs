// Turns what was seen in a run into a recording that two runs of the same behavior share: without random keys, ports
// and the order of what happened at the same time.

/** The recording of one run. */
export function settled({ parts, portal, popups, calls, pages, errors }, { run, origins }) {
  const mask = masker(run, origins);
  const clean = (value) => JSON.parse(mask(JSON.stringify(value)));
  const fetches = parts.flatMap((part) => part.fetches);
  return {
    log: clean(parts.flatMap((part) => part.log)),
    http: clean(waves(fetches, calls)),
    portal: clean(portalMessages(portal)),
    opened: clean(parts.flatMap((part) => part.opened)),
    popups: clean(popups),
    pages: clean([...new Set(pages)].filter((url) => !url.startsWith(run.services.connect)).sort()),
    unhandled: clean([...parts.flatMap((part) => part.unhandled), ...errors]),
  };
}

/** Replaces the run's addresses and random keys by names. */
function masker(run, origins) {
  const names = Object.entries(run.services).map(([name, url]) => [url, `{${name}}`]);
  const keys = new Map();
  const nameKey = (_, before, key) => {
    if (!keys.has(key)) keys.set(key, `{key${keys.size + 1}}`);
    return before + keys.get(key);
  };
  return (text) => {
    let masked = text;
    for (const [from, to] of [...names, [run.base, "{run}"], ...Object.entries(origins).map(([name, url]) => [url, `{${name}-origin}`])]) {
      masked = masked.replaceAll(from, to).replaceAll(encodeURIComponent(from), to);
    }
    return masked
      .replace(/(oauthMetaKeyId=|oauthMetaKeyId","|session-id\/)([0-9a-z]{1,13})(?![0-9a-z-])/g, nameKey)
      .replace(/eyJhbGciOiJSUzI1NiJ9\.[\w-]+\.sig/g, "{token}");
  };
}

/**
 * Requests in the order in which they were sent, in groups: those of one group were under way at the same time, so their
 * order says nothing.
 */
function waves(fetches, calls) {
  const left = calls.map((call) => ({ ...call }));
  const groups = [];
  let flying = 0;
  for (const { start } of fetches) {
    if (start === undefined) {
      flying -= 1;
      continue;
    }
    if (flying === 0) groups.push([]);
    flying += 1;
    const index = left.findIndex((call) => `${call.method} ${call.href}` === start.replace(/#.*$/, ""));
    const [call] = index < 0 ? [] : left.splice(index, 1);
    groups.at(-1).push(call ? wire(call) : { never: start });
  }
  if (left.length > 0) groups.push(left.map((call) => ({ unseen: true, ...wire(call) })));
  return groups.map((group) => group.sort((a, b) => order(a).localeCompare(order(b))));
}

const order = (request) => JSON.stringify([request.method, request.url, request.body, request.headers]);

function wire({ method, service, path, query, headers, body }) {
  return { method, url: `${service} ${path}`, query: queryOf(query), headers, body: readable(body) };
}

const queryOf = (query) => (query === "" ? undefined : [...new URLSearchParams(query)].map(([name, value]) => [name, readable(value)]));

/** JSON as what it says, since the order of keys says nothing. */
function readable(text) {
  if (!text) return undefined;
  try {
    return { json: JSON.parse(text) };
  } catch {
    return text;
  }
}

/**
 * What the portal's frame was told: its answers in order, the distinct states it showed, and the last state whole. How
 * often the same state was told again says nothing.
 */
function portalMessages(messages) {
  const updates = messages.filter(({ data }) => data?.messageType === "UI_UPDATE").map(({ data }) => data);
  const shown = updates.map(({ nextModalState: modal }) => ({
    integration: modal.integration?.type ?? null,
    error: modal.connectionError ?? null,
    after: modal.shouldShowPortalAfterInstall ?? false,
  }));
  const distinct = shown.filter((one, index) => JSON.stringify(one) !== JSON.stringify(shown[index - 1] ?? { integration: null, error: null, after: false }));
  return {
    shown: distinct,
    last: distinct.length > 0 ? updates.at(-1) : undefined,
    answers: messages.filter(({ data }) => data?.messageType !== "UI_UPDATE").map(({ data }) => data),
  };
}
