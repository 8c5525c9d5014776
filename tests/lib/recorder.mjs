// Stands between the gateway and the simulated Azure DevOps, and remembers what passes.

import { once } from "node:events";
import { Agent, createServer, request } from "node:http";

/**
 * Starts a recorder before `target`. Each of `requests` has `at` (milliseconds of `performance.now`), `method`, `host` (the
 * first segment, which stands for one of Azure DevOps' hosts), `path` with query, `type` and `body`; `onRequest` sees it at once.
 */
export async function startRecorder(target) {
  const agent = new Agent({ keepAlive: true });
  const recorder = { requests: [], onRequest: undefined };
  const server = createServer(async (incoming, answer) => {
    const at = performance.now();
    const [, host, path] = incoming.url.match(/^\/([^/?]*)(.*)$/);
    const seen = { at, method: incoming.method, host, path, type: incoming.headers["content-type"] };
    recorder.requests.push(seen);
    recorder.onRequest?.(seen);
    const parts = [];
    for await (const part of incoming) parts.push(part);
    const body = Buffer.concat(parts);
    seen.body = body.toString();
    const headers = { ...incoming.headers, host: new URL(target).host };
    const onward = request(new URL(incoming.url, target), { method: incoming.method, headers, agent }, (reply) => {
      answer.writeHead(reply.statusCode, reply.rawHeaders);
      reply.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    onward.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  recorder.url = `http://127.0.0.1:${server.address().port}`;
  recorder.stop = () => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  };
  return recorder;
}
