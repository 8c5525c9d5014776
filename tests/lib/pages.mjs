// A plain web server with fixed pages: sites that are not the app's.

import { once } from "node:events";
import { createServer } from "node:http";

/** Serves `pages` (path to HTML); every request is told to `onRequest`, if that is set on the answer. */
export async function startPages(pages) {
  const site = { onRequest: undefined };
  const server = createServer((request, response) => {
    if (request.url !== "/favicon.ico") site.onRequest?.(request);
    const html = pages[new URL(request.url, "http://x").pathname];
    response.writeHead(html ? 200 : 404, { "content-type": "text/html; charset=utf-8" }).end(html ?? "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  site.url = `http://127.0.0.1:${server.address().port}`;
  site.stop = () => new Promise((done) => server.close(done));
  return site;
}
