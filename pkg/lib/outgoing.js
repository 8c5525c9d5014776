// @ts-check
/**
 * What goes out: headers, bodies, and which requests are the same.
 */

/** Version of the protocol. */
export const VERSION = "2.4.0";

/**
 * `RequestInit` of a call as the user: the caller's headers under the user's token, then ours that it did not set.
 * @param {string} token
 * @param {{ method: string, headers?: any, body?: any, type?: string, credential?: string, configuration?: string, isRaw?: boolean }} call
 */
export const prepare = (token, { method, headers: given, body, type, credential, configuration, isRaw }) => {
  // Property by property: spreading costs as much as all the rest of a small request.
  /** @type {Record<string, string>} */
  const own = { Accept: "application/json", "X-Paragon-SDK-Version": VERSION };
  if (type) own["Content-Type"] = type;
  if (credential) own["X-Paragon-Credential"] = credential;
  if (configuration) own["X-Paragon-Configuration-Id"] = configuration;
  if (isRaw) own["X-Paragon-Use-Raw-Response"] = "true";
  const Authorization = `Bearer ${token}`;
  /** @type {any} */
  const init = { method, body, headers: own, signal: undefined };
  // Streams go out while they are made, which `fetch` wants to be told.
  if (body?.getReader) init.duplex = "half";
  const isGiven = typeof given === "object" && given;
  // What the app gives may be no header: said here, since `fetch` would say it as if there were no connection.
  if (isGiven || credential || configuration) {
    init.headers = new Headers(isGiven ? given : undefined);
    for (const name of Object.keys(own)) if (!init.headers.has(name)) init.headers.set(name, own[name]);
    init.headers.set("Authorization", Authorization);
  } else own.Authorization = Authorization;
  return init;
};

/**
 * The same text for requests that are equal but for their URL, another one for others.
 * @param {any} init
 */
export const keyOf = ({ method, body, headers }) => [method, body, ...(headers instanceof Headers ? headers : Object.entries(headers))].join("\n");

/**
 * A body of `request` and its type: what the engine can send goes out as it is, other objects as JSON.
 * @param {any} body
 */
const bodyAndType = (body) => {
  if (body === undefined || typeof body === "string") return { body, type: "auto" };
  const kind = ArrayBuffer.isView(body) ? "ArrayBuffer" : Object.prototype.toString.call(body).slice(8, -1);
  if (["FormData", "URLSearchParams", "Blob", "File"].includes(kind)) return { body };
  if (["ArrayBuffer", "SharedArrayBuffer", "ReadableStream"].includes(kind)) return { body, type: "application/octet-stream" };
  return { body: JSON.stringify(body), type: "auto" };
};

/**
 * What `request` of the app sends, and as what it wants the answer.
 * @param {string} token
 * @param {any} options
 */
export const prepareRequest = (token, options) => {
  const { method, headers, responseType = "json", selectedCredentialId } = options ?? {};
  const { body, type } = bodyAndType(options?.body);
  const init = prepare(token, { method: `${method || "GET"}`.toUpperCase(), headers, body, type, credential: selectedCredentialId || undefined, isRaw: responseType !== "json" });
  return { init, type: responseType };
};
