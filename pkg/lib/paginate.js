// @ts-check
/**
 * Lists of Azure DevOps, page by page.
 *
 * Two ways of paging are followed: the continuation token (answer header `x-ms-continuationtoken` or a field of the
 * body, sent back as `continuationToken`), and `$skip`/`$top` where the path has a `$top` and no answer has a token.
 * https://learn.microsoft.com/azure/devops/integrate/concepts/rest-api-versioning
 */
import { failure } from "./errors.js";

const TOKEN = "continuationToken";
const TOKEN_HEADER = "x-ms-continuationtoken";
/** Where bodies have their list. */
const LISTS = ["value", "values", "items", "comments"];

/**
 * `path` with query parameter `name` set, or without it; everything else in it stays as the app wrote it.
 * @param {string} path
 * @param {string} name
 * @param {string | number} [value]
 */
const withParameter = (path, name, value) => {
  const [base, query = ""] = path.split(/\?(.*)/s);
  const parts = query.split("&").filter((part) => part && part.split("=")[0].replace("%24", "$").toLowerCase() !== name.toLowerCase());
  if (value !== undefined) parts.push(`${name}=${encodeURIComponent(value)}`);
  return parts.length > 0 ? `${base}?${parts.join("&")}` : base;
};

/**
 * @param {string} path
 * @param {string} name
 */
const parameterIn = (path, name) => {
  const [, query = ""] = path.split(/\?(.*)/s);
  for (const [key, value] of new URLSearchParams(query)) if (key.toLowerCase() === name.toLowerCase()) return value;
  return undefined;
};

/**
 * The list in an answer: the answer itself, or one of its fields.
 * @param {any} body
 * @param {string} path
 * @returns {any[]}
 */
const itemsOf = (body, path) => {
  const items = Array.isArray(body) ? body : LISTS.map((name) => body?.[name]).find(Array.isArray);
  if (items) return items;
  throw failure("not_a_list", `paginate: the answer of ${path.split("?")[0]} is no list and has no list "${LISTS.join('", "')}"`);
};

/**
 * The token of the page after this answer, if there is one. Some lists have a token on their last page too, for what
 * is added later.
 * @param {Headers} headers
 * @param {any} body
 * @returns {string | undefined}
 */
const tokenOf = (headers, body) => {
  if (body?.isLastBatch === true || body?.hasMore === false) return undefined;
  return headers.get(TOKEN_HEADER) || body?.[TOKEN] || undefined;
};

/**
 * The path of the next page; undefined after the last. A list with tokens ends where they end.
 * @param {string} path
 * @param {string | undefined} token
 * @param {number} length of the present page
 */
const nextPath = (path, token, length) => {
  if (token) return withParameter(withParameter(path, "$skip"), TOKEN, token);
  if (parameterIn(path, TOKEN) !== undefined) return undefined;
  const top = Number(parameterIn(path, "$top"));
  return top > 0 && length >= top ? withParameter(path, "$skip", (Number(parameterIn(path, "$skip")) || 0) + length) : undefined;
};

/**
 * @param {any} sdk
 * @param {string} integration
 * @param {string} path
 * @param {Record<string, unknown>} [options] those of `request`
 * @returns {AsyncGenerator<any[], void>}
 */
async function* pages(sdk, integration, path, options) {
  const asked = new Set();
  let before = "";
  for (let next = /** @type {string | undefined} */ (path); next !== undefined; ) {
    const response = await sdk.request(integration, next, { ...options, responseType: "response" });
    const body = await response.json();
    const items = itemsOf(body, path);
    asked.add(next);
    // A server that repeats itself would keep the app here for ever.
    const content = items.length > 0 ? JSON.stringify(items) : "";
    if (content && content === before) throw failure("page_repeated", "paginate: the server gave the same page twice");
    before = content;
    next = nextPath(next, tokenOf(response.headers, body), items.length);
    yield items;
    if (next !== undefined && asked.has(next)) throw failure("page_repeated", "paginate: the server gave the same page twice");
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
