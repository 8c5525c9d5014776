/** Server-sent events of a flow: parsed from any slices, and read with patience. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { flowEvents } from "../../pkg/lib/flow_events.js";
import { Wire } from "../../pkg/lib/wire.js";

const STREAM = new TextEncoder().encode(
  ': hello\n\nid: 1\nevent: flow\ndata: {"version":1}\n\nevent: other\ndata: x\n\nid: 2\r\nevent: flow\r\ndata: {"name":"Zoë"}\r\n\r\nid: 3\nevent: flow\n',
);
const EVENTS = ['{"version":1}', '{"name":"Zoë"}'];

test("comments and other events are skipped", () => {
  const parse = flowEvents();
  assert.deepEqual(parse(STREAM), EVENTS);
  assert.deepEqual(parse(new TextEncoder().encode("data: a\ndata: b\n\n")), ["a\nb"]);
});

test("slices do not matter, within a character neither", () => {
  for (let first = 0; first <= STREAM.length; first++) {
    for (let second = first; second <= STREAM.length; second++) {
      const parse = flowEvents();
      const parts = [STREAM.slice(0, first), STREAM.slice(first, second), STREAM.slice(second)];
      assert.deepEqual(parts.flatMap(parse), EVENTS, `cut at ${first} and ${second}`);
    }
  }
  const parse = flowEvents();
  assert.deepEqual([...STREAM].flatMap((byte) => parse(Uint8Array.of(byte))), EVENTS);
});

test("separators of other standards are text", () => {
  const parse = flowEvents();
  assert.deepEqual(parse(new TextEncoder().encode("event: flow\ndata: a\u2028data: b\n\n")), ["a\u2028data: b"]);
});

test("an endless event is dropped", () => {
  const parse = flowEvents();
  const slice = new Uint8Array(1024).fill(120);
  for (let count = 0; count < 80; count++) assert.deepEqual(parse(slice), []);
  // Of a kept event the first line would be `xxx…event: flow`.
  for (let count = 0; count < 80; count++) parse(slice);
  assert.deepEqual(parse(new TextEncoder().encode("\n\nevent: flow\ndata: a\n\n")), ["a"]);
});

test("any bytes are survived", () => {
  for (let seed = 1; seed < 200; seed++) {
    const bytes = Uint8Array.from({ length: 300 }, (_, index) => (seed * 7919 + index * index * 104729) % 256);
    flowEvents()(bytes);
  }
});

/** Reads a stream that `answer` makes; gives what was heard, the request's headers and whether it was of use. */
const follow = async (answer, job = {}) => {
  let headers;
  const server = createServer((request, response) => {
    headers = request.headers;
    answer(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const heard = [];
  const controller = new AbortController();
  try {
    const url = `http://127.0.0.1:${server.address().port}/`;
    const isUseful = await new Wire().follow(url, "token", { signal: controller.signal, heard: (data) => { heard.push(data); job.onHeard?.(controller); }, ...job });
    return { heard, headers, isUseful };
  } finally {
    server.closeAllConnections();
    server.close();
  }
};
const stream = (response) => response.writeHead(200, { "content-type": "text/event-stream" });

test("a stream is read to its end, from the version seen", async () => {
  const { heard, headers, isUseful } = await follow((response) => stream(response).end(STREAM), { after: 7 });
  assert.deepEqual([heard, isUseful], [EVENTS, true]);
  assert.deepEqual([headers.accept, headers.authorization, headers["last-event-id"]], ["text/event-stream", "Bearer token", "7"]);
  assert.ok(headers["x-paragon-sdk-version"]);
  assert.equal((await follow((response) => stream(response).end(), { after: 0 })).headers["last-event-id"], undefined);
});

test("what is no stream is of no use", async () => {
  assert.equal((await follow((response) => response.writeHead(200, { "content-type": "application/json" }).end("{}"))).isUseful, false);
  assert.equal((await follow((response) => response.writeHead(503, { "content-type": "text/event-stream" }).end())).isUseful, false);
});

test("a stream that breaks is of use only if it gave something", async () => {
  const broken = (response) => setTimeout(() => response.destroy(), 20);
  assert.equal((await follow((response) => { stream(response).write(": hello\n\n"); broken(response); })).isUseful, false);
  assert.equal((await follow((response) => { stream(response).write(STREAM); broken(response); })).isUseful, true);
});

test("an abort ends the reading", async () => {
  const { heard } = await follow((response) => stream(response).write(STREAM), { onHeard: (controller) => controller.abort() });
  assert.deepEqual(heard, EVENTS);
  await assert.rejects(follow(() => {}, { signal: AbortSignal.timeout(20) }));
});

test("a silent stream is given up: soon before the first event, late after it", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const until = async (condition) => { while (!condition()) await new Promise((resolve) => setImmediate(resolve)); };
  let isOpen = false;
  const silent = follow((response) => { stream(response).write(": hello\n\n"); isOpen = true; });
  await until(() => isOpen);
  for (let count = 0; count < 20; count++) await new Promise((resolve) => setImmediate(resolve));
  context.mock.timers.tick(5_000);
  assert.equal((await silent).isUseful, false);
  let count = 0;
  const late = follow((response) => stream(response).write(STREAM), { onHeard: () => { count += 1; } });
  await until(() => count === 2);
  context.mock.timers.tick(39_000);
  let isOver = false;
  late.then(() => { isOver = true; });
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isOver, false);
  context.mock.timers.tick(1_000);
  assert.equal((await late).isUseful, true);
});
