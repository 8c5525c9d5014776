// @ts-check
/**
 * The event stream of a flow (server-sent events, HTML standard section 9.2).
 */
import { prepare } from "./outgoing.js";
import { open } from "./reply.js";

/** The present state of a flow comes at once; a proxy that holds events back gives nothing. */
const FIRST_EVENT_MS = 5_000;
/** The gateway sends a comment every 15 s; two missing mean a dead connection. */
const SILENCE_MS = 40_000;
/** Length of the longest event that is kept; a longer one is dropped. */
const MAX_EVENT = 64 * 1024;

/**
 * Values of the field `name` of a server-sent event, as one.
 * @param {string[]} lines
 * @param {string} name
 */
const field = (lines, name) =>
  lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length).replace(/^ /, "")).join("\n");

/** Parses server-sent events: bytes in any slices, the data of each `flow` event out. */
export const flowEvents = () => {
  const decoder = new TextDecoder();
  let rest = "";
  /** @param {Uint8Array} bytes */
  return (bytes) => {
    const blocks = (rest + decoder.decode(bytes, { stream: true }).replaceAll("\r", "")).split("\n\n");
    rest = /** @type {string} */ (blocks.pop());
    if (rest.length > MAX_EVENT) rest = "";
    return blocks.map((block) => block.split("\n")).filter((lines) => field(lines, "event:") === "flow").map((lines) => field(lines, "data:"));
  };
};

/**
 * Reads the event stream of a flow, until it ends or is silent for too long; gives whether it was of any use.
 * @param {string} url
 * @param {string} token
 * @param {{ after: number, signal: AbortSignal, heard: (data: string) => void }} job `after`: version seen, if any
 */
export const follow = async (url, token, { after, signal, heard }) => {
  const controller = new AbortController();
  const abort = () => controller.abort();
  signal.addEventListener("abort", abort, { signal: controller.signal });
  /** @type {any} */
  let timer;
  /** @param {number} ms */
  const within = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(abort, ms);
  };
  let patience = FIRST_EVENT_MS;
  try {
    within(SILENCE_MS);
    const headers = { Accept: "text/event-stream", ...(after && { "Last-Event-ID": `${after}` }) };
    const response = await open(url, prepare(token, { method: "GET", headers }), controller.signal);
    // The long poll reads the same answer as JSON, and its errors.
    if (!response.ok || !response.headers.get("content-type")?.startsWith("text/event-stream")) return false;
    try {
      const reader = /** @type {any} */ (response.body).getReader();
      for (const parse = flowEvents(); ; ) {
        within(patience);
        const { value } = await reader.read();
        if (!value) return true;
        for (const data of parse(value)) {
          patience = SILENCE_MS;
          heard(data);
        }
        // What was heard may have been the end.
        if (controller.signal.aborted) return true;
      }
    } catch {
      return patience === SILENCE_MS;
    }
  } finally {
    clearTimeout(timer);
    abort();
  }
};
