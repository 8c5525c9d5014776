// Finds where two recordings differ, and says it so that a person sees it.

/** The differences between two values, each `{path, reference, ours}`; keys of objects have no order. */
export function differences(reference, ours, path = "") {
  if (Object.is(reference, ours) || (isNothing(reference) && isNothing(ours))) return [];
  const bothObjects = isObject(reference) && isObject(ours) && Array.isArray(reference) === Array.isArray(ours);
  if (!bothObjects) return [{ path, reference, ours }];
  const keys = new Set([...Object.keys(reference), ...Object.keys(ours)]);
  return [...keys].flatMap((key) => differences(reference[key], ours[key], path === "" ? key : `${path}.${key}`));
}

/** A field that is there without a value says what a missing one says. */
const isNothing = (value) => value === undefined || value === "⟨undefined⟩";

const isObject = (value) => typeof value === "object" && value !== null;

/** Splits differences into those that an entry of the list allows and the others; counts what each entry allowed. */
export function judge(scenario, found, entries) {
  const open = [];
  for (const difference of found) {
    const entry = entries.find((one) => covers(one, scenario, difference));
    if (entry) (entry.seen ??= new Set()).add(scenario.name);
    else open.push(difference);
  }
  return open;
}

function covers({ scenarios, path, when }, scenario, difference) {
  const isNamed = scenarios === "*" || scenarios.includes(scenario.name);
  return isNamed && path.test(difference.path) && (when?.(difference, scenario) ?? true);
}

/** Entries, and names in them, that allowed nothing in the scenarios that ran. */
export function stale(entries, ran) {
  return entries.flatMap(({ scenarios, seen = new Set(), reason }) => {
    if (scenarios === "*") return seen.size === 0 ? [`nothing differs any more: ${reason}`] : [];
    const unknown = scenarios.filter((name) => !ran.has(name)).map((name) => `no such scenario "${name}": ${reason}`);
    return [...unknown, ...scenarios.filter((name) => ran.has(name) && !seen.has(name)).map((name) => `"${name}" does not differ any more: ${reason}`)];
  });
}

/** Differences as text. */
export function report(found) {
  const short = (value) => {
    const text = value === undefined ? "(nothing)" : JSON.stringify(value);
    return text.length > 600 ? `${text.slice(0, 600)}…` : text;
  };
  return found.map(({ path, reference, ours }) => `${path}\n    reference: ${short(reference)}\n    ours:      ${short(ours)}`).join("\n");
}
