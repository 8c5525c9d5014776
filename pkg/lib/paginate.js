// @ts-check
/**
 * Lists of Azure DevOps, page by page.
 *
 * Two ways of paging are followed: the continuation token (answer header `x-ms-continuationtoken`, sent back as
 * `continuationToken`), and `$skip`/`$top` where the path has a `$top`.
 * https://learn.microsoft.com/azure/devops/integrate/concepts/rest-api-versioning
 */

const TOKEN_HEADER = "x-ms-continuationtoken";

/**
 * `path` with query parameter `name` set; everything else in it stays as the app wrote it.
 * @param {string} path
 * @param {string} name
 * @param {string | number} value
 */
const withParameter = (path, name, value) => {
  const [base, query = ""] = path.split(/\?(.*)/s);
  const others = query.split("&").filter((part) => part && part.split("=")[0].replace("%24", "$").toLowerCase() !== name.toLowerCase());
  return `${base}?${[...others, `${name}=${encodeURIComponent(value)}`].join("&")}`;
};

/**
 * @param {string} path
 * @param {string} name
 */
const numberIn = (path, name) => Number(new URLSearchParams(path.split(/\?(.*)/s)[1]).get(name) ?? NaN);

/**
 * The path of the next page; undefined after the last.
 * @param {string} path
 * @param {string | null} token
 * @param {number} length of the present page
 */
const nextPath = (path, token, length) => {
  if (token) return withParameter(path, "continuationToken", token);
  const top = numberIn(path, "$top");
  return top > 0 && length >= top ? withParameter(path, "$skip", (numberIn(path, "$skip") || 0) + length) : undefined;
};

/**
 * The list in an answer: the answer itself, or its `value`.
 * @param {any} body
 * @param {string} path
 */
const itemsOf = (body, path) => {
  const items = Array.isArray(body) ? body : body?.value;
  if (Array.isArray(items)) return items;
  throw Object.assign(new Error(`paginate: the answer of ${path.split("?")[0]} is no list and has no list "value"`), { code: "not_a_list" });
};

/**
 * @param {any} sdk
 * @param {string} integration
 * @param {string} path
 * @param {Record<string, unknown>} [options] those of `request`
 */
async function* pages(sdk, integration, path, options) {
  const seen = new Set();
  for (let next = /** @type {string | undefined} */ (path); next !== undefined; ) {
    // A server that repeats itself would keep the app here for ever.
    if (seen.has(next)) throw Object.assign(new Error("paginate: the server gave the same page twice"), { code: "page_repeated" });
    seen.add(next);
    const response = await sdk.request(integration, next, { ...options, responseType: "response" });
    const items = itemsOf(await response.json(), path);
    yield items;
    next = nextPath(next, response.headers.get(TOKEN_HEADER), items.length);
  }
}

/**
 * An async iterable of the items of all pages; its `byPage()` iterates the pages. A page is asked for when its first
 * item is wanted.
 * @param {any} sdk
 * @param {string} integration
 * @param {string} path
 * @param {Record<string, unknown>} [options]
 */
export const paginate = (sdk, integration, path, options) => ({
  byPage: () => pages(sdk, integration, path, options),
  async *[Symbol.asyncIterator]() {
    for await (const page of pages(sdk, integration, path, options)) yield* page;
  },
});
