/** Serves the function of examples/vercel as Vercel does: it reads bodies itself, unless the function says that it must not. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import handler, { config } from '../../../examples/vercel/api/workflows';

const readsBodies = process.env.READS_BODIES === 'yes' || config.api.bodyParser !== false;

async function readBody(request: IncomingMessage & { body?: unknown }): Promise<void> {
  let text = '';
  for await (const chunk of request) text += chunk;
  request.body = JSON.parse(text);
}

const http = createServer(async (request, response) => {
  if (readsBodies && request.method === 'POST') await readBody(request);
  await handler(request, response);
});
http.listen(0, '127.0.0.1', () =>
  process.send?.({ kind: 'ready', origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}` }),
);
process.on('disconnect', () => process.exit(0));
