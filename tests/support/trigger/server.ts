/** A host's server with runner 'trigger', in a process of its own: the SDK is loaded there as hosts load it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createWorkflowServer } from '../../../src/server';
import { EVENT_SECRET } from '../server';
import { hostOptions } from './host-options';
import type { ToWorker } from './worker';

globalThis.clockAheadMs = 0;
process.on('message', (message: ToWorker) => {
  if (message.kind !== 'clock') return;
  globalThis.clockAheadMs = message.aheadMs;
  process.send?.({ kind: 'clock', aheadMs: message.aheadMs });
});
process.on('disconnect', () => process.exit(0));

const app = express();
const http = createServer(app);
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
const server = await createWorkflowServer({
  ...hostOptions(),
  authenticate: () => ({ companyId: 'rossi', userId: 'anna', role: 'admin' }),
  runner: 'trigger',
  eventSecret: EVENT_SECRET,
  cronSecret: process.env.CRON_SECRET,
});
app.use('/api/workflows', server.router);
process.send?.({ kind: 'ready', origin });
