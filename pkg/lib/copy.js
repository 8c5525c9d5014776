// @ts-check
/**
 * A deep copy of plain data. The engine copies an object whose shape it knows faster than it reads one from JSON.
 * @param {any} value
 * @returns {any}
 */
export const copy = (value) => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  const object = { ...value };
  for (const key of Object.keys(object)) {
    const field = object[key];
    // A field that is there is set, `__proto__` included: no setter is called.
    if (typeof field === "object" && field !== null) object[key] = copy(field);
  }
  return object;
};
