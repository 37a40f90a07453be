/**
 * Serves the function of examples/vercel as Vercel does: rewrites addresses as `vercel.json` says, and reads bodies itself, unless the
 * function says that it must not.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import handler, { config } from '../../../examples/vercel/api/workflows';

const { rewrites } = JSON.parse(readFileSync('examples/vercel/vercel.json', 'utf8')) as {
  rewrites: { source: string; destination: string }[];
};

/** What the function is asked for; `null` when no rewrite leads to it. A capture whose name the destination does not use joins the query. */
function addressFor(asked: string): string | null {
  const url = new URL(asked, 'http://localhost');
  for (const { source, destination } of rewrites) {
    const match = new RegExp(`^${source.replace(/:\w+\*?/g, '(.*)')}$`).exec(url.pathname);
    if (!match) continue;
    for (const [at, [, name = '']] of [...source.matchAll(/:(\w+)/g)].entries())
      if (!destination.includes(`:${name}`)) url.searchParams.append(name, match[at + 1] ?? '');
    return `${url.pathname}${url.search}`;
  }
  return null;
}

const readsBodies = process.env.READS_BODIES === 'yes' || config.api.bodyParser !== false;

async function readBody(request: IncomingMessage & { body?: unknown }): Promise<void> {
  let text = '';
  for await (const chunk of request) text += chunk;
  request.body = JSON.parse(text);
}

const http = createServer(async (request, response) => {
  const address = addressFor(request.url ?? '');
  if (address === null) return response.writeHead(404).end();
  request.url = address;
  if (readsBodies && request.method === 'POST') await readBody(request);
  await handler(request, response);
});
http.listen(0, '127.0.0.1', () =>
  process.send?.({ kind: 'ready', origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}` }),
);
process.on('disconnect', () => process.exit(0));
