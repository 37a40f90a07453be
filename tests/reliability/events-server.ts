/** A server in a process of its own for deliveries that race, to be killed. Prints `ready <origin>` on standard output; ends with standard input. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createWorkflowServer } from '../../src/server';
import { ENCRYPTION_KEYS, EVENT_SECRET } from '../support/server';
import { blocks, createExecutors } from './world-blocks';

const app = express();
const http = createServer(app);
http.listen(0, '127.0.0.1', async () => {
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server = await createWorkflowServer({
    databaseUrl: process.env.DATABASE_URL ?? '',
    encryptionKeys: ENCRYPTION_KEYS,
    eventSecret: EVENT_SECRET,
    authenticate: () => ({ companyId: 'rossi', userId: 'anna', role: 'admin' }),
    baseUrl: `${origin}/api/workflows`,
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    ...{ leaseMs: 2000, pollMs: 100, blocks },
    executors: createExecutors({ act: async ({ stepKey }) => ({ value: stepKey }), ask: async () => null }),
  });
  app.use('/api/workflows', server.router);
  process.stdin.on('end', () => process.exit(0)).resume();
  process.stdout.write(`ready ${origin}\n`);
});
